"""The words for events, states and causes, for the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from honghui.payments.models import Delivery
from honghui.payments.rules import Cause

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

EVENTS: dict[str, _StrOrPromise] = {
    "TRANSACTION.SUCCESS": _("Payment"),
    "REFUND.SUCCESS": _("Refund made"),
    "REFUND.ABNORMAL": _("Refund failed"),
    "REFUND.CLOSED": _("Refund closed"),
}
STATES: dict[str, tuple[str, _StrOrPromise]] = {
    Delivery.State.WAITING: ("way", _("Being taken in")),
    Delivery.State.DONE: ("used", _("Taken in")),
    Delivery.State.DISCREPANCY: ("now", _("Does not fit")),
}
STUCK: tuple[str, _StrOrPromise] = ("now", _("Cannot be taken in"))
SETTLED: tuple[str, _StrOrPromise] = ("cover", _("Settled"))

# What does not fit, and what a person does about it.
CAUSES: dict[str, tuple[_StrOrPromise, _StrOrPromise]] = {
    Cause.UNKNOWN_EVENT: (
        _("The platform told something that we do not know"),
        _("Look it up on the platform's own page, and tell whoever runs this site."),
    ),
    Cause.OTHER_MERCHANT: (
        _("The payment is for another merchant than us"),
        _("Compare the merchant's id in the settings with the platform's page."),
    ),
    Cause.UNKNOWN_ORDER: (
        _("There was a payment for an order that we never opened"),
        _("Look it up on the platform's own page. If it is real money, give it back there."),
    ),
    Cause.OTHER_CURRENCY: (
        _("The payment is not in yuan"),
        _("Give it back on the platform's own page, or book by hand what arrived at the bank."),
    ),
    Cause.OTHER_AMOUNT: (
        _("Another amount was paid than was ordered"),
        _("Ask the payer what they meant, or give it back on the platform's own page."),
    ),
    Cause.NOT_SUCCESSFUL: (
        _("The platform reports a payment that did not succeed"),
        _("Look it up on the platform's own page; most often nothing is to be done."),
    ),
    Cause.ORDER_CLOSED: (
        _("The order had been closed when it was paid"),
        _("Give it back on the platform's own page, or receive the gift at the desk."),
    ),
    Cause.PAID_TWICE: (
        _("The order was paid a second time"),
        _("Give the second payment back on the platform's own page."),
    ),
    Cause.TRANSACTION_TAKEN: (
        _("This transaction has already paid for another order"),
        _("Look it up on the platform's own page, and tell whoever runs this site."),
    ),
    Cause.UNKNOWN_REFUND: (
        _("Something was refunded that nobody asked for here"),
        _("Find out who gave it back on the platform's own page, and correct the books."),
    ),
    Cause.OTHER_REFUND: (
        _("Another amount was refunded than was asked for"),
        _("Look it up on the platform's own page, and correct the books."),
    ),
    Cause.REFUND_ENDED_OTHERWISE: (
        _("The platform says of a refund the opposite of what it said before"),
        _("Look it up on the platform's own page, and correct the books."),
    ),
}
