"""What a published figure counts: a small question that anybody can ask of the records again.

    received         came in from outside (gift, appropriation, earning, found in stocktaking)
    used             reached its end: uses, fees, losses
    returned         went back to givers (refund, reversal)
    covered          a reserve bore it for others
    shortfall        stands open because no reserve was left
    transferred_in   accepted from another society       transferred_out   accepted by another
    converted_in     bought, packed, sold, exchanged into it                 converted_out
    repurposed_in    from another purpose                repurposed_out    to another
    held             in, less out

For every society, purpose, fund source and commodity, at every moment
    received + shortfall + transferred_in + converted_in + repurposed_in
        = used + returned + covered + transferred_out + converted_out + repurposed_out + held
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from honghui.record.entries import Act
from honghui.record.pools import FundSource, Stage
from honghui.record.steps import UseClass
from honghui.record.values import Code, Commodity, Form, SocietyCode

Flow = Literal[
    "received", "shortfall", "transferred_in", "converted_in", "repurposed_in",
    "used", "returned", "covered", "transferred_out", "converted_out", "repurposed_out",
]  # fmt: skip
INFLOWS: tuple[Flow, ...] = (
    "received", "shortfall", "transferred_in", "converted_in", "repurposed_in",
)  # fmt: skip
OUTFLOWS: tuple[Flow, ...] = (
    "used", "returned", "covered", "transferred_out", "converted_out", "repurposed_out",
)  # fmt: skip

_Codes = Annotated[tuple[Code, ...], Meta(max_length=128)]


class Measure(Form, frozen=True, kw_only=True):
    """take:        quantity: the sum, which must be of one currency or one unit;
                    value: the sum in fen, lots at their value (those without one are left out);
                    steps: how many; recipients: how many people or households were helped
    flows:          of these flows; or `held` alone
    societies:      in the books of these …
    with_branches:  … and of all below them; what went from one of them to another is then counted
                    on neither side, for both ends are inside
    acts, purposes, sources, commodities, items (or kinds of them), uses, stages, places (where it
                    was used; for `held`, where it lies; or within): of these only; none named: all
    first, last:    happened in these days, both included
    """

    take: Literal["quantity", "value", "steps", "recipients"] = "quantity"
    flows: Annotated[tuple[Flow, ...], Meta(max_length=11)] = ()
    held: bool = False
    societies: Annotated[tuple[SocietyCode, ...], Meta(min_length=1, max_length=128)]
    with_branches: bool = False
    acts: Annotated[tuple[Act, ...], Meta(max_length=32)] = ()
    purposes: _Codes = ()
    sources: Annotated[tuple[FundSource, ...], Meta(max_length=3)] = ()
    commodities: Annotated[tuple[Commodity, ...], Meta(max_length=128)] = ()
    items: _Codes = ()
    uses: Annotated[tuple[UseClass, ...], Meta(max_length=64)] = ()
    stages: Annotated[tuple[Stage, ...], Meta(max_length=5)] = ()
    places: _Codes = ()
    first: date | None = None
    last: date | None = None
