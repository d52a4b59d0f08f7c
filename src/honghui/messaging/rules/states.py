"""How a message's state changes, and how long it may wait: pure.

The one hard idea: receipts come late, twice and out of order, and before the answer to the
hand-over was seen. "Delivered" is the last word: who has it, has it. "Failed" gives way to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

UNDER_WAY = frozenset({"sending", "unsure", "sent"})
PATIENCE_URGENT = timedelta(minutes=2)
PATIENCE_CALM = timedelta(days=1)


def patience(*, is_urgent: bool) -> timedelta:
    """So long a message waits for a throttle or a template before another way is tried."""
    return PATIENCE_URGENT if is_urgent else PATIENCE_CALM


def after_receipt(state: str, *, is_delivered: bool) -> str | None:
    """The new state, None when it stays."""
    if is_delivered:
        # Queued: asked about, not found, and about to be sent again.
        return "delivered" if state in UNDER_WAY | {"failed", "queued", "held"} else None
    return "failed" if state in UNDER_WAY else None


@dataclass(frozen=True)
class Limit:
    """So many text messages to one number in so many seconds."""

    count: int
    seconds: int


def read_limits(text: str) -> tuple[Limit, ...]:
    """From "1/60,5/3600". "" means none."""
    pairs = (each.split("/") for each in text.split(",") if each.strip())
    return tuple(Limit(int(count), int(seconds)) for count, seconds in pairs)


def wait_for_limits(
    sent: Sequence[datetime], limits: Sequence[Limit], *, now: datetime
) -> timedelta:
    """How long this number has to be left alone before it may get another one; sent: when it got
    messages, in any order."""
    wait = timedelta(0)
    for limit in limits:
        within = sorted(each for each in sent if each > now - timedelta(seconds=limit.seconds))
        if len(within) >= limit.count:
            free_at = within[-limit.count] + timedelta(seconds=limit.seconds)
            wait = max(wait, free_at - now)
    return wait


def ask_after(asks: int) -> timedelta | None:
    """When to ask the gateway next what became of a hand-over that it did not know of; None: it
    never came to it."""
    waits = (timedelta(seconds=5), timedelta(seconds=20))
    return waits[asks] if asks < len(waits) else None


def retry_after(tries: int) -> timedelta:
    """After an arrival could not be handled so many times."""
    waits = (1, 10, 60, 600)
    return timedelta(seconds=waits[tries - 1] if tries <= len(waits) else 3600)
