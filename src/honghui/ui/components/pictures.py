"""Pictures of numbers. Each stands for a table or a list, which is always in the page as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count as counter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.safestring import SafeString

from honghui.kernel.units import format_scaled
from honghui.ui import figures, maps
from honghui.ui.components import rendered

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CHART_KINDS = ("bar", "line", "stacked")
# The hatch is a pattern with an id; two bars on one page must not share it.
_serial = counter(1)


@dataclass(frozen=True)
class Table:
    """What a chart draws: a first column of labels and one column of numbers a series.

    rows: (label, [(value, text), …]); value as drawn, text as people read it. unit: of them all.
    """

    head: Sequence[_StrOrPromise]
    rows: Sequence[tuple[_StrOrPromise, Sequence[tuple[float | None, _StrOrPromise]]]]
    unit: _StrOrPromise


def bar(segments: Sequence[figures.Segment], label: _StrOrPromise) -> SafeString:
    """Shares of a whole: full, hatched, empty. label: the same in words, read out."""
    pieces = figures.bar_pieces(segments)
    return rendered("ui/components/bar.html", pieces=pieces, label=label, key=next(_serial))


def sums(received: int, parts: Sequence[figures.Segment]) -> SafeString:
    """The account in large figures: received, its parts in fen, and whether they add up.

    The double line under the total is drawn only when they do.
    """
    total = sum(part.value for part in parts)
    rows = [
        {"part": part, "share": _share(part.value, received) if received else ""} for part in parts
    ]
    return rendered(
        "ui/components/sums.html",
        received=received,
        rows=rows,
        total=total,
        difference=received - total,
    )


def _share(part: int, whole: int) -> str:
    return format_scaled(round(part * 1000 / whole), 1) + "%"


def progress(done: int, total: int, text: _StrOrPromise) -> SafeString:
    """How far something has come. text: the same in words, beside it."""
    reached = min(max(done, 0), total)
    width = figures.number(1000 * reached / total) if total else "0"
    return rendered(
        "ui/components/progress.html", width=width, text=text, percent=_share(done, total or 1)
    )


def tape(steps: Iterable[figures.TapeStep], full: int) -> SafeString:
    """The road of one gift: its width is what is left of it. Every step is also said in words."""
    return rendered("ui/components/tape.html", rows=figures.tape_rows(steps, full))


def sankey(flows: figures.Flows) -> SafeString:
    """Where a gift went, and how it stands there; with the same as a table."""
    return rendered(
        "ui/components/sankey.html", flows=flows, drawn=figures.sankey(flows), key=next(_serial)
    )


def gantt(bands: figures.TimeBands) -> SafeString:
    """Who was where and when; with the same as a table."""
    return rendered("ui/components/gantt.html", bands=bands, drawn=figures.gantt(bands))


def chart(caption: _StrOrPromise, kind: str, table: Table) -> SafeString:
    """A table that js/chart.js also draws when it comes into view. kind: bar, line, stacked."""
    assert kind in CHART_KINDS, f"no chart is called {kind}"
    return rendered("ui/components/chart.html", caption=caption, kind=kind, table=table)


def tile_map(grid: maps.TileMap) -> SafeString:
    """Places as equal tiles, counties in the blocks of their cities; with the same as a table."""
    return rendered("ui/components/tile_map.html", grid=grid, sea=bool(grid.legend), total_text="")


def shape_map(grid: maps.TileMap, shapes: maps.Shapes) -> SafeString:
    """The same places in the deployer's outlines, the source under them; with the same table."""
    drawn: list[dict[str, Any]] = [
        {"tile": tile, "shape": shapes.shapes[tile.code]}
        for tile in grid.tiles
        if tile.code in shapes.shapes
    ]
    return rendered(
        "ui/components/shape_map.html",
        grid=grid,
        drawn=drawn,
        undrawn=[tile for tile in grid.tiles if tile.code not in shapes.shapes],
        width=maps.SHAPES_WIDTH,
        height=shapes.height,
        source=shapes.source,
    )


def place_map(grid: maps.TileMap) -> SafeString:
    """Shapes when the deployer set MAP_SHAPES_FILE and it has these places, else tiles."""
    found = maps.shapes() if settings.MAP_SHAPES_FILE else None
    if found and any(tile.code in found.shapes for tile in grid.tiles):
        return shape_map(grid, found)
    return tile_map(grid)
