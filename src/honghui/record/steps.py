"""How value moves: six shapes of a step, and no others.

    in      from outside into a pool: it takes the next positions of the pool's axis
    out     from a pool to outside: the lowest free positions, or named ones
    link    from pools into a pool; positions map to positions
    back    what was spent came back: the spent positions map onto the next ones of the same pool
    cover   a reserve bears what somebody else's positions once paid for
    shrink  a pool's whole remainder H becomes H - loss, and everyone in it bears a share

A link has `parts`. Each part is laid end to end from its legs, and the whole of it is mapped onto
all of the new positions: position x of a part of length c goes to floor(x * quantity / c). So
    a move       one part, one leg, the same length: a shift
    a purchase   one part; a lot paid from three pools is three legs
    a kit        one part for each component
Positions are not written down: whoever replays the log finds them. Where a step may not take the
lowest free ones (a bounced gift leaves at its own), `at` names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Annotated

from msgspec import Meta

from honghui.record.pools import Pool
from honghui.record.values import LIST_MAX, Code, Count, Form, Id, Interval, Position, Quantity

Intervals = Annotated[tuple[Interval, ...], Meta(max_length=LIST_MAX)]
UseClass = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9-]{0,31}$(?![\s\S])",
        description="what it was used for: relief, training, fee, overhead, loss, cover, …",
    ),
]


class Via(Form, frozen=True, kw_only=True):
    """One hop of the road on which a gift's positions came here: a leg of an earlier link."""

    entry: Id
    step: Position
    part: Position = 0
    leg: Position = 0


class In(Form, frozen=True, kw_only=True, tag_field="step", tag="in"):
    pool: Pool
    quantity: Quantity


class Out(Form, frozen=True, kw_only=True, tag_field="step", tag="out"):
    """`use` and `place` say what for and where, `place` no finer than the people helped allow.
    `via` leads from the gift that is refunded or reversed to these positions."""

    pool: Pool
    quantity: Quantity
    at: Intervals = ()
    via: Annotated[tuple[Via, ...], Meta(max_length=64)] = ()
    use: UseClass | None = None
    place: Code | None = None
    recipients: Count | None = None


class Leg(Form, frozen=True, kw_only=True):
    pool: Pool
    quantity: Quantity
    at: Intervals = ()


Part = Annotated[tuple[Leg, ...], Meta(min_length=1, max_length=64)]


class Link(Form, frozen=True, kw_only=True, tag_field="step", tag="link"):
    into: Pool
    quantity: Quantity
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=64)]

    def legs(self) -> Iterator[Leg]:
        """Of all parts, in the order in which they leave."""
        return chain.from_iterable(self.parts)


class Back(Form, frozen=True, kw_only=True, tag_field="step", tag="back"):
    """`at` in `pool` was spent by the entry `spent_by`, and came back."""

    pool: Pool
    at: Annotated[tuple[Interval, ...], Meta(min_length=1, max_length=LIST_MAX)]
    spent_by: Id
    use: UseClass | None = None
    place: Code | None = None


class Cover(Form, frozen=True, kw_only=True, tag_field="step", tag="cover"):
    """`at` in `pool` was used or spent by the entry `spent_by`; `by` bears it from now on. The
    lengths are equal; `by_at` names the reserve's positions where they are not its lowest."""

    pool: Pool
    at: Annotated[tuple[Interval, ...], Meta(min_length=1, max_length=LIST_MAX)]
    spent_by: Id
    by: Pool
    by_at: Intervals = ()
    via: Annotated[tuple[Via, ...], Meta(max_length=64)] = ()


class Shrink(Form, frozen=True, kw_only=True, tag_field="step", tag="shrink"):
    """`remainder` is all that lies free in the pool before, `loss` what it loses, `use` to what."""

    pool: Pool
    remainder: Quantity
    loss: Quantity
    use: UseClass


Step = In | Out | Link | Back | Cover | Shrink


def length(intervals: Iterable[Interval]) -> int:
    return sum(past - first for first, past in intervals)
