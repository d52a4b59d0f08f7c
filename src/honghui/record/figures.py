"""Answers measures from facts, in one pass and flat memory.

Facts are added up as they come, under everything a measure can ask for, and by day only as finely
as some measure will ask: `boundaries` cut time into slots. So memory grows with the combinations
that really occur, never with the days or the number of facts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import date, timedelta
from sys import intern
from typing import NamedTuple, TypeVar

from honghui.record.facts import Fact
from honghui.record.lookups import Lookups
from honghui.record.measures import INFLOWS, Flow, Measure
from honghui.record.values import is_currency

_ONE_DAY = timedelta(days=1)
_TRANSFERS = frozenset({"transferred_in", "transferred_out"})
_INFLOWS = frozenset(INFLOWS)


class Computed(NamedTuple):
    """`units` of all that was added up: fen, another currency, a unit's code, steps, recipients.
    None where nothing was."""

    value: int
    units: frozenset[str]


# act, purpose, source, commodity, use, place, counterparty, slot
_Key = tuple[str, str, str, str, str | None, str | None, str | None, int]
# purpose, source, commodity, place, stage
_Where = tuple[str, str, str, str, str]


class _Row:
    __slots__ = ("quantity", "recipients", "steps")

    def __init__(self) -> None:
        self.quantity = 0
        self.steps = 0
        self.recipients = 0


_T = TypeVar("_T", bound=tuple[object, ...])


def _shared(key: _T) -> _T:
    """The same key, its words shared with all other keys."""
    return tuple(intern(word) if type(word) is str else word for word in key)  # type: ignore[return-value]


class Cube:
    """`boundaries`: the first days, and the days after the last ones, of all windows to come."""

    def __init__(self, boundaries: Iterable[date] = ()) -> None:
        self._boundaries = sorted(set(boundaries))
        self._slots: dict[date, int] = {}
        self._rows: defaultdict[tuple[str, Flow], dict[_Key, _Row]] = defaultdict(dict)
        self._held: defaultdict[str, dict[_Where, int]] = defaultdict(dict)

    def add(self, fact: Fact, steps: int = 1) -> None:
        """`steps`: of how many facts, alike in all but what they change, this is the sum."""
        act, flow, pool, change, day, use, place, recipients, counterparty = fact
        where = pool.purpose, pool.source, pool.commodity, pool.place, pool.stage
        held = self._held[pool.society]
        if where in held:
            held[where] += change
        else:
            held[_shared(where)] = change
        if flow is None:
            return
        slot = self._slots.get(day)
        if slot is None:
            slot = self._slots[day] = bisect_right(self._boundaries, day)
        rows = self._rows[pool.society, flow]
        key = act, pool.purpose, pool.source, pool.commodity, use, place, counterparty, slot
        row = rows.get(key)
        if row is None:
            row = rows[_shared(key)] = _Row()
        gains = flow in _INFLOWS
        row.quantity += change if gains else -change
        if (change > 0) == gains:
            row.steps += steps
            row.recipients += recipients

    def value(self, measure: Measure, lookups: Lookups) -> Computed:
        """The figure that the measure asks for, of all facts added so far."""
        scope = self._scope(measure, lookups)
        if measure.held:
            found = self._held_of(measure, scope, lookups)
        else:
            found = self._moved(measure, scope, lookups)
        return _added_up(measure, found, lookups)

    def _scope(self, measure: Measure, lookups: Lookups) -> set[str]:
        named = set(measure.societies)
        if not measure.with_branches:
            return named
        known = {society for society, _flow in self._rows} | set(self._held)
        return named | {one for one in known if named & set(lookups.societies_above(one))}

    def _held_of(
        self, measure: Measure, scope: set[str], lookups: Lookups
    ) -> Iterator[tuple[str, int]]:
        lies = _within(measure.places, lookups.places_around)
        kinds = _kinds(measure, lookups)
        for society in scope & self._held.keys():
            for (purpose, source, commodity, place, stage), quantity in self._held[society].items():
                if (
                    _among(purpose, measure.purposes)
                    and _among(source, measure.sources)
                    and _among(stage, measure.stages)
                    and _among(commodity, measure.commodities)
                    and kinds(commodity)
                    and lies(place)
                ):
                    yield commodity, quantity

    def _moved(
        self, measure: Measure, scope: set[str], lookups: Lookups
    ) -> Iterator[tuple[str, int]]:
        lies = _within(measure.places, lookups.places_around)
        kinds = _kinds(measure, lookups)
        inside = _inside(measure, lookups)
        slots = self._window(measure)
        take = {"steps": "steps", "recipients": "recipients"}.get(measure.take, "quantity")
        for flow in set(measure.flows):
            for society in scope:
                for key, row in self._rows.get((society, flow), _NO_ROWS).items():
                    act, purpose, source, commodity, use, place, counterparty, slot = key
                    if (
                        slot in slots
                        and _among(act, measure.acts)
                        and _among(purpose, measure.purposes)
                        and _among(source, measure.sources)
                        and _among(commodity, measure.commodities)
                        and _among(use, measure.uses)
                        and not (flow in _TRANSFERS and inside(counterparty))
                        and kinds(commodity)
                        and lies(place)
                    ):
                        yield commodity, getattr(row, take)

    def _window(self, measure: Measure) -> range:
        """The slots of the window. Its ends are among the boundaries, so no slot is cut."""
        first = bisect_right(self._boundaries, measure.first) if measure.first else 0
        if measure.last is None or measure.last == date.max:
            return range(first, len(self._boundaries) + 1)
        return range(first, bisect_right(self._boundaries, measure.last) + 1)


_NO_ROWS: dict[_Key, _Row] = {}


def _among(value: str | None, named: Container[str | None]) -> bool:
    return not named or value in named


def _inside(measure: Measure, lookups: Lookups) -> Callable[[str | None], bool]:
    """Whether the other side of a transfer is in the scope too; then it counts on neither."""
    named = set(measure.societies)
    if measure.with_branches:
        return lambda other: other is not None and bool(named & set(lookups.societies_above(other)))
    return lambda other: len(named) > 1 and other in named


def _within(
    named: tuple[str, ...], around: Callable[[str], Iterable[str]]
) -> Callable[[str | None], bool]:
    if not named:
        return lambda _place: True
    wanted = set(named)
    return lambda place: place is not None and any(one in wanted for one in around(place))


def _kinds(measure: Measure, lookups: Lookups) -> Callable[[str], bool]:
    if not measure.items:
        return lambda _commodity: True
    wanted = set(measure.items)

    def is_wanted(commodity: str) -> bool:
        lot = lookups.lot(commodity)
        return lot is not None and any(kind in wanted for kind in lookups.kinds_of(lot.item))

    return is_wanted


def _added_up(measure: Measure, found: Iterable[tuple[str, int]], lookups: Lookups) -> Computed:
    """By commodity first, so that a lot's value is rounded once."""
    sums: defaultdict[str, int] = defaultdict(int)
    for commodity, quantity in found:
        sums[commodity] += quantity
    if measure.take in ("steps", "recipients"):
        unit = frozenset({measure.take}) if sums else frozenset()
        return Computed(sum(sums.values()), unit)
    if measure.take == "value":
        return Computed(
            sum(_value_fen(commodity, quantity, lookups) for commodity, quantity in sums.items()),
            frozenset({"fen"}) if sums else frozenset(),
        )
    units = {_unit(commodity, lookups) for commodity, quantity in sums.items() if quantity}
    return Computed(sum(sums.values()), frozenset(units))


def _value_fen(commodity: str, quantity: int, lookups: Lookups) -> int:
    if is_currency(commodity):
        return quantity if commodity == "CNY" else 0
    lot = lookups.lot(commodity)
    if lot is None or lot.value_fen is None or lot.value_of is None:
        return 0
    return quantity * lot.value_fen // lot.value_of


def _unit(commodity: str, lookups: Lookups) -> str:
    if is_currency(commodity):
        return "fen" if commodity == "CNY" else commodity
    lot = lookups.lot(commodity)
    item = lookups.item(lot.item) if lot else None
    return item.unit if item else commodity
