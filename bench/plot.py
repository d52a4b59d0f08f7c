"""A plot of a few measured points, as SVG: readable in light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 640, 360, 56


def line_plot(
    file: Path, title: str, points: Sequence[tuple[float, float]], axes: tuple[str, str]
) -> None:
    """Both axes begin at 0, so that a straight line through the corner is what linear means. The
    dashed line is the first point, prolonged."""
    x_max = max(x for x, _y in points) * 1.05
    y_max = max(y for _x, y in points) * 1.1

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            MARGIN + x / x_max * (WIDTH - 2 * MARGIN),
            HEIGHT - MARGIN - y / y_max * (HEIGHT - 2 * MARGIN),
        )

    slope = points[0][1] / points[0][0]
    end = min(x_max, y_max / slope)
    parts = [
        _line([place(0, 0), place(end, end * slope)], "4 4", 1),
        _line([place(x, y) for x, y in points], "", 2),
        *(_point(*place(x, y), f"{x:g}: {y:.1f}") for x, y in points),
    ]
    _write(file, title, parts, axes)


def growth_plot(
    file: Path,
    title: str,
    lines: Mapping[str, Sequence[tuple[float, float]]],
    axes: tuple[str, str],
) -> None:
    """x by its logarithm, so that ten times as many is as far wherever it begins; y begins at 0.
    What does not grow with x lies flat. Every line has the same x."""
    xs = [x for x, _y in next(iter(lines.values()))]
    y_max = max(y for points in lines.values() for _x, y in points) * 1.2
    inside = WIDTH - 2 * MARGIN - 40

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            MARGIN + 20 + log(x / xs[0]) / log(xs[-1] / xs[0]) * inside,
            HEIGHT - MARGIN - y / y_max * (HEIGHT - 2 * MARGIN),
        )

    parts = [_text(place(x, 0)[0], HEIGHT - MARGIN + 18, f"{x:g}", "middle") for x in xs]
    for name, points in lines.items():
        x, y = place(*points[0])
        parts += [
            _line([place(*point) for point in points], "", 2),
            *(_point(*place(x, y), f"{y:.2f}", "middle") for x, y in points),
            _text(x, y - 12, name, "start"),
        ]
    _write(file, title, parts, axes)


def _write(file: Path, title: str, parts: Sequence[str], axes: tuple[str, str]) -> None:
    top, corner = (MARGIN, MARGIN), (MARGIN, HEIGHT - MARGIN)
    frame = [
        _line([top, corner, (WIDTH - MARGIN, HEIGHT - MARGIN)], "", 1),
        _text(WIDTH / 2, 28, title, "middle", 16),
        _text(WIDTH - MARGIN, HEIGHT - 14, axes[0], "end"),
        _text(MARGIN - 8, MARGIN - 12, axes[1], "middle"),
    ]
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="13">\n'
        '<rect width="100%" height="100%" fill="#fff"/>\n'
        + "\n".join([*parts, *frame])
        + "\n</svg>\n",
        "utf-8",
    )


def _line(points: Sequence[tuple[float, float]], dashes: str, width: int) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="#333" stroke-width="{width}" '
        f'stroke-dasharray="{dashes}"/>'
    )


def _point(x: float, y: float, label: str, anchor: str = "start") -> str:
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#c8321f"/>'
    return dot + _text(x + 8 * (anchor == "start"), y + 18, label, anchor)


def _text(x: float, y: float, text: str, anchor: str, size: int = 13) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="#222">{escape(text)}</text>'
    )
