"""The pools an act touches: found or opened, locked in one order, changed in memory, written once.

Order of locks, everywhere: bookings by pool id, then intakes by pool id, then what is counted for
purposes, then allowances. The sequencer takes intakes and then what purposes received. So nobody
ever waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from heapq import merge
from uuid import UUID

from django.db import connection, transaction

from honghui.ledger.refusals import refuse
from honghui.record.pools import Pool, in_words
from honghui.record.steps import length
from honghui.record.values import INTEGER_MAX, Interval

_FIND = """
    SELECT id FROM ledger_pool
    WHERE purpose = %s AND society = %s AND commodity = %s AND source = %s AND place = %s
      AND stage = %s AND ref IS NOT DISTINCT FROM %s
"""
_OPEN = """
    INSERT INTO ledger_pool (purpose, society, commodity, source, place, stage, ref)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
"""
_HOLES = """
    SELECT out_lo, out_hi FROM ledger_movement
    WHERE out_pool = %s AND out_lo >= %s ORDER BY out_lo LIMIT 256
"""


class Axis:
    """One pool, locked. `cursor`: below it nothing is free."""

    def __init__(self, pool: Pool, pool_id: int) -> None:
        self.pool = pool
        self.id = pool_id
        self.taken_in = self.booked = self.cursor = 0
        self.parts = 1
        self._before = (0, 0, 0, 1)
        # What this act has booked and settled, and is not yet in the table.
        self._booked: list[Interval] = []
        self._settled: list[Interval] = []

    def begin(self, *, taken_in: int, parts: int, booked: int, cursor: int) -> None:
        self.taken_in, self.parts, self.booked, self.cursor = taken_in, parts, booked, cursor
        self._before = taken_in, booked, cursor, parts

    @property
    def free(self) -> int:
        return self.taken_in - self.booked

    @property
    def has_taken_in(self) -> bool:
        return (self.taken_in, self.parts) != (self._before[0], self._before[3])

    @property
    def has_booked(self) -> bool:
        return (self.booked, self.cursor) != self._before[1:3]

    def put(self, quantity: int) -> Interval:
        """The next positions."""
        first, past = self.taken_in, self.taken_in + quantity
        if past > INTEGER_MAX:
            raise refuse("pool.too-large", pool=in_words(self.pool))
        self.taken_in = past
        return first, past

    def take(self, quantity: int) -> list[Interval]:
        """The lowest free positions: first in, first out."""
        if quantity > self.free:
            raise refuse(
                "pool.overdrawn", pool=in_words(self.pool), free=self.free, wanted=quantity
            )
        if self.booked == self.cursor:
            found = [(self.cursor, self.cursor + quantity)]
            self.cursor += quantity
        else:
            found = self._around_holes(quantity)
        self._book(found)
        return found

    def _around_holes(self, quantity: int) -> list[Interval]:
        """Where some were booked ahead of their turn. Moves the cursor past what it comes to."""
        found: list[Interval] = []
        at = self.cursor
        for first, past in self._holes(at):
            if quantity and at < first:
                end = min(first, at + quantity)
                found.append((at, end))
                quantity -= end - at
                at = end
            if at < first:
                break
            at = max(at, past)
        if quantity:
            found.append((at, at + quantity))
            at += quantity
        self.cursor = at
        return found

    def _holes(self, begin: int) -> Iterator[Interval]:
        """What is booked from there on, in order: by earlier acts, and by this one."""
        ours = sorted(one for one in self._booked if one[1] > begin)
        return merge(self._holes_before_us(begin), ours)

    def _holes_before_us(self, begin: int) -> Iterator[Interval]:
        while True:
            with connection.cursor() as cursor:
                cursor.execute(_HOLES, [self.id, begin])
                rows = cursor.fetchall()
            yield from rows
            if len(rows) < 256:
                return
            begin = rows[-1][1]

    def take_at(self, at: Iterable[Interval]) -> None:
        """Named positions, each of which must be free."""
        for first, past in at:
            if first < self.cursor or _meets(self._booked, first, past):
                raise self._refused("pool.positions-taken", first, past)
            if self.booked != self.cursor and self._is_there("out", first, past):
                raise self._refused("pool.positions-taken", first, past)
            if self.booked == self.cursor == first:
                self.cursor = past
            self._book([(first, past)])

    def settle(self, at: Iterable[Interval]) -> None:
        """Positions that were spent are made good: once."""
        for first, past in at:
            if _meets(self._settled, first, past) or self._is_there("settled", first, past):
                raise self._refused("pool.settled-twice", first, past)
            self._settled.append((first, past))

    def check_order(self, at: Iterable[Interval]) -> None:
        """Not empty, in order, within the pool, apart from each other."""
        end = 0
        for first, past in at:
            if not end <= first < past <= self.taken_in:
                raise self._refused("pool.positions", first, past)
            end = past

    def _book(self, found: list[Interval]) -> None:
        self._booked += found
        self.booked += length(found)

    def _is_there(self, side: str, first: int, past: int) -> bool:
        """Whether a row of that side overlaps. They never overlap one another, so the last that
        begins before our end is the one to look at."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {side}_hi FROM ledger_movement WHERE {side}_pool = %s AND {side}_lo < %s"
                f" ORDER BY {side}_lo DESC LIMIT 1",
                [self.id, past],
            )
            row = cursor.fetchone()
        return row is not None and row[0] > first

    def _refused(self, rule: str, first: int, past: int) -> Exception:
        return refuse(rule, pool=in_words(self.pool), first=first, past=past)


def _meets(intervals: list[Interval], first: int, past: int) -> bool:
    return any(lo < past and first < hi for lo, hi in intervals)


class Axes:
    """All pools of one act. `spends`: those that something leaves or is settled in; `grows`: those
    that something comes into."""

    def __init__(self, spends: Iterable[Pool], grows: Iterable[Pool]) -> None:
        spends, grows = set(spends), set(grows)
        # In one order, for two who open the same pools at once.
        ordered = sorted(spends | grows, key=in_words)
        self._axes = {pool: Axis(pool, pool_id(pool)) for pool in ordered}
        self._lock(
            sorted(self._axes[pool].id for pool in spends),
            sorted(self._axes[pool].id for pool in grows),
        )

    def __getitem__(self, pool: Pool) -> Axis:
        return self._axes[pool]

    def _lock(self, spends: list[int], grows: list[int]) -> None:
        """Each in its own statement, so that what it reads is what the one before it left."""
        bookings: Mapping[int, tuple[int, int]] = {}
        with connection.cursor() as cursor:
            if spends:
                cursor.execute(
                    "SELECT pool_id, booked, cursor FROM ledger_booking"
                    " WHERE pool_id = ANY(%s) ORDER BY pool_id FOR NO KEY UPDATE",
                    [spends],
                )
                bookings = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
            if grows:
                cursor.execute(
                    "SELECT pool_id FROM ledger_intake"
                    " WHERE pool_id = ANY(%s) ORDER BY pool_id FOR NO KEY UPDATE",
                    [grows],
                )
            cursor.execute(
                "SELECT pool_id, taken_in, parts FROM ledger_intake WHERE pool_id = ANY(%s)",
                [[axis.id for axis in self._axes.values()]],
            )
            intakes = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
        for axis in self._axes.values():
            booked, cursor_ = bookings.get(axis.id, (0, 0))
            taken_in, parts = intakes[axis.id]
            axis.begin(taken_in=taken_in, parts=parts, booked=booked, cursor=cursor_)

    def save(self) -> None:
        """Intakes first: what is booked may be what this very act took in."""
        grown = [axis for axis in self._axes.values() if axis.has_taken_in]
        spent = [axis for axis in self._axes.values() if axis.has_booked]
        with connection.cursor() as cursor:
            if grown:
                cursor.execute(
                    "UPDATE ledger_intake SET taken_in = new.taken_in, parts = new.parts"
                    " FROM unnest(%s::int[], %s::bigint[], %s::int[]) AS new (id, taken_in, parts)"
                    " WHERE pool_id = new.id",
                    [
                        [axis.id for axis in grown],
                        [axis.taken_in for axis in grown],
                        [axis.parts for axis in grown],
                    ],
                )
            if spent:
                cursor.execute(
                    "UPDATE ledger_booking SET booked = new.booked, cursor = new.cursor"
                    " FROM unnest(%s::int[], %s::bigint[], %s::bigint[])"
                    " AS new (id, booked, cursor)"
                    " WHERE pool_id = new.id",
                    [
                        [axis.id for axis in spent],
                        [axis.booked for axis in spent],
                        [axis.cursor for axis in spent],
                    ],
                )


def pool_id(pool: Pool) -> int:
    """The pool's number; it is opened when it is first spoken of."""
    found = _known(connection.settings_dict["NAME"]).get(pool)
    return _find(pool) if found is None else found


def find_pool_id(pool: Pool) -> int | None:
    """Without opening it."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, _key(pool))
        row = cursor.fetchone()
    return row[0] if row else None


def _find(pool: Pool) -> int:
    found = find_pool_id(pool)
    if found is None:
        return _open(pool)
    _remember_after_commit(pool, found)
    return found


def _open(pool: Pool) -> int:
    """Two who open one pool at once: the second waits for the first, and finds it."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, _key(pool))
        row = cursor.fetchone()
        if row is None:
            return _find(pool)
        opened: int = row[0]
        cursor.execute("INSERT INTO ledger_intake VALUES (%s, 0, 1)", [opened])
        cursor.execute("INSERT INTO ledger_booking VALUES (%s, 0, 0)", [opened])
    _remember_after_commit(pool, opened)
    return opened


def _remember_after_commit(pool: Pool, number: int) -> None:
    """A pool of a transaction that was rolled back was never there."""
    known = _known(connection.settings_dict["NAME"])
    transaction.on_commit(lambda: known.__setitem__(pool, number))


@lru_cache(maxsize=8)
def _known(_database: str) -> dict[Pool, int]:
    return {}


def _key(pool: Pool) -> list[str | UUID | None]:
    ref = UUID(pool.ref) if pool.ref else None
    return [
        pool.purpose, pool.society, pool.commodity, pool.source, pool.place, pool.stage, ref,
    ]  # fmt: skip
