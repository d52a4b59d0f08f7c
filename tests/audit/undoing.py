"""Gifts that are given back, wherever their money has gone by then."""

from __future__ import annotations

from collections import defaultdict

from honghui.record.pools import Pool
from honghui.record.steps import Cover, In, Out, Via
from tests.audit.units import Unit
from tests.audit.verbs import Verbs

_KEPT_WITH = ("CNY", "donation")


class Undoing(Verbs):
    def reversal(self) -> bool:
        return self._undo("reversal")

    def refund(self) -> bool:
        return self._undo("refund")

    def _undo(self, act: str) -> bool:
        """What is held of the gift leaves where it lies; what was spent as money is borne by the
        reserve, or by a shortfall where the reserve is too small."""
        gifts = [
            gift
            for gift, (pool, _quantity) in self.gifts.items()
            if (pool.commodity, pool.source) == _KEPT_WITH and not self.given_back[gift]
        ]
        if not gifts:
            return False
        gift = self.chance.choice(gifts)
        society = self.gifts[gift][0].society
        held, spent = self._whereabouts(gift, society)
        steps: list[Out | Cover] = [
            Out(pool=pool, quantity=len(units), at=self.units.intervals(pool, units), via=road)
            for (pool, road), units in held.items()
        ]
        covers = [
            Cover(
                pool=pool, at=self.units.intervals(pool, units), spent_by=by, via=road,
                by=self._reserve(society, len(units)),
            )
            for (pool, road, by), units in list(spent.items())[:1]
        ]  # fmt: skip
        if not steps and not covers:
            return False
        one = self.entry(act, society, *steps, *covers, of=gift)
        for units in held.values():
            self.units.leave(units, one.id)
            self.given_back[gift] += len(units)
        for cover, units in zip(covers, spent.values(), strict=False):
            self._covered(cover, units, one.id)
            self.given_back[gift] += len(units)
        self.done["undone where it moved"] += any(step.via for step in steps)
        return True

    def _covered(self, cover: Cover, units: list[Unit], entry: str) -> None:
        for unit in units:
            unit.settled = True
        self.units.leave(self.units.lowest(cover.by, len(units)), entry)
        self.done["covered"] += 1
        if cover.by.stage == "shortfall":
            self.shortfalls.append((cover.by, entry))
        else:
            self.covers.append((cover.by, entry))

    def _whereabouts(
        self, gift: str, society: str
    ) -> tuple[
        dict[tuple[Pool, tuple[Via, ...]], list[Unit]],
        dict[tuple[Pool, tuple[Via, ...], str], list[Unit]],
    ]:
        """Of one society's own books: held, and reached its end as money."""
        held: defaultdict[tuple[Pool, tuple[Via, ...]], list[Unit]] = defaultdict(list)
        spent: defaultdict[tuple[Pool, tuple[Via, ...], str], list[Unit]] = defaultdict(list)
        for pool, units in self.units.pools.items():
            if pool.society != society or pool.commodity != "CNY" or pool.stage == "shortfall":
                continue
            for unit in units:
                if unit.owner != gift or unit.settled:
                    continue
                if unit.left_by is None:
                    held[pool, unit.road].append(unit)
                elif unit.left_by in self.uses:
                    spent[pool, unit.road, unit.left_by].append(unit)
        return held, spent

    def _reserve(self, society: str, quantity: int) -> Pool:
        """A pool of own money that can bear it; else a shortfall, openly."""
        own = self.pool(society, purpose="general", source="own")
        if self.units.free(own) >= quantity:
            return own
        self.done["short"] += 1
        short = self.pool(society, purpose="general", source="own", stage="shortfall")
        one = self.entry("shortfall", society, In(pool=short, quantity=quantity))
        self.units.put(short, quantity, one.id)
        return short

    def cover(self) -> bool:
        """A reserve makes good a shortfall; or bears what another reserve bore."""
        found = self.shortfalls if self.shortfalls else self.covers
        if not found:
            return False
        by, entry = found.pop()
        own = self.pool(by.society, purpose="general", source="own")
        if own == by:
            own = self.pool(by.society, purpose="general", source="appropriation")
        units = [one for one in self.units.pools[by] if one.left_by == entry and not one.settled]
        if not units or self.units.free(own) < len(units):
            return False
        step = Cover(pool=by, at=self.units.intervals(by, units), spent_by=entry, by=own)
        one = self.entry("cover", by.society, step)
        self._covered(step, units, one.id)
        return True
