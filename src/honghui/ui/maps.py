"""The map of Zhejiang: equal tiles by default, the deployer's own shapes when there is a file.

The one hard idea: a map here shows rank, not ground. Every place has the same say, the classes
are few and named in the legend, and the same figures always stand in a table too. We ship no
boundaries: whoever has an approved map of them (see MAP_SHAPES_FILE in docs/running.md) is shown
it, with its source under it.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from honghui.kernel.errors import CannotRun

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LEVELS_MAX = 5
BLOCK = 4
"""A city's counties lie in a block of 4 by 4 cells."""
SHAPES_BYTES_MAX = 20_000_000
SHAPES_WIDTH = 1000

# (row, column) of the cities on the grid of 4 rows and 5 columns; the sea is south-east.
CITY_CELLS: Mapping[str, tuple[int, int]] = {
    "330000": (1, 1),
    "330500": (1, 2),
    "330400": (1, 3),
    "330100": (2, 2),
    "330600": (2, 3),
    "330200": (2, 4),
    "330900": (2, 5),
    "330800": (3, 1),
    "330700": (3, 2),
    "331000": (3, 3),
    "331100": (4, 2),
    "330300": (4, 3),
}


@dataclass(frozen=True)
class Figure:
    """What is shown for one place. value None: nothing is known, and that is said.

    url "": not a link. text: the value as people read it. live: something is going on there.
    """

    code: str
    name: _StrOrPromise
    value: int | None
    text: _StrOrPromise
    url: str = ""
    live: bool = False


@dataclass(frozen=True)
class Tile:
    """A place on the grid. level 1 (least) to 5, 0 for not known; own: the society's own level."""

    code: str
    name: _StrOrPromise
    url: str
    value: int | None
    text: _StrOrPromise
    level: int
    live: bool
    own: bool
    row: int
    column: int


@dataclass(frozen=True)
class LegendEntry:
    level: int
    text: _StrOrPromise


@dataclass(frozen=True)
class Group:
    """A city and the tiles of its counties, in the order of their cells. text: what the city's own
    society has beside them; "" is not shown."""

    code: str
    name: _StrOrPromise
    url: str
    row: int
    column: int
    tiles: Sequence[Tile]
    text: _StrOrPromise = ""


@dataclass(frozen=True)
class TileMap:
    """tiles: in reading order. unit: what the numbers count. groups: set for the county map."""

    tiles: Sequence[Tile]
    legend: Sequence[LegendEntry]
    unit: _StrOrPromise
    caption: _StrOrPromise
    groups: Sequence[Group] = field(default_factory=tuple)
    has_live: bool = False


def levels(values: Mapping[str, int | None], bounds: Sequence[int]) -> dict[str, int]:
    """The class of each value: 1 below the first bound, one more from each bound on; None is 0."""
    assert list(bounds) == sorted(set(bounds)), "bounds rise"
    assert len(bounds) < LEVELS_MAX, "five classes are what an eye can tell apart"
    return {
        code: 0 if value is None else bisect_right(bounds, value) + 1
        for code, value in values.items()
    }


def legend(bounds: Sequence[int], texts: Sequence[str] | None) -> list[LegendEntry]:
    """The classes in words, highest first. texts: the bounds as people read them; None where
    things are counted, so that no class shares a number with another."""
    if texts is None:
        return _legend_of_counts(bounds)
    assert len(bounds) == len(texts), "one text a bound"
    if not texts:
        return []
    entries = [LegendEntry(1, _("under %(bound)s") % {"bound": texts[0]})]
    for index in range(1, len(texts)):
        entries.append(LegendEntry(index + 1, f"{texts[index - 1]} – {texts[index]}"))
    entries.append(LegendEntry(len(texts) + 1, _("%(bound)s and over") % {"bound": texts[-1]}))
    return entries[::-1]


def _legend_of_counts(bounds: Sequence[int]) -> list[LegendEntry]:
    entries = []
    for level, (low, above) in enumerate(zip((0, *bounds), bounds, strict=False), start=1):
        text = str(low) if above - low == 1 else f"{low} – {above - 1}"
        entries.append(LegendEntry(level, text))
    entries.append(LegendEntry(len(bounds) + 1, _("%(bound)s and over") % {"bound": bounds[-1]}))
    return entries[::-1]


def city_map(
    figures: Iterable[Figure],
    *,
    bounds: Sequence[int],
    bound_texts: Sequence[str] | None,
    unit: _StrOrPromise,
    caption: _StrOrPromise,
) -> TileMap:
    """The province's own tile and its 11 cities. Figures of other places are programmer errors."""
    shown = list(figures)
    classed = levels({each.code: each.value for each in shown}, bounds)
    tiles = [_tile(each, classed[each.code], *CITY_CELLS[each.code]) for each in shown]
    return TileMap(
        sorted(tiles, key=lambda tile: (tile.row, tile.column)),
        legend(bounds, bound_texts),
        unit,
        caption,
        has_live=any(tile.live for tile in tiles),
    )


def county_map(
    figures: Iterable[Figure],
    cities: Iterable[Figure],
    *,
    bounds: Sequence[int],
    bound_texts: Sequence[str] | None,
    unit: _StrOrPromise,
    caption: _StrOrPromise,
) -> TileMap:
    """All counties, grouped in their cities. cities: names, addresses, and as text what is the
    city's own, shown where there is a value. A society above them all may be one of the cities.

    A county whose code has no cell (a division newer than county_tiles.json) goes into the first
    free cell of its city, so that it is shown rather than lost.
    """
    shown = list(figures)
    classed = levels({each.code: each.value for each in shown}, bounds)
    cells = _placed([each.code for each in shown])
    groups = []
    for city in sorted(cities, key=lambda each: CITY_CELLS[each.code]):
        row, column = CITY_CELLS[city.code]
        tiles = [
            _tile(each, classed[each.code], *cells[each.code])
            for each in shown
            if each.code[:4] == city.code[:4]
        ]
        inside = [
            replace(
                tile,
                row=tile.row - (row - 1) * BLOCK,
                column=tile.column - (column - 1) * BLOCK,
            )
            for tile in sorted(tiles, key=lambda tile: (tile.row, tile.column))
        ]
        own = city.text if city.value is not None else ""
        groups.append(Group(city.code, city.name, city.url, row, column, inside, own))
    return TileMap(
        [tile for group in groups for tile in group.tiles],
        legend(bounds, bound_texts),
        unit,
        caption,
        groups,
        has_live=any(each.live for each in shown),
    )


@lru_cache(maxsize=1)
def county_cells() -> Mapping[str, tuple[int, int]]:
    """Row and column of every county on the grid of 16 rows and 20 columns."""
    path = Path(__file__).parent / "data" / "county_tiles.json"
    cells: dict[str, list[int]] = json.loads(path.read_text("utf-8"))["cells"]
    return {code: (row, column) for code, (row, column) in cells.items()}


def _placed(codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    known = county_cells()
    cells = {code: known[code] for code in codes if code in known}
    taken = set(cells.values())
    for code in codes:
        if code not in cells:
            row, column = CITY_CELLS[f"{code[:4]}00"]
            free = (
                ((row - 1) * BLOCK + down, (column - 1) * BLOCK + along)
                for down in range(1, BLOCK + 2)
                for along in range(1, BLOCK + 1)
            )
            cells[code] = next(cell for cell in free if cell not in taken)
            taken.add(cells[code])
    return cells


def _tile(figure: Figure, level: int, row: int, column: int) -> Tile:
    return Tile(
        figure.code,
        figure.name,
        figure.url,
        figure.value,
        figure.text,
        level,
        figure.live,
        figure.code.endswith("0000"),
        row,
        column,
    )


# ── shapes ───────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Shape:
    """One place's outline as an SVG path, and a point inside its box for the mark of "live"."""

    code: str
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Shapes:
    shapes: Mapping[str, Shape]
    height: int
    source: str


def shapes() -> Shapes | None:
    """The deployer's shapes, read once for each version of the file; None when there are none.

    Raises CannotRun "maps.shapes" when the file cannot be used.
    """
    name = settings.MAP_SHAPES_FILE
    if not name:
        return None
    path = Path(name)
    try:
        changed = path.stat()
        if changed.st_size > SHAPES_BYTES_MAX:
            raise ValueError(f"it is larger than {SHAPES_BYTES_MAX} bytes")
        return _read_shapes(path, changed.st_mtime_ns, settings.MAP_SHAPES_SOURCE)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotRun(
            "maps.shapes",
            f"The map file {path} cannot be used: {error}.",
            "It must be GeoJSON, a FeatureCollection of polygons with a property code or gb.",
        ) from error


@lru_cache(maxsize=2)
def _read_shapes(path: Path, _changed_ns: int, source: str) -> Shapes:
    return project(json.loads(path.read_text("utf-8")), source=source)


def project(collection: Mapping[str, Any], *, source: str) -> Shapes:
    """Equirectangular at the middle latitude, SHAPES_WIDTH wide, points rounded to whole units.

    Rounding is the simplification: points that fall together are dropped.
    """
    outlines: dict[str, list[list[list[float]]]] = {}
    for feature in collection["features"]:
        code = _code(feature.get("properties") or {})
        if code:
            outlines.setdefault(code, []).extend(_rings(feature["geometry"]))
    points = [point for rings in outlines.values() for ring in rings for point in ring]
    if not points:
        raise ValueError("it has no places with a code")
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    if east <= west or north <= south:
        raise ValueError("its places have no extent")
    scale = SHAPES_WIDTH / ((east - west) * squeeze)
    drawn = {}
    for code, rings in outlines.items():
        placed = [
            [
                (round((lon - west) * squeeze * scale), round((north - lat) * scale))
                for lon, lat, *_height in ring
            ]
            for ring in rings
        ]
        drawn[code] = _shape(code, placed)
    return Shapes(drawn, math.ceil((north - south) * scale), source)


def _code(properties: Mapping[str, Any]) -> str:
    """The six digits of a place: "330100", 330100, or "156330100" with the country in front."""
    for name in ("code", "gb", "adcode"):
        digits = str(properties.get(name) or "")
        if digits.isdecimal() and len(digits) in (6, 9):
            return digits[-6:]
    return ""


def _rings(geometry: Mapping[str, Any]) -> list[list[list[float]]]:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        return list(coordinates)
    if kind == "MultiPolygon":
        return [ring for polygon in coordinates for ring in polygon]
    # Boundary lines and points in the same file are no places.
    return []


def _shape(code: str, rings: Sequence[Sequence[tuple[int, int]]]) -> Shape:
    parts = []
    for ring in rings:
        kept = [ring[0]] + [b for a, b in zip(ring, ring[1:], strict=False) if a != b]
        if len(set(kept)) >= 3:
            parts.append("M" + "L".join(f"{x} {y}" for x, y in kept[:-1]) + "z")
    largest = max(rings, key=len)
    xs, ys = [x for x, _y in largest], [y for _x, y in largest]
    return Shape(code, "".join(parts), (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2)
