"""Polygons and circles on Earth as a drawing: true to shape, with a grid of degrees and a scale.

The one hard idea: no ground is drawn, so the grid and the scale are what says where and how large.
Degrees of longitude are narrowed as they are at the middle latitude; over a few hundred kilometres
nobody sees that the Earth is round. Shapes that lie on both sides of 180° are drawn as they are
told, from one edge of the grid to the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from honghui.rescue.rules.bearings import EARTH_METRES

Point = tuple[int, int]
Disc = tuple[int, int, int]
SIZE = 400
_EDGE = 34
_METRES_A_DEGREE = EARTH_METRES * math.pi / 180
_SPAN_LEAST = 0.02
_STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_BARS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Bounds:
    """Degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True)
class Line:
    """A line of the grid: where in the drawing, and its degrees ("28.5° N")."""

    at: str
    degrees: str

    @property
    def is_at_the_end(self) -> bool:
        """Whether its degrees must stand before the line, for want of room behind it."""
        return float(self.at) > SIZE * 0.8


@dataclass(frozen=True)
class Outline:
    """paths: one for each polygon, as SVG writes it. discs: x, y and radius in the drawing. bar:
    its length in the drawing, and kilometres."""

    paths: list[str]
    discs: list[tuple[str, str, str]]
    parallels: list[Line]
    meridians: list[Line]
    bar: tuple[str, int]


def bounds_of(polygons: Sequence[Sequence[Point]], discs: Sequence[Disc]) -> Bounds:
    """Points in microdegrees, radius in metres. At least one of them."""
    corners = [(lat / 1e6, lon / 1e6) for ring in polygons for lat, lon in ring]
    for lat, lon, radius in discs:
        up = radius / _METRES_A_DEGREE
        aside = up / max(0.01, math.cos(math.radians(lat / 1e6)))
        corners += [(lat / 1e6 - up, lon / 1e6 - aside), (lat / 1e6 + up, lon / 1e6 + aside)]
    lats, lons = [lat for lat, _lon in corners], [lon for _lat, lon in corners]
    return Bounds(max(-90, min(lats)), min(lons), min(90, max(lats)), max(lons))


def outline(polygons: Sequence[Sequence[Point]], discs: Sequence[Disc]) -> Outline | None:
    """All shapes in one drawing of SIZE by SIZE. None without any."""
    if not polygons and not discs:
        return None
    told = bounds_of(polygons, discs)
    middle = ((told.south + told.north) / 2, (told.west + told.east) / 2)
    narrow = max(0.01, math.cos(math.radians(middle[0])))
    span = max(told.north - told.south, (told.east - told.west) * narrow, _SPAN_LEAST)
    scale = (SIZE - 2 * _EDGE) / span

    def x(lon: float) -> float:
        return SIZE / 2 + (lon - middle[1]) * narrow * scale

    def y(lat: float) -> float:
        return SIZE / 2 - (lat - middle[0]) * scale

    half = SIZE / 2 / scale
    return Outline(
        [_path([(x(lon / 1e6), y(lat / 1e6)) for lat, lon in ring]) for ring in polygons],
        [
            (
                f"{x(lon / 1e6):.1f}",
                f"{y(lat / 1e6):.1f}",
                f"{max(1.0, radius / _METRES_A_DEGREE * scale):.1f}",
            )
            for lat, lon, radius in discs
        ],
        [
            Line(f"{y(at):.1f}", _degrees(at, "NS"))
            for at in _grid(middle[0] - half, middle[0] + half, 90)
        ],
        [
            Line(f"{x(at):.1f}", _degrees(at, "EW"))
            for at in _grid(middle[1] - half / narrow, middle[1] + half / narrow, 180)
        ],
        _bar(scale),
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    """Corners that fall on the one before, at a tenth of a unit, are left out."""
    drawn: list[str] = []
    for px, py in points[:-1]:
        text = f"{px:.1f} {py:.1f}"
        if not drawn or drawn[-1] != text:
            drawn.append(text)
    return f"M{'L'.join(drawn)}Z"


def _grid(low: float, high: float, most: int) -> list[float]:
    """Two to five round degrees in between."""
    step = next((one for one in _STEPS if (high - low) / one <= 5), _STEPS[-1])
    first, last = math.ceil(low / step), math.floor(high / step)
    return [n * step for n in range(first, last + 1) if abs(n * step) <= most]


def _degrees(at: float, letters: str) -> str:
    letter = "" if at == 0 else letters[0] if at > 0 else letters[1]
    return f"{round(abs(at), 3):g}° {letter}".strip()


def _bar(scale: float) -> tuple[str, int]:
    """The longest round distance that fits into a third of the drawing."""
    metres_a_unit = _METRES_A_DEGREE / scale
    fits = [km for km in _BARS_KM if km * 1000 / metres_a_unit <= SIZE / 3]
    km = fits[-1] if fits else _BARS_KM[0]
    return f"{km * 1000 / metres_a_unit:.1f}", km
