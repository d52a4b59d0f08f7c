"""The incident's log: a person's notes; a correction is a new line that strikes an old one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action
from honghui.kernel import clock
from honghui.kernel import text as texts
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.kernel.measures import Qualifier
from honghui.registry.access import require
from honghui.registry.permissions import LEAD_MISSIONS
from honghui.rescue import access
from honghui.rescue.leading import check_code, record_of
from honghui.rescue.lines import add_line
from honghui.rescue.models import Incident, LogLine, Mission
from honghui.rescue.rules import incidents as rules

LINE = 400


@action("rescue.line.noted")
def note_line(
    *,
    by: Actor,
    incident: Incident,
    text: str,
    text_en: str = "",
    at: datetime | None = None,
    at_qualifier: str = "exact",
    mission: Mission | None = None,
) -> LogLine:
    """A sentence for the log, by whoever leads the incident or (`mission`) one of its teams."""
    _require_noting(by, incident, mission)
    line = _write_line(by, incident, "note", text, text_en, at, at_qualifier, mission=mission)
    record_of(by, "rescue.line.noted", incident, about=line)
    return line


@action("rescue.line.corrected")
def correct_line(
    *,
    by: Actor,
    line: LogLine,
    text: str,
    text_en: str = "",
    at: datetime | None = None,
    at_qualifier: str = "exact",
) -> LogLine:
    """A new line that puts another right. The old one stays, struck through."""
    incident = Incident.objects.select_for_update(no_key=True).get(pk=line.incident_id)
    _require_noting(by, incident, line.mission)
    if line.corrected_by.exists():
        raise Conflict(
            "rescue.line.corrected_already",
            _("This line was corrected already."),
            _("Correct the newer one."),
        )
    newer = _write_line(
        by, incident, "correction", text, text_en, at or line.at, at_qualifier,
        mission=line.mission, corrects=line,
    )  # fmt: skip
    record_of(by, "rescue.line.corrected", incident, about=newer, after={"corrects": line})
    return newer


def _require_noting(by: Actor, incident: Incident, mission: Mission | None) -> None:
    """Whoever leads missions in the society that leads the incident, or that keeps the team."""
    if mission is not None and mission.incident_id == incident.pk:
        access.require_leading(by, mission)
    else:
        require(by, LEAD_MISSIONS, incident.society_id)


def _write_line(
    by: Actor,
    incident: Incident,
    kind: str,
    said: str,
    said_en: str,
    at: datetime | None,
    qualifier: str,
    **values: Any,
) -> LogLine:
    """A closed incident's log may still be added to: a report is often written afterwards."""
    check_code(qualifier, list(Qualifier), "at_qualifier")
    rules.check_not_in_future(at, clock.now(), field="at")
    said = texts.clean_line(said, limit=LINE, field="text")
    if not said:
        raise Invalid(
            "rescue.line.empty", _("The line is empty."), _("Write one sentence."), field="text"
        )
    said_en = texts.clean_line(said_en, limit=500, field="text_en")
    return add_line(
        by, incident, kind, at=at, at_qualifier=qualifier, text=said, text_en=said_en, **values
    )
