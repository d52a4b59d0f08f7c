"""Situation reports and needs on the desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.kernel import clock
from honghui.registry.access import may, require
from honghui.registry.middleware import actor
from honghui.registry.permissions import OPEN_INCIDENTS, SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.rescue import access
from honghui.rescue.actions import needs as need_actions
from honghui.rescue.actions.situation import report_situation
from honghui.rescue.forms.incidents_situation import MetForm, NeedForm, SituationForm
from honghui.rescue.models import Incident, Need, SituationReport
from honghui.rescue.queries.situation import need_of, newest, report_numbered, reports_of
from honghui.ui.forms import Form, posted


def _led(request: HttpRequest, incident_id: UUID) -> Incident:
    """An incident that this actor leads; one that they may see and not lead is refused."""
    incident = access.incident(actor(request), incident_id)
    require(actor(request), OPEN_INCIDENTS, incident.society_id)
    return incident


@desk_view_for(OPEN_INCIDENTS)
def report(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _report(request, _led(request, incident_id), None)


@desk_view_for(OPEN_INCIDENTS)
def correct(request: HttpRequest, incident_id: UUID, number: int) -> HttpResponse:
    incident = _led(request, incident_id)
    return _report(request, incident, report_numbered(incident, number))


def _report(
    request: HttpRequest, incident: Incident, corrects: SituationReport | None
) -> HttpResponse:
    by, reports = actor(request), reports_of(incident)
    form = SituationForm(
        posted(request),
        known=newest(reports),
        corrects=corrects,
        initial={} if corrects else {"as_of": clock.now()},
    )
    if form.is_valid():
        with form.refusals():
            made = report_situation(
                by=by.with_once(form.once_key), incident=incident, **form.values
            )
            messages.success(request, _("Written down. It never adds to an earlier one."))
            return redirect("situation", incident.pk, made.number)
    context = {"incident": incident, "form": form, "corrects": corrects, "is_first": not reports}
    return render(request, "rescue/incidents/situation_form.html", context, status=form.status)


@require_safe
@desk_view_for(SEE_RESCUE)
def page(request: HttpRequest, incident_id: UUID, number: int) -> HttpResponse:
    by = actor(request)
    incident = access.incident(by, incident_id)
    report = report_numbered(incident, number)
    context = {
        "incident": incident,
        "report": report,
        "newer": next(iter(report.corrected_by.all()), None),
        "may_correct": may(by, OPEN_INCIDENTS, incident.society_id),
    }
    return render(request, "rescue/incidents/situation.html", context)


@desk_view_for(OPEN_INCIDENTS)
def need(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    form = NeedForm(posted(request))
    if form.is_valid():
        with form.refusals():
            need_actions.tell_need(
                by=actor(request).with_once(form.once_key), incident=incident, **form.values
            )
            messages.success(request, _("Written down."))
            return redirect(f"{incident.get_absolute_url()}#needs")
    context = {"incident": incident, "form": form}
    return render(request, "rescue/incidents/need.html", context, status=form.status)


@desk_view_for(OPEN_INCIDENTS)
def need_met(request: HttpRequest, incident_id: UUID, need_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    found = need_of(incident, need_id)
    form = MetForm(posted(request), initial={"met": found.met})
    if form.is_valid():
        with form.refusals():
            need_actions.change_need(
                by=actor(request).with_once(form.once_key), need=found, **form.values
            )
            return redirect(f"{incident.get_absolute_url()}#needs")
    return _need_page(request, incident, found, form, Form())


@desk_view_for(OPEN_INCIDENTS)
def need_close(request: HttpRequest, incident_id: UUID, need_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    found = need_of(incident, need_id)
    close = Form(posted(request))
    if close.is_valid():
        with close.refusals():
            need_actions.close_need(by=actor(request).with_once(close.once_key), need=found)
            return redirect(f"{incident.get_absolute_url()}#needs")
    return _need_page(request, incident, found, MetForm(initial={"met": found.met}), close)


def _need_page(
    request: HttpRequest, incident: Incident, need: Need, form: Form, close: Form
) -> HttpResponse:
    context = {"incident": incident, "need": need, "form": form, "close": close}
    status = max(form.status, close.status)
    return render(request, "rescue/incidents/need_met.html", context, status=status)
