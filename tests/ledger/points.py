"""The lineage of a log, told unit by unit from its records alone: slow, and obviously right.

Every unit that somebody gave is a point on the axis of some pool. A point lies in the position
whose number is its floor; it goes where that position goes. Nothing here knows of intervals, and
nothing of the database.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from honghui.record.entries import Entry
from honghui.record.pools import Pool, in_words
from honghui.record.schemas import Record
from honghui.record.steps import Back, Cover, In, Leg, Link, Out, Shrink, length

Unit = tuple[str, int]  # the gift's entry, and which of its units, over all its steps
End = tuple[str, str]  # how it ended, and by which entry or in which pool


@dataclass
class Position:
    points: list[tuple[Unit, Fraction]] = field(default_factory=list)  # how far into the position
    left_by: str | None = None
    next: list[Position] = field(default_factory=list)  # where its points went


class Points:
    def __init__(self) -> None:
        self.pools: defaultdict[Pool, list[Position]] = defaultdict(list)
        self.ends: dict[Unit, End] = {}
        self._given: Counter[str] = Counter()

    def replay(self, records: Iterable[Record]) -> Points:
        for record in records:
            if isinstance(record, Entry):
                for step in record.steps:
                    self._step(record, step)
        return self

    def became(self, gift: str) -> Counter[End]:
        """What became of the gift's units."""
        return Counter(end for (of, _unit), end in self._all().items() if of == gift)

    def bore(self, entry: str) -> Counter[str]:
        """Whose units the entry spent, or lost."""
        found: Counter[str] = Counter()
        for (gift, _unit), (how, by) in self._all().items():
            if by == entry and how in ("spent", "lost"):
                found[gift] += 1
        return found

    def _all(self) -> dict[Unit, End]:
        held = {
            unit: ("held", in_words(pool))
            for pool, positions in self.pools.items()
            for position in positions
            if position.left_by is None
            for unit, _point in position.points
        }
        return self.ends | held

    def _step(self, entry: Entry, step: object) -> None:
        match step:
            case In():
                for _ in range(step.quantity):
                    unit = entry.id, self._given[entry.id]
                    self._given[entry.id] += 1
                    self.pools[step.pool].append(Position([(unit, Fraction(0))]))
            case Out():
                for position in self._take(entry, step.pool, step.quantity, step.at):
                    self._end(position, "spent", entry.id)
            case Link():
                self._link(entry, step)
            case Shrink():
                self._shrink(entry, step)
            case Back():
                for position in self._at(step.pool, step.at):
                    self._go_on(step.pool, position)
                    for unit, _point in position.points:
                        self.ends.pop(unit, None)
            case Cover():
                borne = self._take(entry, step.by, length(step.at), step.by_at)
                for old, new in zip(self._at(step.pool, step.at), borne, strict=True):
                    self._cover(entry, old, new)

    def _cover(self, entry: Entry, old: Position, new: Position) -> None:
        """From now on the reserve's unit is wherever the covered one went."""
        ((covered, _point),), ((bears, _other),) = old.points, new.points
        new.next = old.next
        waiting = list(old.next)
        while waiting:
            position = waiting.pop()
            position.points = [
                (bears if unit == covered else unit, point) for unit, point in position.points
            ]
            waiting += position.next
        if covered in self.ends:
            self.ends[bears] = self.ends[covered]
        self.ends[covered] = "covered", entry.id

    def _link(self, entry: Entry, step: Link) -> None:
        parts = [self._laid(entry, part) for part in step.parts]
        into = self.pools[step.into]
        start = len(into)
        into += [Position() for _ in range(step.quantity)]
        for laid in parts:
            for offset, position in enumerate(laid):
                for unit, point in position.points:
                    at = start + (offset + point) * step.quantity / len(laid)
                    into[at.numerator // at.denominator].points.append((unit, at % 1))
                position.next = into[start:]

    def _laid(self, entry: Entry, part: Iterable[Leg]) -> list[Position]:
        return [
            position
            for leg in part
            for position in self._take(entry, leg.pool, leg.quantity, leg.at)
        ]

    def _shrink(self, entry: Entry, step: Shrink) -> None:
        stays = step.remainder - step.loss
        for at, position in enumerate(self._take(entry, step.pool, step.remainder, ())):
            if (at + 1) * stays // step.remainder > at * stays // step.remainder:
                self._go_on(step.pool, position)
            else:
                kind = "lost" if stays else "spent"
                self._end(position, kind, entry.id)

    def _take(
        self, entry: Entry, pool: Pool, quantity: int, at: Iterable[tuple[int, int]]
    ) -> list[Position]:
        free = [one for one in self.pools[pool] if one.left_by is None][:quantity]
        taken = self._at(pool, at) or free
        for position in taken:
            assert position.left_by is None
            position.left_by = entry.id
        return taken

    def _at(self, pool: Pool, at: Iterable[tuple[int, int]]) -> list[Position]:
        return [one for first, past in at for one in self.pools[pool][first:past]]

    def _go_on(self, pool: Pool, position: Position) -> None:
        position.next = [Position(list(position.points))]
        self.pools[pool] += position.next

    def _end(self, position: Position, how: str, by: str) -> None:
        for unit, _point in position.points:
            self.ends[unit] = how, by
