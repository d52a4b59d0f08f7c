"""Gear: what may go out, what came back. Pure functions over plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Conflict, Invalid

INSPECTION_YEARS_MAX = 5


@dataclass(frozen=True)
class Stock:
    """Pieces of one kind of gear. `out`: issued and not back yet."""

    quantity: int
    damaged: int
    out: int

    @property
    def at_hand(self) -> int:
        return self.quantity - self.damaged - self.out


@dataclass(frozen=True)
class Back:
    """What became of the pieces of one issue."""

    returned: int = 0
    damaged: int = 0
    lost: int = 0
    used_up: int = 0

    @property
    def total(self) -> int:
        return self.returned + self.damaged + self.lost + self.used_up


def check_issue(stock: Stock, quantity: int, *, is_fit: bool) -> None:
    if quantity < 1:
        raise Invalid(
            "rescue.gear.nothing",
            _("At least one piece goes out."),
            _("Check the number."),
            field="quantity",
        )
    if not is_fit:
        raise Conflict(
            "rescue.gear.unfit",
            _("The last inspection found this unfit."),
            _("Have it inspected again before it goes out."),
        )
    if quantity > stock.at_hand:
        raise Conflict(
            "rescue.gear.not_at_hand",
            _("%(at_hand)s are at hand: %(out)s are out, %(damaged)s damaged.")
            % {"at_hand": stock.at_hand, "out": stock.out, "damaged": stock.damaged},
            _("Note what came back first, or count the gear again."),
            field="quantity",
        )


def check_back(quantity: int, back: Back) -> None:
    """Accounted for to the last piece."""
    if back.total != quantity:
        raise Invalid(
            "rescue.gear.not_accounted",
            _("%(quantity)s went out, %(total)s are accounted for.")
            % {"quantity": quantity, "total": back.total},
            _("Back, damaged, lost and used up must add up to what went out."),
            field="returned",
        )


def check_count(quantity: int, damaged: int, out: int) -> None:
    if damaged > quantity:
        raise Invalid(
            "rescue.gear.more_damaged",
            _("More are damaged than there are."),
            _("Check both numbers."),
            field="damaged",
        )
    if quantity - damaged < out:
        raise Conflict(
            "rescue.gear.out_more",
            _("%(out)s are out: there must be at least as many.") % {"out": out},
            _("Count what is out with it, or note what came back first."),
            field="quantity",
        )


def check_inspection(inspected_on: date, next_due_on: date | None, today: date) -> None:
    if inspected_on > today:
        raise Invalid(
            "rescue.inspection.future",
            _("An inspection is noted when it was done, not before."),
            _("Check the date; what is planned goes into “next due”."),
            field="inspected_on",
        )
    if next_due_on is None:
        return
    if next_due_on <= inspected_on:
        raise Invalid(
            "rescue.inspection.due_before",
            _("The next one is due after this one."),
            _("Check both dates."),
            field="next_due_on",
        )
    if next_due_on > inspected_on + timedelta(days=366 * INSPECTION_YEARS_MAX):
        raise Invalid(
            "rescue.inspection.due_late",
            _("The next one is due within %(years)s years.") % {"years": INSPECTION_YEARS_MAX},
            _("Check the year."),
            field="next_due_on",
        )


def is_overdue(inspection_due_on: date | None, today: date) -> bool:
    """The day it is due is still in time."""
    return inspection_due_on is not None and inspection_due_on < today
