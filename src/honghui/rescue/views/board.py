"""The board: one incident, or all that are open. A page, and the same in parts for whoever looks
on: what has not changed is answered with 304 after one question to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_safe

from honghui.kernel import clock
from honghui.registry.access import may
from honghui.registry.middleware import actor
from honghui.registry.permissions import SEE_RESCUE, WRITE_RESCUE_REPORTS
from honghui.registry.views.guards import desk_view_for
from honghui.rescue import access
from honghui.rescue.models import Incident
from honghui.rescue.queries.board import (
    Board,
    IncidentRow,
    TeamRow,
    board_of,
    duty_board,
    version_of,
)
from honghui.rescue.reporting.bands import Stretch, bands
from honghui.rescue.rules.board import asked_moment
from honghui.rescue.words import board as words
from honghui.ui.figures import TimeBands

# From so many teams on, a line each.
TEAMS_WIDE_MAX = 6
STEP_MINUTES = 15


@dataclass(frozen=True)
class Looking:
    """What somebody looks at. `asked`: an earlier moment, None for now."""

    asked: datetime | None
    now: datetime
    is_readable: bool

    @property
    def moment(self) -> datetime:
        return self.asked or self.now


@require_safe
@desk_view_for(SEE_RESCUE)
def incident_board(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    by = actor(request)
    incident = access.incident(by, incident_id)
    looking = _looking(request)
    context = {
        **_incident_context(incident, looking),
        "etag": _tag([incident.pk], looking),
        "parts_url": "" if looking.asked else reverse("incident_board_parts", args=[incident.pk]),
        "ways": _ways(incident, looking),
        "may_write": may(by, WRITE_RESCUE_REPORTS, incident.society_id),
    }
    return render(request, "rescue/board/incident.html", context)


@require_safe
@desk_view_for(SEE_RESCUE)
def incident_board_parts(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = access.incident(actor(request), incident_id)
    looking = Looking(None, clock.now(), True)
    tag = _tag([incident.pk], looking)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    context = _incident_context(incident, looking)
    answer = render(request, "rescue/board/incident_parts.html", context)
    answer.headers["ETag"] = tag
    return answer


@require_safe
@desk_view_for(SEE_RESCUE)
def board(request: HttpRequest) -> HttpResponse:
    incidents = list(_open(request))
    looking = Looking(None, clock.now(), True)
    context = {
        **_duty_context(incidents, looking),
        "etag": _tag([one.pk for one in incidents], looking),
        "parts_url": reverse("rescue_board_parts"),
    }
    return render(request, "rescue/board/duty.html", context)


@require_safe
@desk_view_for(SEE_RESCUE)
def board_parts(request: HttpRequest) -> HttpResponse:
    incidents = list(_open(request))
    looking = Looking(None, clock.now(), True)
    tag = _tag([one.pk for one in incidents], looking)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    context = _duty_context(incidents, looking)
    answer = render(request, "rescue/board/duty_parts.html", context)
    answer.headers["ETag"] = tag
    return answer


def _open(request: HttpRequest) -> Any:
    return access.incidents(actor(request)).exclude(state=Incident.State.CLOSED)


def _looking(request: HttpRequest) -> Looking:
    now = clock.now()
    asked, is_readable = asked_moment(request.GET.get("as_of", ""), now)
    return Looking(asked, now, is_readable)


def _tag(incidents: list[UUID], looking: Looking) -> str:
    """A minute that passes changes the page as well: what is due, and how long it has gone on."""
    minute = f"{looking.moment:%Y%m%d%H%M}"
    facts = "|".join([version_of(incidents), minute, get_language() or "", *map(str, incidents)])
    return f'"{sha256(facts.encode()).hexdigest()[:32]}"'


def _incident_context(incident: Incident, looking: Looking) -> dict[str, Any]:
    shown = board_of(incident, looking.moment, is_past=looking.asked is not None)
    row = shown.rows[0]
    over_at = _over_at(incident, looking.moment)
    return {
        "incident": incident,
        "is_over": over_at is not None,
        "over_text": gettext("Closed at %(hour)s")
        % {"hour": words.hour_words(over_at, "exact", day_of=None)}
        if over_at
        else "",
        "until": over_at or looking.moment,
        "board": shown,
        "row": row,
        "looking": looking,
        "since": incident.happened_at or incident.known_at,
        "scope": ngettext("%(count)s team", "%(count)s teams", len(row.teams))
        % {"count": len(row.teams)},
        "bands": _bands(row, shown, is_over=over_at is not None),
        "is_many": len(row.teams) > TEAMS_WIDE_MAX,
        "urgent": [] if over_at else _urgent(row, shown),
        "say": "" if over_at else _spoken(row),
    }


def _over_at(incident: Incident, moment: datetime) -> datetime | None:
    """When it was closed, if it was by then: nobody is due any more, and no time runs."""
    closed_at = incident.closed_at
    is_over = incident.state == Incident.State.CLOSED and closed_at and closed_at <= moment
    return closed_at if is_over else None


def _duty_context(incidents: list[Incident], looking: Looking) -> dict[str, Any]:
    shown = duty_board(incidents, looking.moment)
    return {
        "board": shown,
        "looking": looking,
        "rows": [{"row": row, "urgent": _urgent(row, shown)} for row in shown.rows],
        "say": "；".join(_spoken(row) for row in shown.rows),
    }


@dataclass(frozen=True)
class Urgent:
    """One line of what needs somebody now; `is_red`: it cannot wait."""

    text: str
    is_red: bool


def _urgent(row: IncidentRow, shown: Board) -> list[Urgent]:
    """The gravest first: one of them is red."""
    found = []
    if row.relief:
        team, group, at = row.relief
        facts = {
            "team": words.short_team(team.mission.team, row.several),
            "batch": group.number,
            "hour": words.hour_words(at, "exact", day_of=shown.moment),
        }
        sentence = _relief_words(is_over=at < shown.moment, is_batch=len(team.groups) > 1)
        found.append(Urgent(sentence % facts, at - timedelta(hours=2) <= shown.moment))
    late = sum(one.people for _team, one in row.expected if one.is_late)
    if late:
        sentence = gettext("%(count)s people are later than they said") % {"count": late}
        found.append(Urgent(sentence, True))
    if row.asked:
        sentence = gettext("%(count)s people were asked and have not answered")
        found.append(Urgent(sentence % {"count": row.asked}, False))
    for team, flag, count in row.flags:
        facts = {
            "team": words.short_team(team.mission.team, row.several),
            "flag": words.flag_words(flag),
            "count": count,
        }
        found.append(Urgent(gettext("%(team)s: %(flag)s (%(count)s)") % facts, False))
    return sorted(found, key=lambda one: not one.is_red)


def _relief_words(*, is_over: bool, is_batch: bool) -> str:
    if is_over and is_batch:
        return gettext("Relief of %(team)s, batch %(batch)s, was due at %(hour)s")
    if is_over:
        return gettext("Relief of %(team)s was due at %(hour)s")
    if is_batch:
        return gettext("Relieve %(team)s, batch %(batch)s, before %(hour)s")
    return gettext("Relieve %(team)s before %(hour)s")


def _spoken(row: IncidentRow) -> str:
    """Read out when it changes, and nothing else is."""
    heads = row.heads
    return gettext("%(there)s there, %(way)s on the way, %(coming)s coming") % {
        "there": words.number_words(heads.there),
        "way": words.number_words(heads.way),
        "coming": words.number_words(heads.coming),
    }


def _bands(row: IncidentRow, shown: Board, *, is_over: bool) -> TimeBands | None:
    since = row.incident.happened_at or row.incident.known_at
    open_text = gettext("end not told") if is_over else ""
    return bands(
        [
            (words.short_team(team.mission.team, row.several), _stretches(team, open_text))
            for team in row.teams
        ],
        begins=since,
        label=gettext("When the teams were on the scene"),
        now=None if is_over else shown.moment,
        moments=[(since, gettext("it began"))],
    )


def _stretches(team: TeamRow, open_text: str) -> list[Stretch]:
    """One band a team: from the first that arrived to the last that left."""
    there = [group.told["arrived"].at for group in team.groups if "arrived" in group.told]
    if not there:
        return []
    ends = [_end(group.told) for group in team.groups if "arrived" in group.told]
    over = None if None in ends else max(end for end in ends if end)
    return [Stretch(min(there), over, words.number_words(team.people), open_text)]


def _end(told: Any) -> datetime | None:
    one = told.get("left") or told.get("back") or told.get("ordered_back")
    return one.at if one else None


def _ways(incident: Incident, looking: Looking) -> dict[str, str]:
    """To an earlier moment and back, as links: keys press them."""
    base = reverse("incident_board", args=[incident.pk])
    step = timedelta(minutes=STEP_MINUTES)

    def way(moment: datetime) -> str:
        return f"{base}?{urlencode({'as_of': f'{localtime(moment):%Y-%m-%dT%H:%M}'})}"

    later = looking.moment + step
    return {
        "earlier": way(looking.moment - step),
        "later": "" if not looking.asked else base if later >= looking.now else way(later),
        "now": base if looking.asked else "",
        "base": base,
        "field": f"{localtime(looking.moment):%Y-%m-%dT%H:%M}",
    }
