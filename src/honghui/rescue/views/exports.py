"""Incidents, figures and needs as HXL files, for whoever may see them on the desk."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from honghui.registry.middleware import actor
from honghui.registry.permissions import SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.rescue import access
from honghui.rescue.exporting.hxl import figures_sheet, incidents_sheet, needs_sheet
from honghui.rescue.queries.incidents import incidents_to_export
from honghui.rescue.queries.situation import reports_of


@require_safe
@desk_view_for(SEE_RESCUE)
def incidents(request: HttpRequest) -> HttpResponse:
    return csv_file("incidents.csv", incidents_sheet(incidents_to_export(actor(request))))


@require_safe
@desk_view_for(SEE_RESCUE)
def situation(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = access.incident(actor(request), incident_id)
    data = figures_sheet(incident, reports_of(incident))
    return csv_file(f"{incident.number}-situation.csv", data)


@require_safe
@desk_view_for(SEE_RESCUE)
def needs(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    incident = access.incident(actor(request), incident_id)
    return csv_file(f"{incident.number}-needs.csv", needs_sheet(incident))


def csv_file(name: str, data: bytes) -> HttpResponse:
    """A sheet to be saved under this name."""
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
