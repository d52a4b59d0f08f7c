"""Books an entry: the one place where value moves.

    post(entry)    checks it, moves the positions, writes the movements and the public record

One transaction, which the caller holds (an action does). What only comes from outside waits in a
queue, touches no pool and is never waited for; everything else locks its pools, in one order, and
then draws its number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from honghui.journal import outbox
from honghui.kernel import clock
from honghui.kernel.errors import Refused
from honghui.ledger import agreements, moving, purposes
from honghui.ledger.acts import ARRIVING
from honghui.ledger.answering import check_answers
from honghui.ledger.checks import check_goods, check_people, check_references
from honghui.ledger.pools import Axes, pool_id
from honghui.ledger.refusals import refuse
from honghui.ledger.requests import held
from honghui.ledger.shapes import check_shape, involved
from honghui.ledger.world import World, kept_world, share_references, the_world
from honghui.record.canonical import canonical
from honghui.record.entries import Entry
from honghui.record.pools import in_words
from honghui.record.schemas import encode
from honghui.record.steps import In

_FIRST = """
    SELECT e.number, r.id, e.content FROM ledger_entry e
    JOIN journal_record r ON r.number = e.number AND r.part = 1 WHERE e.request = %(request)s
    UNION ALL SELECT number, id, content FROM ledger_arrival WHERE request = %(request)s
    LIMIT 1
"""
_ENTRY = """
    INSERT INTO ledger_entry (number, act, society, occurred_on, request, content, of)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
# 88 billion yuan in one gift: a thousand of them still fit into one pool (2^53 - 1).
ARRIVAL_MAX = 2**43

_ARRIVE = "SELECT * FROM ledger_arrive(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_ARRIVE_ALL = """
    SELECT a.* FROM unnest(
        %s::text[], %s::text[], %s::date[], %s::bytea[], %s::bytea[], %s::uuid[], %s::bytea[],
        %s::int[], %s::bigint[]
    ) WITH ORDINALITY AS one (act, society, day, request, content, id, part, pool, quantity, nth)
    CROSS JOIN LATERAL ledger_arrive(
        %s, act, society, day, request, content, id, %s, ARRAY[part], ARRAY[pool], ARRAY[quantity]
    ) AS a ORDER BY nth
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
        if parts[0].act in ARRIVING:
            return _arrive(parts)
        share_references()
        first = _booked_before(parts)
        if first is not None:
            return first
        with held(parts[0].id, bytes.fromhex(parts[0].request)):
            return _move(parts)


def post_arrivals(entries: Sequence[Entry]) -> list[Posted]:
    """What came from outside, many at once, each one record with one step: as `post` books each of
    them, in one call of the database. All of them or none."""
    assert connection.in_atomic_block, "value moves in a transaction of the act"
    assert all(one.act in ARRIVING and len(one.steps) == 1 for one in entries)
    world = kept_world()
    fine = [one for one in entries if _is_fine(one, world)]
    called = dict(zip((one.id for one in fine), _call_all(fine, world), strict=True))
    return [_posted(one, called.get(one.id)) for one in entries]


def _is_fine(entry: Entry, world: World) -> bool:
    """Whether nothing speaks against it as far as we know; otherwise `post` says what does."""
    try:
        check_shape((entry,))
        _check_size((entry,))
        _check((entry,), world)
        purposes.enforce((entry,), world)
    except Refused:
        return False
    return True


def _posted(entry: Entry, called: tuple[str, int] | None) -> Posted:
    if called is not None and called[0] == "arrived":
        return Posted(called[1], entry.id)
    return post(entry)


def _call_all(entries: Sequence[Entry], world: World) -> list[tuple[str, int]]:
    steps = [step for one in entries for step in one.steps if isinstance(step, In)]
    numbers = {pool: pool_id(pool) for pool in {step.pool for step in steps}}
    values: list[Any] = [
        [one.act for one in entries],
        [one.society for one in entries],
        [one.occurred_on for one in entries],
        [bytes.fromhex(one.request) for one in entries],
        [content_of((one,)) for one in entries],
        [UUID(one.id) for one in entries],
        [encode(one) for one in entries],
        [numbers[step.pool] for step in steps],
        [step.quantity for step in steps],
        *(world.changes, clock.machine_now()),
    ]
    with connection.cursor() as cursor:
        try:
            cursor.execute(_ARRIVE_ALL, values)
        except IntegrityError as error:
            raise refuse("request.at-once") from error
        return [(outcome, number) for outcome, number in cursor.fetchall()]


def _check(parts: tuple[Entry, ...], world: World) -> None:
    for entry in parts:
        check_references(entry, world)
        check_people(entry)
        check_goods(entry, world)
        agreements.check_purposes_kept(entry, world)


def _booked_before(parts: tuple[Entry, ...]) -> Posted | None:
    """The entry that the same request led to, unless it asked for something else."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, {"request": bytes.fromhex(parts[0].request)})
        row = cursor.fetchone()
    if row is None:
        return None
    number, id_, content = row
    if bytes(content) != content_of(parts):
        raise refuse("request.other-content", entry=id_.hex)
    return Posted(number, id_.hex, is_new=False)


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
    """Checked against the references as they were read last; where they have changed since, the
    database says so, and it is checked again."""
    _check_size(parts)
    world = kept_world()
    while True:
        try:
            _check(parts, world)
            purposes.enforce(parts, world)
        except Refused:
            # What was booked under an earlier version is handed back, though it would not be today.
            if (first := _booked_before(parts)) is not None:
                return first
            if world is the_world():
                raise
        else:
            outcome, number = _call(parts, world)
            if outcome == "arrived":
                return Posted(number, parts[0].id)
            if outcome == "id":
                raise refuse("record.id-twice", id=parts[0].id)
            if outcome == "request" and (first := _booked_before(parts)) is not None:
                return first
        world = the_world()


def _check_size(parts: tuple[Entry, ...]) -> None:
    """Nobody locks the pool now, so what could fill it at one go is refused."""
    for part in parts:
        for step in part.steps:
            assert isinstance(step, In)
            if step.quantity > ARRIVAL_MAX:
                raise refuse("pool.too-large", pool=in_words(step.pool))


def _call(parts: tuple[Entry, ...], world: World) -> tuple[str, int]:
    entry = parts[0]
    steps = [step for part in parts for step in part.steps if isinstance(step, In)]
    values = [
        *(world.changes, entry.act, entry.society, entry.occurred_on),
        *(bytes.fromhex(entry.request), content_of(parts), UUID(entry.id), clock.machine_now()),
        [encode(part) for part in parts],
        [pool_id(step.pool) for step in steps],
        [step.quantity for step in steps],
    ]
    with connection.cursor() as cursor:
        try:
            cursor.execute(_ARRIVE, values)
        except IntegrityError as error:
            raise refuse("request.at-once") from error
        outcome: tuple[str, int] = cursor.fetchone()
    return outcome


def _move(parts: tuple[Entry, ...]) -> Posted:
    """Lock, then read, then write."""
    entry, world = parts[0], the_world()
    data = [encode(part) for part in parts]  # what no schema allows goes no further
    _check(parts, world)
    axes = Axes(*involved(parts))
    answered = check_answers(parts)
    rows = moving.Mover(axes).carry_out(parts)
    purposes.enforce(parts, world)
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
    outbox.put_at(number, entry.id, data)
    moving.save(number, rows)
    axes.save()
    purposes.receive(parts)
    outbox.wait_for_log(number)
    return Posted(number, entry.id)
