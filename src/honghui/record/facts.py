"""One thing that happened to one pool, as figures and caps count it.

Both the ledger and the audit take their movements apart into facts; clauses and measures are
defined over facts alone.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from honghui.record.measures import Flow
from honghui.record.pools import Pool


class Fact(NamedTuple):
    """`change` is what the pool gains (or loses, below zero). `flow` is None for a move between
    places and stages of the same books. `recipients` counts people or households, 0 if unsaid.
    `counterparty` is the other society of a transfer. What came back of a use has the flow `used`
    and a positive change."""

    act: str
    flow: Flow | None
    pool: Pool
    change: int
    occurred_on: date
    use: str | None = None
    place: str | None = None
    recipients: int = 0
    counterparty: str | None = None
