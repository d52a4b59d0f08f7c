"""Puts down every record that is no entry: what others speak of, what was agreed, what was said.

What is declared anew (a second version of a purpose, a place that now lies elsewhere, a society
that closes) changes what later acts may do. It takes the reference lock alone, and gives positions
to whatever still waits for them: so all that was recorded under the old version stands before it
in the log.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from honghui.journal import outbox
from honghui.ledger.answering import find_entry, is_placed
from honghui.ledger.checks import check_eyes
from honghui.ledger.placing import place_arrivals
from honghui.ledger.refusals import refuse
from honghui.ledger.requests import held
from honghui.ledger.world import REFERENCE_LOCK, World, share_references, the_world
from honghui.record.agreements import Consent, Decision, Review
from honghui.record.judging import narrows
from honghui.record.references import Clock, Item, Lot, Place, Purpose, Society, Unit
from honghui.record.schemas import Record, reread

Reference = Society | Purpose | Place | Unit | Item | Lot | Clock
_REFERENCES = (Society, Purpose, Place, Unit, Item, Lot, Clock)


def declare(record: Record, *more: Record) -> int:
    """Puts the record down, ready for the log; its number. Raises Refused where it contradicts
    what is known. `more`: the further parts of a long statement."""
    assert connection.in_atomic_block, "a record is written in the transaction of its act"
    with held(record.id):
        if isinstance(record, _REFERENCES):
            return _declare_reference(record)
        share_references()
        if isinstance(record, Decision | Consent):
            return _agree(record)
        if isinstance(record, Review):
            _check_review(record)
        return outbox.put(record, *more)


# References.


def _declare_reference(record: Reference) -> int:
    kind = str(record.__struct_config__.tag).partition("/")[0]
    earlier = _version(kind, record.code)
    if earlier and not isinstance(record, Lot):
        settle_arrivals()
        earlier = _version(kind, record.code)
    else:
        share_references()
    _check_reference(record, the_world(), earlier)
    number = outbox.put(record)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_reference (number, kind, code, version) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [number, kind, record.code, earlier + 1],
        )
        if not cursor.rowcount:
            raise refuse("reference.version", code=record.code, expected="-", version=earlier + 1)
        if kind != "lot":
            cursor.execute("UPDATE ledger_referencestate SET changes = %s", [number])
    return number


def settle_arrivals() -> None:
    """Gives positions to whatever waits for them, in the caller's transaction, which is alone from
    now on: it waits for whoever relies on the references, and keeps newcomers out. Before a second
    version of anything, and where a world is loaded in one transaction."""
    assert connection.in_atomic_block, "the lock lasts as long as the transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REFERENCE_LOCK])
    place_arrivals()


def _version(kind: str, code: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(version), 0) FROM ledger_reference WHERE kind = %s AND code = %s",
            [kind, code],
        )
        version: int = cursor.fetchone()[0]
    return version


def _check_reference(record: Reference, world: World, earlier: int) -> None:
    match record:
        case Society():
            world.check_above("society", record.code, record.upper)
            world.check_place(record.place)
        case Place():
            world.check_above("place", record.code, record.within)
        case Unit():
            world.check_unit(record)
        case Item():
            world.check_above("item", record.code, record.kind)
            world.must("unit", record.unit)
            for content in record.contents:
                world.must("item", content.item)
        case Lot():
            _check_lot(record, world, earlier)
        case Purpose():
            _check_purpose(record, world, earlier)
        case Clock():
            pass


def _check_lot(lot: Lot, world: World, earlier: int) -> None:
    world.must("item", lot.item)
    if earlier:
        raise refuse("reference.again", code=lot.code)
    value = (lot.value_fen, lot.value_of, lot.value_basis, lot.value_on)
    if len({one is None for one in value}) > 1:
        raise refuse("reference.lot-value")


def _check_purpose(new: Purpose, world: World, earlier: int) -> None:
    world.check_society(new.society, new.starts_on)
    check_eyes("purpose", new.requested_by, new.approved_by, needed=True)
    if new.version != earlier + 1:
        raise refuse("reference.version", code=new.code, expected=earlier + 1, version=new.version)
    if not earlier:
        return
    if new.consent is not None:
        _check_widening(new)
        return
    number = narrows(new.clauses, world.purpose(new.code).current.clauses, world)
    if number is not None:
        raise refuse("purpose.widened", purpose=new.code, version=new.version, number=number)


def _check_widening(new: Purpose) -> None:
    consent = _find_consent(new.consent)
    if consent is None or consent.commodity is not None:
        raise refuse("purpose.consent", act="purpose")
    if not consent.from_purpose == consent.to_purpose == new.code:
        raise refuse("purpose.consent", act="purpose")


def _find_consent(id_: str | None) -> Consent | None:
    if id_ is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM journal_record WHERE id = %s AND part = 1", [UUID(id_)])
        row = cursor.fetchone()
    record = reread(bytes(row[0])) if row else None
    return record if isinstance(record, Consent) else None


# Agreements.


def _agree(record: Decision | Consent) -> int:
    world = the_world()
    world.check_society(record.society)
    if isinstance(record, Decision):
        world.purpose(record.purpose)
        world.check_commodity(record.commodity)
        check_eyes("decision", record.requested_by, record.approved_by, needed=True)
        kind = "decision"
    else:
        _check_consent(record, world)
        kind = "consent"
    number = outbox.put(record)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_allowance (id, number, kind, quantity, taken)"
            " VALUES (%s, %s, %s, %s, 0)",
            [UUID(record.id), number, kind, record.quantity or 0],
        )
    return number


def _check_consent(consent: Consent, world: World) -> None:
    world.purpose(consent.from_purpose)
    world.purpose(consent.to_purpose)
    if (consent.commodity is None) != (consent.quantity is None):
        raise refuse("purpose.consent", act="consent")
    if consent.given_by != "giver" and consent.of is None:
        return
    gift = find_entry(consent.of) if consent.of else None
    if gift is None:
        raise refuse("statement.unknown", of=consent.of or "-")
    if not is_placed(gift):
        raise refuse("entry.of-waiting", of=consent.of)


def _check_review(review: Review) -> None:
    """Of an emergency release, by somebody who did not take part in it."""
    found = find_entry(review.of)
    if found is None or not found.entry.emergency or found.entry.society != review.society:
        raise refuse("four-eyes.review", of=review.of)
    if review.reviewed_by in (found.entry.requested_by, *found.entry.approved_by):
        raise refuse("four-eyes.review", of=review.of)
