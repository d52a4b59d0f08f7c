"""Decisions and consents, and how much of each is taken up."""

from __future__ import annotations

from collections.abc import Callable
from sys import intern

from honghui.audit.acts import ACTS, pools_of
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
        if entry.act == "leftover":
            _each_leg(entry, lambda pool, into: _check_leftover(pool, into, entry, purposes))
        elif ACTS[entry.act].purpose_may_change:
            self._check_consent(entry)
        elif isinstance(entry.steps[0], Link):
            _each_leg(entry, lambda pool, into: _check_narrower(pool, into, purposes))
        if entry.decision is not None:
            self._check_decision(entry, entry.decision)
        self._count(entry, 1)

    def put_down(self, entry: Entry) -> None:
        """Takes back what `take_up` counted, where the entry turns out to be refused."""
        self._count(entry, -1)

    def _count(self, entry: Entry, sign: int) -> None:
        if entry.decision is not None:
            self.decisions[entry.decision].taken += sign * _decided(entry)
        if entry.act == "change_of_purpose" and entry.consent is not None:
            self.consents[entry.consent].taken += sign * _moved(entry)

    def _check_decision(self, entry: Entry, name: str) -> None:
        decision = self.decisions.get(name)
        if decision is None or decision.society != entry.society:
            raise Broken("decision.unknown", decision=name, field="society")
        for step in entry.steps:
            _check_decided(name, decision, step)
        ended = decision.last_on is not None and entry.occurred_on > decision.last_on
        if ended and entry.act != "release":
            raise Broken(
                "decision.late",
                decision=name,
                last=decision.last_on,
                day=entry.occurred_on,
            )
        taken = decision.taken + _decided(entry)
        if taken > decision.quantity:
            raise Broken(
                "decision.exceeded",
                decision=name,
                allowed=decision.quantity,
                taken=taken,
            )

    def _check_consent(self, entry: Entry) -> None:
        consent = self.consents.get(entry.consent) if entry.consent else None
        broken = Broken("purpose.consent", act=entry.act, consent=entry.consent or "-")
        if consent is None or consent.society != entry.society:
            raise broken

        def check(pool: Pool, into: Pool) -> None:
            goes = pool.purpose, into.purpose, pool.commodity
            if goes != (consent.from_purpose, consent.to_purpose, consent.commodity):
                raise broken

        _each_leg(entry, check)
        if consent.taken + _moved(entry) > consent.quantity:
            raise broken


def _decided(entry: Entry) -> int:
    """What comes under the entry's decision, less what is released from it."""
    net = 0
    for step in entry.steps:
        if isinstance(step, Link):
            net += step.quantity if step.into.stage == "decided" else 0
            if entry.act == "release":
                net -= sum(leg.quantity for leg in step.legs() if leg.pool.stage == "decided")
    return net


def _moved(entry: Entry) -> int:
    return sum(step.quantity for step in entry.steps if isinstance(step, Link))


def _each_leg(entry: Entry, check: LegCheck) -> None:
    for step in entry.steps:
        if isinstance(step, Link):
            for leg in step.legs():
                check(leg.pool, step.into)


def _check_decided(name: str, decision: Decided, step: Step) -> None:
    """Every pool that is set aside for the decision is of its purpose and its commodity."""
    for pool in pools_of(step):
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
