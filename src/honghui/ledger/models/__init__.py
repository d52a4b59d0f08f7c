"""Pools, entries and movements; purposes and what is counted for them; agreements."""

from __future__ import annotations

from honghui.ledger.models.agreements import Allowance
from honghui.ledger.models.entries import Arrival, Entry, Movement
from honghui.ledger.models.pools import Booking, Intake, Pool
from honghui.ledger.models.purposes import Received, Used
from honghui.ledger.models.references import Reference, ReferenceState

__all__ = [
    "Allowance",
    "Arrival",
    "Booking",
    "Entry",
    "Intake",
    "Movement",
    "Pool",
    "Received",
    "Reference",
    "ReferenceState",
    "Used",
]
