"""Where a warning holds, for its page: a drawing, a table that says the same, the counties by name.

We hold no borders of counties. So the counties are those that the sender names by code, and whether
a shape touches a county is not worked out; the page says so. What can be told from a shape is which
of our teams have their base inside, and that is told on the desk.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from honghui.registry import naming
from honghui.rescue.alerting.cap import Info, Pair, Ring
from honghui.rescue.alerting.columns import circles_of, polygons_of
from honghui.rescue.alerting.reading import read
from honghui.rescue.models import Alert, Team
from honghui.rescue.rules.bearings import distance_metres, in_km
from honghui.rescue.rules.outlines import Bounds, Disc, Outline, bounds_of, outline
from honghui.rescue.words.places import place_names
from honghui.ui.components.text import is_chinese

NAMED_MAX = 60


@dataclass(frozen=True)
class Shape:
    """One line of the table. area: its words, where there are several areas. within: degrees,
    ("28.31–28.62° N", "121.20–121.60° E")."""

    number: int
    area: str
    kind: str
    within: tuple[str, str]


@dataclass(frozen=True)
class AlertMap:
    """counties: names of the codes, as the sender gave them; more: how many are not shown."""

    outline: Outline | None
    shapes: list[Shape]
    counties: str
    more: int


def map_of(alert: Alert) -> AlertMap:
    """One query, or none without counties."""
    polygons, discs, shapes = _shapes(alert)
    names = place_names(alert.area_codes) if alert.area_codes else {}
    counties = [names[code].local for code in alert.area_codes]
    return AlertMap(
        outline(polygons, discs),
        shapes,
        ("、" if is_chinese() else ", ").join(counties[:NAMED_MAX]),
        max(0, len(counties) - NAMED_MAX),
    )


def teams_inside(alert: Alert) -> list[str]:
    """Names of the active teams whose base lies in one of the shapes. One query, or none."""
    polygons, discs, _shapes_of = _shapes(alert)
    if not polygons and not discs:
        return []
    teams = Team.objects.filter(
        state=Team.State.ACTIVE,
        base_latitude_microdegrees__isnull=False,
        base_longitude_microdegrees__isnull=False,
    ).order_by("code")
    return [
        naming.local_name(team)
        for team in teams
        if _inside(
            (team.base_latitude_microdegrees or 0, team.base_longitude_microdegrees or 0),
            polygons,
            discs,
        )
    ]


def blocks_of(alert: Alert) -> list[Info]:
    """Every block of a message that came, where the row beside it cannot hold them all."""
    if alert.direction != Alert.Direction.IN:
        return []
    infos = list(read(bytes(alert.xml)).infos)
    return infos if len(infos) > len({info.language[:2].lower() for info in infos}) else []


def is_signed(alert: Alert) -> bool:
    return alert.direction == Alert.Direction.IN and read(bytes(alert.xml)).is_signed


def _shapes(alert: Alert) -> tuple[list[Ring], list[Disc], list[Shape]]:
    polygons: list[Ring] = []
    discs: list[Disc] = []
    lines: list[Shape] = []
    for kept in alert.areas:
        area = ""
        if len(alert.areas) > 1:
            area = naming.local_text(kept["text"] or kept["text_en"], kept["text_en"])
        for ring in polygons_of(kept):
            polygons.append(ring)
            corners = len(ring) - 1
            kind = ngettext("polygon, %(n)s corner", "polygon, %(n)s corners", corners)
            lines.append(_line(lines, area, kind % {"n": corners}, bounds_of([ring], [])))
        for one in circles_of(kept):
            disc = one.latitude_microdegrees, one.longitude_microdegrees, one.radius_metres
            discs.append(disc)
            kind = _("circle, radius %(km)s km") % {"km": in_km(one.radius_metres)}
            lines.append(_line(lines, area, kind, bounds_of([], [disc])))
    return polygons, discs, lines


def _line(before: list[Shape], area: str, kind: str, bounds: Bounds) -> Shape:
    within = (
        _span(bounds.south, bounds.north, "N", "S"),
        _span(bounds.west, bounds.east, "E", "W"),
    )
    return Shape(len(before) + 1, area, kind, within)


def _span(low: float, high: float, plus: str, minus: str) -> str:
    """Told from the nearer to the farther where both lie on the same side."""
    if low >= 0:
        return f"{low:.2f}–{high:.2f}° {plus}"
    if high <= 0:
        return f"{-high:.2f}–{-low:.2f}° {minus}"
    return f"{-low:.2f}° {minus} – {high:.2f}° {plus}"


def _inside(point: Pair, polygons: list[Ring], discs: list[Disc]) -> bool:
    return any(_in_ring(point, ring) for ring in polygons) or any(
        distance_metres(point, (lat, lon)) <= radius for lat, lon, radius in discs
    )


def _in_ring(point: Pair, ring: Ring) -> bool:
    """How often a ray to the east crosses the ring: odd is inside. Exact, in integers."""
    lat, lon = point
    inside = False
    for (a, b), (c, d) in zip(ring, ring[1:], strict=False):
        if (a > lat) != (c > lat):
            side = (lon - b) * (c - a) - (lat - a) * (d - b)
            if (side < 0) == (c > a):
                inside = not inside
    return inside
