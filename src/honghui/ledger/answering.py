"""Entries that answer another one: what comes back, is refunded, borne by a reserve, or accepted.

Each names the entry it answers, and may touch only what that entry did: a refund takes the gift's
own positions, wherever they lie by now (`via` says on which road they came); a cover and a return
settle what was really spent, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from honghui.ledger.acts import ARRIVING, GIVING_BACK
from honghui.ledger.pools import find_pool_id
from honghui.ledger.refusals import refuse
from honghui.ledger.shapes import legs
from honghui.record.entries import Entry
from honghui.record.pools import Pool, in_words
from honghui.record.schemas import reread
from honghui.record.steps import Back, Cover, Out, Step, Via, length
from honghui.record.values import Interval

_SPENDING = frozenset({"use", "loss", "stocktake"})
_FIND = """
    SELECT j.number, j.data FROM journal_record j
    JOIN ledger_entry e ON e.number = j.number WHERE j.id = %(id)s AND j.part = 1
    UNION ALL SELECT number, parts[1] FROM ledger_arrival WHERE id = %(id)s
    LIMIT 1
"""
_GIVEN_BACK = """
    SELECT coalesce(sum(m.out_hi - m.out_lo), 0) FROM ledger_entry e
    JOIN ledger_movement m ON m.number = e.number
    WHERE e.of = %s AND e.act IN ('refund', 'reversal')
"""
_LEG = """
    SELECT coalesce(out_pool, settled_pool), coalesce(out_lo, settled_lo),
        coalesce(out_hi, settled_hi), in_pool, in_lo, in_hi, "offset", part_length, onto_lo, onto
    FROM ledger_movement
    WHERE number = %s AND step = %s AND part = %s AND leg = %s AND in_pool IS NOT NULL
    ORDER BY piece
"""


class Answered(NamedTuple):
    number: int
    entry: Entry


def find_entry(id_: str) -> Answered | None:
    """By the id of its record; its first part."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"id": UUID(id_)})
        row = cursor.fetchone()
    if row is None:
        return None
    entry = reread(bytes(row[1]))
    assert isinstance(entry, Entry)
    return Answered(row[0], entry)


def is_placed(found: Answered) -> bool:
    """Whether it has its positions, so that it stands in the log before whoever speaks of it."""
    if found.entry.act not in ARRIVING:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledger_movement WHERE number = %s LIMIT 1", [found.number])
        return cursor.fetchone() is not None


def check_answers(parts: tuple[Entry, ...]) -> Answered | None:
    """The entry that this one answers, where it answers one. After the pools are locked."""
    entry = parts[0]
    answered = find_entry(entry.of) if entry.of else None
    fitting = {"return": _SPENDING, "transfer_in": {"transfer_out"}}
    allowed = ARRIVING if entry.act in GIVING_BACK else fitting.get(entry.act)
    if (entry.of or allowed) and answered is None:
        raise refuse("entry.of", act=entry.act, of=entry.of or "-")
    if answered and allowed and answered.entry.act not in allowed:
        raise refuse("entry.of", act=entry.act, of=entry.of)
    if answered and not is_placed(answered):
        raise refuse("entry.of-waiting", of=entry.of)
    if answered and entry.act == "transfer_in":
        _check_transfer(parts, answered)
    if answered and entry.act in GIVING_BACK:
        _check_gift(parts, answered)
    _check_spent(parts)
    return answered


def _check_transfer(parts: tuple[Entry, ...], sent: Answered) -> None:
    """What is accepted was sent by that society, to this one, on that way."""
    entry = parts[0]
    if (sent.entry.society, sent.entry.counterparty) != (entry.counterparty, entry.society):
        raise refuse("entry.counterparty", society=entry.counterparty)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.ref FROM ledger_movement m JOIN ledger_pool p ON p.id = m.in_pool"
            " WHERE m.number = %s",
            [sent.number],
        )
        ways = {row[0].hex for row in cursor.fetchall() if row[0]}
    for part in parts:
        for leg, _link in legs(part):
            if leg.pool.ref not in ways:
                raise refuse("entry.of", act=entry.act, of=entry.of)


# A gift that is given back.


def _check_gift(parts: tuple[Entry, ...], gift: Answered) -> None:
    """Every step touches the gift's own positions, and no more in all than was given. The gift's
    entry is locked, so that two who give it back at once do so one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [5, gift.number % 2**31])
        cursor.execute(
            "SELECT in_pool, in_lo, in_hi FROM ledger_movement"
            " WHERE number = %s AND in_pool IS NOT NULL",
            [gift.number],
        )
        came: list[tuple[int, int, int]] = cursor.fetchall()
        cursor.execute(_GIVEN_BACK, [gift.number])
        before: int = cursor.fetchone()[0]
    back = 0
    for part in parts:
        for step in part.steps:
            assert isinstance(step, Out | Cover)
            _check_is_the_gifts(step, came)
            back += length(step.at)
    given = sum(past - first for _pool, first, past in came)
    if before + back > given:
        raise refuse("pool.beyond-the-gift", gift=given, returned=int(before) + back)


def _check_is_the_gifts(step: Out | Cover, came: list[tuple[int, int, int]]) -> None:
    if not step.at:
        raise refuse("pool.not-the-gifts", pool=in_words(step.pool), first=0, past=0)
    here = whereabouts(came, step.via, find_pool_id(step.pool))
    _check_within("pool.not-the-gifts", step.pool, step.at, here)


def whereabouts(
    came: list[tuple[int, int, int]], via: Iterable[Via], pool: int | None
) -> list[Interval]:
    """Where positions (pool, first, past) lie in `pool` after the road `via`; empty if never."""
    at = came
    for hop in via:
        found = find_entry(hop.entry)
        if found is None:
            raise refuse("entry.of", act="via", of=hop.entry)
        at = _carried(at, found.number, hop)
    return [(first, past) for here, first, past in at if here == pool]


def _carried(at: list[tuple[int, int, int]], number: int, hop: Via) -> list[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_LEG, [number, hop.step, hop.part, hop.leg])
        rows = cursor.fetchall()
    found = []
    for out_pool, lo, hi, in_pool, in_lo, _in_hi, offset, length_, onto_lo, onto in rows:
        for pool, first, past in at:
            first, past = max(first, lo), min(past, hi)
            if pool != out_pool or first >= past:
                continue
            if length_ is None:
                image = in_lo + first - lo, in_lo + past - lo
            else:
                begin, end = offset + first - lo, offset + past - lo
                image = onto_lo + begin * onto // length_, onto_lo + end * onto // length_
            if image[0] < image[1]:
                found.append((in_pool, *image))
    return found


# What is settled was spent.


def _check_spent(parts: tuple[Entry, ...]) -> None:
    for part in parts:
        for step in part.steps:
            if isinstance(step, Back | Cover):
                _check_was_spent(step)


def _check_was_spent(step: Step) -> None:
    assert isinstance(step, Back | Cover)
    found = find_entry(step.spent_by)
    if found is None:
        raise refuse("entry.of", act=str(step.__struct_config__.tag), of=step.spent_by)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT out_lo, out_hi FROM ledger_movement WHERE number = %s AND out_pool = %s",
            [found.number, find_pool_id(step.pool)],
        )
        spent = cursor.fetchall()
    _check_within("pool.not-spent", step.pool, step.at, spent, entry=step.spent_by)


def _check_within(
    rule: str, pool: Pool, at: Iterable[Interval], allowed: Iterable[Interval], **facts: object
) -> None:
    """Each interval lies in what is allowed, which may touch without being joined."""
    joined: list[list[int]] = []
    for first, past in sorted(allowed):
        if joined and first <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], past)
        else:
            joined.append([first, past])
    for first, past in at:
        if not any(lo <= first and past <= hi for lo, hi in joined):
            raise refuse(rule, pool=in_words(pool), first=first, past=past, **facts)
