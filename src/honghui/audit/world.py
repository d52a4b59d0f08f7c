"""What the records have told so far of societies, places, units, items, lots and purposes.

Answers the lookups of the two languages, and refuses a reference that nobody declared, that lies
within itself, or that was not in force on the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        # Where each kind is kept, and the field that says what it lies within.
        self._trees: dict[str, tuple[Mapping[str, Reference], str]] = {
            "society": (self.societies, "upper"),
            "place": (self._places, "within"),
            "item": (self._items, "kind"),
        }
        self._ways: dict[tuple[str, str], Sequence[str]] = {}

    def learn(self, record: Reference) -> None:
        """Takes in a declaration. Raises Broken where it contradicts what is known."""
        match record:
            case Society():
                self._learn_society(record)
            case Place():
                self._check_above("place", record.code, record.within)
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
                pass

    def _learn_society(self, society: Society) -> None:
        self._check_above("society", society.code, society.upper)
        self.check_place(society.place)
        self.societies[society.code] = society

    def _learn_item(self, item: Item) -> None:
        self._check_above("item", item.code, item.kind)
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

    def _check_above(self, kind: str, code: str, above: str | None) -> None:
        """What it is said to lie within is known, and does not lie within it in turn."""
        self._ways.clear()
        if above is None:
            return
        self._must(kind, above in self._trees[kind][0], above)
        if code in self._way(kind, above):
            raise Broken("reference.circle", kind=kind, code=code)

    def _way(self, kind: str, code: str) -> Sequence[str]:
        """The thing itself, then what it lies within, outward; empty when unknown."""
        found = self._ways.get((kind, code))
        if found is None:
            known, above = self._trees[kind]
            way: list[str] = []
            at: str | None = code
            while at is not None and at in known:
                way.append(at)
                at = getattr(known[at], above)
            found = self._ways[kind, code] = tuple(way)
        return found

    # Lookups.

    def places_around(self, place: str) -> Sequence[str]:
        return self._way("place", place)

    def kinds_of(self, item: str) -> Sequence[str]:
        return self._way("item", item)

    def societies_above(self, society: str) -> Sequence[str]:
        return self._way("society", society)

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
