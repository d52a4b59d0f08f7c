"""What the pages of a report read: its rows, the teams' names, where its record stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext

from honghui.rescue.models import Claim, Incident, RescueReport, Team
from honghui.rescue.reporting.bands import Stretch, bands
from honghui.rescue.reporting.contents import Contents, TeamOf, from_json
from honghui.rescue.reporting.record import public_contents
from honghui.rescue.reporting.words import ReportWords, report_words
from honghui.rescue.rules.findings import Finding
from honghui.rescue.rules.findings import from_json as findings_from
from honghui.rescue.words.board import number_words, short_place, team_words
from honghui.rescue.words.reports import Names, TeamName
from honghui.ui.components.text import is_chinese
from honghui.ui.figures import TimeBands


@dataclass(frozen=True)
class ReportPage:
    """A report in words. `index`: of its record in the log, None until it is there. `newer`: the
    number that took its place, if it is in public."""

    report: RescueReport
    contents: Contents
    words: ReportWords
    bands: TimeBands | None
    index: int | None
    newer: RescueReport | None

    @property
    def note(self) -> str:
        return note_of(self.report)


def note_of(report: RescueReport) -> str:
    """The person's own note, in the reader's language where it was written in it."""
    return (not is_chinese() and report.note_en) or report.note or report.note_en


def report_page(report: RescueReport, *, public: bool) -> ReportPage:
    """`public`: with the numbers that everybody may read. Four queries."""
    contents = public_contents(report) if public else from_json(report.contents)
    names = names_for([contents])
    found: Sequence[Finding] = findings_from(report.findings)
    newer = (
        RescueReport.objects.filter(corrects=report)
        .exclude(state=RescueReport.State.DRAFT)
        .order_by("-number")
        .first()
    )
    return ReportPage(
        report=report,
        contents=contents,
        words=report_words(contents, found, names, report.as_of),
        bands=_bands(contents, names, report.as_of),
        index=indexes_of([report]).get(report.record_number or 0),
        newer=newer,
    )


def reports_of(incident: Incident) -> list[RescueReport]:
    """The newest first."""
    rows = RescueReport.objects.filter(incident=incident).order_by("-number")
    return list(rows.select_related("written_by", "released_by", "corrects"))


def waiting_first(reports: QuerySet[RescueReport]) -> QuerySet[RescueReport]:
    """Drafts first, then the newest."""
    is_draft = Case(When(state=RescueReport.State.DRAFT, then=0), default=1)
    return reports.annotate(turn=is_draft).order_by("turn", "-written_at", "-id")


def claims_of(incident: Incident) -> list[Claim]:
    return list(Claim.objects.filter(incident=incident).order_by("id"))


def names_for(several: Iterable[Contents]) -> Names:
    """The teams' names, in the reader's language. One query."""
    codes = {team.code for contents in several for team in contents.teams}
    teams = list(Team.objects.filter(code__in=codes).select_related("society"))
    taken = Counter(short_place(team.society) for team in teams)
    return {
        team.code: TeamName(
            team_words(team),
            short_place(team.society)
            if taken[short_place(team.society)] == 1
            else team_words(team),
        )
        for team in teams
    }


def indexes_of(reports: Iterable[RescueReport]) -> dict[int, int]:
    """Where in the log each of their records stands, by its number."""
    numbers = [one.record_number for one in reports if one.record_number]
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, index FROM journal_leaf WHERE number = ANY(%s) AND part = 1", [numbers]
        )
        return dict(cursor.fetchall())


def _bands(contents: Contents, names: Names, as_of: datetime) -> TimeBands | None:
    began = contents.began.at
    return bands(
        [
            (names[team.code].short if team.code in names else team.code, _stretches(team))
            for team in contents.teams
        ],
        begins=began,
        label=gettext("When the teams were on the scene"),
        moments=[(began, gettext("it began"))],
        width=720,
    )


def _stretches(team: TeamOf) -> list[Stretch]:
    """From the first arrival to the last known withdrawal; its end open where it was not told."""
    arrived = team.times("arrived")
    if not arrived:
        return []
    gone = team.times("left") or team.times("ordered_back") or team.times("back")
    return [
        Stretch(
            arrived[0].at,
            gone[-1].at if gone else None,
            number_words(team.people),
            "" if gone else gettext("end not told"),
        )
    ]
