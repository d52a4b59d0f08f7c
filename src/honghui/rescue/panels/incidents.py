"""Requests, levels and the log on the page of an incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.registry.access import may
from honghui.registry.permissions import LEAD_MISSIONS, OPEN_INCIDENTS
from honghui.rescue.forms.incidents import NoteForm
from honghui.rescue.models import Incident
from honghui.rescue.panels import Panel
from honghui.rescue.queries.incidents import log_of

LOG_SHOWN = 40


def _requests(by: Actor, incident: Incident) -> Mapping[str, Any]:
    """Two queries."""
    return {
        "requests": list(incident.requests.all()),
        "levels": list(incident.level_changes.select_related("decided_by")),
        "may_add": _may_lead(by, incident) and incident.state != incident.State.CLOSED,
    }


def _log(by: Actor, incident: Incident) -> Mapping[str, Any]:
    """Newest first, because that is what is looked for. Two queries."""
    lines = log_of(incident)[::-1]
    may_note = may(by, LEAD_MISSIONS, incident.society_id)
    return {
        "lines": lines[:LOG_SHOWN],
        "more": max(len(lines) - LOG_SHOWN, 0),
        "form": NoteForm(initial={"at": clock.now()}) if may_note else None,
    }


def _may_lead(by: Actor, incident: Incident) -> bool:
    return may(by, OPEN_INCIDENTS, incident.society_id)


PANELS = [
    Panel("requests", 50, "rescue/incidents/_sections/requests.html", _requests),
    Panel("log", 90, "rescue/incidents/_sections/log.html", _log),
]
