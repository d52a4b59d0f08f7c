"""Decisions and consents, and how much of each is taken up."""

from __future__ import annotations

from collections.abc import Callable
from sys import intern

from honghui.audit.acts import ACTS
from honghui.audit.allowances import Consented, Decided
from honghui.audit.findings import Broken
from honghui.audit.people import check_people
from honghui.audit.purposes import Purposes
from honghui.record.agreements import Consent, Decision
from honghui.record.entries import Entry
from honghui.record.pools import Pool
from honghui.record.steps import Link, Step

LegCheck = Callable[[Pool, Pool], None]


class Agreements:
    def __init__(self) -> None:
        self.decisions: dict[str, Decided] = {}
        self.consents: dict[str, Consented] = {}

    def learn(self, record: Decision | Consent) -> None:
        if isinstance(record, Consent):
            if (record.commodity is None) != (record.quantity is None):
                raise Broken("purpose.consent", act="consent", consent=record.id)
            if record.given_by == "giver" and record.of is None:
                raise Broken("statement.unknown", of="-")
            self.consents[record.id] = Consented(
                intern(record.society),
                intern(record.from_purpose),
                intern(record.to_purpose),
                record.commodity,
                record.quantity or 0,
            )
        else:
            check_people(record.requested_by, record.approved_by, at_least=1, act="decision")
            self.decisions[record.id] = Decided(
                intern(record.society),
                intern(record.body),
                intern(record.purpose),
                intern(record.commodity),
                record.quantity,
                record.last_on,
                len(record.approved_by),
            )

    def take_up(self, entry: Entry, purposes: Purposes) -> None:
        """Counts what the entry takes up of its decision and its consent: all of it, or nothing.
        Raises Broken where it is more than was allowed, or for something else."""
        if entry.decision is not None:
            self._decision(entry, self._decided(entry))
        if entry.act == "leftover":
            _each_leg(entry, lambda pool, into: _check_leftover(pool, into, entry, purposes))
        elif ACTS[entry.act].purpose_may_change:
            self._consent(entry)
        elif isinstance(entry.steps[0], Link):
            _each_leg(entry, lambda pool, into: _check_narrower(pool, into, purposes))

    def put_down(self, entry: Entry) -> None:
        """Takes back what `take_up` counted, where the entry turns out to be refused."""
        if entry.decision is not None:
            self.decisions[entry.decision].taken -= self._decided(entry)
        if entry.act == "change_of_purpose" and entry.consent is not None:
            self.consents[entry.consent].taken -= _moved(entry)

    def _decided(self, entry: Entry) -> int:
        """What comes under the decision, less what is released from it."""
        net = 0
        for step in entry.steps:
            if isinstance(step, Link):
                if step.into.stage == "decided":
                    net += step.quantity
                if entry.act == "release":
                    net -= sum(
                        leg.quantity
                        for part in step.parts
                        for leg in part
                        if leg.pool.stage == "decided"
                    )
        return net

    def _decision(self, entry: Entry, quantity: int) -> None:
        assert entry.decision is not None
        decision = self.decisions.get(entry.decision)
        if decision is None or decision.society != entry.society:
            raise Broken("decision.unknown", decision=entry.decision, field="society")
        for step in entry.steps:
            _check_decided(entry.decision, decision, step)
        ended = decision.last_on is not None and entry.occurred_on > decision.last_on
        if ended and entry.act != "release":
            raise Broken(
                "decision.late",
                decision=entry.decision,
                last=decision.last_on,
                day=entry.occurred_on,
            )
        taken = decision.taken + quantity
        if taken > decision.quantity:
            raise Broken(
                "decision.exceeded",
                decision=entry.decision,
                allowed=decision.quantity,
                taken=taken,
            )
        decision.taken = taken

    def _consent(self, entry: Entry) -> None:
        consent = self.consents.get(entry.consent) if entry.consent else None
        broken = Broken("purpose.consent", act=entry.act, consent=entry.consent or "-")
        if consent is None or consent.society != entry.society:
            raise broken

        def check(pool: Pool, into: Pool) -> None:
            goes = pool.purpose, into.purpose, pool.commodity
            if goes != (consent.from_purpose, consent.to_purpose, consent.commodity):
                raise broken

        _each_leg(entry, check)
        taken = consent.taken + _moved(entry)
        if taken > consent.quantity:
            raise broken
        consent.taken = taken


def _moved(entry: Entry) -> int:
    return sum(step.quantity for step in entry.steps if isinstance(step, Link))


def _each_leg(entry: Entry, check: LegCheck) -> None:
    for step in entry.steps:
        if isinstance(step, Link):
            for part in step.parts:
                for leg in part:
                    check(leg.pool, step.into)


def _check_decided(name: str, decision: Decided, step: Step) -> None:
    """Every pool that is set aside for the decision is of its purpose and its commodity."""
    pools = (
        [step.into, *(leg.pool for part in step.parts for leg in part)]
        if isinstance(step, Link)
        else [step.pool]
    )
    for pool in pools:
        if pool.stage != "decided" or pool.ref != name:
            continue
        for field in ("purpose", "commodity", "society"):
            if getattr(pool, field) != getattr(decision, field):
                raise Broken("decision.unknown", decision=name, field=field)


def _check_narrower(pool: Pool, into: Pool, purposes: Purposes) -> None:
    before, after = pool.purpose, into.purpose
    if before != after and not purposes.narrower(before, after):
        raise Broken("purpose.changed", before=before, after=after)


def _check_leftover(pool: Pool, into: Pool, entry: Entry, purposes: Purposes) -> None:
    current = purposes[pool.purpose].current
    over = current.ends_on is not None and entry.occurred_on > current.ends_on
    if not over or current.nearest != into.purpose:
        raise Broken("purpose.leftover", purpose=pool.purpose, nearest=into.purpose)
