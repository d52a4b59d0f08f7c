"""Decisions and consents: whether one allows an entry, and how much of it is taken up."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.db import connection

from honghui.ledger.acts import CHANGING_PURPOSE, DECIDED
from honghui.ledger.refusals import refuse
from honghui.ledger.shapes import legs, links, pools_of
from honghui.ledger.world import World
from honghui.record.agreements import Consent, Decision
from honghui.record.entries import Entry
from honghui.record.schemas import reread

_READ = """
    SELECT a.quantity, a.taken, j.data FROM ledger_allowance a
    JOIN journal_record j ON j.number = a.number AND j.part = 1
    WHERE a.id = %s AND a.kind = %s FOR NO KEY UPDATE OF a
"""


def check_purposes_kept(entry: Entry, world: World) -> None:
    """Value goes to a narrower purpose, or says what allows it to go elsewhere."""
    for leg, link in legs(entry):
        before, after = leg.pool.purpose, link.into.purpose
        if entry.act == "leftover":
            current = world.purpose(before).current
            is_over = current.ends_on is not None and entry.occurred_on > current.ends_on
            if not is_over or current.nearest != after:
                raise refuse("purpose.leftover", purpose=before, nearest=after)
        elif entry.act in CHANGING_PURPOSE or before == after:
            continue
        elif not world.narrower(before, after):
            raise refuse("purpose.changed", before=before, after=after)


def find_decision(id_: str) -> Decision | None:
    """Without a lock: what a decision says never changes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.data FROM ledger_allowance a JOIN journal_record j"
            " ON j.number = a.number AND j.part = 1 WHERE a.id = %s AND a.kind = 'decision'",
            [UUID(id_)],
        )
        row = cursor.fetchone()
    return cast(Decision, reread(bytes(row[0]))) if row else None


def take_up(parts: tuple[Entry, ...]) -> None:
    """Locks what the entry relies on, and counts what it takes up. Call it after the pools."""
    entry = parts[0]
    if entry.act == "change_of_purpose":
        _take_up_consent(parts)
    if entry.decision is not None:
        _take_up_decision(parts, entry.decision)


def _take_up_consent(parts: tuple[Entry, ...]) -> None:
    entry = parts[0]
    broken = refuse("purpose.consent", act=entry.act)
    found = _locked(entry.consent, "consent") if entry.consent else None
    if found is None:
        raise broken
    quantity, taken, consent = found
    assert isinstance(consent, Consent)
    if consent.society != entry.society or consent.commodity is None:
        raise broken
    for part in parts:
        for leg, link in legs(part):
            goes = leg.pool.purpose, link.into.purpose, leg.pool.commodity
            if goes != (consent.from_purpose, consent.to_purpose, consent.commodity):
                raise broken
    moved = sum(link.quantity for part in parts for link in links(part))
    if taken + moved > quantity:
        raise broken
    _write(consent.id, moved)


def _take_up_decision(parts: tuple[Entry, ...], id_: str) -> None:
    entry = parts[0]
    found = _locked(id_, "decision")
    if found is None:
        raise refuse("decision.unknown", decision=id_, field="id")
    quantity, taken, decision = found
    assert isinstance(decision, Decision)
    if decision.society != entry.society:
        raise refuse("decision.unknown", decision=id_, field="society")
    _check_what_it_is_for(parts, decision)
    if decision.last_on and entry.occurred_on > decision.last_on and entry.act != "release":
        raise refuse("decision.late", last=decision.last_on, day=entry.occurred_on)
    more = sum(_set_aside(part) for part in parts)
    if taken + more > quantity:
        raise refuse("decision.exceeded", allowed=quantity, taken=taken + more)
    if more:
        _write(id_, more)


def _check_what_it_is_for(parts: tuple[Entry, ...], decision: Decision) -> None:
    for part in parts:
        for step in part.steps:
            for pool in pools_of(step):
                if pool.stage == DECIDED and pool.ref == decision.id:
                    for field in ("purpose", "commodity", "society"):
                        if getattr(pool, field) != getattr(decision, field):
                            raise refuse("decision.unknown", decision=decision.id, field=field)


def _set_aside(entry: Entry) -> int:
    """What comes under the decision, less what is released from it."""
    net = sum(link.quantity for link in links(entry) if link.into.stage == DECIDED)
    if entry.act == "release":
        net -= sum(leg.quantity for leg, _link in legs(entry) if leg.pool.stage == DECIDED)
    return net


def _locked(id_: str, kind: str) -> tuple[int, int, Decision | Consent] | None:
    with connection.cursor() as cursor:
        cursor.execute(_READ, [UUID(id_), kind])
        row = cursor.fetchone()
    if row is None:
        return None
    return row[0], row[1], cast("Decision | Consent", reread(bytes(row[2])))


def _write(id_: str, more: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_allowance SET taken = taken + %s WHERE id = %s", [more, UUID(id_)]
        )
