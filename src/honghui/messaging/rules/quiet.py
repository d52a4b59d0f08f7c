"""Quiet hours: when somebody is left in peace, and when that ends."""

from __future__ import annotations

from datetime import datetime, time, timedelta

QUIET_FROM = time(22, 0)
QUIET_UNTIL = time(7, 0)


def is_quiet(moment: datetime, begins: time, ends: time) -> bool:
    """Whether it is quiet at `moment` (in the person's own zone). begins == ends: never."""
    now = moment.time().replace(tzinfo=None)
    if begins <= ends:
        return begins <= now < ends
    return now >= begins or now < ends


def until_end(moment: datetime, begins: time, ends: time) -> timedelta:
    """How long it stays quiet from `moment` on; nothing when it is not."""
    if not is_quiet(moment, begins, ends):
        return timedelta(0)
    end = moment.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return end - moment if end > moment else end + timedelta(days=1) - moment
