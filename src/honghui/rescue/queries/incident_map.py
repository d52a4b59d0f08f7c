"""Where an incident is, and who is how far away in which direction.

With a point: a chart of directions and rings. Without one: how many teams of each city are in it,
on the tile map. No ground is drawn: a map of the ground would be asked of a stranger's server.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from honghui.registry import naming
from honghui.registry.models import Society
from honghui.rescue.models import Incident, Mission, Position
from honghui.rescue.rules.bearings import Chart, Drawn, Mark, Point, chart, compass
from honghui.rescue.rules.incidents import MICRO, MISSION_OVER
from honghui.ui.maps import Figure, TileMap, city_map

DIRECTIONS = (
    _("north"), _("north-east"), _("east"), _("south-east"),
    _("south"), _("south-west"), _("west"), _("north-west"),
)  # fmt: skip
_BOUNDS = (1, 2, 4)


@dataclass(frozen=True)
class Away:
    """One line beside the chart. seen_at: when a shared position was sent; none for a base."""

    drawn: Drawn
    direction: object
    seen_at: datetime | None


@dataclass(frozen=True)
class IncidentMap:
    """point: in degrees, "" where nobody noted one. without: teams whose base has no point."""

    point: str
    chart: Chart | None
    away: list[Away]
    without: list[str]
    tiles: TileMap | None


def map_of(incident: Incident) -> IncidentMap:
    """Two queries with a point, two without."""
    missions = list(
        incident.missions.exclude(state__in=["declined", "cancelled"]).select_related(
            "team__society"
        )
    )
    centre = _point(incident.latitude_microdegrees, incident.longitude_microdegrees)
    if centre is None:
        return IncidentMap("", None, [], [], _tiles(incident, missions))
    marks, seen, without = _marks(incident, missions)
    drawn = chart(centre, marks)
    away = [
        Away(each, DIRECTIONS[compass(each.degrees)], seen.get(id(each.mark)))
        for each in (drawn.drawn if drawn else ())
    ]
    text = ", ".join(f"{part / MICRO:.4f}" for part in centre)
    return IncidentMap(text, drawn, away, without, None)


def _point(latitude: int | None, longitude: int | None) -> Point | None:
    return None if latitude is None or longitude is None else (latitude, longitude)


def _marks(
    incident: Incident, missions: list[Mission]
) -> tuple[list[Mark], dict[int, datetime], list[str]]:
    """Bases, and of each team that is out the newest position that somebody shared."""
    marks, seen, without = [], {}, []
    for mission in missions:
        team = mission.team
        base = _point(team.base_latitude_microdegrees, team.base_longitude_microdegrees)
        if base is None:
            without.append(naming.local_name(team))
        else:
            marks.append(Mark("base", naming.local_name(team), base))
    newest = (
        Position.objects.filter(mission__incident=incident)
        .exclude(mission__state__in=MISSION_OVER)
        .order_by("mission_id", "-at", "-id")
        .distinct("mission_id")
        .select_related("mission__team")
    )
    for one in newest:
        point = one.latitude_microdegrees, one.longitude_microdegrees
        mark = Mark("position", naming.local_name(one.mission.team), point)
        marks.append(mark)
        seen[id(mark)] = one.at
    return marks, seen, without


def _tiles(incident: Incident, missions: list[Mission]) -> TileMap | None:
    """Only for what lies in the province that the tiles are of."""
    cities = list(Society.objects.exclude(level="county").filter(ended_on=None))
    here = f"{incident.place_code[:4]}00"
    if not any(each.code == here for each in cities):
        return None
    counts = Counter(
        mission.team.society_id
        if mission.team.society.level == "province"
        else f"{mission.team.society_id[:4]}00"
        for mission in missions
    )
    return city_map(
        [
            Figure(
                code=each.code,
                name=_short(each),
                value=counts[each.code],
                text=str(counts[each.code]),
                live=each.code == here,
            )
            for each in cities
        ],
        bounds=_BOUNDS,
        bound_texts=None,
        unit=_("teams"),
        caption=_("Teams in this incident, by city"),
    )


def _short(society: Society) -> str:
    if get_language() == "en":
        return society.place_name_en.removesuffix(" City").removesuffix(" Province")
    return society.place_name.removesuffix("市").removesuffix("省")
