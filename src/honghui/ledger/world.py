"""What was declared so far: societies, places, units, items, purposes; lots, one at a time.

Read once and kept until something is declared. A posting holds the reference lock in share while
it relies on this, so nothing it read is out of date when it commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, cast

from django.db import connection

from honghui.ledger.refusals import refuse
from honghui.record.judging import Rulebook, compile_clauses, narrows
from honghui.record.references import Item, Lot, Place, Purpose, Society, Unit
from honghui.record.schemas import reread
from honghui.record.values import is_currency

# Any number that nobody else takes (it stands in sql/arriving.sql too): who relies on references
# shares it, who changes one has it alone.
REFERENCE_LOCK = 520200624

_ALL = """
    SELECT r.kind, r.code, j.data FROM ledger_reference r
    JOIN journal_record j ON j.number = r.number AND j.part = 1
    WHERE r.kind <> 'lot' ORDER BY r.number
"""
_LOT = """
    SELECT j.data FROM ledger_reference r
    JOIN journal_record j ON j.number = r.number AND j.part = 1
    WHERE r.kind = 'lot' AND r.code = %s
"""
_WITHIN = {"society": "upper", "place": "within", "item": "kind"}


class Standing(NamedTuple):
    """A purpose: the version in force, its clauses ready to judge, the id of the one before."""

    current: Purpose
    rulebook: Rulebook
    before: str | None


class World:
    """Implements `record.lookups.Lookups`. Immutable once it was read."""

    def __init__(self, changes: int, rows: Sequence[tuple[str, str, Any]]) -> None:
        self.changes = changes
        self._of: dict[str, dict[str, Any]] = {}
        self.purposes: dict[str, Standing] = {}
        self._lots: dict[str, Lot] = {}
        self._ways: dict[tuple[str, str], Sequence[str]] = {}
        self._narrower: dict[tuple[str, str], bool] = {}
        for kind, code, data in rows:
            self._learn(kind, code, data)

    def _learn(self, kind: str, code: str, data: bytes | memoryview) -> None:
        record = reread(bytes(data))
        self._of.setdefault(kind, {})[code] = record
        if isinstance(record, Purpose):
            earlier = self.purposes.get(code)
            self.purposes[code] = Standing(
                record, compile_clauses(record.clauses), earlier.current.id if earlier else None
            )

    def known(self, kind: str) -> Mapping[str, Any]:
        return self._of.get(kind, {})

    def must(self, kind: str, code: str) -> Any:
        found = self.lot(code) if kind == "lot" else self.known(kind).get(code)
        if found is None:
            raise refuse("reference.unknown", kind=kind, code=code)
        return found

    # Lookups.

    def places_around(self, place: str) -> Sequence[str]:
        return self._way("place", place)

    def kinds_of(self, item: str) -> Sequence[str]:
        return self._way("item", item)

    def societies_above(self, society: str) -> Sequence[str]:
        return self._way("society", society)

    def lot(self, commodity: str) -> Lot | None:
        """A lot has one version, so it is asked for once."""
        if is_currency(commodity):
            return None
        found = self._lots.get(commodity)
        if found is None:
            with connection.cursor() as cursor:
                cursor.execute(_LOT, [commodity])
                row = cursor.fetchone()
            if row is None:
                return None
            found = self._lots[commodity] = cast(Lot, reread(bytes(row[0])))
        return found

    def item(self, code: str) -> Item | None:
        return self.known("item").get(code)

    def item_of(self, commodity: str) -> str | None:
        lot = self.lot(commodity)
        return lot.item if lot else None

    def _way(self, kind: str, code: str) -> Sequence[str]:
        """The thing itself, then what it lies within, outward."""
        found = self._ways.get((kind, code))
        if found is None:
            known, way, at = self.known(kind), [], cast("str | None", code)
            while at is not None and at in known:
                way.append(at)
                at = getattr(known[at], _WITHIN[kind])
            found = self._ways[kind, code] = tuple(way)
        return found

    # What may be relied on.

    def check_society(self, code: str, day: date | None = None) -> None:
        society: Society = self.must("society", code)
        if day and society.closed_on and day > society.closed_on:
            raise refuse("reference.not-in-force", kind="society", code=code, day=day)

    def check_place(self, code: str, day: date | None = None) -> None:
        place: Place = self.must("place", code)
        if day and ((place.since and day < place.since) or (place.until and day > place.until)):
            raise refuse("reference.not-in-force", kind="place", code=code, day=day)

    def check_commodity(self, commodity: str) -> None:
        if not is_currency(commodity):
            self.must("lot", commodity)

    def purpose(self, code: str) -> Standing:
        self.must("purpose", code)
        return self.purposes[code]

    def narrower(self, before: str, after: str) -> bool:
        """Whether all that `after` allows, `before` allows too."""
        found = self._narrower.get((before, after))
        if found is None:
            new, old = self.purpose(after).current, self.purpose(before).current
            found = narrows(new.clauses, old.clauses, self) is None
            self._narrower[before, after] = found
        return found

    def check_above(self, kind: str, code: str, above: str | None) -> None:
        """What something is said to lie within is known, and does not lie within it."""
        if above is None:
            return
        self.must(kind, above)
        if code in self._way(kind, above):
            raise refuse("reference.circle", kind=kind, code=code)

    def check_unit(self, unit: Unit) -> None:
        if unit.base is not None:
            self.must("unit", unit.base)


def share_references() -> None:
    """Nothing is declared anew until this transaction ends. In a statement of its own: whoever
    reads after it reads what the last change left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [REFERENCE_LOCK])


def kept_world() -> World:
    """As it was read last: for who finds out later whether that still holds."""
    kept = _kept(connection.settings_dict["NAME"])
    return kept[0] if kept else the_world()


def the_world() -> World:
    """As it is now; read again only where something was declared since."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT changes FROM ledger_referencestate")
        changes: int = cursor.fetchone()[0]
        kept = _kept(name)
        if kept and kept[0].changes == changes:
            return kept[0]
        cursor.execute(_ALL)
        world = World(changes, cursor.fetchall())
    kept[:] = [world]
    return world


@lru_cache(maxsize=8)
def _kept(_database: str) -> list[World]:
    return []
