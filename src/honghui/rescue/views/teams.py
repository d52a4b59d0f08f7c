"""Teams on the desk: the list, one team, what changes it, its calendar and its lists as files."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from honghui.kernel.errors import NotFound, Refused
from honghui.registry.access import may, societies_where
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.naming import local_name
from honghui.registry.permissions import MANAGE_TEAMS, SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import ROWS_MAX
from honghui.rescue import access, team_access
from honghui.rescue.actions import teams as actions
from honghui.rescue.calendars import calendar_of
from honghui.rescue.forms.teams import FilterForm, TeamChangeForm, TeamForm
from honghui.rescue.models import Team
from honghui.rescue.queries.calendars import feed_by_secret, feed_of
from honghui.rescue.queries.teams import team_list, team_page
from honghui.rescue.views.steps import Crumbs, step
from honghui.rescue.words.skills import skill_names
from honghui.rescue.words.teams import TEAM_STATES
from honghui.ui.forms import Form, posted

# verb in the address -> (action, title, lead, button, done)
STEPS: dict[str, tuple[Callable[..., Team], Any, Any, Any]] = {
    "suspend": (
        actions.suspend_team,
        gettext_lazy("Suspend the team"),
        gettext_lazy("Its people are off duty in it until it is active again."),
        gettext_lazy("Suspend it"),
    ),
    "resume": (
        actions.resume_team,
        gettext_lazy("Make the team active again"),
        gettext_lazy("Its people can be called again at once."),
        gettext_lazy("Make it active"),
    ),
    "disband": (
        actions.disband_team,
        gettext_lazy("Disband the team"),
        gettext_lazy("Its people leave it today and their turns are given up. This is for good."),
        gettext_lazy("Disband it"),
    ),
}


def crumbs_of(team: Team) -> Crumbs:
    return [
        (gettext_lazy("Teams"), reverse("teams")),
        (local_name(team), reverse("team", args=[team.pk])),
    ]


@require_safe
@desk_view_for(SEE_RESCUE)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    filters = FilterForm(request.GET).values
    found = team_list(by, **filters)
    context = {
        "found": found,
        "page": Paginator(found.rows, ROWS_MAX).get_page(request.GET.get("page")),
        "filters": filters,
        "states": {code: words for code, (_shape, words) in TEAM_STATES.items()},
        "may_open": bool(societies_where(by, MANAGE_TEAMS)),
    }
    return render(request, "rescue/teams/list.html", context)


@require_safe
@desk_view_for(SEE_RESCUE)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it stands on the page, as a table without names."""
    found = team_list(actor(request), **FilterForm(request.GET).values)
    answer = csv_answer("teams")
    out = csv.writer(answer)
    out.writerow(
        [
            "code", "society", "kind", "name", "name_en", "state", "place_code", "members",
            "ready", "if_short", "on_stand_by", "must_stay_home", "boats", "vehicles", "as_of",
        ]
    )  # fmt: skip
    for row in found.rows:
        team = row.team
        out.writerow(
            [
                team.code, team.society_id, team.kind_id, safe_cell(team.name),
                safe_cell(team.name_en),
                team.state, team.place_code, row.members, row.ready, row.if_short,
                row.on_stand_by, row.cover, row.boats, row.vehicles,
                found.at.isoformat(timespec="minutes"),
            ]
        )  # fmt: skip
    return answer


@desk_view_for(MANAGE_TEAMS)
def open_team(request: HttpRequest) -> HttpResponse:
    form = TeamForm(posted(request), by=actor(request))
    if form.is_valid():
        with form.refusals():
            team = actions.open_team(by=actor(request).with_once(form.once_key), **form.values)
            messages.success(request, _("Opened. Now enrol its people."))
            return redirect(team)
    return render(request, "rescue/teams/open.html", {"form": form}, status=form.status)


@require_safe
@desk_view_for(SEE_RESCUE)
def page(request: HttpRequest, team_id: UUID) -> HttpResponse:
    by = actor(request)
    team = access.team(by, team_id)
    context = {
        "team": team,
        "page": team_page(by, team),
        "skills": skill_names(),
        "may_keep": may(by, MANAGE_TEAMS, team.society_id) and team.state != Team.State.DISBANDED,
        "may_see_names": access.may_see_names(by, team),
    }
    return render(request, "rescue/teams/page.html", context)


@desk_view_for(MANAGE_TEAMS)
def change(request: HttpRequest, team_id: UUID) -> HttpResponse:
    team = team_access.kept_team(actor(request), team_id)
    return step(
        request,
        TeamChangeForm(posted(request), initial=TeamChangeForm.initial_of(team)),
        lambda by, values: actions.change_team(by=by, team=team, **values),
        title=_("Change the team"),
        back=team.get_absolute_url(),
        crumbs=crumbs_of(team),
        submit=_("Save"),
        done=_("Changed."),
    )


@desk_view_for(MANAGE_TEAMS)
def move(request: HttpRequest, team_id: UUID, verb: str) -> HttpResponse:
    team = team_access.kept_team(actor(request), team_id)
    if verb not in STEPS:
        raise NotFound("web.not_found", _("There is no page at this address."))
    do, title, lead, submit = STEPS[verb]
    return step(
        request,
        ReasonForm(posted(request)),
        lambda by, values: do(by=by, team=team, **values),
        title=title,
        lead=lead,
        about=local_name(team),
        back=team.get_absolute_url(),
        crumbs=crumbs_of(team),
        submit=submit,
        done=_("Recorded."),
    )


@desk_view_for(MANAGE_TEAMS)
def calendar(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """The address is shown once, on the answer of the form that makes it."""
    by = actor(request)
    team = team_access.kept_team(by, team_id)
    form = Form(posted(request))
    address = ""
    if form.is_valid():
        with form.refusals():
            if "revoke" in request.POST:
                actions.revoke_calendar_feed(by=by.with_once(form.once_key), team=team)
                messages.success(request, _("Revoked: the address shows nothing any more."))
                return redirect("team_calendar", team.pk)
            feed = actions.make_calendar_feed(by=by.with_once(form.once_key), team=team)
            address = _address(request, feed.secret) if feed.secret else ""
            form = Form()
    context = {
        "team": team,
        "crumbs": crumbs_of(team),
        "form": form,
        "address": address,
        "feed": feed_of(by, team),
    }
    return render(request, "rescue/teams/calendar.html", context, status=form.status)


def _address(request: HttpRequest, secret: str) -> str:
    """Without a language in it: the feed speaks the one it was made in."""
    with translation.override("zh-hans"):
        return request.build_absolute_uri(reverse("calendar_feed", args=[secret]))


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """For a calendar, which cannot sign in. A wrong or revoked address is no page at all."""
    try:
        found = feed_by_secret(secret)
    except Refused as refusal:
        return HttpResponse(str(refusal), status=404, content_type="text/plain; charset=utf-8")
    with translation.override(found.language):
        content = calendar_of(found)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="team.ics"'
    answer["Cache-Control"] = "private, max-age=300"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def csv_answer(name: str) -> HttpResponse:
    """With a mark at its beginning, so that a spreadsheet reads it as UTF-8."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def safe_cell(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula becomes text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
