"""Incidents for pages: the list, one of them, its log, what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, F, Prefetch, QuerySet, Value, When
from django.utils.translation import gettext

from honghui.kernel.actors import Actor
from honghui.registry import naming
from honghui.registry.access import not_found
from honghui.registry.naming import local_text
from honghui.rescue import access
from honghui.rescue.models import Incident, LogLine, Mission
from honghui.rescue.words.places import PlaceName, place_names

EXPORTED_MAX = 5_000
_RANK = Case(When(state="open", then=Value(0)), When(state="watch", then=Value(1)), default=2)


@dataclass(frozen=True)
class Row:
    """An incident as a list shows it."""

    incident: Incident
    place: PlaceName


def incident_list(
    by: Actor, *, state: str = "", cause: str = "", query: str = ""
) -> QuerySet[Incident]:
    """Open ones first, the highest level first, then the newest."""
    found = access.incidents(by)
    if state:
        found = found.filter(state=state)
    if cause:
        found = found.filter(cause=cause)
    for word in query.split():
        found = found.filter(title__icontains=word) | found.filter(number__icontains=word)
    return found.order_by(_RANK, F("level").asc(nulls_last=True), "-known_at", "-id")


def with_places(incidents: list[Incident]) -> list[Row]:
    """One query."""
    names = place_names(each.place_code for each in incidents)
    return [Row(each, names[each.place_code]) for each in incidents]


def incidents_to_export(by: Actor) -> list[Incident]:
    """Newest first, with the teams that take or took part. Two queries."""
    missions = Mission.objects.exclude(state__in=["declined", "cancelled"]).select_related(
        "team__society", "team__kind"
    )
    found = access.incidents(by).order_by("-known_at", "-id")
    return list(found.prefetch_related(Prefetch("missions", missions))[:EXPORTED_MAX])


def log_of(incident: Incident) -> list[LogLine]:
    """The log, oldest first, each line with what corrects it. Two queries."""
    newer = Prefetch("corrected_by", LogLine.objects.only("id", "corrects_id"))
    return list(
        incident.log_lines.select_related("noted_by", "mission__team").prefetch_related(newer)
    )


def log_line(incident: Incident, line_id: UUID) -> LogLine:
    """One line of this incident's log. NotFound for any other."""
    found = incident.log_lines.select_related("mission__team", "mission__incident")
    line = found.filter(pk=line_id).first()
    if line is None:
        raise not_found()
    return line


def title_of(incident: Incident) -> str:
    return local_text(incident.title, incident.title_en)


def marked_title(incident: Incident) -> str:
    """Where a title stands alone: nobody may take an exercise for the real thing."""
    title = title_of(incident)
    return f"{gettext('Drill')} · {title}" if incident.is_drill else title


def place_text(incident: Incident) -> str:
    return local_text(incident.place_text, incident.place_text_en)


def society_name(incident: Incident) -> str:
    return naming.local_name(incident.society)
