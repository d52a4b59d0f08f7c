"""What is odd about a position that somebody shared. Pure; the position is kept all the same.

The outline of China is drawn by hand with some forty corners and lies up to a degree (about 100 km)
outside the land: it tells Osaka from Ningbo, and nothing about borders. It says "look here" and
never shuts anybody out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from honghui.rescue.rules.proposing import Point, great_circle_m

FAR_M = 300_000
SPEED_KMH_MAX = 400
ACCURACY_METRES_MAX = 1_000

# Longitude, latitude in degrees, clockwise from the north-west. Generous: see above.
_OUTLINE = (
    (73.0, 39.5), (73.5, 41.0), (80.0, 43.0), (79.5, 45.5), (82.0, 47.5), (87.0, 50.0),
    (91.0, 48.0), (96.0, 43.5), (105.0, 42.5), (111.0, 44.5), (112.0, 46.0), (119.0, 47.5),
    (115.5, 48.5), (119.5, 53.0), (121.0, 54.0), (127.0, 51.5), (131.0, 48.5), (135.5, 48.7),
    (134.0, 45.5), (131.8, 42.2), (129.0, 41.5), (126.0, 40.5), (124.0, 39.2), (124.0, 35.0),
    (124.0, 30.0), (123.0, 25.5), (122.5, 21.3), (117.0, 19.0), (112.5, 13.0), (110.0, 16.0),
    (107.5, 18.0), (107.5, 21.3), (105.5, 22.7), (102.0, 21.7), (101.0, 20.9), (98.5, 23.5),
    (97.0, 24.5), (97.8, 28.0), (92.0, 26.5), (88.7, 27.0), (85.5, 27.7), (81.0, 29.8),
    (78.3, 31.5), (77.5, 35.3), (74.0, 37.0),
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    point: Point
    at: datetime
    accuracy_metres: int | None = None


def flags_of(seen: Seen, *, earlier: Seen | None, incident: Point | None) -> tuple[str, ...]:
    """`earlier`: the same responder's position before this one."""
    found = []
    if not is_in_china(seen.point):
        found.append("another_country")
    if incident is not None and great_circle_m(seen.point, incident) > FAR_M:
        found.append("far_from_incident")
    if earlier is not None and _kmh(earlier, seen) > SPEED_KMH_MAX:
        found.append("impossible_speed")
    if seen.accuracy_metres is not None and seen.accuracy_metres > ACCURACY_METRES_MAX:
        found.append("poor_accuracy")
    return tuple(found)


def is_in_china(point: Point) -> bool:
    """Even-odd rule on the outline."""
    x, y = point.longitude_microdegrees / 1e6, point.latitude_microdegrees / 1e6
    inside = False
    for (x1, y1), (x2, y2) in zip(_OUTLINE, (*_OUTLINE[1:], _OUTLINE[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _kmh(one: Seen, other: Seen) -> float:
    """The least speed that leads from one to the other, their accuracy granted."""
    unsure = (one.accuracy_metres or 0) + (other.accuracy_metres or 0)
    metres = max(0, great_circle_m(one.point, other.point) - unsure)
    seconds = abs((other.at - one.at).total_seconds())
    return metres / max(seconds, 1.0) * 3.6


def microdegrees(typed: Mapping[str, str], name: str) -> int | None:
    """A phone's decimal degrees as whole microdegrees; None for what is no such number."""
    try:
        value = float(typed.get(name, ""))
    except ValueError:
        return None
    limit = 90 if name == "latitude" else 180
    return round(value * 1e6) if -limit <= value <= limit else None
