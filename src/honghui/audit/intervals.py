"""Sets of positions, kept as sorted intervals that neither touch nor overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

Interval = tuple[int, int]


class Intervals:
    """A set of positions. Small where it is used: holes in a pool, what was covered."""

    __slots__ = ("firsts", "pasts")

    def __init__(self, intervals: Iterable[Interval] = ()) -> None:
        self.firsts: list[int] = []
        self.pasts: list[int] = []
        for first, past in intervals:
            self.add(first, past)

    def __bool__(self) -> bool:
        return bool(self.firsts)

    def __iter__(self) -> Iterator[Interval]:
        return zip(self.firsts, self.pasts, strict=True)

    def overlaps(self, first: int, past: int) -> bool:
        at = bisect_right(self.firsts, first)
        return (at > 0 and self.pasts[at - 1] > first) or (
            at < len(self.firsts) and self.firsts[at] < past
        )

    def covers(self, first: int, past: int) -> bool:
        at = bisect_right(self.firsts, first)
        return at > 0 and self.pasts[at - 1] >= past

    def add(self, first: int, past: int) -> None:
        """Joins what it touches or overlaps."""
        left = bisect_left(self.pasts, first)
        right = bisect_right(self.firsts, past)
        if left < right:
            first = min(first, self.firsts[left])
            past = max(past, self.pasts[right - 1])
        self.firsts[left:right] = [first]
        self.pasts[left:right] = [past]

    def remove(self, first: int, past: int) -> None:
        """Takes out what was added; it must be inside one interval."""
        at = bisect_right(self.firsts, first) - 1
        pieces = [(self.firsts[at], first), (past, self.pasts[at])]
        kept = [piece for piece in pieces if piece[0] < piece[1]]
        self.firsts[at : at + 1] = [piece[0] for piece in kept]
        self.pasts[at : at + 1] = [piece[1] for piece in kept]

    def past_of(self, position: int) -> int | None:
        """Where the interval that holds the position ends, None when none holds it."""
        at = bisect_right(self.firsts, position) - 1
        return self.pasts[at] if at >= 0 and self.pasts[at] > position else None

    def next_after(self, position: int, default: int) -> int:
        """Where the next interval begins, at or after the position."""
        at = bisect_left(self.firsts, position)
        return self.firsts[at] if at < len(self.firsts) else default

    def forget_before(self, position: int) -> None:
        at = bisect_right(self.pasts, position)
        del self.firsts[:at], self.pasts[:at]


def image(first: int, past: int, *, of: int, onto: int, start: int) -> Interval:
    """Where [first, past) of a part of length `of` lies on the `onto` positions from `start`."""
    return start + first * onto // of, start + past * onto // of
