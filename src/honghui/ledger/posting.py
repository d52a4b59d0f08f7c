"""Books an entry: the one place where value moves.

    post(entry)    checks it, moves the positions, writes the movements and the public record

One transaction, which the caller holds (an action does). What only comes from outside waits in a
queue, touches no pool and is never waited for; everything else locks its pools, in one order, and
then draws its number.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from honghui.journal import outbox
from honghui.kernel import clock
from honghui.ledger import agreements, moving, purposes
from honghui.ledger.acts import ARRIVING
from honghui.ledger.answering import check_answers
from honghui.ledger.checks import check_goods, check_people, check_references
from honghui.ledger.pools import Axes, pool_id
from honghui.ledger.refusals import refuse
from honghui.ledger.shapes import check_shape, involved
from honghui.ledger.world import share_references, the_world
from honghui.record.canonical import canonical
from honghui.record.entries import Entry
from honghui.record.schemas import encode
from honghui.record.steps import In

_FIRST = """
    SELECT e.number, e.content, r.id FROM ledger_entry e
    JOIN journal_record r ON r.number = e.number AND r.part = 1 WHERE e.request = %s
"""
_ENTRY = """
    INSERT INTO ledger_entry (number, act, society, occurred_on, request, content, of)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (request) DO NOTHING
"""
# A gift's three rows in one statement: its record, its entry, its place in the queue.
_ARRIVAL = """
    WITH drawn AS (SELECT nextval('journal_record_number') AS number),
    entry AS (
        INSERT INTO ledger_entry (number, act, society, occurred_on, request, content)
        SELECT number, %s, %s, %s, %s, %s FROM drawn
        ON CONFLICT (request) DO NOTHING RETURNING number
    ), record AS (
        INSERT INTO journal_record (number, part, id, data, recorded_at)
        SELECT number, part, %s, data, %s
        FROM entry, unnest(%s::smallint[], %s::bytea[]) AS new (part, data)
    )
    INSERT INTO ledger_arrival (number, piece, pool_id, quantity)
    SELECT number, piece, pool_id, quantity
    FROM entry, unnest(%s::smallint[], %s::int[], %s::bigint[]) AS new (piece, pool_id, quantity)
    RETURNING number
"""


class Posted(NamedTuple):
    """`is_new`: booked now. Otherwise the same request was booked before, as this entry."""

    number: int
    id: str
    is_new: bool = True


def post(*parts: Entry) -> Posted:
    """Books one entry, given as the record it will be (in parts, where it is long). Raises Refused
    and leaves nothing behind. A request that was booked before is not booked again: the first one
    is handed back, or, if this asks for something else, shown in the refusal."""
    assert connection.in_atomic_block, "value moves in a transaction of the act"
    check_shape(parts)
    with transaction.atomic(savepoint=False):
        share_references()
        first = _booked_before(parts)
        if first is not None:
            return first
        _check(parts)
        if parts[0].act in ARRIVING:
            return _arrive(parts)
        return _move(parts)


def _check(parts: tuple[Entry, ...]) -> None:
    world = the_world()
    for entry in parts:
        check_references(entry, world)
        check_people(entry)
        check_goods(entry, world)
        agreements.check_purposes_kept(entry, world)
    _check_new(parts[0].id)


def _check_new(id_: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM journal_record WHERE id = %s LIMIT 1", [UUID(id_)])
        if cursor.fetchone():
            raise refuse("record.id-twice", id=id_)


def _booked_before(parts: tuple[Entry, ...]) -> Posted | None:
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [bytes.fromhex(parts[0].request)])
        row = cursor.fetchone()
    if row is None:
        return None
    if bytes(row[1]) != content_of(parts):
        raise refuse("request.other-content", entry=row[2].hex)
    return Posted(row[0], row[2].hex, is_new=False)


# Differ from one telling of the same request to the next: names, times, and salts.
_TOLD_ANEW = frozenset({"id", "recorded_at", "purposes", "text", "evidence"})


def content_of(parts: tuple[Entry, ...]) -> bytes:
    """What is asked for, whenever and under whatever id it is asked: SHA-256, 32 bytes."""
    digest = hashlib.sha256()
    for entry in parts:
        asked = {
            name: getattr(entry, name) for name in entry.__struct_fields__ if name not in _TOLD_ANEW
        }
        digest.update(canonical(asked))
    return digest.digest()


def _arrive(parts: tuple[Entry, ...]) -> Posted:
    purposes.enforce(parts, the_world())
    entry = parts[0]
    steps = [step for part in parts for step in part.steps if isinstance(step, In)]
    with connection.cursor() as cursor:
        cursor.execute(
            _ARRIVAL,
            [
                *(entry.act, entry.society, entry.occurred_on),
                *(bytes.fromhex(entry.request), content_of(parts)),
                *(UUID(entry.id), clock.machine_now()),
                list(range(1, len(parts) + 1)),
                [encode(part) for part in parts],
                list(range(len(steps))),
                [pool_id(step.pool) for step in steps],
                [step.quantity for step in steps],
            ],
        )
        row = cursor.fetchone()
    if row is None:
        raise refuse("request.at-once")
    return Posted(row[0], entry.id)


def _move(parts: tuple[Entry, ...]) -> Posted:
    """Lock, then read, then write."""
    entry = parts[0]
    axes = Axes(*involved(parts))
    answered = check_answers(parts)
    rows = moving.Mover(axes).carry_out(parts)
    purposes.enforce(parts, the_world())
    agreements.take_up(parts)
    number = outbox.next_number()
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTRY,
            [
                *(number, entry.act, entry.society, entry.occurred_on),
                *(bytes.fromhex(entry.request), content_of(parts)),
                answered.number if answered else None,
            ],
        )
        if not cursor.rowcount:
            raise refuse("request.at-once")
    outbox.put_at(number, parts)
    moving.save(number, rows)
    axes.save()
    purposes.receive(parts)
    outbox.wait_for_log(number)
    return Posted(number, entry.id)
