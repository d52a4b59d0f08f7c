"""A bulletin's figures as an accountant's tables: pure, from its own bytes.

Money is one table a currency, by what happened and then by purpose; it ends in one line that says
whether the opening and what came are what went and what is left. Goods are a line each, in their
own unit, and nothing is added up over them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from honghui.disclosure.contents import Content
from honghui.disclosure.saying import (
    KINDS,
    is_money,
    kind_of,
    purpose_name,
    purpose_of,
    use_name,
)
from honghui.record.measures import INFLOWS, OUTFLOWS
from honghui.record.statements import Figure

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_IN = tuple(flow.replace("_", "-") for flow in INFLOWS)
_OUT = tuple(flow.replace("_", "-") for flow in OUTFLOWS)


@dataclass(frozen=True)
class Row:
    """`corrected`: a later note replaces this figure."""

    label: _StrOrPromise
    value: int
    corrected: bool = False


@dataclass(frozen=True)
class Section:
    """A line of the balance, then what it is made of. `sign`: +1 in, −1 out, 0 neither."""

    head: Row
    rows: tuple[Row, ...]
    sign: int


@dataclass(frozen=True)
class MoneyTable:
    """`agrees`: opening and in less out is what is left. `difference` is 0 then."""

    unit: str
    sections: tuple[Section, ...]
    left: int
    difference: int

    @property
    def agrees(self) -> bool:
        return self.difference == 0


@dataclass(frozen=True)
class GoodsRow:
    item: str
    unit: str
    opening: int
    came: int
    went: int
    held: int
    agrees: bool
    corrected: bool


@dataclass(frozen=True)
class Tables:
    money: tuple[MoneyTable, ...]
    goods: tuple[GoodsRow, ...]


class _Axis:
    """The figures of one currency or item: over all purposes, and by purpose."""

    def __init__(self, figures: Sequence[Figure], corrected: frozenset[str]) -> None:
        self.all = figures
        self.corrected = corrected
        self.whole = {_key(one): one for one in figures if not purpose_of(one)}
        self.parts = [one for one in figures if purpose_of(one)]

    def value(self, *kinds: str) -> int:
        return sum(self.whole[kind].value for kind in kinds if kind in self.whole)

    @property
    def opening(self) -> int:
        return self.value("came-before") - self.value("went-before")

    @property
    def left(self) -> int:
        """At the end of the days: what is held now, without what came and went since."""
        return self.value("held") - self.value("came-after") + self.value("went-after")

    @property
    def difference(self) -> int:
        return self.opening + self.value(*_IN) - self.value(*_OUT) - self.left


def tables(content: Content, corrected: frozenset[str], names: Mapping[str, str]) -> Tables:
    axes: dict[str, list[Figure]] = {}
    for figure in content.figures:
        axes.setdefault(figure.name.partition(".")[0], []).append(figure)
    money, goods = [], []
    for figures in axes.values():
        axis = _Axis(figures, corrected)
        unit = next(one.unit for one in figures if one.unit != "steps")
        if is_money(unit):
            money.append(_money(axis, unit, names))
        else:
            goods.append(_goods(axis, unit))
    return Tables(tuple(money), tuple(goods))


def _money(axis: _Axis, unit: str, names: Mapping[str, str]) -> MoneyTable:
    sections = []
    if axis.opening:
        sections.append(
            Section(Row(gettext("Held before"), axis.opening), _held_before(axis, names), 1)
        )
    for kind in (*_IN, *_OUT):
        if kind in axis.whole:
            head = _row(axis, axis.whole[kind], KINDS[kind])
            sections.append(Section(head, _parts(axis, kind, names), 1 if kind in _IN else -1))
    has_more = "came-after" in axis.whole or "went-after" in axis.whole
    rows = () if has_more else _parts(axis, "held", names)
    sections.append(Section(Row(gettext("Held at the end"), axis.left), rows, 0))
    if has_more:
        for kind in ("came-after", "went-after"):
            if kind in axis.whole:
                sections.append(Section(_row(axis, axis.whole[kind], KINDS[kind]), (), 0))
        held = _row(axis, axis.whole["held"], gettext("Held when this was counted"))
        sections.append(Section(held, _parts(axis, "held", names), 0))
    return MoneyTable(unit, tuple(sections), axis.left, axis.difference)


def _parts(axis: _Axis, kind: str, names: Mapping[str, str]) -> tuple[Row, ...]:
    """By purpose; what was used by its use as well, where that is known."""
    found = [one for one in axis.parts if kind_of(one)[0] == kind]
    uses = [one for one in found if kind_of(one)[1]]
    gifts = {purpose_of(one): one for one in axis.parts if kind_of(one)[0] == "gifts"}
    rows = []
    for one in uses or found:
        parts, use = [purpose_name(purpose_of(one), names)], kind_of(one)[1]
        if use:
            parts.append(use_name(use))
        if kind == "received" and purpose_of(one) in gifts:
            parts.append(_gifts(gifts[purpose_of(one)].value))
        rows.append(_row(axis, one, " · ".join(parts)))
    return tuple(rows)


def _gifts(count: int) -> str:
    return ngettext("%(n)s gift", "%(n)s gifts", count) % {"n": f"{count:,}"}


def _held_before(axis: _Axis, names: Mapping[str, str]) -> tuple[Row, ...]:
    held: dict[str, int] = {}
    for one in axis.parts:
        kind = kind_of(one)[0]
        if kind in ("came-before", "went-before"):
            change = one.value if kind == "came-before" else -one.value
            held[purpose_of(one)] = held.get(purpose_of(one), 0) + change
    return tuple(Row(purpose_name(code, names), value) for code, value in held.items() if value)


def _row(axis: _Axis, figure: Figure, label: _StrOrPromise) -> Row:
    return Row(label, figure.value, figure.name in axis.corrected)


def _goods(axis: _Axis, unit: str) -> GoodsRow:
    figure = next(iter(axis.whole.values()))
    return GoodsRow(
        item=figure.measure.items[0],
        unit=unit,
        opening=axis.opening,
        came=axis.value(*_IN),
        went=axis.value(*_OUT),
        held=axis.left,
        agrees=axis.difference == 0,
        corrected=any(one.name in axis.corrected for one in axis.all),
    )


def _key(figure: Figure) -> str:
    kind, use = kind_of(figure)
    return f"{kind}.{use}" if use else kind
