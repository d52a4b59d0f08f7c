"""Who was there and when, as bands of time: for the board and for the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext

from honghui.ui.figures import Band, Moment, Span, TimeBands

_HOUR = timedelta(hours=1)
# Marks along the top: the first of these that leaves no more than nine of them.
_STEPS = (1, 2, 3, 6, 12, 24, 48)
_MARKS = 9


def _left(names: Iterable[str]) -> int:
    """Room for the longest name: a Chinese character is as wide as two Latin letters."""
    widths = [sum(14 if letter > "\u2e7f" else 8 for letter in name) for name in names]
    return max(64, *widths, 0) + 8


@dataclass(frozen=True)
class Stretch:
    """One group on the scene. ends None: still there, or its end was not told."""

    starts: datetime
    ends: datetime | None
    text: str = ""
    open_text: str = ""


def bands(
    teams: Sequence[tuple[str, Sequence[Stretch]]],
    *,
    begins: datetime,
    label: str,
    now: datetime | None = None,
    moments: Sequence[tuple[datetime, str]] = (),
    width: int = 1000,
) -> TimeBands | None:
    """None where nobody was there yet. `now`: the red line, up to which open stretches run."""
    spans = [span for _name, each in teams for span in each]
    if not spans:
        return None
    last = max([*(span.ends or span.starts for span in spans), *([now] if now else [])])
    starts = localtime(min([begins, *(span.starts for span in spans)]))
    starts = starts.replace(minute=0, second=0, microsecond=0)
    hours = (localtime(last) - starts) / _HOUR
    # Room on the right: for words behind a band, and for an end that was not told.
    ends = starts + _HOUR * max(3, hours * 1.08 + 1)
    every = next((step for step in _STEPS if hours / step <= _MARKS), _STEPS[-1])
    return TimeBands(
        starts=starts,
        ends=ends,
        bands=[
            Band(name, [Span(one.starts, one.ends, one.text, one.open_text) for one in each])
            for name, each in teams
            if each
        ],
        label=label,
        moments=[Moment(at, text) for at, text in moments],
        now=Moment(now, gettext("%(clock)s now") % {"clock": f"{localtime(now):%H:%M}"})
        if now
        else None,
        every_hours=every,
        width=width,
        left=_left(name for name, _spans in teams),
    )
