"""Incidents, situation figures and needs as HXL sheets. Nothing private is in them: no caller, no
member, no note of the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.registry import naming
from honghui.rescue.exporting.sheets import Column, degrees, sheet
from honghui.rescue.models import Incident, Mission, SituationReport
from honghui.rescue.queries.incidents import place_text, title_of
from honghui.rescue.words.incidents import CAUSES
from honghui.rescue.words.measures import MEASURES, measure_words
from honghui.rescue.words.places import PlaceName, place_names

EVENT = [
    Column(_("Number"), "#event+code"),
    Column(_("Title"), "#event+name"),
    Column(_("Drill"), "#event+drill"),
]
_WHERE = [
    Column(_("Name of the province"), "#adm1+name"),
    Column(_("Province code"), "#adm1+code"),
    Column(_("Name of the city"), "#adm2+name"),
    Column(_("City code"), "#adm2+code"),
    Column(_("Name of the county"), "#adm3+name"),
    Column(_("County code"), "#adm3+code"),
    Column(_("Where exactly"), "#loc+name"),
    Column(_("Latitude"), "#geo+lat"),
    Column(_("Longitude"), "#geo+lon"),
]
INCIDENTS = [
    *EVENT,
    Column(_("Cause"), "#cause+code"),
    Column(_("Cause in words"), "#cause+name"),
    Column(_("State"), "#status+event"),
    Column(_("Level of response"), "#severity+level+num"),
    Column(_("Known since"), "#date+known"),
    Column(_("Happened"), "#date+happened"),
    *_WHERE,
    Column(_("Led by"), "#org+lead+name"),
    Column(_("Society code"), "#org+lead+code"),
    Column(_("Team"), "#org+team+name"),
    Column(_("Society of the team"), "#org+team+society"),
    Column(_("What for"), "#activity+name"),
    Column(_("State of the mission"), "#status+team"),
    Column(_("People"), "#capacity+people+num"),
    Column(_("How surely"), "#meta+qualifier"),
]
FIGURES = [
    *EVENT,
    Column(_("Report"), "#meta+report+num"),
    Column(_("As of"), "#date+asof"),
    Column(_("Source"), "#meta+source"),
    Column(_("Stage"), "#meta+stage"),
    Column(_("Corrected by report"), "#meta+corrected_by"),
    Column(_("Figure code"), "#indicator+code"),
    Column(pgettext_lazy("what is counted", "Figure"), "#indicator+name"),
    Column(_("HXL tag"), "#indicator+tag"),
    Column(_("Value"), "#indicator+value+num"),
    Column(_("How surely"), "#meta+qualifier"),
    Column(_("Unit"), "#indicator+unit"),
]
NEEDS = [
    *EVENT,
    Column(_("What is needed"), "#item+name"),
    Column(_("Skill"), "#item+skill"),
    Column(_("How many"), "#item+needed+num"),
    Column(_("How surely"), "#meta+qualifier"),
    Column(_("Unit"), "#item+unit"),
    Column(_("Met"), "#item+met+num"),
    Column(_("Told at"), "#date+told"),
    Column(_("Closed at"), "#date+closed"),
]


def incidents_sheet(incidents: Sequence[Incident]) -> bytes:
    """Who does what where: a row a team, and one for an incident without any. Hand the incidents
    in with `missions` prefetched (team, its society and kind). One query, for the places."""
    codes = {code for each in incidents for code in _levels(each.place_code)}
    names = place_names(codes)
    return sheet(INCIDENTS, (row for each in incidents for row in _incident_rows(each, names)))


def figures_sheet(incident: Incident, reports: Iterable[SituationReport]) -> bytes:
    """Every figure of every report; one that was corrected says by which. Never a sum."""
    return sheet(FIGURES, (row for each in reports for row in _figure_rows(incident, each)))


def needs_sheet(incident: Incident) -> bytes:
    """One query."""
    rows = (
        [
            *_event(incident),
            need.what,
            need.skill_id,
            need.value,
            need.qualifier if need.value is not None else "",
            need.unit,
            need.met,
            need.told_at,
            need.closed_at,
        ]
        for need in incident.needs.all()
    )
    return sheet(NEEDS, rows)


def _event(incident: Incident) -> list[Any]:
    return [incident.number, title_of(incident), incident.is_drill]


def _levels(code: str) -> list[str]:
    """Province, city, county, as far down as the code goes."""
    levels = [f"{code[:2]}0000"]
    if code[2:] != "0000":
        levels.append(f"{code[:4]}00")
    if code[4:] != "00":
        levels.append(code)
    return levels


def _incident_rows(incident: Incident, names: dict[str, PlaceName]) -> Iterable[list[Any]]:
    levels = _levels(incident.place_code)
    places: list[Any] = []
    for level in range(3):
        code = levels[level] if level < len(levels) else ""
        places += [names[code].local if code else "", code]
    start = [
        *_event(incident),
        incident.cause,
        CAUSES[incident.cause],
        incident.state,
        incident.level,
        incident.known_at,
        incident.happened_at,
        *places,
        place_text(incident),
        degrees(incident.latitude_microdegrees),
        degrees(incident.longitude_microdegrees),
        naming.local_name(incident.society),
        incident.society_id,
    ]
    missions = list(incident.missions.all())
    yield from ([*start, *_mission(each)] for each in missions)
    if not missions:
        yield [*start, *[""] * 6]


def _mission(mission: Mission) -> list[Any]:
    return [
        naming.local_name(mission.team),
        naming.local_name(mission.team.society),
        naming.local_name(mission.team.kind),
        mission.state,
        mission.people,
        mission.people_qualifier if mission.people is not None else "",
    ]


def _figure_rows(incident: Incident, report: SituationReport) -> Iterable[list[Any]]:
    newer = next((each.number for each in report.corrected_by.all()), None)
    for figure in report.figures.all():
        known = MEASURES.get(figure.measure)
        yield [
            *_event(incident),
            report.number,
            report.as_of,
            report.source,
            report.stage,
            newer,
            figure.measure,
            measure_words(figure.measure),
            # Without its mark: a cell that begins with one would be read as a line of hashtags.
            known.tag.removeprefix("#") if known else "",
            figure.value,
            figure.qualifier if figure.value is not None else "",
            figure.unit,
        ]
