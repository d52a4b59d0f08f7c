"""Readiness on the tile map: how much of its plan each place has ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from honghui.kernel import clock
from honghui.registry.queries.societies import SocietyNode, society_tree
from honghui.registry.societies_map import short_name
from honghui.rescue.queries.readiness import Row
from honghui.ui.maps import Figure, TileMap, city_map, county_map

BOUNDS = (25, 50, 75, 100)


def readiness_map(rows: Sequence[Row]) -> TileMap | None:
    """Counties where the plan speaks of any, else cities; a place without a target is empty.
    None where the plan speaks of neither. One query."""
    shares = {row.society.pk: row for row in rows}
    root = society_tree(clock.today())
    if root is None:
        return None
    counties = [county for city in root.branches for county in city.branches]
    texts = [f"{bound}%" for bound in BOUNDS]
    words = _("of the plan met")
    caption = _("How much of its plan each society has ready")
    if any(county.code in shares for county in counties):
        return county_map(
            [_figure(county, shares.get(county.code)) for county in counties],
            [_own(city, shares.get(city.code)) for city in root.branches],
            bounds=BOUNDS, bound_texts=texts, unit=words, caption=caption,
        )  # fmt: skip
    if any(city.code in shares for city in root.branches):
        return city_map(
            [_figure(city, shares.get(city.code)) for city in root.branches],
            bounds=BOUNDS, bound_texts=texts, unit=words, caption=caption,
        )  # fmt: skip
    return None


def _own(city: SocietyNode, row: Row | None) -> Figure:
    """Beside the counties' tiles, so that nobody takes it for their sum."""
    shown = _figure(city, row)
    return replace(shown, text=_("the city’s own: %(share)s") % {"share": shown.text})


def _figure(node: SocietyNode, row: Row | None) -> Figure:
    share = row.share if row else None
    return Figure(
        node.code,
        short_name(node),
        share,
        "—" if share is None else f"{share}%",
        reverse("society", args=[node.code]),
    )
