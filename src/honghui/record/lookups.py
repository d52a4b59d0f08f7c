"""What the languages ask of whoever uses them: the ledger answers from its tables, the audit from
the records it has read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from honghui.record.references import Item, Lot


class Lookups(Protocol):
    def places_around(self, place: str) -> Sequence[str]:
        """The place itself, then all that it lies within, outward; empty when unknown."""

    def kinds_of(self, item: str) -> Sequence[str]:
        """The item itself, then the kinds it belongs to, widening; empty when unknown."""

    def societies_above(self, society: str) -> Sequence[str]:
        """The society itself, then those above it, upward; empty when unknown."""

    def lot(self, commodity: str) -> Lot | None:
        """None for a currency, and for a lot nobody declared."""

    def item(self, code: str) -> Item | None: ...
