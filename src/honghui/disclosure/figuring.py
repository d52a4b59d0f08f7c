"""Which figures a bulletin of one society and one window holds, and how they hang together.

For every currency, and every item in its own unit, over all purposes and for each one:

    came-before, went-before    before the window; the opening is what lies between them
    received, …                 within it, each inflow that there was
    used, used.relief, …        within it, each outflow, what was used by its use as well
    came-after, went-after      dated after it, and recorded before we counted
    came-ever, held             everything that ever came, and what is left

The one hard idea: a balance can be told in sums alone. All that ever came is what came before, in
and after the window; and it is all that went, with what is held. Both are `Sum`s of the record, so
the audit re-proves the balance and not only the figures. A figure that is nothing is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from honghui.disclosure.contents import Content
from honghui.disclosure.refusals import refuse
from honghui.ledger.measuring import Measured
from honghui.record.measures import INFLOWS, OUTFLOWS, Flow, Measure
from honghui.record.statements import Figure, Sum
from honghui.record.values import is_currency

_ONE_DAY = timedelta(days=1)
_MONEY = "CNY"
# Said of all money together even where it is nothing.
_ALWAYS = ("received", "used", "came-ever", "held")
CAME = ("came-before", *(flow.replace("_", "-") for flow in INFLOWS), "came-after")
WENT = ("went-before", *(flow.replace("_", "-") for flow in OUTFLOWS), "went-after", "held")


class Axis(NamedTuple):
    """What can be added up: a currency, or an item. `key` stands in front of its figures' names."""

    key: str
    unit: str
    commodities: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


def content_for(books: Measured) -> Content:
    """The figures and sums. Raises Refused where goods of one item are counted in two units."""
    figures: list[Figure] = []
    sums: list[Sum] = []
    for axis, purposes in _axes(books):
        whole = _Group(books, axis, "", axis.key)
        parts = [
            _Group(books, axis, purpose, f"{axis.key}.{number}")
            for number, purpose in enumerate(purposes, 1)
        ]
        parts = [part for part in parts if part.figures]
        if not parts and axis.unit != "fen":
            continue
        whole.always(_ALWAYS if axis.unit == "fen" else ("came-ever", "held"))
        for group in (whole, *parts):
            figures += group.figures.values()
            sums += group.sums()
        sums += _across(whole, parts)
    return Content(figures=tuple(figures), sums=tuple(sums))


def replaced_figures(content: Content, books: Measured) -> tuple[Figure, ...]:
    """The figures that the same measures give otherwise now: what a correction replaces."""
    found = []
    for figure in content.figures:
        value = books.value(figure.measure).value
        if value != figure.value:
            found.append(
                Figure(name=figure.name, measure=figure.measure, value=value, unit=figure.unit)
            )
    return tuple(found)


def _axes(books: Measured) -> Iterator[tuple[Axis, list[str]]]:
    """Money first, then other currencies, then goods; each with the purposes it came for."""
    purposes: defaultdict[Axis, set[str]] = defaultdict(set)
    purposes[Axis("cny", "fen", (_MONEY,))] = set()
    items = set()
    for purpose, commodity in books.lines:
        if is_currency(commodity):
            unit = "fen" if commodity == _MONEY else commodity
            purposes[Axis(commodity.lower(), unit, (commodity,))].add(purpose)
        elif (lot := books.world.lot(commodity)) is not None:
            items.add((lot.item, purpose))
    codes = sorted({item for item, _purpose in items})
    for number, code in enumerate(codes, 1):
        item = books.world.item(code)
        axis = Axis(f"goods{number}", item.unit if item else code, items=(code,))
        purposes[axis] = {purpose for one, purpose in items if one == code}
    for axis in sorted(purposes, key=_order):
        yield axis, sorted(purposes[axis])


def _order(axis: Axis) -> tuple[bool, bool, int, str]:
    return (axis.unit != "fen", bool(axis.items), len(axis.key), axis.key)


class _Group:
    """The figures of one purpose ("" for all of them) on one axis, those that are something."""

    def __init__(self, books: Measured, axis: Axis, purpose: str, key: str) -> None:
        self._books = books
        self._key = key
        self._unit = axis.unit
        self._of: dict[str, Any] = {"societies": (books.society,)}
        if purpose:
            self._of["purposes"] = (purpose,)
        self._of["commodities" if axis.commodities else "items"] = axis.commodities or axis.items
        self._measures = dict(self._all())
        self.figures: dict[str, Figure] = {}
        for kind in self._measures:
            figure = self._figure(kind)
            if figure.value:
                self.figures[kind] = figure

    def always(self, kinds: Sequence[str]) -> None:
        """These are said even where they are nothing."""
        told = {kind: self._figure(kind) for kind in kinds} | self.figures
        self.figures = {kind: told[kind] for kind in self._measures if kind in told}

    def sums(self) -> Iterator[Sum]:
        """What came is what there is of `CAME`, and what there is of `WENT`."""
        for kinds in (CAME, WENT):
            yield from self._sum("came-ever", [kind for kind in kinds if kind in self.figures])
        uses = [kind for kind in self.figures if kind.startswith("used.")]
        yield from self._sum("used", uses)

    def _sum(self, total: str, kinds: Sequence[str]) -> Iterator[Sum]:
        if total in self.figures and kinds:
            yield Sum(
                total=self.figures[total].name, of=tuple(self.figures[one].name for one in kinds)
            )

    def _all(self) -> Iterator[tuple[str, Measure]]:
        books = self._books
        before: dict[str, Any] = {"last": books.first - _ONE_DAY}
        within: dict[str, Any] = {"first": books.first, "last": books.last}
        after: dict[str, Any] = {"first": books.last + _ONE_DAY}
        yield "came-before", self._measure(INFLOWS, before)
        yield "went-before", self._measure(OUTFLOWS, before)
        for flow in INFLOWS:
            yield flow.replace("_", "-"), self._measure((flow,), within)
            if flow == "received":
                yield "gifts", self._measure((flow,), within, acts=("gift",), take="steps")
        yield "used", self._measure(("used",), within)
        for use in self._uses(within):
            yield f"used.{use}", self._measure(("used",), within, uses=(use,))
        for flow in OUTFLOWS:
            if flow != "used":
                yield flow.replace("_", "-"), self._measure((flow,), within)
        yield "came-after", self._measure(INFLOWS, after)
        yield "went-after", self._measure(OUTFLOWS, after)
        yield "came-ever", self._measure(INFLOWS, {})
        yield "held", Measure(held=True, **self._of)

    def _uses(self, within: dict[str, Any]) -> list[str]:
        """None where something was used without a word for what: then the parts are no whole."""
        uses = sorted(self._books.uses)
        whole = self._books.value(self._measure(("used",), within)).value
        parts = [
            self._books.value(self._measure(("used",), within, uses=(use,))).value for use in uses
        ]
        return uses if sum(parts) == whole else []

    def _measure(self, flows: tuple[Flow, ...], days: dict[str, Any], **more: Any) -> Measure:
        return Measure(flows=flows, **self._of, **days, **more)

    def _figure(self, kind: str) -> Figure:
        measure = self._measures[kind]
        found = self._books.value(measure)
        name = f"{self._key}.{kind}"
        unit = "steps" if measure.take == "steps" else self._unit
        for other in sorted(found.units - {unit}):
            raise refuse("bulletin.mixed-units", name=name, unit=unit, other=other)
        return Figure(name=name, measure=measure, value=found.value, unit=unit)


def _across(whole: _Group, parts: Sequence[_Group]) -> Iterator[Sum]:
    """Each figure over all purposes is the sum of those of the purposes."""
    for kind, figure in whole.figures.items():
        of = tuple(part.figures[kind].name for part in parts if kind in part.figures)
        if of:
            yield Sum(total=figure.name, of=of)
