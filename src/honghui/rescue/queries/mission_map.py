"""Where those who share it are, seen from the incident: directions, rings, and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from honghui.rescue.models import Mission, Position
from honghui.rescue.queries.proposal import point_of
from honghui.rescue.rules.bearings import Chart, Mark, chart, in_km
from honghui.rescue.rules.proposing import great_circle_m


@dataclass(frozen=True)
class Away:
    """`number`: as it is drawn; `name`: "" where the reader may not know it."""

    position: Position
    name: str
    number: int
    metres: int | None


def distance_words(metres: int | None) -> str:
    return gettext("not known") if metres is None else f"{in_km(metres)} km"


def positions_shown(
    mission: Mission, positions: Sequence[Position], sees_names: bool
) -> tuple[Chart | None, list[Away]]:
    """The drawing, None where the incident has no point; and the rows, nearest first."""
    place = mission.incident
    centre = point_of(place.latitude_microdegrees, place.longitude_microdegrees)
    rows = []
    for each in positions:
        here = point_of(each.latitude_microdegrees, each.longitude_microdegrees)
        metres = great_circle_m(here, centre) if here and centre else None
        name = ""
        if each.responder is None:
            name = gettext("the leader")
        elif sees_names:
            name = each.responder.person.name
        rows.append((metres if metres is not None else 0, each, name, metres))
    rows.sort(key=lambda row: (row[0], row[1].pk))
    away = [Away(each, name, n, metres) for n, (_key, each, name, metres) in enumerate(rows, 1)]
    if centre is None or not away:
        return None, away
    marks = [
        Mark("position", one.name, (one.position.latitude_microdegrees,
                                    one.position.longitude_microdegrees))
        for one in away
    ]  # fmt: skip
    middle = (centre.latitude_microdegrees, centre.longitude_microdegrees)
    return chart(middle, marks), away
