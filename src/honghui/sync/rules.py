"""What can be known of when something happened, from a clock that may be wrong. No database.

The one hard idea: a phone's clock may be off by years, but the time that went by on it between
writing down and sending is right as long as nobody set it meanwhile. So that difference is
counted back from our own now; what it cannot be is flagged, and nothing is refused for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

FORMS_MOST = 50
BODY_BYTES_MOST = 900_000
FIELDS_MOST = 60
VALUE_CHARACTERS_MOST = 4_000
ATTACHMENTS_MOST = 12
CHUNK_BYTES_MOST = 900_000

OFFSET_SECONDS_SHOWN = 300
AGE_MOST = timedelta(days=366)
AGE_FLAGGED = timedelta(days=30)
_JITTER = timedelta(seconds=2)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


class Flag(StrEnum):
    """clock_off: the phone's clock differs from ours by more than five minutes. after_sending:
    written down after it was sent, by the phone's own clock. long_ago: it waited for more than a
    month."""

    CLOCK_OFF = "clock_off"
    AFTER_SENDING = "after_sending"
    LONG_AGO = "long_ago"


@dataclass(frozen=True)
class Times:
    """age: how long ago it was written down. offset_seconds: by how much the phone's clock is
    ahead of ours."""

    age: timedelta
    offset_seconds: int
    flags: tuple[str, ...]


def times_of(made_at: datetime, sent_at: datetime, received_at: datetime) -> Times:
    """All aware. made_at and sent_at by the phone's clock, received_at by ours."""
    offset_seconds = round((sent_at - received_at).total_seconds())
    age = sent_at - made_at
    flags = []
    if abs(offset_seconds) > OFFSET_SECONDS_SHOWN:
        flags.append(Flag.CLOCK_OFF.value)
    if age < -_JITTER:
        flags.append(Flag.AFTER_SENDING.value)
    if age > AGE_FLAGGED:
        flags.append(Flag.LONG_AGO.value)
    return Times(min(max(age, timedelta(0)), AGE_MOST), offset_seconds, tuple(flags))


def is_possible(moment: datetime) -> bool:
    """Whether any phone can mean it: an empty battery sets the clock to 1970, nothing to before."""
    return EARLIEST <= moment < LATEST
