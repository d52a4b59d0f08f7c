"""Distances and directions between points on Earth, for a map that draws no ground.

Points are (latitude, longitude) in microdegrees, WGS 84; distances in metres on a sphere, which is
right to half a per cent: enough to say who is near.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[int, int]
EARTH_METRES = 6_371_009
_RINGS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
SIZE = 400


def distance_metres(one: Point, other: Point) -> int:
    (a, b), (c, d) = ((math.radians(x / 1e6) for x in point) for point in (one, other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return round(2 * EARTH_METRES * math.asin(min(1, math.sqrt(half))))


def bearing_degrees(one: Point, other: Point) -> int:
    """Which way from one to the other: 0 north, 90 east."""
    (a, b), (c, d) = ((math.radians(x / 1e6) for x in point) for point in (one, other))
    east = math.sin(d - b) * math.cos(c)
    north = math.cos(a) * math.sin(c) - math.sin(a) * math.cos(c) * math.cos(d - b)
    return round(math.degrees(math.atan2(east, north))) % 360


def compass(degrees: int) -> int:
    """0 north, 1 north-east, … 7 north-west."""
    return round(degrees / 45) % 8


def in_km(metres: int) -> str:
    """ "0.4", "12", "1,203": one decimal below ten."""
    return f"{metres / 1000:.1f}" if metres < 9_950 else f"{round(metres / 1000):,}"


@dataclass(frozen=True)
class Mark:
    """Something to be drawn. kind: base, position."""

    kind: str
    name: str
    point: Point


@dataclass(frozen=True)
class Drawn:
    mark: Mark
    number: int
    x: str
    y: str
    metres: int
    degrees: int

    @property
    def km(self) -> str:
        return in_km(self.metres)


@dataclass(frozen=True)
class Chart:
    """Rings: (radius in the drawing, kilometres)."""

    rings: list[tuple[str, int]]
    drawn: list[Drawn]


def chart(centre: Point, marks: Sequence[Mark]) -> Chart | None:
    """Marks around a centre, nearest first, true in direction, and by rings in distance: the scale
    is the square root, so that the near ones do not fall on each other. None without marks."""
    placed = sorted(
        ((distance_metres(centre, mark.point), mark) for mark in marks), key=lambda each: each[0]
    )
    if not placed:
        return None
    outer = next((km for km in _RINGS if km * 1000 >= placed[-1][0]), 20_000)
    rings = [km for km in _RINGS if km < outer][-2:] + [outer]
    scale = (SIZE / 2 - 16) / math.sqrt(outer * 1000)
    drawn = []
    for number, (metres, mark) in enumerate(placed, 1):
        degrees = bearing_degrees(centre, mark.point)
        away, angle = math.sqrt(metres) * scale, math.radians(degrees)
        x, y = SIZE / 2 + away * math.sin(angle), SIZE / 2 - away * math.cos(angle)
        drawn.append(Drawn(mark, number, f"{x:.1f}", f"{y:.1f}", metres, degrees))
    return Chart([(f"{math.sqrt(km * 1000) * scale:.1f}", km) for km in rings], drawn)
