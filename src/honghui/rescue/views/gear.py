"""Gear and vehicles on the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.kernel import clock
from honghui.kernel.errors import NotFound
from honghui.registry.access import may, require
from honghui.registry.middleware import actor
from honghui.registry.naming import local_name
from honghui.registry.permissions import MANAGE_TEAMS, SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.rescue import access, team_access
from honghui.rescue.actions import gear as actions
from honghui.rescue.forms.gear import (
    BackForm,
    CountForm,
    GearForm,
    InspectionForm,
    IssueForm,
    RetireForm,
    VehicleForm,
)
from honghui.rescue.models import Team
from honghui.rescue.queries.gear import gear_page, stock_of
from honghui.rescue.views.steps import Crumbs, step
from honghui.rescue.views.teams import crumbs_of
from honghui.rescue.words.gear import VEHICLES
from honghui.ui.forms import Form, posted


def _crumbs(team: Team) -> Crumbs:
    return [*crumbs_of(team), (_("Gear and vehicles"), reverse("gear", args=[team.pk]))]


def _step(
    request: HttpRequest,
    team: Team,
    form: Form,
    do: Callable[..., Any],
    **words: Any,
) -> HttpResponse:
    return step(
        request,
        form,
        do,
        back=reverse("gear", args=[team.pk]),
        crumbs=_crumbs(team),
        done=_("Recorded."),
        **words,
    )


@require_safe
@desk_view_for(SEE_RESCUE)
def page(request: HttpRequest, team_id: UUID) -> HttpResponse:
    by = actor(request)
    team = access.team(by, team_id)
    context = {
        "team": team,
        "crumbs": crumbs_of(team),
        "page": gear_page(team),
        "may_keep": may(by, MANAGE_TEAMS, team.society_id),
    }
    return render(request, "rescue/teams/gear.html", context)


@desk_view_for(MANAGE_TEAMS)
def list_gear(request: HttpRequest, team_id: UUID) -> HttpResponse:
    team = team_access.kept_team(actor(request), team_id)
    return _step(
        request,
        team,
        GearForm(posted(request)),
        lambda by, values: actions.list_gear(by=by, team=team, **values),
        title=_("List gear"),
        submit=_("List it"),
    )


@desk_view_for(MANAGE_TEAMS)
def list_vehicle(request: HttpRequest, team_id: UUID) -> HttpResponse:
    team = team_access.kept_team(actor(request), team_id)
    return _step(
        request,
        team,
        VehicleForm(posted(request)),
        lambda by, values: actions.list_vehicle(by=by, team=team, **values),
        title=_("List a vehicle or boat"),
        submit=_("List it"),
    )


@desk_view_for(MANAGE_TEAMS)
def gear(request: HttpRequest, gear_id: UUID, verb: str) -> HttpResponse:
    by = actor(request)
    one = team_access.gear(by, gear_id)
    require(by, MANAGE_TEAMS, one.team.society_id)
    today = clock.today()
    sent = posted(request)
    steps: dict[str, Callable[[], tuple[Form, Callable[..., Any], str, str]]] = {
        "count": lambda: (
            CountForm(sent, initial={"quantity": one.quantity, "damaged": one.damaged}),
            lambda by, values: actions.count_gear(by=by, gear=one, **values),
            _("Count it anew"),
            _("Keep the count"),
        ),
        "inspect": lambda: (
            InspectionForm(sent, initial={"inspected_on": today}),
            lambda by, values: actions.inspect_gear(by=by, gear=one, **values),
            _("Note an inspection"),
            _("Note it"),
        ),
        "issue": lambda: (
            IssueForm(sent),
            lambda by, values: actions.issue_gear(by=by, gear=one, **values),
            _("Gear goes out"),
            _("Issue it"),
        ),
    }
    form, do, title, submit = _chosen(steps, verb)
    about = f"{local_name(one)} · " + _("%(n)s at hand") % {"n": stock_of(one).at_hand}
    return _step(request, one.team, form, do, title=title, submit=submit, about=about)


@desk_view_for(MANAGE_TEAMS)
def vehicle(request: HttpRequest, vehicle_id: UUID, verb: str) -> HttpResponse:
    by = actor(request)
    one = team_access.vehicle(by, vehicle_id)
    require(by, MANAGE_TEAMS, one.team.society_id)
    today = clock.today()
    sent = posted(request)
    steps: dict[str, Callable[[], tuple[Form, Callable[..., Any], str, str]]] = {
        "inspect": lambda: (
            InspectionForm(sent, initial={"inspected_on": today}),
            lambda by, values: actions.inspect_vehicle(by=by, vehicle=one, **values),
            _("Note an inspection"),
            _("Note it"),
        ),
        "retire": lambda: (
            RetireForm(sent, initial={"retired_on": today}),
            lambda by, values: actions.retire_vehicle(by=by, vehicle=one, **values),
            _("Retire the vehicle"),
            _("Retire it"),
        ),
    }
    form, do, title, submit = _chosen(steps, verb)
    about = f"{one.name} · {VEHICLES[one.kind]}"
    return _step(request, one.team, form, do, title=title, submit=submit, about=about)


@desk_view_for(MANAGE_TEAMS)
def back(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    by = actor(request)
    issue = team_access.gear_issue(by, issue_id)
    require(by, MANAGE_TEAMS, issue.gear.team.society_id)
    return _step(
        request,
        issue.gear.team,
        BackForm(posted(request), initial={"returned": issue.quantity}),
        lambda by, values: actions.return_gear(by=by, issue=issue, **values),
        title=_("Gear is back"),
        lead=_("Every piece that went out is accounted for."),
        submit=_("Note it"),
        about=f"{local_name(issue.gear)} · {issue.quantity}",
    )


def _chosen(
    steps: dict[str, Callable[[], tuple[Form, Callable[..., Any], str, str]]], verb: str
) -> tuple[Form, Callable[..., Any], str, str]:
    if verb not in steps:
        raise NotFound("web.not_found", _("There is no page at this address."))
    return steps[verb]()
