"""The model of where value lies: pools, each with one axis of positions.

This is the whole of it. A pool takes in the next positions; what leaves takes the lowest free ones,
or named ones. It was written from the design, without a look at the ledger, and shares no code
with it: two programs that agree are worth more than one that is sure.

Memory is flat: a pool keeps how far it was taken from the front, and only the holes beyond.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from honghui.audit.findings import Broken
from honghui.audit.intervals import Interval, Intervals
from honghui.record.pools import Pool, in_words, interned
from honghui.record.steps import length
from honghui.record.values import INTEGER_MAX

# A set of positions, and what was added to it.
Undo = tuple[Intervals, int, int]


class Held(NamedTuple):
    """What a pool took in, what of it was taken out again, and what is left."""

    taken_in: int
    booked: int

    @property
    def free(self) -> int:
        return self.taken_in - self.booked


class Axis:
    """One pool. Below `cursor` everything is booked; beyond it, what `holes` holds is too.
    `settled`: booked positions that were covered by a reserve or came back."""

    __slots__ = ("booked", "cursor", "holes", "key", "settled", "taken_in")

    def __init__(self, key: Pool) -> None:
        self.key = key
        self.taken_in = 0
        self.booked = 0
        self.cursor = 0
        self.holes: Intervals | None = None
        self.settled: Intervals | None = None

    @property
    def free(self) -> int:
        return self.taken_in - self.booked

    def put(self, quantity: int) -> Interval:
        first, past = self.taken_in, self.taken_in + quantity
        if past > INTEGER_MAX:
            raise Broken("pool.too-large", pool=in_words(self.key))
        self.taken_in = past
        return first, past

    def take(self, quantity: int) -> list[Interval]:
        """The lowest free positions, first in, first out."""
        if quantity > self.taken_in - self.booked:
            raise Broken("pool.overdrawn", pool=in_words(self.key), free=self.free, wanted=quantity)
        taken = self._lowest(quantity)
        self.booked += quantity
        self.cursor = taken[-1][1]
        return taken

    def _lowest(self, quantity: int) -> list[Interval]:
        holes, at = self.holes, self.cursor
        if not holes:
            return [(at, at + quantity)]
        found = []
        while quantity:
            past = min(holes.next_after(at, self.taken_in), at + quantity)
            if at < past:
                found.append((at, past))
                quantity -= past - at
            at = holes.past_of(past) or past
        return found

    def take_at(self, intervals: Iterable[Interval], undo: list[Undo]) -> None:
        """Named positions, each of which must be free."""
        holes = self.holes = self.holes or Intervals()
        for first, past in intervals:
            if first < self.cursor or holes.overlaps(first, past):
                raise self._refused("pool.positions-taken", first, past)
            holes.add(first, past)
            undo.append((holes, first, past))
            self.booked += past - first

    def settle(self, intervals: Iterable[Interval], undo: list[Undo]) -> None:
        """Booked positions that are made good: once, and never again."""
        settled = self.settled = self.settled or Intervals()
        for first, past in intervals:
            if settled.overlaps(first, past):
                raise self._refused("pool.settled-twice", first, past)
            settled.add(first, past)
            undo.append((settled, first, past))

    def tidy(self) -> None:
        """Where the front has reached what was booked ahead, the cursor goes on behind it."""
        if not self.holes:
            return
        while (past := self.holes.past_of(self.cursor)) is not None:
            self.cursor = past
        self.holes.forget_before(self.cursor)

    def check_order(self, intervals: Iterable[Interval]) -> None:
        """Not empty, in order, within the pool, apart from each other."""
        end = 0
        for first, past in intervals:
            if not end <= first < past <= self.taken_in:
                raise self._refused("pool.positions", first, past)
            end = past

    def _refused(self, rule: str, first: int, past: int) -> Broken:
        return Broken(rule, pool=in_words(self.key), first=first, past=past)


class Book:
    """All pools. What is done between `begin` and `keep` is one change: `undo` takes it back."""

    def __init__(self) -> None:
        self._axes: dict[Pool, Axis] = {}
        self._before: dict[Axis, tuple[int, int, int]] = {}
        self._added: list[Undo] = []

    def __len__(self) -> int:
        return len(self._axes)

    def held(self) -> Iterator[tuple[Pool, Held]]:
        return ((axis.key, Held(axis.taken_in, axis.booked)) for axis in self._axes.values())

    def begin(self) -> None:
        self._before.clear()
        self._added.clear()

    def keep(self) -> None:
        for axis in self._before:
            axis.tidy()

    def undo(self) -> None:
        for positions, first, past in reversed(self._added):
            positions.remove(first, past)
        for axis, (taken_in, booked, cursor) in self._before.items():
            axis.taken_in, axis.booked, axis.cursor = taken_in, booked, cursor

    def axis(self, pool: Pool) -> Axis:
        """The pool's axis, to change it: what it was before is kept until the change is whole."""
        axis = self._axes.get(pool)
        if axis is None:
            key = interned(pool)
            axis = self._axes[key] = Axis(key)
        if axis not in self._before:
            self._before[axis] = axis.taken_in, axis.booked, axis.cursor
        return axis

    # The shapes of a step.

    def put(self, pool: Pool, quantity: int) -> Interval:
        return self.axis(pool).put(quantity)

    def take(
        self, pool: Pool, quantity: int, at: tuple[Interval, ...] = ()
    ) -> list[Interval] | tuple[Interval, ...]:
        axis = self.axis(pool)
        if not at:
            return axis.take(quantity)
        axis.check_order(at)
        if length(at) != quantity:
            raise Broken("pool.positions-sum", length=length(at), quantity=quantity)
        axis.take_at(at, self._added)
        return at

    def back(self, pool: Pool, at: tuple[Interval, ...]) -> Interval:
        axis = self.axis(pool)
        axis.check_order(at)
        axis.settle(at, self._added)
        return axis.put(length(at))

    def cover(
        self, pool: Pool, at: tuple[Interval, ...], by: Pool, by_at: tuple[Interval, ...] = ()
    ) -> list[Interval] | tuple[Interval, ...]:
        axis = self.axis(pool)
        axis.check_order(at)
        axis.settle(at, self._added)
        return self.take(by, length(at), by_at)

    def shrink(self, pool: Pool, remainder: int, loss: int) -> tuple[list[Interval], Interval]:
        axis = self.axis(pool)
        if axis.free != remainder:
            raise Broken("pool.remainder", pool=in_words(pool), found=axis.free, stated=remainder)
        if loss > remainder:
            raise Broken("pool.loss", loss=loss, remainder=remainder)
        return axis.take(remainder), axis.put(remainder - loss)
