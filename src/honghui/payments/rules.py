"""What may be done with a notification: pure functions over what was told and what we know.

    judge_payment(told, order)    "paid", "known", or the cause of a discrepancy
    judge_refund(told, refund)    "done", "failed", "known", or a cause

The one hard idea: the same thing may be told any number of times, under the same notification or
another, in any order and late. So a verdict compares what is told with what is so, and never
counts messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from honghui.payments.wechat.notifications import PAID, REFUND_STATES

if TYPE_CHECKING:
    from honghui.payments.models import Delivery, Order, Refund

CURRENCY = "CNY"
_WAITS = (timedelta(seconds=1), timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10))
WAIT_MAX = timedelta(hours=1)
# So often it may fail before a person sees it on the page.
TRIES_SHOWN = 3


class Cause(StrEnum):
    """Why something that was told does not fit what we know."""

    UNKNOWN_EVENT = "unknown_event"
    OTHER_MERCHANT = "other_merchant"
    UNKNOWN_ORDER = "unknown_order"
    OTHER_CURRENCY = "other_currency"
    OTHER_AMOUNT = "other_amount"
    NOT_SUCCESSFUL = "not_successful"
    ORDER_CLOSED = "order_closed"
    PAID_TWICE = "paid_twice"
    TRANSACTION_TAKEN = "transaction_taken"
    UNKNOWN_REFUND = "unknown_refund"
    OTHER_REFUND = "other_refund"
    REFUND_ENDED_OTHERWISE = "refund_ended_otherwise"


@dataclass(frozen=True)
class Verdict:
    """word: "paid", "known", "done", "failed"; or a cause, with word ""."""

    word: str = ""
    cause: str = ""


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many failures: 1 s, 10 s, 1 min, 10 min, then each hour."""
    return _WAITS[tries - 1] if tries <= len(_WAITS) else WAIT_MAX


def is_refund(told: Delivery) -> bool:
    return told.event_type.startswith("REFUND.")


def judge_payment(
    told: Delivery, order: Order | None, *, merchant_id: str, payer_of_transaction: str | None
) -> Verdict:
    """payer_of_transaction: the number of the order that this transaction has paid already."""
    if told.event_type != PAID:
        return Verdict(cause=Cause.UNKNOWN_EVENT)
    if told.merchant_id != merchant_id:
        return Verdict(cause=Cause.OTHER_MERCHANT)
    if order is None:
        return Verdict(cause=Cause.UNKNOWN_ORDER)
    if told.told_state != "SUCCESS" or not told.transaction_id or told.happened_at is None:
        return Verdict(cause=Cause.NOT_SUCCESSFUL)
    if told.currency != CURRENCY:
        return Verdict(cause=Cause.OTHER_CURRENCY)
    # A coupon of the platform's would let the payer pay less than what arrives, or the other way
    # round: then a person looks at the platform's statement.
    if told.amount_fen != order.amount_fen or told.payer_fen not in (None, order.amount_fen):
        return Verdict(cause=Cause.OTHER_AMOUNT)
    if order.state == "paid":
        is_same = order.transaction_id == told.transaction_id
        return Verdict("known") if is_same else Verdict(cause=Cause.PAID_TWICE)
    if payer_of_transaction is not None:
        return Verdict(cause=Cause.TRANSACTION_TAKEN)
    if order.state == "closed":
        return Verdict(cause=Cause.ORDER_CLOSED)
    return Verdict("paid")


def judge_refund(told: Delivery, refund: Refund | None, *, merchant_id: str) -> Verdict:
    state = REFUND_STATES.get(told.event_type)
    if state is None:
        return Verdict(cause=Cause.UNKNOWN_EVENT)
    if told.merchant_id != merchant_id:
        return Verdict(cause=Cause.OTHER_MERCHANT)
    if refund is None or refund.order.out_trade_no != told.out_trade_no:
        return Verdict(cause=Cause.UNKNOWN_REFUND)
    if told.amount_fen != refund.amount_fen or told.currency != CURRENCY:
        return Verdict(cause=Cause.OTHER_REFUND)
    if refund.state == "asked":
        return Verdict(state)
    return (
        Verdict("known") if refund.state == state else Verdict(cause=Cause.REFUND_ENDED_OTHERWISE)
    )
