"""Incidents on the desk: the list, the page, the forms that change one, the log to print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from honghui.kernel import clock
from honghui.registry.access import may, require, societies_where
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import LEAD_MISSIONS, OPEN_INCIDENTS, SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.rescue import access, panels
from honghui.rescue.actions import incidents as actions
from honghui.rescue.actions import log as log_actions
from honghui.rescue.forms.incidents import (
    ChangeIncidentForm,
    CloseForm,
    CorrectionForm,
    FilterForm,
    LevelForm,
    NoteForm,
    OpenIncidentForm,
    RequestForm,
)
from honghui.rescue.models import Incident
from honghui.rescue.queries.incidents import incident_list, log_line, log_of, with_places
from honghui.rescue.rules.incidents import MISSION_OVER
from honghui.rescue.words.incidents import CAUSES, STATES
from honghui.ui.forms import Form, posted


@require_safe
@desk_view_for(SEE_RESCUE)
def listing(request: HttpRequest) -> HttpResponse:
    by, filters = actor(request), FilterForm(request.GET).values
    page = page_of(request, incident_list(by, **filters))
    context = {
        "page": page,
        "rows": with_places(list(page)),
        "filters": filters,
        "states": {code: words for code, (_kind, words) in STATES.items()},
        "causes": CAUSES,
        "may_open": bool(societies_where(by, OPEN_INCIDENTS)),
    }
    return render(request, "rescue/incidents/list.html", context)


@desk_view_for(OPEN_INCIDENTS)
def open_incident(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = OpenIncidentForm(posted(request), by=by)
    if form.is_valid():
        with form.refusals():
            incident = actions.open_incident(by=by.with_once(form.once_key), **form.values)
            messages.success(request, _("Opened. Now ask for teams, or write what you know."))
            return redirect(incident)
    return render(request, "rescue/incidents/open.html", {"form": form}, status=form.status)


@require_safe
@desk_view_for(SEE_RESCUE)
def page(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    by = actor(request)
    incident = access.incident(by, incident_id)
    may_lead = may(by, OPEN_INCIDENTS, incident.society_id)
    context = {
        "incident": incident,
        "row": with_places([incident])[0],
        "level": incident.level_changes.order_by("-from_at", "-id").first(),
        "panels": panels.shown(by, incident),
        "may_lead": may_lead,
        "may_change": may_lead and incident.state != Incident.State.CLOSED,
    }
    return render(request, "rescue/incidents/page.html", context)


@require_safe
@desk_view_for(SEE_RESCUE)
def log(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """The whole log, oldest first, good on paper."""
    incident = access.incident(actor(request), incident_id)
    context = {
        "incident": incident,
        "row": with_places([incident])[0],
        "lines": log_of(incident),
        "may_correct": may(actor(request), LEAD_MISSIONS, incident.society_id),
    }
    return render(request, "rescue/incidents/log.html", context)


@dataclass(frozen=True)
class _Step:
    """A form about one incident: what it is called, what its button says, what was done.
    `shows_going`: with the teams that are not back, which stand in the way."""

    action: Callable[..., Any]
    title: Any
    submit: Any
    done: Any
    lead: Any = ""
    shows_going: bool = False


def _led(request: HttpRequest, incident_id: UUID) -> Incident:
    """An incident that this actor leads; one that they may see and not lead is refused."""
    incident = access.incident(actor(request), incident_id)
    require(actor(request), OPEN_INCIDENTS, incident.society_id)
    return incident


def _step(request: HttpRequest, incident: Incident, form: Form, step: _Step) -> HttpResponse:
    if form.is_valid():
        with form.refusals():
            step.action(
                by=actor(request).with_once(form.once_key), incident=incident, **form.values
            )
            messages.success(request, step.done)
            return redirect(incident)
    going = incident.missions.exclude(state__in=MISSION_OVER).select_related("team")
    context = {
        "incident": incident,
        "form": form,
        "step": step,
        "going": going.order_by("opened_at", "id") if step.shows_going else (),
    }
    return render(request, "rescue/incidents/step.html", context, status=form.status)


@desk_view_for(OPEN_INCIDENTS)
def change(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    initial = {
        name: getattr(incident, name)
        for name in (
            "title", "title_en", "happened_at", "happened_qualifier", "place_code", "place_text",
            "place_text_en",
        )
    }  # fmt: skip
    for name in ("latitude", "longitude"):
        micro = getattr(incident, f"{name}_microdegrees")
        initial[name] = "" if micro is None else f"{micro / 1_000_000:.6f}"
    step = _Step(
        actions.change_incident,
        gettext_lazy("What is known"),
        gettext_lazy("Save"),
        gettext_lazy("Saved. The log says what was changed."),
    )
    return _step(request, incident, ChangeIncidentForm(posted(request), initial=initial), step)


@desk_view_for(OPEN_INCIDENTS)
def hear(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    step = _Step(
        actions.request_heard,
        gettext_lazy("Somebody asks for help"),
        gettext_lazy("Write it down"),
        gettext_lazy("Written down."),
        gettext_lazy("Several may ask for the same; each gets a line of its own."),
    )
    form = RequestForm(posted(request), initial={"heard_at": clock.now()})
    return _step(request, incident, form, step)


@desk_view_for(OPEN_INCIDENTS)
def set_level(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    step = _Step(
        actions.set_level,
        gettext_lazy("Level of response"),
        gettext_lazy("Decide"),
        gettext_lazy("Decided. The log says so."),
    )
    form = LevelForm(posted(request), now=incident.level, initial={"from_at": clock.now()})
    return _step(request, incident, form, step)


@desk_view_for(OPEN_INCIDENTS)
def begin(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    step = _Step(
        actions.begin_incident,
        gettext_lazy("It has happened"),
        gettext_lazy("Open the incident"),
        gettext_lazy("The incident is open."),
    )
    return _step(request, incident, ReasonForm(posted(request)), step)


@desk_view_for(OPEN_INCIDENTS)
def close(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    step = _Step(
        actions.close_incident,
        gettext_lazy("Close the incident"),
        gettext_lazy("Close"),
        gettext_lazy("The incident is over."),
        gettext_lazy("Every team must be back. A response that still stands ends with it."),
        shows_going=True,
    )
    return _step(request, incident, CloseForm(posted(request)), step)


@desk_view_for(OPEN_INCIDENTS)
def reopen(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = _led(request, incident_id)
    step = _Step(
        actions.reopen_incident,
        gettext_lazy("Open it again"),
        gettext_lazy("Open again"),
        gettext_lazy("Open again."),
    )
    return _step(request, incident, ReasonForm(posted(request)), step)


@desk_view_for(LEAD_MISSIONS)
def note(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = access.incident(actor(request), incident_id)
    require(actor(request), LEAD_MISSIONS, incident.society_id)
    step = _Step(
        log_actions.note_line,
        gettext_lazy("A line for the log"),
        gettext_lazy("Write"),
        gettext_lazy("Written into the log."),
    )
    return _step(request, incident, NoteForm(posted(request), initial={"at": clock.now()}), step)


@desk_view_for(LEAD_MISSIONS)
def correct(request: HttpRequest, incident_id: UUID, line_id: UUID) -> HttpResponse:
    by = actor(request)
    incident = access.incident(by, incident_id)
    require(by, LEAD_MISSIONS, incident.society_id)
    line = log_line(incident, line_id)
    initial = {"at": line.at, "at_qualifier": line.at_qualifier, "text": line.text}
    form = CorrectionForm(posted(request), initial=initial)
    if form.is_valid():
        with form.refusals():
            log_actions.correct_line(by=by.with_once(form.once_key), line=line, **form.values)
            messages.success(request, _("Corrected. The old line stays, struck through."))
            return redirect(incident)
    context = {"incident": incident, "line": line, "form": form}
    return render(request, "rescue/incidents/correct.html", context, status=form.status)
