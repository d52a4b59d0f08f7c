"""Stand-by: turns, cover, and what may be swapped. Pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Conflict, Invalid

TURN_HOURS_MIN = 1
STAND_BY_DAYS_MAX = 92
TURNS_MAX = 92


def turns(
    from_at: datetime, until_at: datetime, each_hours: int | None
) -> list[tuple[datetime, datetime]]:
    """The period as one turn, or cut into turns of so many hours; the last may be shorter."""
    check_period(from_at, until_at)
    if each_hours is None:
        return [(from_at, until_at)]
    step = timedelta(hours=max(each_hours, TURN_HOURS_MIN))
    found = []
    begin = from_at
    while begin < until_at:
        found.append((begin, min(begin + step, until_at)))
        begin += step
        if len(found) > TURNS_MAX:
            raise Invalid(
                "rescue.stand_by.too_many_turns",
                _("That would be more than %(most)s turns.") % {"most": TURNS_MAX},
                _("Open a shorter period, or longer turns."),
                field="each_hours",
            )
    return found


def check_period(from_at: datetime, until_at: datetime) -> None:
    if until_at <= from_at:
        raise Invalid(
            "rescue.stand_by.reversed",
            _("The stand-by ends before it begins."),
            _("Check both times."),
            field="until_at",
        )
    if until_at - from_at > timedelta(days=STAND_BY_DAYS_MAX):
        raise Invalid(
            "rescue.stand_by.too_long",
            _("A stand-by runs for at most %(most)s days.") % {"most": STAND_BY_DAYS_MAX},
            _("Open the next one when this one ends."),
            field="until_at",
        )


def check_cover(minimum: int, members: int, *, field: str) -> None:
    """Nobody can promise more people than there are."""
    if minimum > members:
        raise Invalid(
            "rescue.cover.above_members",
            _("The team has %(members)s people; %(minimum)s cannot be covered.")
            % {"members": members, "minimum": minimum},
            _("Ask for fewer, or enrol members first."),
            field=field,
        )


def check_open(*, until_at: datetime, is_cancelled: bool, now: datetime) -> None:
    if is_cancelled:
        raise Conflict(
            "rescue.stand_by.cancelled",
            _("This stand-by was cancelled."),
            _("Open a new one if it is needed again."),
        )
    if until_at <= now:
        raise Conflict(
            "rescue.stand_by.over",
            _("This stand-by is over."),
            _("Nothing can be changed about it any more."),
        )


def required_cover(minimum_cover: int, stand_by_minimums: Iterable[int]) -> int:
    """How many must stay at home: the largest of what was promised at one moment, because the
    same people keep all of it."""
    return max([minimum_cover, *stand_by_minimums])


def shortage(minimum: int, taken: int) -> int:
    return max(0, minimum - taken)
