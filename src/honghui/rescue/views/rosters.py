"""Stand-by on the desk: the week of all teams, the week of one, one stand-by with its turns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from honghui.kernel import clock
from honghui.kernel.errors import NotFound
from honghui.registry.access import may, require
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import MANAGE_TEAMS, SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import ROWS_MAX
from honghui.rescue import access, team_access
from honghui.rescue.actions import rosters as actions
from honghui.rescue.forms.teams import MemberOfForm, StandByForm
from honghui.rescue.models import StandBy, Team
from honghui.rescue.queries import rosters
from honghui.rescue.queries.turns import candidates, unready_of
from honghui.rescue.rules.rosters import shortage
from honghui.rescue.views.steps import Crumbs, step
from honghui.rescue.views.teams import crumbs_of
from honghui.rescue.words.skills import skill_names
from honghui.ui.forms import Form, posted


def _monday(request: HttpRequest) -> date:
    """The week that was asked for by any day of it; this one where none was."""
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = clock.today()
    return rosters.monday_of(day)


def _week(monday: date) -> dict[str, Any]:
    return {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": (monday - timedelta(days=7)).isoformat(),
        "after": (monday + timedelta(days=7)).isoformat(),
        "days": [monday + timedelta(days=ahead) for ahead in range(7)],
        "today": clock.today(),
    }


@require_safe
@desk_view_for(SEE_RESCUE)
def week(request: HttpRequest) -> HttpResponse:
    """All teams, seven days: who is covered and who is not."""
    by = actor(request)
    teams = access.teams(by).exclude(state=Team.State.DISBANDED)
    page = Paginator(teams.order_by("society__code", "code"), ROWS_MAX).get_page(
        request.GET.get("page")
    )
    monday = _monday(request)
    rows = rosters.week_of(list(page.object_list), monday)
    context = {
        "page": page,
        "rows": rows,
        "short": [(row.team, day) for row in rows for day in row.days if day.short],
        **_week(monday),
    }
    return render(request, "rescue/teams/week.html", context)


@require_safe
@desk_view_for(SEE_RESCUE)
def roster(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """One team's week: each turn with who has it, for those who may see names."""
    by = actor(request)
    team = access.team(by, team_id)
    monday = _monday(request)
    found = list(rosters.in_week(rosters.with_places(rosters.stand_bys_of(team)), monday))
    context = {
        "team": team,
        "crumbs": crumbs_of(team),
        "by_day": _by_day(found, monday),
        "wanted": len(found),
        "short": [one for one in found if shortage(one.minimum_people, rosters.taken_of(one))],
        "may_see_names": access.may_see_names(by, team),
        "may_keep": may(by, MANAGE_TEAMS, team.society_id),
        "now": clock.now(),
        **_week(monday),
    }
    return render(request, "rescue/teams/roster.html", context)


def _by_day(found: Sequence[StandBy], monday: date) -> list[tuple[date, list[StandBy]]]:
    """A stand-by stands under the day it begins on; one from last week under the first."""
    days: dict[date, list[StandBy]] = {monday + timedelta(days=ahead): [] for ahead in range(7)}
    for one in found:
        begins = one.from_at.astimezone(clock.CHINA).date()
        days[max(begins, monday)].append(one)
    return list(days.items())


@desk_view_for(MANAGE_TEAMS)
def open_stand_by(request: HttpRequest, team_id: UUID) -> HttpResponse:
    team = team_access.kept_team(actor(request), team_id)
    begin = datetime.combine(clock.today(), time(8), clock.CHINA) + timedelta(days=1)
    initial = {
        "from_at": begin,
        "until_at": begin + timedelta(days=1),
        "minimum_people": team.minimum_cover or 2,
    }
    return step(
        request,
        StandByForm(posted(request), initial=initial),
        lambda by, values: actions.open_stand_by(by=by, team=team, **values),
        title=_("Open a stand-by"),
        lead=_("Ready at home without turning out. Turns are taken afterwards."),
        back=reverse("roster", args=[team.pk]),
        crumbs=_crumbs(team),
        submit=_("Open the stand-by"),
        done=_("Opened. Now say who takes the turns."),
    )


def _crumbs(team: Team) -> Crumbs:
    return [*crumbs_of(team), (_("Stand-by"), reverse("roster", args=[team.pk]))]


@desk_view_for(SEE_RESCUE)
def stand_by(request: HttpRequest, stand_by_id: UUID) -> HttpResponse:
    """Looked at by whoever sees the team; a turn is noted by whoever keeps it."""
    by = actor(request)
    one = team_access.stand_by(by, stand_by_id)
    may_see = access.may_see_names(by, one.team)
    may_keep = may(by, MANAGE_TEAMS, one.team.society_id) and one.cancelled_at is None
    may_keep = may_keep and one.until_at > clock.now()
    free, off = candidates(one if may_keep else None)
    form = MemberOfForm(posted(request), choices=free)
    if request.method == "POST":
        require(by, MANAGE_TEAMS, one.team.society_id)
        if form.is_valid():
            with form.refusals():
                actions.take_turn(by=by.with_once(form.once_key), stand_by=one, **form.values)
                messages.success(request, _("Noted."))
                return redirect("stand_by", one.pk)
    shown = rosters.with_places(rosters.stand_bys_of(one.team)).get(pk=one.pk)
    context = {
        "one": shown,
        "team": one.team,
        "crumbs": _crumbs(one.team),
        "form": form,
        "answer": Form(),
        "turns": rosters.turns_of(shown),
        "short": shortage(one.minimum_people, len(rosters.turns_of(shown))),
        "off": off,
        "unready": unready_of(shown) if may_see else [],
        "skills": skill_names(),
        "may_see_names": may_see,
        "may_keep": may_keep,
    }
    return render(request, "rescue/teams/stand_by.html", context, status=form.status)


@desk_view_for(MANAGE_TEAMS)
def cancel(request: HttpRequest, stand_by_id: UUID) -> HttpResponse:
    by = actor(request)
    one = team_access.stand_by(by, stand_by_id)
    require(by, MANAGE_TEAMS, one.team.society_id)
    return step(
        request,
        ReasonForm(posted(request)),
        lambda by, values: actions.cancel_stand_by(by=by, stand_by=one, **values),
        title=_("Cancel the stand-by"),
        lead=_("Nobody need be ready for it any more. Calendars show it as cancelled."),
        back=reverse("roster", args=[one.team_id]),
        crumbs=_crumbs(one.team),
        submit=_("Cancel it"),
        done=_("Cancelled."),
    )


@desk_view_for(MANAGE_TEAMS)
def give_up(request: HttpRequest, place_id: UUID) -> HttpResponse:
    by = actor(request)
    place = team_access.turn(by, place_id)
    require(by, MANAGE_TEAMS, place.stand_by.team.society_id)
    return step(
        request,
        ReasonForm(posted(request)),
        lambda by, values: actions.give_up_turn(by=by, place=place, **values),
        title=_("A turn is given up"),
        about=place.member.person.name,
        lead=_("Cover may fall short; it is shown until somebody takes the turn."),
        back=reverse("stand_by", args=[place.stand_by_id]),
        crumbs=_crumbs(place.stand_by.team),
        submit=_("Note it"),
        done=_("Noted."),
    )


@desk_view_for(MANAGE_TEAMS)
def ask_swap(request: HttpRequest, place_id: UUID) -> HttpResponse:
    by = actor(request)
    place = team_access.turn(by, place_id)
    require(by, MANAGE_TEAMS, place.stand_by.team.society_id)
    free, _off = candidates(place.stand_by)
    return step(
        request,
        MemberOfForm(posted(request), choices=free),
        lambda by, values: actions.ask_swap(by=by, place=place, **values),
        title=_("Who is asked to take this turn"),
        about=place.member.person.name,
        lead=_("Until they say yes, the turn is still the other’s."),
        back=reverse("stand_by", args=[place.stand_by_id]),
        crumbs=_crumbs(place.stand_by.team),
        submit=_("Note that they are asked"),
        done=_("Noted. Say what they answer when they do."),
    )


@require_POST
@desk_view_for(MANAGE_TEAMS)
def answer_swap(request: HttpRequest, swap_id: UUID, verb: str) -> HttpResponse:
    by = actor(request)
    swap = team_access.swap(by, swap_id)
    require(by, MANAGE_TEAMS, swap.place.stand_by.team.society_id)
    do = {"accept": actions.accept_swap, "decline": actions.decline_swap}.get(verb)
    if do is None:
        raise NotFound("web.not_found", _("There is no page at this address."))
    form = Form(request.POST)
    if form.is_valid():
        with form.refusals():
            do(by=by.with_once(form.once_key), swap=swap)
            messages.success(request, _("Noted."))
    for error in form.non_field_errors():
        messages.error(request, str(error))
    return redirect("stand_by", swap.place.stand_by_id)
