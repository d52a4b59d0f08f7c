"""What may be given, decided and paid. Pure: no database, no clock."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from honghui.kernel.amounts import format_yuan
from honghui.kernel.errors import Conflict, Invalid

# A single gift above this is arranged with the society, not typed into a page.
ONLINE_FEN_MAX = 1_000_000_00
# What is older is brought to finance, who book it with a reason.
BACK_DATED_DAYS_MAX = 60


def check_amount(amount_fen: int) -> int:
    if amount_fen <= 0:
        raise Invalid(
            "funds.amount.nothing",
            _("The amount is nothing."),
            _("One fen, 0.01 yuan, is the smallest amount."),
            field="amount_fen",
        )
    return amount_fen


def check_online_amount(amount_fen: int) -> int:
    if amount_fen > ONLINE_FEN_MAX:
        raise Invalid(
            "funds.amount.large",
            _("More than %(most)s yuan cannot be given on this page.")
            % {"most": format_yuan(ONLINE_FEN_MAX)},
            _("Please ask the society: it will agree with you on how it is used."),
            field="amount_fen",
        )
    return check_amount(amount_fen)


def check_open(opened_on: date, closed_on: date | None, day: date) -> None:
    """A fund takes gifts from the day it opens to the day it closes, both included."""
    if day < opened_on or (closed_on and day > closed_on):
        raise Conflict(
            "funds.fund.closed",
            _("This fund was not open on %(day)s.") % {"day": day},
            _("Choose another fund, or another day."),
        )


def check_day(occurred_on: date, today: date) -> None:
    if occurred_on > today:
        raise Invalid(
            "funds.day.ahead",
            _("%(day)s has not come yet.") % {"day": occurred_on},
            _("Book what was received on the day it was received, or later."),
            field="occurred_on",
        )
    if today - occurred_on > timedelta(days=BACK_DATED_DAYS_MAX):
        raise Invalid(
            "funds.day.old",
            _("%(day)s is more than %(most)s days ago.")
            % {"day": occurred_on, "most": BACK_DATED_DAYS_MAX},
            _("Check the year. Finance can book older receipts."),
            field="occurred_on",
        )


def check_paid_as_ordered(ordered_fen: int, paid_fen: int) -> None:
    if ordered_fen != paid_fen:
        raise Conflict(
            "funds.giving.other_amount",
            _("%(paid)s yuan were paid, and %(ordered)s had been ordered.")
            % {"paid": format_yuan(paid_fen), "ordered": format_yuan(ordered_fen)},
            _("Finance looks at it by hand: the money is there."),
        )


def check_refund(amount_fen: int, *, given_fen: int, returned_fen: int, held_fen: int) -> None:
    """Not more than was given, and not more of it than still lies undecided in the fund."""
    check_amount(amount_fen)
    if returned_fen + amount_fen > given_fen:
        raise Invalid(
            "funds.refund.above_gift",
            _("%(given)s yuan were given and %(returned)s have gone back; %(asked)s is more.")
            % {
                "given": format_yuan(given_fen),
                "returned": format_yuan(returned_fen),
                "asked": format_yuan(amount_fen),
            },
            _("Enter at most what is left of the gift."),
            field="amount_fen",
        )
    if amount_fen > held_fen:
        raise Conflict(
            "funds.refund.used",
            _("Of this gift %(held)s yuan still lie in the fund; the rest is decided or used.")
            % {"held": format_yuan(held_fen)},
            _("Give back what is left, or let the fund's body decide who bears the rest."),
            field="amount_fen",
        )


def check_within_decision(amount_fen: int, *, decided_fen: int, asked_fen: int) -> None:
    """`asked_fen`: already paid, or waiting to be."""
    check_amount(amount_fen)
    if asked_fen + amount_fen > decided_fen:
        raise Conflict(
            "funds.payment.above_decision",
            _("The decision is over %(decided)s yuan, of which %(left)s are left.")
            % {
                "decided": format_yuan(decided_fen),
                "left": format_yuan(decided_fen - asked_fen),
            },
            _("Enter a smaller amount, or first let the fund's body decide on more."),
            field="amount_fen",
        )


def check_still_open(state: str, still: str) -> None:
    if state != still:
        raise Conflict(
            "funds.decided_already",
            _("Somebody has decided this already."),
            _("Look at what was decided."),
        )
