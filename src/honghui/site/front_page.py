"""The front page's numbers, straight from the database. At most six queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from honghui.registry.models import DivisionSuccession, GrassRootsUnit
from honghui.registry.queries.divisions import changes_between
from honghui.registry.queries.societies import CityCount, SocietyCounts, counts_on
from honghui.ui.maps import Figure, TileMap, city_map

COUNTY_BOUNDS = (5, 8, 10, 12)
UNITS_SHOWN = 5


@dataclass(frozen=True)
class FrontPage:
    counts: SocietyCounts
    grid: TileMap
    newest_units: QuerySet[GrassRootsUnit]
    changes: list[DivisionSuccession]


def front_page(on: date) -> FrontPage:
    """Everything the front page tells, as of a day."""
    counts = counts_on(on)
    return FrontPage(
        counts=counts,
        grid=city_map(
            [_figure(city) for city in counts.by_city],
            bounds=COUNTY_BOUNDS,
            bound_texts=[str(bound) for bound in COUNTY_BOUNDS],
            unit=_("counties"),
            caption=_("County-level societies in each city"),
        ),
        newest_units=GrassRootsUnit.objects.filter(closed_on=None)
        .select_related("society")
        .order_by("-opened_on", "name")[:UNITS_SHOWN],
        changes=changes_between(date(on.year - 2, 1, 1), on),
    )


def _figure(city: CityCount) -> Figure:
    name = city.place_name_en if get_language() == "en" else city.place_name
    return Figure(
        code=city.code,
        name=name.removesuffix("市").removesuffix(" City"),
        value=city.counties,
        text=str(city.counties),
        url=reverse("society", args=[city.code]),
    )
