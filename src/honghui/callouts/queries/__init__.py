"""Reads for pages and the worker."""

from __future__ import annotations

from datetime import datetime

from honghui.callouts.models import CallOut


def due_call_out(now: datetime) -> CallOut | None:
    """The open one whose next step has waited longest, locked; none that another worker holds."""
    due = CallOut.objects.filter(state=CallOut.State.OPEN, next_step_at__lte=now)
    locked = due.select_for_update(of=("self",), skip_locked=True).select_related("society")
    return locked.order_by("next_step_at").first()
