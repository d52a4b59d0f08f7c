"""Shapes on Earth, as an officer pastes them and as a stranger's file brings them. No database.

The one hard idea: CAP says latitude first, GeoJSON longitude first, and a shape with the two turned
round lies somewhere else and looks like any other. So the order is told by the format and never
guessed; a latitude above 90 is refused, which catches nearly every such slip in China; and the
picture on the page is for the eye.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid
from honghui.kernel.text import fold_digits
from honghui.rescue.alerting.cap import Pair, Ring

MICRO = 1_000_000
TEXT_MAX = 100_000
# Of what we write: a page has to draw it on a cheap phone.
OWN_POLYGONS_MAX, OWN_POINTS_MAX = 20, 1_000
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,18})?")
_JOINED = re.compile(r"[^,，\s]+[,，][^,，\s]+")
_BETWEEN = re.compile(r"[,，、;；\s]+")


def microdegrees(text: str, most: int) -> int:
    """ "28.4512" with most=90 → 28451200. ValueError for what is none, or beyond."""
    if not _NUMBER.fullmatch(text):
        raise ValueError("no number of degrees")
    value = round(Decimal(text) * MICRO)
    if abs(value) > most * MICRO:
        raise ValueError("not on Earth")
    return value


def pair(latitude: str, longitude: str) -> Pair:
    return microdegrees(latitude, 90), microdegrees(longitude, 180)


def check_ring(ring: Ring) -> None:
    """ValueError unless it is a ring: closed, four pairs at least, three of them different."""
    if len(ring) < 4 or ring[0] != ring[-1] or len(set(ring)) < 3:
        raise ValueError("no ring")


def pasted(text: str, *, field: str) -> tuple[Ring, ...]:
    """Polygons that somebody pasted: a line a corner, "latitude,longitude", with an empty line
    between polygons; or GeoJSON. A ring that is left open is closed. Invalid "rescue.shape.…"."""
    text = fold_digits(text).strip()
    if not text:
        return ()
    if len(text) > TEXT_MAX:
        raise _too_many(field)
    rings = _of_geojson(text, field) if text[0] in "{[" else _of_lines(text, field)
    if len(rings) > OWN_POLYGONS_MAX or sum(map(len, rings)) > OWN_POINTS_MAX:
        raise _too_many(field)
    for number, ring in enumerate(rings, 1):
        _check_own(ring, number, field)
    return tuple(rings)


def as_lines(rings: Sequence[Ring]) -> str:
    """What `pasted` reads."""
    return "\n\n".join(
        "\n".join(",".join(f"{micro / MICRO:.6f}" for micro in point) for point in ring[:-1])
        for ring in rings
    )


def crosses_itself(ring: Ring) -> bool:
    """Whether two sides that are no neighbours meet. Exact, in integers."""
    sides = [(one, other) for one, other in zip(ring, ring[1:], strict=False) if one != other]
    last = len(sides) - 1
    return any(
        _meet(*sides[i], *sides[j])
        for i in range(len(sides))
        for j in range(i + 2, len(sides))
        if (i, j) != (0, last)
    )


def _of_lines(text: str, field: str) -> list[Ring]:
    rings: list[list[Pair]] = [[]]
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            rings.append([])
            continue
        try:
            rings[-1] += _pairs(line.strip())
        except ValueError as error:
            raise Invalid(
                "rescue.shape.line",
                _("Line %(number)s is no corner of a polygon.") % {"number": number},
                _("Write latitude, then longitude, such as 28.4512,121.4103: a line a corner."),
                field=field,
            ) from error
    return [_closed(ring) for ring in rings if ring]


def _pairs(line: str) -> list[Pair]:
    """One corner, however its two numbers are parted; or several as CAP writes them, each pair
    joined by a comma and a blank between two pairs. ValueError for anything else."""
    if all(_JOINED.fullmatch(each) for each in line.split()):
        parts = [_BETWEEN.split(each) for each in line.split()]
    else:
        parts = [[part for part in _BETWEEN.split(line) if part]]
    return [pair(latitude, longitude) for latitude, longitude in parts]


def _closed(ring: Sequence[Pair]) -> Ring:
    return (*ring, ring[0]) if ring[0] != ring[-1] or len(ring) == 1 else tuple(ring)


def _of_geojson(text: str, field: str) -> list[Ring]:
    try:
        # Degrees stay text until they are counted in microdegrees: no float comes near them.
        return _polygons(json.loads(text, parse_float=str, parse_int=str, parse_constant=str))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise Invalid(
            "rescue.shape.geojson",
            _("This is no GeoJSON with polygons that we can read."),
            _(
                "Polygon, MultiPolygon, or features of them, without holes: a warning's polygon "
                "has none. GeoJSON writes longitude first."
            ),
            field=field,
        ) from error


def _polygons(told: Any) -> list[Ring]:
    match told["type"]:
        case "FeatureCollection":
            return [ring for one in told["features"] for ring in _polygons(one)]
        case "Feature":
            return _polygons(told["geometry"])
        case "GeometryCollection":
            return [ring for one in told["geometries"] for ring in _polygons(one)]
        case "MultiPolygon":
            return [_outer(one) for one in told["coordinates"]]
        case "Polygon":
            return [_outer(told["coordinates"])]
    raise ValueError("no polygon")


def _outer(rings: Sequence[Any]) -> Ring:
    (outer,) = rings
    return _closed([pair(str(each[1]), str(each[0])) for each in outer])


def _check_own(ring: Ring, number: int, field: str) -> None:
    try:
        check_ring(ring)
    except ValueError as error:
        raise Invalid(
            "rescue.shape.too_few",
            _("Polygon %(number)s has fewer than three corners.") % {"number": number},
            _("Give at least three; the last is joined to the first."),
            field=field,
        ) from error
    if crosses_itself(ring):
        raise Invalid(
            "rescue.shape.crossed",
            _("Polygon %(number)s crosses itself, so nobody knows what lies inside.")
            % {"number": number},
            _("Give the corners in the order in which one would walk around."),
            field=field,
        )


def _too_many(field: str) -> Invalid:
    return Invalid(
        "rescue.shape.too_many",
        _("These are more corners than a phone can draw."),
        _("At most %(polygons)s polygons and %(points)s corners in all: draw it coarser.")
        % {"polygons": OWN_POLYGONS_MAX, "points": OWN_POINTS_MAX},
        field=field,
    )


def _meet(a: Pair, b: Pair, c: Pair, d: Pair) -> bool:
    one, two, three, four = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if one * two < 0 and three * four < 0:
        return True
    return (
        (one == 0 and _within(a, b, c))
        or (two == 0 and _within(a, b, d))
        or (three == 0 and _within(c, d, a))
        or (four == 0 and _within(c, d, b))
    )


def _turn(a: Pair, b: Pair, c: Pair) -> int:
    """1 to the left, -1 to the right, 0 straight on."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def _within(a: Pair, b: Pair, c: Pair) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
