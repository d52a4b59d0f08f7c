"""How long somebody gave to a mission: from leaving to being back. Pure.

The one hard idea: a missing time is estimated and says so; it is never made up silently. Where the
way back is missing, it took as long as the way there. Longer than any mission of ours is cut there
and says so: somebody forgot to tell that they are home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(days=14)


@dataclass(frozen=True)
class Span:
    from_at: datetime
    until_at: datetime
    is_estimated: bool
    is_capped: bool

    @property
    def minutes(self) -> int:
        return int((self.until_at - self.from_at).total_seconds()) // 60


Times = Mapping[str, datetime | None]


def span_of(own: Times, team: Times) -> Span | None:
    """`own`: a responder's departed, arrived, left, back; `team`: the same of their team, for what
    they did not tell. None where not even an estimate has a beginning and an end."""
    begin, guessed_begin = _begin(own, team)
    end, guessed_end = _end(own, team, begin)
    if begin is None or end is None or end < begin:
        return None
    is_capped = end - begin > LONGEST
    until = begin + LONGEST if is_capped else end
    return Span(begin, until, guessed_begin or guessed_end, is_capped)


def _begin(own: Times, team: Times) -> tuple[datetime | None, bool]:
    if own.get("departed"):
        return own["departed"], False
    return own.get("arrived") or team.get("departed") or team.get("arrived"), True


def _end(own: Times, team: Times, begin: datetime | None) -> tuple[datetime | None, bool]:
    if own.get("back"):
        return own["back"], False
    if team.get("back"):
        return team["back"], True
    left = own.get("left") or team.get("left") or team.get("ordered_back")
    if left is None:
        return None, True
    arrived = own.get("arrived") or team.get("arrived")
    way = arrived - begin if arrived and begin and arrived > begin else timedelta()
    return left + way, True
