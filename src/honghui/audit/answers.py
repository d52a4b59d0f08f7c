"""Records that speak of one other record: a consent of its gift, a review of its release, a
correction of whatever it corrects, a revocation of its certificate, a key of the key before."""

from __future__ import annotations

from honghui.audit.acts import GIFTS
from honghui.audit.findings import Broken
from honghui.audit.speaking import Wanted
from honghui.audit.traces import Traces
from honghui.record.agreements import Consent, Review
from honghui.record.credentials import Certificate, CertificateRevocation
from honghui.record.log_events import KeyChange, RecoveryMark
from honghui.record.schemas import Record
from honghui.record.statements import Correction


class Answers:
    """`wanted`: the records that later ones speak of. `reviewed`: emergency releases that somebody
    else has looked at; `not_in_order`: how often they objected."""

    def __init__(self, wanted: Wanted, traces: Traces) -> None:
        self._wanted = wanted
        self._traces = traces
        self._known: dict[str, type] = {}
        self._revoked: set[str] = set()
        self._key: str | None = None
        self.emergencies = 0
        self.reviewed: set[str] = set()
        self.not_in_order = 0

    def record(self, index: int, record: Record) -> None:
        match record:
            case Consent(of=of) if of is not None:
                self._gift(of)
            case Review():
                self._review(record)
            case Correction(of=of):
                self._must_know(of, "statement.unknown")
            case CertificateRevocation(of=of):
                self._revocation(of)
            case KeyChange():
                self._key_change(record)
            case RecoveryMark(restored_to=size) if size > index:
                raise Broken("statement.as-of", as_of=size)
            case _:
                pass

    def remember(self, record: Record) -> None:
        if (name := getattr(record, "id", None)) in self._wanted:
            self._known[str(name)] = type(record)

    def forget(self, name: str) -> None:
        self._known.pop(name, None)
        self._revoked.discard(name)

    def _must_know(self, of: str, rule: str, kind: type | None = None) -> None:
        known = self._known.get(of)
        if known is None or (kind is not None and known is not kind):
            raise Broken(rule, of=of)

    def _gift(self, of: str) -> None:
        trace = self._traces.get(of)
        if trace is None or trace.entry.act not in GIFTS:
            raise Broken("statement.unknown", of=of)

    def _review(self, review: Review) -> None:
        trace = self._traces.get(review.of)
        if (
            trace is None
            or not trace.entry.emergency
            or trace.entry.requested_by == review.reviewed_by
            or trace.entry.society != review.society
        ):
            raise Broken("four-eyes.review", of=review.of)
        self.reviewed.add(review.of)
        self.not_in_order += review.outcome == "not_in_order"

    def _revocation(self, of: str) -> None:
        self._must_know(of, "certificate.unknown", Certificate)
        if of in self._revoked:
            raise Broken("certificate.revoked-twice", of=of)
        self._revoked.add(of)

    def _key_change(self, change: KeyChange) -> None:
        if self._key is not None and change.old_key != self._key:
            raise Broken("log.key-chain", expected=self._key, stated=change.old_key)
        self._key = change.new_key
