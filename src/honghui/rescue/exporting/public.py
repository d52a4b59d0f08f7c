"""What everybody may take along as HXL sheets: teams by county, figures of released reports.

The figures are those of the public page: so few people that they could be known are "under" a
number, and what nobody told is empty. docs/rescue-data.md names every column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from honghui.registry import naming
from honghui.registry.queries.societies import SocietyNode
from honghui.rescue.exporting.sheets import Column, sheet
from honghui.rescue.queries.public import Listed
from honghui.rescue.reporting.contents import Contents
from honghui.rescue.rules.board import Number
from honghui.rescue.words.board import VEHICLES
from honghui.rescue.words.measures import measure_words
from honghui.rescue.words.places import place_names

TEAMS = [
    Column(_("Name of the city"), "#adm2+name"),
    Column(_("City code"), "#adm2+code"),
    Column(_("Name of the county"), "#adm3+name"),
    Column(_("County code"), "#adm3+code"),
    Column(_("Society"), "#org+name"),
    Column(_("Teams"), "#capacity+teams+num"),
]
FIGURES = [
    Column(_("Number"), "#event+code"),
    Column(_("Title"), "#event+name"),
    Column(_("Place"), "#loc+name"),
    Column(_("Place code"), "#loc+code"),
    Column(_("Happened"), "#date+happened"),
    Column(_("As of"), "#date+asof"),
    Column(pgettext_lazy("of a rescue", "Report"), "#meta+report+num"),
    Column(_("Record"), "#meta+record"),
    Column(_("Team's code"), "#org+team+code"),
    Column(_("Society code"), "#org+team+society"),
    Column(_("Figure code"), "#indicator+code"),
    Column(pgettext_lazy("what is counted", "Figure"), "#indicator+name"),
    Column(_("Value"), "#indicator+value+num"),
    Column(_("How surely"), "#meta+qualifier"),
    Column(_("Unit"), "#indicator+unit"),
]
ALL = "all"
Line = tuple[str, object, Number, str]


def teams_sheet(province: SocietyNode | None, teams: Mapping[str, int]) -> bytes:
    """A row a county with its society, and one for each society above that keeps teams itself."""
    rows: list[Sequence[Any]] = []
    if province and province.code in teams:
        rows.append(["", "", "", "", _name(province), teams[province.code]])
    for city in province.branches if province else ():
        here = [_place(city), city.code]
        if city.code in teams:
            rows.append([*here, "", "", _name(city), teams[city.code]])
        rows += [
            [*here, _place(county), county.code, _name(county), teams.get(county.code, 0)]
            for county in city.branches
        ]
    return sheet(TEAMS, rows)


def _name(node: SocietyNode) -> str:
    return naming.local_text(node.name, node.name_en)


def _place(node: SocietyNode) -> str:
    return naming.local_text(node.place_name, node.place_name_en)


def report_figures_sheet(reports: Iterable[Listed]) -> bytes:
    """A row a figure: of each team, then of all together. One query, for the places."""
    told = list(reports)
    names = place_names({one.contents.place_code for one in told})
    return sheet(
        FIGURES,
        (
            [*_start(one, names[one.contents.place_code].local), *line]
            for one in told
            for line in _lines(one.contents)
        ),
    )


def _start(one: Listed, place: str) -> list[Any]:
    held = one.contents
    return [
        held.number,
        naming.local_text(held.title, held.title_en),
        place,
        held.place_code,
        held.began.at,
        one.report.as_of,
        one.report.number,
        one.report.record_id.hex if one.report.record_id else "",
    ]


def _lines(held: Contents) -> Iterable[list[Any]]:
    for team in held.teams:
        for line in _figures(team.people, team.vehicles, team.results):
            yield [team.code, team.society, *_cells(*line)]
    yield [ALL, "", *_cells("teams", gettext("Teams"), Number(len(held.teams)), "team")]
    for line in _figures(held.people, held.vehicles, held.results):
        yield [ALL, "", *_cells(*line)]


def _figures(people: Number, vehicles: Iterable[Any], results: Iterable[Any]) -> Iterable[Line]:
    yield "people", gettext("People"), people, "person"
    for things in vehicles:
        number = Number(things.number)
        yield f"vehicle.{things.kind}", VEHICLES.get(things.kind, things.kind), number, "vehicle"
    for one in results:
        yield one.measure, measure_words(one.measure), one.number, one.unit


def _cells(code: str, words: object, number: Number, unit: str) -> list[Any]:
    known = number.value is not None
    return [code, words, number.value, number.qualifier if known else "", unit]
