"""What is known, what is needed, and the map, on the page of an incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from honghui.kernel.actors import Actor
from honghui.registry.access import may
from honghui.registry.permissions import OPEN_INCIDENTS
from honghui.rescue.models import Incident
from honghui.rescue.panels import Panel
from honghui.rescue.queries.incident_map import map_of
from honghui.rescue.queries.situation import course, due, newest, reports_of, still_standing


def _situation(by: Actor, incident: Incident) -> Mapping[str, Any]:
    """Three queries."""
    reports = reports_of(incident)
    standing = still_standing(reports)
    return {
        "reports": reports[::-1],
        "known": newest(reports),
        "course": course(reports),
        "due": due(incident, has_report=bool(reports)),
        "latest": standing[-1] if standing else None,
        "may_report": _may_lead(by, incident) and incident.state != Incident.State.CLOSED,
    }


def _needs(by: Actor, incident: Incident) -> Mapping[str, Any]:
    """One query."""
    return {
        "needs": sorted(
            incident.needs.select_related("skill"), key=lambda need: need.closed_at is not None
        ),
        "may_tell": _may_lead(by, incident) and incident.state != Incident.State.CLOSED,
    }


def _map(by: Actor, incident: Incident) -> Mapping[str, Any]:
    """Two queries."""
    return {"map": map_of(incident)}


def _may_lead(by: Actor, incident: Incident) -> bool:
    return may(by, OPEN_INCIDENTS, incident.society_id)


PANELS = [
    Panel("situation", 10, "rescue/incidents/_sections/situation.html", _situation),
    Panel("needs", 40, "rescue/incidents/_sections/needs.html", _needs),
    Panel("map", 60, "rescue/incidents/_sections/map.html", _map),
]
