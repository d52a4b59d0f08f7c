"""The societies on the tile map: how close each county's society is to people."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from honghui.registry.queries.societies import SocietyNode
from honghui.ui.maps import Figure, TileMap, city_map, county_map

UNIT_BOUNDS = (1, 2, 5, 10)
COUNTY_BOUNDS = (5, 8, 10, 12)


def counties_in_each_city(province: SocietyNode | None) -> TileMap:
    """Eleven tiles: how many county-level societies each city's society guides."""
    cities = province.branches if province else ()
    return city_map(
        [_figure(city, len(city.branches)) for city in cities],
        bounds=COUNTY_BOUNDS,
        bound_texts=[str(bound) for bound in COUNTY_BOUNDS],
        unit=_("counties"),
        caption=_("County-level societies in each city"),
    )


def units_in_each_county(province: SocietyNode) -> TileMap:
    """Ninety tiles: how many grass-roots units each county's society has open."""
    cities = province.branches
    return county_map(
        [_figure(county, county.units) for city in cities for county in city.branches],
        [_figure(city, city.units_below) for city in cities],
        bounds=UNIT_BOUNDS,
        bound_texts=[str(bound) for bound in UNIT_BOUNDS],
        unit=_("units"),
        caption=_("Open grass-roots units in each county"),
    )


def _figure(node: SocietyNode, value: int) -> Figure:
    return Figure(
        code=node.code,
        name=short_name(node),
        value=value,
        text=str(value),
        url=reverse("society", args=[node.code]),
    )


def short_name(node: SocietyNode) -> str:
    """A tile has room for the name and not for what kind of place it is."""
    if get_language() == "en":
        name = node.place_name_en
        for kind in (" District", " County", " City", " She Autonomous"):
            name = name.removesuffix(kind)
        return name
    name = node.place_name.removesuffix("畲族自治县")
    return name[:-1] if len(name) > 2 and name[-1] in "市区县" else name
