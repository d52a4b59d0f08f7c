"""Flood-season readiness on the desk: the plan beside what there is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.kernel import clock, tables
from honghui.registry.access import may, require, societies_where
from honghui.registry.middleware import actor
from honghui.registry.naming import local_name, local_text
from honghui.registry.permissions import MANAGE_TEAMS, SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.rescue import team_access
from honghui.rescue.actions import readiness as actions
from honghui.rescue.forms.gear import PlanForm, StockForm, TargetsForm
from honghui.rescue.models import ReadinessPlan
from honghui.rescue.queries.readiness import current_plan, readiness
from honghui.rescue.queries.targets import read_targets, targets_as_table
from honghui.rescue.readiness_map import readiness_map
from honghui.rescue.views.steps import step
from honghui.rescue.words.gear import MEASURES
from honghui.ui.forms import posted


@require_safe
@desk_view_for(SEE_RESCUE)
def current(request: HttpRequest) -> HttpResponse:
    return _show(request, current_plan(actor(request)))


@require_safe
@desk_view_for(SEE_RESCUE)
def page(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    return _show(request, team_access.plan(actor(request), plan_id))


def _show(request: HttpRequest, plan: ReadinessPlan | None) -> HttpResponse:
    by = actor(request)
    context: dict[str, Any] = {
        "plan": plan,
        "plans": team_access.plans(by).order_by("-from_on", "society")[:12],
        "may_plan": bool(societies_where(by, MANAGE_TEAMS)),
        "may_keep": plan is not None and may(by, MANAGE_TEAMS, plan.society_id),
        "measures": MEASURES,
    }
    if plan is not None:
        found = readiness(by, plan)
        context |= {
            "found": found,
            "grid": readiness_map(found.rows),
            "scope": local_name(plan.society) if found.is_whole else _("my societies in this plan"),
        }
    return render(request, "rescue/teams/readiness.html", context)


@desk_view_for(MANAGE_TEAMS)
def make(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = PlanForm(posted(request), by=by, initial=PlanForm.season(clock.today()))
    if form.is_valid():
        with form.refusals():
            plan = actions.make_plan(by=by.with_once(form.once_key), **form.values)
            messages.success(request, _("Made. Now set its targets."))
            return redirect("readiness_targets", plan.pk)
    context = {
        "form": form,
        "title": _("Make a readiness plan"),
        "lead": _("What every society under yours should have ready in a season."),
        "submit": _("Make it"),
        "crumbs": [(_("Readiness"), reverse("readiness"))],
    }
    return render(request, "rescue/teams/step.html", context, status=form.status)


@desk_view_for(MANAGE_TEAMS)
def targets(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The whole plan as a table: copied out, changed in a spreadsheet, pasted back."""
    by = actor(request)
    plan = team_access.plan(by, plan_id)
    require(by, MANAGE_TEAMS, plan.society_id)
    form = TargetsForm(posted(request), initial={"pasted": targets_as_table(plan)})
    faults = []
    if form.is_valid():
        with form.refusals():
            read = read_targets(plan, tables.read_pasted(form.cleaned_data["pasted"]))
            faults = read.faults
            if not faults:
                actions.set_targets(by=by.with_once(form.once_key), plan=plan, targets=read.targets)
                messages.success(request, _("Set."))
                return redirect("readiness_plan", plan.pk)
    context = {
        "plan": plan,
        "form": form,
        "faults": faults,
        "measures": MEASURES,
        "crumbs": [
            (_("Readiness"), reverse("readiness")),
            (local_title(plan), reverse("readiness_plan", args=[plan.pk])),
        ],
    }
    status = 422 if faults else form.status
    return render(request, "rescue/teams/targets.html", context, status=status)


@desk_view_for(MANAGE_TEAMS)
def count(request: HttpRequest) -> HttpResponse:
    initial = {"measure": request.GET.get("measure", ""), "society": request.GET.get("society")}
    return step(
        request,
        StockForm(posted(request), by=actor(request), initial=initial),
        lambda by, values: actions.count_stock(by=by, **values),
        title=_("Write down a count"),
        lead=_("For what is not in our books yet. It is shown as typed, with its time."),
        back=reverse("readiness"),
        crumbs=[(_("Readiness"), reverse("readiness"))],
        submit=_("Write it down"),
        done=_("Written down."),
    )


def local_title(plan: ReadinessPlan) -> str:
    return local_text(plan.title, plan.title_en)
