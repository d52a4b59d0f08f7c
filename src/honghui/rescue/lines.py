"""The incident's log: a line is a step of the action that it tells of, in the same transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.rescue.models import Incident, LogLine, Mission


def add_line(
    by: Actor,
    incident: Incident,
    kind: str,
    *,
    at: datetime | None = None,
    at_qualifier: str = "exact",
    mission: Mission | None = None,
    text: str = "",
    text_en: str = "",
    corrects: LogLine | None = None,
    **values: Any,
) -> LogLine:
    """`kind` has its words in words/lines.py; `values` fill them: codes, numbers, texts that are
    public. Never a person's name. `at`: when it was so, not when it was written (now)."""
    return LogLine.objects.create(
        incident=incident,
        mission=mission,
        at=at or clock.now(),
        at_qualifier=at_qualifier,
        kind=kind,
        values=values,
        text=text,
        text_en=text_en,
        corrects=corrects,
        noted_by_id=by.account_id,
        noted_at=clock.now(),
    )
