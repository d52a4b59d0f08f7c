"""Computes again what a society states of its own books.

A statement is about the log's first `as_of` records, so it is checked at that point of the replay,
before its own record is reached; the first reading of the log has noted where.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from datetime import date
from typing import NamedTuple

from honghui.audit.findings import Broken
from honghui.audit.people import check_people
from honghui.audit.world import World
from honghui.record.agreements import Review
from honghui.record.credentials import Certificate, CertificateRevocation
from honghui.record.figures import Cube
from honghui.record.log_events import KeyChange, RecoveryMark
from honghui.record.measures import Measure
from honghui.record.schemas import Record
from honghui.record.statements import (
    Bulletin,
    Closing,
    ClosingLine,
    Correction,
    Figure,
    Reconciliation,
    RescueSummary,
)
from honghui.record.values import Count

Statement = Bulletin | Closing | Correction | Reconciliation


class Line(NamedTuple):
    """Books within a society."""

    purpose: str
    source: str
    commodity: str


class Account:
    """What came into the books of one line and what went, ever."""

    __slots__ = ("came", "went")

    def __init__(self, came: int = 0, went: int = 0) -> None:
        self.came = came
        self.went = went

    @property
    def held(self) -> int:
        return self.came - self.went


Lines = dict[Line, Account]
# By society, then by line.
Totals = defaultdict[str, Lines]
# A shortfall at an account, by society, place and commodity.
Shortfalls = defaultdict[tuple[str, str, str], int]


class Statements:
    """`wanted`: ids that later records speak of."""

    def __init__(
        self,
        world: World,
        cube: Cube,
        totals: Totals,
        shortfalls: Shortfalls,
        wanted: Container[str],
    ) -> None:
        self._world = world
        self._cube = cube
        self._totals = totals
        self._shortfalls = shortfalls
        self._wanted = wanted
        self._figures: dict[str, frozenset[str]] = {}
        self._last_closing: dict[str, Closing] = {}
        self._closed: dict[str, dict[Line, Account]] = {}
        self.computed = 0
        self.late = 0

    # When its record is reached.

    def learn(self, index: int, record: Record) -> None:
        match record:
            case KeyChange() | RecoveryMark():
                return
            case Review() | Certificate() | CertificateRevocation():
                self._world.check_society(record.society)
                return
            case Bulletin() | Closing() | Correction() | Reconciliation() | RescueSummary():
                self._world.check_society(record.society)
                check_people(record.requested_by, record.approved_by, at_least=1, act="statement")
        if isinstance(record, Statement) and record.as_of is not None and record.as_of > index:
            raise Broken("statement.as-of", as_of=record.as_of)
        match record:
            case Bulletin():
                _check_figures(record.figures)
                _check_sums(record)
                if record.id in self._wanted:
                    self._figures[record.id] = frozenset(one.name for one in record.figures)
            case Correction():
                self._check_correction(record)
            case Closing() if record.part == 1:
                self._follow(record)
            case Reconciliation():
                self._world.check_place(record.place)
            case RescueSummary():
                self._check_rescue(record)
            case _:
                pass

    def _check_correction(self, record: Correction) -> None:
        _check_figures(record.figures)
        if bool(record.figures) != (record.as_of is not None):
            raise Broken("statement.as-of", as_of=record.as_of)
        known = self._figures.get(record.of, frozenset())
        for figure in record.figures:
            if figure.name not in known:
                raise Broken("bulletin.figure-name", name=figure.name)

    def _follow(self, closing: Closing) -> None:
        last = self._last_closing.get(closing.society)
        if closing.after != (last.id if last else None):
            raise Broken(
                "closing.after", expected=last.id if last else "-", after=closing.after or "-"
            )
        if last and closing.as_of < last.as_of:
            raise Broken("statement.as-of", as_of=closing.as_of)
        self._last_closing[closing.society] = closing

    def note_day(self, society: str, day: date) -> None:
        """What is dated in a period that was closed before it was recorded is late."""
        closing = self._last_closing.get(society)
        self.late += closing is not None and day <= closing.last

    def check_count(self, society: str, count: Count) -> None:
        """So few people are never counted exactly in public."""
        known = self._world.societies.get(society)
        least = known.count_min if known else 1
        if count.qualifier == "exact" and 0 < count.value < least:
            raise Broken("entry.count-too-small", value=count.value, count_min=least)

    def _check_rescue(self, record: RescueSummary) -> None:
        self._world.check_place(record.place)
        for thing in record.helped:
            self.check_count(record.society, thing.count)
        _check_total("people", record.people, [team.people for team in record.teams])
        totals = {thing.kind: thing.count for thing in record.things}
        parts: defaultdict[str, list[Count]] = defaultdict(list)
        for team in record.teams:
            self._world.check_society(team.society)
            for thing in team.things:
                parts[thing.kind].append(thing.count)
        for kind in totals.keys() | parts.keys():
            if kind in totals:
                _check_total(kind, totals[kind], parts[kind])

    # When the replay has come to `as_of`.

    def compute(self, parts: Sequence[Statement]) -> None:
        """Raises Broken where a figure is not what the records give. `parts`: of one statement."""
        first = parts[0]
        match first:
            case Bulletin() | Correction():
                for figure in first.figures:
                    self._compute(figure)
            case Closing():
                lines = [line for part in parts if isinstance(part, Closing) for line in part.lines]
                self._close(first, lines)
            case Reconciliation():
                self._reconcile(first)

    def _compute(self, figure: Figure) -> None:
        found = self._cube.value(figure.measure, self._world)
        self.computed += 1
        if len(found.units) > 1:
            raise Broken(
                "bulletin.mixed-units", name=figure.name, units=", ".join(sorted(found.units))
            )
        for unit in found.units - {figure.unit}:
            raise Broken("bulletin.unit", name=figure.name, expected=unit, stated=figure.unit)
        if not _AGREES[figure.qualifier](figure.value, found.value):
            raise Broken(
                "bulletin.figure", name=figure.name, stated=figure.value, computed=found.value
            )

    def _close(self, closing: Closing, lines: Sequence[ClosingLine]) -> None:
        said: dict[Line, ClosingLine] = {}
        for line in lines:
            key = Line(line.purpose, line.source, line.commodity)
            if key in said:
                raise Broken("closing.missing-line", line="/".join(key))
            said[key] = line
        before = self._closed.get(closing.society, {})
        now = self._totals[closing.society]
        for key in now.keys() | said.keys():
            _check_line(key, said.get(key), before.get(key, Account()), now.get(key, Account()))
        self.computed += len(said)
        self._closed[closing.society] = {
            key: Account(one.came, one.went) for key, one in now.items()
        }

    def _reconcile(self, record: Reconciliation) -> None:
        held = Measure(
            held=True,
            societies=(record.society,),
            commodities=(record.commodity,),
            places=(record.place,),
            stages=("on_hand", "reserved", "decided", "in_transit"),
        )
        book = self._cube.value(held, self._world).value
        book -= self._shortfalls[record.society, record.place, record.commodity]
        outstanding = sum(one.quantity for one in record.outstanding)
        self.computed += 1
        if book != record.statement + outstanding:
            raise Broken(
                "reconciliation.difference",
                book=book,
                statement=record.statement,
                outstanding=outstanding,
                computed=record.statement + outstanding,
            )


_AGREES = {
    "exact": lambda stated, computed: stated == computed,
    "over": lambda stated, computed: computed >= stated,
    "under": lambda stated, computed: computed <= stated,
    "about": lambda stated, computed: 10 * abs(stated - computed) <= abs(computed),
}


def _check_figures(figures: Sequence[Figure]) -> None:
    seen: set[str] = set()
    for figure in figures:
        if figure.name in seen:
            raise Broken("bulletin.figure-name", name=figure.name)
        seen.add(figure.name)


def _check_sums(bulletin: Bulletin) -> None:
    figures = {figure.name: figure for figure in bulletin.figures}
    for one in bulletin.sums:
        for name in (one.total, *one.of):
            if name not in figures:
                raise Broken("bulletin.figure-name", name=name)
        units = {figures[name].unit for name in (one.total, *one.of)}
        if len(units) > 1:
            raise Broken("bulletin.mixed-units", name=one.total, units=", ".join(sorted(units)))
        computed = sum(figures[name].value for name in one.of)
        if figures[one.total].value != computed:
            raise Broken(
                "bulletin.sum",
                name=one.total,
                stated=figures[one.total].value,
                computed=computed,
            )


def _check_total(name: str, total: Count, parts: Sequence[Count]) -> None:
    computed = sum(part.value for part in parts)
    if all(part.qualifier == "exact" for part in parts):
        good = total == Count(value=computed)
    else:
        good = total.qualifier != "exact"
    if not good:
        raise Broken("rescue.total", name=name, stated=total.value, computed=computed)


def _check_line(key: Line, said: ClosingLine | None, before: Account, now: Account) -> None:
    due = {
        "opening": before.held,
        "came": now.came - before.came,
        "went": now.went - before.went,
        "held": now.held,
    }
    if said is None:
        if any(due.values()):
            raise Broken("closing.missing-line", line="/".join(key))
        return
    for field, computed in due.items():
        stated = getattr(said, field)
        if stated != computed:
            raise Broken(
                "closing.line", line="/".join(key), field=field, stated=stated, computed=computed
            )
