"""Carries out the steps of an entry on its locked pools, and says which movements that makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, fields
from typing import Any

from django.db import connection

from honghui.ledger.pools import Axes, Axis
from honghui.ledger.refusals import refuse
from honghui.record.entries import Entry
from honghui.record.pools import in_words
from honghui.record.steps import Back, Cover, In, Leg, Link, Out, Shrink, Step, length
from honghui.record.values import Interval


@dataclass(slots=True)
class Row:
    """A movement (`models.entries.Movement`), but for its number."""

    piece: int
    step: int
    part: int = 0
    leg: int = 0
    out_pool: int | None = None
    out_lo: int | None = None
    out_hi: int | None = None
    settled_pool: int | None = None
    settled_lo: int | None = None
    settled_hi: int | None = None
    in_pool: int | None = None
    in_lo: int | None = None
    in_hi: int | None = None
    offset: int | None = None
    part_length: int | None = None
    onto_lo: int | None = None
    onto: int | None = None
    use: str | None = None
    place: str | None = None


COLUMNS = tuple(f'"{field.name}"' for field in fields(Row))
_TYPES = ("smallint",) * 4 + ("int", "bigint", "bigint") * 3 + ("bigint",) * 4 + ("text", "text")
_SAVE = (
    f"INSERT INTO ledger_movement (number, {', '.join(COLUMNS)})"
    f" SELECT %s, * FROM unnest({', '.join(f'%s::{type_}[]' for type_ in _TYPES)})"
)


class Mover:
    def __init__(self, axes: Axes) -> None:
        self.rows: list[Row] = []
        self._axes = axes
        self._step = 0

    def carry_out(self, parts: Iterable[Entry]) -> list[Row]:
        """Raises Refused where a pool cannot."""
        for entry in parts:
            for step in entry.steps:
                _SHAPES[type(step)](self, step)
                self._step += 1
        return self.rows

    def _row(self, **values: Any) -> Row:
        row = Row(piece=len(self.rows), step=self._step, **values)
        self.rows.append(row)
        return row

    def _taken(self, axis: Axis, quantity: int, at: tuple[Interval, ...]) -> Iterable[Interval]:
        if not at:
            return axis.take(quantity)
        axis.check_order(at)
        axis.take_at(at)
        return at

    def _in(self, step: In) -> None:
        axis = self._axes[step.pool]
        first, past = axis.put(step.quantity)
        self._row(in_pool=axis.id, in_lo=first, in_hi=past)

    def _out(self, step: Out) -> None:
        axis = self._axes[step.pool]
        for first, past in self._taken(axis, step.quantity, step.at):
            self._row(out_pool=axis.id, out_lo=first, out_hi=past, use=step.use, place=step.place)

    def _link(self, step: Link) -> None:
        """Taken in last: nothing flows in a circle within one step."""
        taken = [
            [(leg, list(self._taken(self._axes[leg.pool], leg.quantity, leg.at))) for leg in part]
            for part in step.parts
        ]
        into = self._axes[step.into]
        into.parts = max(into.parts, len(step.parts))
        onto = into.put(step.quantity)
        for number, part in enumerate(taken):
            self._part(number, part, into.id, onto)

    def _part(
        self, number: int, part: list[tuple[Leg, list[Interval]]], into: int, onto: Interval
    ) -> None:
        """Laid end to end, and mapped onto all of the new positions."""
        of = sum(leg.quantity for leg, _taken in part)
        offset = 0
        for leg_number, (leg, taken) in enumerate(part):
            for first, past in taken:
                row = self._row(
                    part=number, leg=leg_number,
                    out_pool=self._axes[leg.pool].id, out_lo=first, out_hi=past,
                )  # fmt: skip
                map_onto(row, offset, of, into, onto)
                offset += past - first

    def _back(self, step: Back) -> None:
        axis = self._axes[step.pool]
        axis.check_order(step.at)
        axis.settle(step.at)
        at, _past = axis.put(length(step.at))
        for first, past in step.at:
            self._row(
                settled_pool=axis.id, settled_lo=first, settled_hi=past,
                in_pool=axis.id, in_lo=at, in_hi=at + past - first,
                use=step.use, place=step.place,
            )  # fmt: skip
            at += past - first

    def _cover(self, step: Cover) -> None:
        """The reserve's positions are laid along those that they cover, piece by piece."""
        axis, by = self._axes[step.pool], self._axes[step.by]
        axis.check_order(step.at)
        axis.settle(step.at)
        borne = list(self._taken(by, length(step.at), step.by_at))
        for (first, past), (out_lo, out_hi) in _alongside(step.at, borne):
            self._row(
                out_pool=by.id, out_lo=out_lo, out_hi=out_hi,
                settled_pool=axis.id, settled_lo=first, settled_hi=past, use="cover",
            )  # fmt: skip

    def _shrink(self, step: Shrink) -> None:
        axis = self._axes[step.pool]
        if axis.free != step.remainder:
            raise refuse(
                "pool.remainder",
                pool=in_words(step.pool),
                found=axis.free,
                stated=step.remainder,
            )
        taken = axis.take(step.remainder)
        onto = axis.put(step.remainder - step.loss) if step.loss < step.remainder else None
        offset = 0
        for first, past in taken:
            row = self._row(out_pool=axis.id, out_lo=first, out_hi=past, use=step.use)
            if onto:
                map_onto(row, offset, step.remainder, axis.id, onto)
            offset += past - first


def map_onto(row: Row, offset: int, of: int, into: int, onto: Interval) -> None:
    """Fills in the side that comes in; the ends of the piece are mapped, so pieces add up."""
    assert row.out_lo is not None
    assert row.out_hi is not None
    first, past = onto
    size, long = past - first, row.out_hi - row.out_lo
    row.in_pool = into
    row.in_lo = first + offset * size // of
    row.in_hi = first + (offset + long) * size // of
    if of != size:
        row.offset, row.part_length, row.onto_lo, row.onto = offset, of, first, size


def _alongside(
    some: Iterable[Interval], others: Iterable[Interval]
) -> Iterable[tuple[Interval, Interval]]:
    """Two rows of intervals, equally long in all, cut where either is cut."""
    rest = [list(one) for one in others]
    for first, past in some:
        while first < past:
            other = rest[0]
            size = min(past - first, other[1] - other[0])
            yield (first, first + size), (other[0], other[0] + size)
            first += size
            other[0] += size
            if other[0] == other[1]:
                del rest[0]


def save(number: int, rows: list[Row]) -> None:
    columns = zip(*(astuple(row) for row in rows), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [number, *(list(column) for column in columns)])


_SHAPES: dict[type[Step], Callable[[Mover, Any], None]] = {
    In: Mover._in,
    Out: Mover._out,
    Link: Mover._link,
    Back: Mover._back,
    Cover: Mover._cover,
    Shrink: Mover._shrink,
}
