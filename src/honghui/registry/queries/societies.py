"""The tree of societies, how many there are, and the page of one of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from honghui.kernel import clock
from honghui.registry import access
from honghui.registry.models import DivisionSuccession, GrassRootsUnit, Society
from honghui.registry.models.divisions import Level


@dataclass(frozen=True)
class SocietyNode:
    """One society in the tree. `units`: its own grass-roots units, not those of its branches."""

    code: str
    name: str
    name_en: str
    place_name: str
    place_name_en: str
    level: Level
    units: int
    branches: tuple[SocietyNode, ...]

    @property
    def units_below(self) -> int:
        """Its own units and those of every society below it."""
        return self.units + sum(branch.units_below for branch in self.branches)


@dataclass(frozen=True)
class CityCount:
    """One city's figures for the map; `units` includes those of its counties."""

    code: str
    place_name: str
    place_name_en: str
    counties: int
    units: int


@dataclass(frozen=True)
class SocietyCounts:
    """How many societies and units there were on that day."""

    on: date
    provinces: int
    cities: int
    counties: int
    units: int
    by_city: tuple[CityCount, ...]

    @property
    def societies(self) -> int:
        return self.provinces + self.cities + self.counties


@dataclass(frozen=True)
class SocietyPage:
    """What the page of one society shows. `parents`: the province first."""

    society: Society
    parents: tuple[Society, ...]
    branches: tuple[Society, ...]
    former_branches: tuple[Society, ...]
    units: tuple[GrassRootsUnit, ...]
    changes: tuple[DivisionSuccession, ...]


def society_tree(on: date) -> SocietyNode | None:
    """The province with its cities with their counties, as they stood on that day, by code.
    None before any society was founded. One query."""
    open_units = Count("units", filter=_unit_is_open(on))
    below: dict[str | None, list[Society]] = defaultdict(list)
    for society in (
        Society.objects.filter(_runs(on)).annotate(units_count=open_units).order_by("code")
    ):
        below[society.parent_id].append(society)

    def node(society: Society) -> SocietyNode:
        return SocietyNode(
            code=society.code,
            name=society.name,
            name_en=society.name_en,
            place_name=society.place_name,
            place_name_en=society.place_name_en,
            level=Level(society.level),
            units=society.units_count,  # type: ignore[attr-defined]
            branches=tuple(node(branch) for branch in below[society.code]),
        )

    return next((node(top) for top in below[None]), None)


def counts_on(on: date) -> SocietyCounts:
    """The figures of the start page and of the map on that day. One query."""
    return counts_of(society_tree(on), on)


def counts_of(province: SocietyNode | None, on: date) -> SocietyCounts:
    """The figures of a tree that was read already. No query."""
    cities = province.branches if province else ()
    return SocietyCounts(
        on=on,
        provinces=1 if province else 0,
        cities=len(cities),
        counties=sum(len(city.branches) for city in cities),
        units=province.units_below if province else 0,
        by_city=tuple(
            CityCount(
                city.code,
                city.place_name,
                city.place_name_en,
                len(city.branches),
                city.units_below,
            )
            for city in cities
        ),
    )


def society_page(code: str) -> SocietyPage:
    """One society today, by the clock. NotFound for a code that never was one. Five queries."""
    society = access.society(code)
    today = clock.today()
    branches = list(Society.objects.filter(parent=society))
    former = tuple(each for each in branches if each.ended_on and each.ended_on <= today)
    return SocietyPage(
        society=society,
        parents=_parents(society),
        branches=tuple(each for each in branches if each not in former and _begun(each, today)),
        former_branches=former,
        units=tuple(
            GrassRootsUnit.objects.filter(_unit_is_open(today, ""), society=society)
            .select_related("organisation")
            .order_by("kind", "name")
        ),
        changes=tuple(
            DivisionSuccession.objects.filter(
                Q(before__code=code) | Q(after__code=code), on__lte=today
            )
            .select_related("before", "after")
            .order_by("on", "before__code", "after__code")
        ),
    )


def _parents(society: Society) -> tuple[Society, ...]:
    """The societies above, the province first. At most one query: there are three levels."""
    if society.parent_id is None:
        return ()
    parent = Society.objects.select_related("parent").get(pk=society.parent_id)
    return (parent.parent, parent) if parent.parent else (parent,)


def _begun(society: Society, on: date) -> bool:
    return society.began_on is None or society.began_on <= on


def _runs(on: date) -> Q:
    """A society that had begun and had not ended. An unknown beginning counts as begun."""
    begun = Q(began_on__isnull=True) | Q(began_on__lte=on)
    return begun & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))


def _unit_is_open(on: date, prefix: str = "units__") -> Q:
    """A unit open on that day. An unknown opening counts as open since ever. `prefix`: where
    the unit stands from the table asked; a society without units has none that is open."""
    opened = Q(**{f"{prefix}opened_on__isnull": True}) | Q(**{f"{prefix}opened_on__lte": on})
    closed = Q(**{f"{prefix}closed_on__isnull": True}) | Q(**{f"{prefix}closed_on__gt": on})
    return opened & closed
