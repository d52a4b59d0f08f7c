"""What may be of an incident: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Conflict, Invalid
from honghui.kernel.text import fold_digits

# A phone's clock may run a little ahead of ours.
AHEAD_MAX = timedelta(minutes=5)
MICRO = 1_000_000
# A mission in one of these states is over, or never was.
MISSION_OVER = frozenset({"back", "closed", "declined", "cancelled"})


def check_level(level: int | None) -> None:
    """I (1, the highest) to IV (4), or none."""
    if level is not None and level not in (1, 2, 3, 4):
        raise Invalid(
            "rescue.level.unknown",
            _("There are four levels of response: I, II, III and IV."),
            _("Choose one of them; I is the highest."),
            field="level",
        )


def check_level_change(before: int | None, after: int | None) -> str:
    """The kind of line for it: opened, raised, lowered, ended. Refused where nothing changes."""
    check_level(after)
    if before == after:
        raise Conflict(
            "rescue.level.same",
            _("The response already stands at this level."),
            _("Nothing needs to be done, or choose another level."),
        )
    if before is None:
        return "level_opened"
    if after is None:
        return "level_ended"
    return "level_raised" if after < before else "level_lowered"


def check_not_in_future(at: datetime | None, now: datetime, *, field: str) -> None:
    if at is not None and at > now + AHEAD_MAX:
        raise Invalid(
            "rescue.time.in_future",
            _("This time lies in the future."),
            _("Check the date and the hour, on a 24-hour clock."),
            field=field,
        )


def check_order(earlier: datetime | None, later: datetime | None, *, field: str) -> None:
    if earlier is not None and later is not None and later < earlier:
        raise Invalid(
            "rescue.time.reversed",
            _("This comes before what it follows from."),
            _("Check both times."),
            field=field,
        )


def check_not_closed(state: str) -> None:
    if state == "closed":
        raise Conflict(
            "rescue.incident.closed",
            _("This incident is closed."),
            _("Open it again, with a reason, and then do this."),
        )


def check_nothing_out(teams: Sequence[str]) -> None:
    """teams: the names of those with a mission that is not over."""
    if teams:
        raise Conflict(
            "rescue.incident.teams_out",
            _("These teams are still called or out: %(teams)s.") % {"teams": ", ".join(teams)},
            _("Bring their missions to an end first, or cancel those that never left."),
        )


def number_prefix(society_code: str, day: date) -> str:
    return f"{society_code}-{day:%Y%m%d}-"


def letters(place: int) -> str:
    """0 → a, 25 → z, 26 → aa: which of its day."""
    text = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        text = chr(ord("a") + digit) + text
    return text


def check_point(latitude: int | None, longitude: int | None) -> None:
    """Microdegrees, both or neither, on Earth."""
    both = latitude is not None and longitude is not None
    neither = latitude is None and longitude is None
    fits = neither or (
        both and abs(latitude or 0) <= 90 * MICRO and abs(longitude or 0) <= 180 * MICRO
    )
    if not fits:
        raise Invalid(
            "rescue.point.not_on_earth",
            _("This is no point on the map."),
            _("Give latitude and longitude in degrees, such as 28.4512 and 121.4103, or neither."),
            field="latitude",
        )


def microdegrees(text: str, *, field: str) -> int | None:
    """ "28.4512" → 28451200; "" → None. Invalid for anything else."""
    text = fold_digits(text).strip().rstrip("°")
    if not text:
        return None
    try:
        value = Decimal(text) * MICRO
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > 180 * MICRO:
        raise Invalid(
            "rescue.point.not_a_number",
            _("This is no number of degrees."),
            _("Write it like 28.4512."),
            field=field,
        )
    return round(value)


def check_no_private_name(requester: str, name: str) -> None:
    """The log is read by many: a caller's name has no place in it (PIPL art. 6)."""
    if requester == "citizen" and name:
        raise Invalid(
            "rescue.request.private_name",
            _("The name of a private caller is not kept here."),
            _("Leave the name empty; say in the wish what is needed where."),
            field="requester_name",
        )
