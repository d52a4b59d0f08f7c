"""Reports that wait for somebody's eyes, for the desk's first page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from honghui.kernel.actors import Actor
from honghui.registry.access import societies_where
from honghui.registry.permissions import RELEASE_RESCUE_REPORTS
from honghui.registry.queries.desk import Task
from honghui.rescue.models import RescueReport
from honghui.rescue.queries.incidents import marked_title


def waiting_for(by: Actor) -> list[Task]:
    """Drafts that this actor may release, and did not write. One query."""
    codes = societies_where(by, RELEASE_RESCUE_REPORTS)
    if not codes:
        return []
    drafts = RescueReport.objects.filter(
        state=RescueReport.State.DRAFT, incident__society__in=codes
    ).exclude(written_by__person=by.person_id)
    return [
        Task(
            gettext_lazy("Report of a rescue"),
            marked_title(report.incident),
            report.incident.number,
            report.get_absolute_url(),
            "half",
            _("Waiting for your eyes"),
        )
        for report in drafts.select_related("incident").order_by("written_at")
    ]
