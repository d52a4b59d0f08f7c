"""Calling people to an incident: a wish, the proposal with its reasons, who is ticked. Sending, and
what it costs, is the call-out's own page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from honghui.kernel import clock
from honghui.registry.access import require
from honghui.registry.middleware import actor
from honghui.registry.permissions import CALL_OUT
from honghui.registry.views.guards import desk_view_for
from honghui.rescue import access
from honghui.rescue.actions.asking import ask_team
from honghui.rescue.actions.calling import call_people
from honghui.rescue.forms.missions import AskForm, CallForm, WishForm, kinds_and_skills
from honghui.rescue.models import Incident
from honghui.rescue.queries.incidents import place_text
from honghui.rescue.queries.proposal import TEAMS_SHOWN, Answer, proposal_for
from honghui.rescue.rules.proposing import (
    ROAD_FACTOR_TENTHS,
    SAME_CITY_MINUTES,
    SAME_COUNTY_MINUTES,
    SPEED_KMH,
    Proposed,
    TeamProposed,
)
from honghui.rescue.words.missions import reason_words
from honghui.ui.forms import posted

PEOPLE_SHOWN = 200


@desk_view_for(CALL_OUT)
def call(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    by = actor(request)
    kinds, skills = kinds_and_skills()
    wishing = WishForm(request.GET, kinds=kinds, skills=skills)
    wish = wishing.wish
    answer = proposal_for(by, incident, wish, at=clock.now())
    ticked = set(request.POST.getlist("people")) if request.method == "POST" else None
    teams, ids = _teams(answer, ticked)
    form = CallForm(posted(request), ids=ids, initial={"place": _place(incident)})
    if form.is_valid():
        with form.refusals():
            people = [UUID(each) for each in form.values["people"]]
            values = {**form.values, "people": people}
            call_out = call_people(
                by=by.with_once(form.once_key), incident=incident, wish=wish, **values
            )
            messages.success(request, _("Drafted. Look at what it costs, then send."))
            return redirect(call_out)
    context = {
        "incident": incident,
        "wishing": wishing,
        "wish": wish,
        "proposal": answer.proposal,
        "teams": teams,
        "sisters": [(answer.teams[one.facts.id], one, _reasons(one)) for one in _sisters(answer)],
        "form": form,
        "may_tick": bool(ids),
        "road_factor": f"{ROAD_FACTOR_TENTHS / 10:.1f}",
        "speed": SPEED_KMH,
        "county": SAME_COUNTY_MINUTES,
        "city": SAME_CITY_MINUTES,
        "has_place": incident.latitude_microdegrees is not None,
    }
    return render(request, "rescue/missions/call.html", context, status=form.status)


@desk_view_for(CALL_OUT)
def ask(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    form = AskForm(
        posted(request),
        incident=incident,
        initial={"team": request.GET.get("team"), "wanted_people": request.GET.get("people")},
    )
    if form.is_valid():
        with form.refusals():
            mission = ask_team(
                by=actor(request).with_once(form.once_key), incident=incident, **form.values
            )
            messages.success(request, _("Asked. It waits for their leader."))
            return redirect(mission)
    context = {"incident": incident, "form": form}
    return render(request, "rescue/missions/ask.html", context, status=form.status)


def _led(request: HttpRequest, incident_id: UUID) -> Incident:
    incident = access.incident(actor(request), incident_id)
    require(actor(request), CALL_OUT, incident.society_id)
    return incident


def _place(incident: Incident) -> str:
    return (incident.place_text or place_text(incident))[:80]


def _sisters(answer: Answer) -> list[TeamProposed]:
    return list(answer.proposal.sisters[:TEAMS_SHOWN])


def _reasons(team: TeamProposed) -> str:
    return " · ".join(reason_words(each) for each in team.reasons)


def _teams(answer: Answer, ticked: set[str] | None) -> tuple[list[dict[str, Any]], list[str]]:
    """The first teams with their people: those proposed or in reserve can be ticked (those that
    are ticked stand first, the further reserve is folded away), the others are there to be read.
    And the ids that may be ticked."""
    shown, ids = [], []
    reserve = answer.proposal.wish.people * 2
    for team in answer.proposal.teams[:TEAMS_SHOWN]:
        rows = [_person(answer, each, number) for number, each in enumerate(team.people, 1)]
        able = [row for row in rows if row["rank"]][:PEOPLE_SHOWN]
        ids += [row["id"] for row in able]
        for row in able:
            row["is_ticked"] = row["rank"] <= reserve if ticked is None else row["id"] in ticked
        shown.append(
            {
                "team": answer.teams[team.facts.id],
                "facts": team,
                "reasons": _reasons(team),
                "first": [row for row in able if row["is_ticked"]],
                "further": [row for row in able if not row["is_ticked"]],
                "others": [row for row in rows if not row["rank"]],
            }
        )
    return shown, ids


def _person(answer: Answer, one: Proposed, number: int) -> dict[str, Any]:
    return {
        "id": str(one.facts.person_id),
        "rank": one.rank,
        "is_proposed": one.is_proposed,
        "name": answer.names.get(one.facts.person_id, ""),
        "number": number,
        "reasons": " · ".join(reason_words(each) for each in one.reasons),
    }
