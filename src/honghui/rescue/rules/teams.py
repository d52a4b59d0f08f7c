"""What a team may be and become. Pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from honghui.kernel import text
from honghui.kernel.errors import Conflict, Invalid

ALIASES_MAX = 8
TEAM_TRANSITIONS = {
    ("active", "suspended"),
    ("suspended", "active"),
    ("active", "disbanded"),
    ("suspended", "disbanded"),
}


def check_transition(before: str, after: str) -> None:
    if (before, after) not in TEAM_TRANSITIONS:
        raise Conflict(
            "rescue.team.moved_on",
            _("The team does not stand where you saw it."),
            _("Open its page again: a colleague was there first."),
        )


def check_not_disbanded(state: str) -> None:
    if state == "disbanded":
        raise Conflict(
            "rescue.team.disbanded",
            _("This team was disbanded."),
            _("Open a new team if its people serve again."),
        )


def check_aliases(name: str, aliases: Iterable[str]) -> list[str]:
    """Other names, each once, none of them the name itself."""
    cleaned = [text.clean_line(each, limit=60, field="aliases") for each in aliases]
    found = list(dict.fromkeys(each for each in cleaned if each and each != name))
    if len(found) > ALIASES_MAX:
        raise Invalid(
            "rescue.team.too_many_aliases",
            _("A team keeps at most %(most)s other names.") % {"most": ALIASES_MAX},
            _("Leave out those that nobody uses."),
            field="aliases",
        )
    return found


def check_point(latitude: int | None, longitude: int | None) -> None:
    """Both or neither, and on earth; in millionths of a degree."""
    if (latitude is None) != (longitude is None):
        raise Invalid(
            "rescue.point.half",
            _("A point needs both latitude and longitude."),
            _("Fill in both, or leave both empty."),
            field="latitude",
        )
    if latitude is None or longitude is None:
        return
    if abs(latitude) > 90_000_000 or abs(longitude) > 180_000_000:
        raise Invalid(
            "rescue.point.nowhere",
            _("There is no such point on earth."),
            _("Latitude comes first: Hangzhou lies near 30.27, 120.15."),
            field="latitude",
        )


def check_paper_dates(issued_on: date, expires_on: date | None, today: date) -> None:
    """A certificate or policy that can be put on file today."""
    if issued_on > today:
        raise Invalid(
            "rescue.paper.from_the_future",
            _("It would be issued in the future."),
            _("Check the date on the paper."),
            field="issued_on",
        )
    if expires_on is None:
        return
    if expires_on < issued_on:
        raise Invalid(
            "rescue.paper.reversed",
            _("It would run out before it was issued."),
            _("Check both dates on the paper."),
            field="expires_on",
        )
    if expires_on < today:
        raise Invalid(
            "rescue.paper.expired",
            _("This certificate has run out already."),
            _("Note the renewed one; until then its holder stays off duty for it."),
            field="expires_on",
        )


def check_cover_dates(covers_from: date, covers_to: date, today: date) -> None:
    if covers_to < covers_from:
        raise Invalid(
            "rescue.insurance.reversed",
            _("The cover would end before it begins."),
            _("Check both dates of the policy."),
            field="covers_to",
        )
    if covers_to < today:
        raise Invalid(
            "rescue.insurance.over",
            _("This cover has ended already."),
            _("Note the policy that covers them now."),
            field="covers_to",
        )


def check_joining(joined_on: date, today: date) -> None:
    if joined_on > today:
        raise Invalid(
            "rescue.member.from_the_future",
            _("Nobody joins in the future."),
            _("Enrol them on the day they join."),
            field="joined_on",
        )


def check_leaving(joined_on: date, left_on: date, today: date) -> None:
    if left_on < joined_on or left_on > today:
        raise Invalid(
            "rescue.member.left_when",
            _("They joined on %(joined)s; the day of leaving lies from then to today.")
            % {"joined": joined_on},
            _("Check the date."),
            field="left_on",
        )


def tail_of(number: str) -> str:
    """The last four characters of a number, which is all that is kept of it."""
    folded = text.fold_digits(number)
    return "".join(each for each in folded if each.isalnum())[-4:]
