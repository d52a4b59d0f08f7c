"""A plot of a few measured points, as SVG: readable in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
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
        _line([place(0, y_max), place(0, 0), place(x_max, 0)], "", 1),
        _text(WIDTH / 2, 28, title, "middle", 16),
        _text(WIDTH - MARGIN, HEIGHT - 14, axes[0], "end"),
        _text(MARGIN - 8, MARGIN - 12, axes[1], "middle"),
    ]
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="13">\n'
        '<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n",
        "utf-8",
    )


def _line(points: Sequence[tuple[float, float]], dashes: str, width: int) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="#333" stroke-width="{width}" '
        f'stroke-dasharray="{dashes}"/>'
    )


def _point(x: float, y: float, label: str) -> str:
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#c8321f"/>'
    return dot + _text(x + 8, y + 18, label, "start")


def _text(x: float, y: float, text: str, anchor: str, size: int = 13) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="#222">{escape(text)}</text>'
    )
