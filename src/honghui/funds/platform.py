"""Gifts and the payment platform: an order for each gift that is begun, and a donation for each
order that is paid.

The one hard idea: the platform's word comes by the hundred, inside one transaction with the orders
it is about. So what is booked here can be taken back until that transaction ends, and whatever
does not fit is raised: then the platform's word waits, and a person sees it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from honghui.funds.actions.donations import GIVING_LASTS, begin_giving
from honghui.funds.actions.paid import receive_payments
from honghui.funds.actions.refunds import approve_refund
from honghui.funds.models import Fund, Giving, Refund
from honghui.funds.receiving import PaidGift
from honghui.kernel.actors import Actor
from honghui.payments.actions.orders import open_order
from honghui.payments.actions.refunds import ask_refund
from honghui.payments.handling import PaidOrder
from honghui.payments.models import Order
from honghui.payments.placing import cashier_address
from honghui.payments.queries import order_of
from honghui.payments.worker import worker_actor
from honghui.registry.naming import local_name

JOB = "gift"


def begin(*, by: Actor, fund: Fund, **values: Any) -> Giving:
    """A gift and its order, both or neither. `values` as `begin_giving` takes them; the same form
    again is the same gift."""
    with transaction.atomic():
        giving = begin_giving(by=by, fund=fund, **values)
        if order_of(JOB, giving.pk) is None:
            open_order(
                by=by.with_once(""),
                society=giving.fund.society,
                job=JOB,
                about_id=giving.pk,
                amount_fen=giving.amount_fen,
                description=local_name(giving.fund),
                stands_for=GIVING_LASTS,
            )
    return giving


def give_back(*, by: Actor, refund: Refund) -> Refund:
    """Approves a refund; where the gift came through the platform, it is asked to pay it back. Both
    or neither; the worker then asks until the platform has answered."""
    with transaction.atomic():
        refund = approve_refund(by=by, refund=refund)
        giving = refund.donation.giving
        order = order_for(giving) if giving else None
        if order is not None:
            ask_refund(
                by=by.with_once(""),
                order=order,
                amount_fen=refund.amount_fen,
                reason=refund.donation.fund.name,
                about_id=refund.pk,
            )
    return refund


def order_for(giving: Giving) -> Order | None:
    return order_of(JOB, giving.pk)


def cashier_for(giving: Giving, order: Order, *, payer_address: str) -> str:
    """Where the browser goes to pay. Raises Refused where the platform does not answer, or the
    order cannot be paid any more. Not within a transaction: it waits for somebody else."""
    back = settings.ADDRESS + reverse("given", args=[giving.code])
    return cashier_address(order, return_to=back, payer_address=payer_address)


def book_gifts(paid: list[PaidOrder]) -> None:
    """What the platform says was paid, in the transaction in which it is believed."""
    receive_payments(
        by=worker_actor(),
        paid=[
            PaidGift(one.order.about_id, one.transaction_id, one.amount_fen, one.paid_at)
            for one in paid
        ],
    )
