"""The board and the reports of an incident, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from honghui.kernel.actors import Actor
from honghui.registry.access import may
from honghui.registry.permissions import WRITE_RESCUE_REPORTS
from honghui.rescue.models import Incident
from honghui.rescue.panels import Panel
from honghui.rescue.queries.report import reports_of


def _reports(by: Actor, incident: Incident) -> Mapping[str, Any]:
    """One query."""
    return {
        "reports": reports_of(incident)[:3],
        "may_write": may(by, WRITE_RESCUE_REPORTS, incident.society_id),
    }


PANELS = [Panel("reports", 70, "rescue/incidents/_sections/reports.html", _reports)]
