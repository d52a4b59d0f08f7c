"""Pictures of numbers as data: bars, tapes, flows and time bands, and where their ink lies.

Styles may not be written into a page (see the CSP in site/settings.py), so every width that
carries data is an SVG attribute computed here. Values are whole numbers of one unit, never
mixed; each picture also carries what its table says, so that the page holds without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

KINDS = ("used", "way", "held", "half", "cover", "now", "off")
"""What can be said of a thing's state: a shape and a word, see css/components.css."""

BAR_WIDTH = 1000
TAPE_WIDTH = 50
SANKEY_HEIGHT = 300
_SANKEY_GAP = 18
_SANKEY_COLUMNS = (0, 108, 244)
_LABEL_WIDTH = 14
_GANTT_LEFT = 64
_GANTT_HOURS_MOST = 24
_GANTT_ROW = 40


def number(value: float) -> str:
    """A coordinate for SVG: at most one decimal, a full stop whatever the language."""
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Segment:
    """A part of a bar. kind: used, way or held (full, hatched, empty). text: the part in words."""

    kind: str
    value: int
    text: _StrOrPromise


@dataclass(frozen=True)
class BarPiece:
    kind: str
    x: str
    width: str
    end: str


def bar_pieces(segments: Sequence[Segment]) -> list[BarPiece]:
    """Where each part lies on a bar BAR_WIDTH wide. Empty when there is nothing to show."""
    total = sum(each.value for each in segments)
    assert all(each.value >= 0 for each in segments), "a bar shows shares of a whole"
    pieces: list[BarPiece] = []
    before = 0
    for each in segments if total else ():
        start, end = BAR_WIDTH * before / total, BAR_WIDTH * (before + each.value) / total
        pieces.append(BarPiece(each.kind, number(start), number(end - start), number(end)))
        before += each.value
    return pieces


@dataclass(frozen=True)
class TapeStep:
    """One thing that happened to a gift. money, goods: what was left after it, in one unit.

    kind: "" as a rule, "fix" for a correction, "now" for where it stands.
    """

    when: _StrOrPromise
    title: _StrOrPromise
    money: int
    goods: int = 0
    amount: _StrOrPromise = ""
    left: _StrOrPromise = ""
    say: _StrOrPromise = ""
    kind: str = ""


@dataclass(frozen=True)
class TapeRow:
    step: TapeStep
    money: str
    goods: str


def tape_rows(steps: Iterable[TapeStep], full: int) -> list[TapeRow]:
    """The tape's width at each step. full: what the gift was when it came."""
    assert full > 0, "a tape starts with something"
    return [
        TapeRow(
            step,
            number(TAPE_WIDTH * min(step.money, full) / full),
            number(TAPE_WIDTH * min(step.goods, full) / full),
        )
        for step in steps
    ]


@dataclass(frozen=True)
class Node:
    """A place that value passes. column: 0 where it came from, 1 what for, 2 how it stands.

    text: the amount in words; note: a second, quieter line. kind: as in KINDS, for column 2.
    short: the title where it must fit beside a bar; the table has the whole.
    """

    key: str
    column: int
    title: _StrOrPromise
    text: _StrOrPromise = ""
    note: _StrOrPromise = ""
    kind: str = "used"
    short: _StrOrPromise = ""

    @property
    def label(self) -> str:
        return str(self.short or self.title)

    @property
    def text_below(self) -> bool:
        """Whether the amount needs a line of its own: beside a bar of column 2 there is little."""
        wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in self.label)
        return self.column == 2 and not self.note and wide + len(str(self.text)) > _LABEL_WIDTH


@dataclass(frozen=True)
class Link:
    source: str
    target: str
    value: int


@dataclass(frozen=True)
class Flows:
    """A gift's ways: nodes in the order they are drawn, links between neighbouring columns.

    label: the whole picture in one sentence, read out in place of it.
    """

    nodes: Sequence[Node]
    links: Sequence[Link]
    label: _StrOrPromise


@dataclass
class _Box:
    node: Node
    height: float
    top: float = 0
    out: float = 0
    into: float = 0


@dataclass(frozen=True)
class Sankey:
    boxes: list[dict[str, object]]
    ribbons: list[str]
    height: str
    rows: list[tuple[Node, Node]]


def sankey(flows: Flows) -> Sankey:
    """Lay the flows out: heights in proportion to value, ribbons as paths."""
    value = {node.key: 0 for node in flows.nodes}
    column = {node.key: node.column for node in flows.nodes}
    for link in flows.links:
        value[link.target] += link.value
        if column[link.source] == 0:
            value[link.source] += link.value
    total = sum(each for key, each in value.items() if column[key] == 0)
    assert total > 0, "flows carry something"
    boxes = {node.key: _Box(node, SANKEY_HEIGHT * value[node.key] / total) for node in flows.nodes}
    depth = max(_stack(boxes.values(), place) for place in range(3))
    ribbons = [
        _ribbon(boxes[link.source], boxes[link.target], SANKEY_HEIGHT * link.value / total)
        for link in flows.links
    ]
    by_key = {node.key: node for node in flows.nodes}
    rows = [
        (by_key[link.source], by_key[link.target])
        for link in flows.links
        if column[link.target] == 2
    ]
    return Sankey([_drawn(box) for box in boxes.values()], ribbons, number(depth + 6), rows)


def _stack(boxes: Iterable[_Box], column: int) -> float:
    """Put one column's boxes under each other, leaving a line for each label."""
    depth = 24.0
    for box in boxes:
        if box.node.column == column:
            box.top = depth
            lines = 44 if (box.node.note and column == 2) or box.node.text_below else 20
            depth += max(box.height, lines if column else 0) + _SANKEY_GAP * (column > 0)
    return depth


def _ribbon(source: _Box, target: _Box, height: float) -> str:
    left = _SANKEY_COLUMNS[source.node.column] + (10 if source.node.column == 0 else 4)
    right = _SANKEY_COLUMNS[target.node.column]
    y1, y2 = source.top + source.out, target.top + target.into
    source.out += height
    target.into += height
    x1, x2, middle = number(left), number(right), number((left + right) / 2)
    a, b, c, d = number(y1), number(y2), number(y1 + height), number(y2 + height)
    return f"M{x1} {a}C{middle} {a} {middle} {b} {x2} {b}V{d}C{middle} {d} {middle} {c} {x1} {c}z"


def _drawn(box: _Box) -> dict[str, object]:
    column = box.node.column
    left = _SANKEY_COLUMNS[column]
    width = (10, 4, 12)[column]
    middle = box.top + min(box.height, 40) / 2
    return {
        "node": box.node,
        "column": column,
        "x": number(left),
        "y": number(box.top),
        "width": number(width),
        "height": number(max(box.height, 1)),
        "text_x": number(left + width + 8 if column else 0),
        "text_y": number(max(middle + 4, box.top + 12) if column else 15),
        "note_y": number(max(middle + 4, box.top + 12) + 18),
        "half": number(max(box.height, 1) / 2),
        "half_y": number(box.top + max(box.height, 1) / 2),
        "has_room": box.height >= 44,
    }


@dataclass(frozen=True)
class Span:
    """A stretch of time. ends None: not known, which is drawn open and said in `open_text`."""

    starts: datetime
    ends: datetime | None
    text: _StrOrPromise = ""
    open_text: _StrOrPromise = ""


@dataclass(frozen=True)
class Band:
    name: _StrOrPromise
    spans: Sequence[Span]


@dataclass(frozen=True)
class Moment:
    at: datetime
    text: _StrOrPromise


@dataclass(frozen=True)
class TimeBands:
    """Who was where and when. label: the picture in one sentence. now: the red line, if any.
    left: room for the names."""

    starts: datetime
    ends: datetime
    bands: Sequence[Band]
    label: _StrOrPromise
    moments: Sequence[Moment] = ()
    now: Moment | None = None
    every_hours: int = 3
    width: int = 430
    left: int = _GANTT_LEFT


@dataclass(frozen=True)
class Gantt:
    """Time bands laid out: ready numbers for the SVG."""

    width: str
    height: str
    foot: str
    text_y: str
    hours: list[tuple[str, str]] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    spans: list[dict[str, object]] = field(default_factory=list)
    moments: list[tuple[str, str, str, str]] = field(default_factory=list)
    now: tuple[str, str] | None = None


def gantt(bands: TimeBands) -> Gantt:
    """Lay the bands out. A span not yet ended runs to `now`, one of unknown end is dashed."""
    assert bands.ends > bands.starts, "time runs forward"
    scale = (bands.width - bands.left - 8) / (bands.ends - bands.starts).total_seconds()

    def x(moment: datetime) -> float:
        inside = min(max(moment, bands.starts), bands.ends)
        return bands.left + (inside - bands.starts).total_seconds() * scale

    foot = 32 + _GANTT_ROW * len(bands.bands)
    drawn = Gantt(number(bands.width), number(foot + 24), number(foot), number(foot + 18))
    hour, step = bands.starts, timedelta(hours=bands.every_hours)
    # What has lasted for weeks is not drawn hour by hour: a line for each would hide the bands.
    while (bands.ends - bands.starts) / step > _GANTT_HOURS_MOST:
        step *= 2
    # A mark a day or rarer stands at midnight and names its day.
    by_day = step >= timedelta(days=1)
    if by_day and hour != (midnight := hour.replace(hour=0, minute=0, second=0, microsecond=0)):
        hour = midnight + timedelta(days=1)
    while hour <= bands.ends:
        drawn.hours.append((number(x(hour)), f"{hour:%m-%d}" if by_day else f"{hour:%H}"))
        hour += step
    for index, band in enumerate(bands.bands):
        top = 32 + _GANTT_ROW * index
        drawn.names.append((str(band.name), number(top + 19)))
        drawn.spans.extend(_span(span, top, x, bands) for span in band.spans)
    for moment in bands.moments:
        # Near the right edge the words stand to the left of their line.
        late = x(moment.at) > bands.width - 120
        place = x(moment.at) + (-5 if late else 5)
        drawn.moments.append(
            (number(x(moment.at)), str(moment.text), number(place), "end" if late else "start")
        )
    if bands.now is None:
        return drawn
    return replace(drawn, now=(number(x(bands.now.at)), str(bands.now.text)))


def _span(
    span: Span, top: int, x: Callable[[datetime], float], bands: TimeBands
) -> dict[str, object]:
    start = x(span.starts)
    last = span.ends or (bands.now.at if bands.now else None)
    # The end is not known: solid half-way, then dashed, and the words say so.
    solid = (start + x(bands.ends)) / 2 if last is None else x(last)
    end = x(bands.ends) if last is None else solid
    inside = solid - start > 60
    return {
        "x": number(start),
        "y": number(top),
        "width": number(max(solid - start, 1)),
        "open_x": number(solid),
        "open_width": number(end - solid),
        "is_open": last is None,
        "text": span.text,
        "text_x": number(start + 8 if inside else solid + 8),
        "inside": inside,
        "open_text": span.open_text,
        "open_text_x": number(solid + 8),
        "text_y": number(top + 19),
    }
