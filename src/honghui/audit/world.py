"""What the records have told so far of societies, places, units, items, lots and purposes.

Answers the lookups of the two languages, and refuses a reference that nobody declared, that lies
within itself, or that was not in force on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from honghui.audit.findings import Broken
from honghui.record.references import Clock, Item, Lot, Place, Society, Unit

Reference = Society | Place | Unit | Item | Lot | Clock


class World:
    """Implements `record.lookups.Lookups`."""

    def __init__(self) -> None:
        self.societies: dict[str, Society] = {}
        self._places: dict[str, Place] = {}
        self._units: dict[str, Unit] = {}
        self._items: dict[str, Item] = {}
        self._lots: dict[str, Lot] = {}
        self._ways: dict[tuple[str, str], Sequence[str]] = {}

    def learn(self, record: Reference) -> None:
        """Takes in a declaration. Raises Broken where it contradicts what is known."""
        match record:
            case Society():
                self._learn_society(record)
            case Place():
                self._above("place", record.code, record.within, self._place_above)
                self._places[record.code] = record
            case Unit():
                if record.base is not None:
                    self._must("unit", record.base in self._units, record.base)
                self._units[record.code] = record
            case Item():
                self._learn_item(record)
            case Lot():
                self._learn_lot(record)
            case Clock():
                return
        self._ways.clear()

    def _learn_society(self, society: Society) -> None:
        self._above("society", society.code, society.upper, self._society_above)
        self.check_place(society.place)
        self.societies[society.code] = society

    def _learn_item(self, item: Item) -> None:
        self._above("item", item.code, item.kind, self._item_above)
        self._must("unit", item.unit in self._units, item.unit)
        for content in item.contents:
            self._must("item", content.item in self._items, content.item)
        self._items[item.code] = item

    def _learn_lot(self, lot: Lot) -> None:
        self._must("item", lot.item in self._items, lot.item)
        if lot.code in self._lots:
            raise Broken("reference.again", code=lot.code)
        said = [lot.value_fen, lot.value_of, lot.value_basis, lot.value_on]
        if any(one is None for one in said) and any(one is not None for one in said):
            raise Broken("reference.lot-value")
        self._lots[lot.code] = lot

    def _must(self, kind: str, known: bool, code: str) -> None:
        if not known:
            raise Broken("reference.unknown", kind=kind, code=code)

    def _above(
        self, kind: str, code: str, above: str | None, next_above: Callable[[str], str | None]
    ) -> None:
        """What it is said to lie within is known, and does not lie within it in turn."""
        at: str | None = above
        if at is not None:
            self._must(kind, self._knows(kind, at), at)
        while at is not None:
            if at == code:
                raise Broken("reference.circle", kind=kind, code=code)
            at = next_above(at)

    def _knows(self, kind: str, code: str) -> bool:
        known: dict[str, object] = {
            "society": self.societies, "place": self._places, "item": self._items,
        }[kind]  # type: ignore[assignment]  # fmt: skip
        return code in known

    def _society_above(self, code: str) -> str | None:
        return self.societies[code].upper if code in self.societies else None

    def _place_above(self, code: str) -> str | None:
        return self._places[code].within if code in self._places else None

    def _item_above(self, code: str) -> str | None:
        return self._items[code].kind if code in self._items else None

    def _way(self, kind: str, code: str, next_above: Callable[[str], str | None]) -> Sequence[str]:
        found = self._ways.get((kind, code))
        if found is None:
            way: list[str] = []
            at: str | None = code if self._knows(kind, code) else None
            while at is not None:
                way.append(at)
                at = next_above(at)
            found = self._ways[kind, code] = tuple(way)
        return found

    # Lookups.

    def places_around(self, place: str) -> Sequence[str]:
        return self._way("place", place, self._place_above)

    def kinds_of(self, item: str) -> Sequence[str]:
        return self._way("item", item, self._item_above)

    def societies_above(self, society: str) -> Sequence[str]:
        return self._way("society", society, self._society_above)

    def lot(self, commodity: str) -> Lot | None:
        return self._lots.get(commodity)

    def item(self, code: str) -> Item | None:
        return self._items.get(code)

    # What an act may refer to.

    def check_society(self, code: str, day: date | None = None) -> None:
        society = self.societies.get(code)
        self._must("society", society is not None, code)
        assert society is not None
        if day and society.closed_on and day > society.closed_on:
            raise Broken("reference.not-in-force", kind="society", code=code, day=day)

    def check_place(self, code: str, day: date | None = None) -> None:
        place = self._places.get(code)
        self._must("place", place is not None, code)
        assert place is not None
        if day is None:
            return
        if (place.since and day < place.since) or (place.until and day > place.until):
            raise Broken("reference.not-in-force", kind="place", code=code, day=day)

    def check_commodity(self, commodity: str) -> None:
        if not commodity.isupper() and commodity not in self._lots:
            raise Broken("reference.unknown", kind="lot", code=commodity)

    def item_of(self, commodity: str) -> str | None:
        """None for a currency."""
        lot = self._lots.get(commodity)
        return lot.item if lot else None
