"""Pools unit by unit: slow, and obviously right. Each unit remembers whose gift it was and which
road it came; nothing here knows what an interval is until somebody asks for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from honghui.record.pools import Pool
from honghui.record.steps import Via

Interval = tuple[int, int]


@dataclass
class Unit:
    owner: str
    road: tuple[Via, ...] = ()
    left_by: str | None = None
    settled: bool = False


class Units:
    def __init__(self) -> None:
        self.pools: defaultdict[Pool, list[Unit]] = defaultdict(list)

    def free(self, pool: Pool) -> int:
        return sum(unit.left_by is None for unit in self.pools[pool])

    def state(self) -> dict[Pool, tuple[int, int]]:
        """What each pool took in, and what of it left."""
        return {
            pool: (len(units), sum(unit.left_by is not None for unit in units))
            for pool, units in self.pools.items()
            if units
        }

    def put(self, pool: Pool, quantity: int, owner: str) -> None:
        self.pools[pool] += [Unit(owner) for _ in range(quantity)]

    def lowest(self, pool: Pool, quantity: int) -> list[Unit]:
        return [unit for unit in self.pools[pool] if unit.left_by is None][:quantity]

    def leave(self, units: Iterable[Unit], entry: str) -> None:
        for unit in units:
            assert unit.left_by is None
            unit.left_by = entry

    def carry(self, units: list[Unit], pool: Pool, quantity: int, hops: list[Via]) -> None:
        """New units of `pool`, each of whichever unit its place in the proportion falls to."""
        length = len(units)
        for at, (unit, hop) in enumerate(zip(units, hops, strict=True)):
            for _ in range(at * quantity // length, (at + 1) * quantity // length):
                self.pools[pool].append(Unit(unit.owner, (*unit.road, hop)))

    def intervals(self, pool: Pool, units: Iterable[Unit]) -> tuple[Interval, ...]:
        wanted = {id(unit) for unit in units}
        found: list[Interval] = []
        for at, unit in enumerate(self.pools[pool]):
            if id(unit) not in wanted:
                continue
            if found and found[-1][1] == at:
                found[-1] = found[-1][0], at + 1
            else:
                found.append((at, at + 1))
        return tuple(found)
