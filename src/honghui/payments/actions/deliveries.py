"""What the platform told becomes so: orders are paid, refunds end, the job's handler is called.

The one hard idea: one transaction for all of it, over rows that the worker has locked. A process
that is killed in the middle leaves nothing; what was told still waits, and is handled once.

    deliveries locked → orders locked by id → verdicts → orders and refunds → handlers →
    discrepancies → deliveries marked → one act
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection
from django.db.models import F

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.payments import access, rules
from honghui.payments.handling import (
    EndedRefund,
    PaidOrder,
    handler_of_paid,
    handler_of_refunded,
)
from honghui.payments.models import Delivery, Discrepancy, Order, Refund


@dataclass
class _Batch:
    """What is known of everything in it, and what came of it. orders, refunds: by our number."""

    orders: dict[str, Order]
    refunds: dict[str, Refund]
    taken: dict[str, str]
    paid: list[PaidOrder] = field(default_factory=list)
    ended: list[EndedRefund] = field(default_factory=list)
    unfit: list[tuple[Delivery, Order | None, str]] = field(default_factory=list)


@action("payments.deliveries.handled")
def handle_deliveries(*, by: Actor, deliveries: Sequence[Delivery]) -> None:
    """The caller holds the locks of `deliveries`, in the same transaction. Whatever a handler
    raises comes through, and nothing was done."""
    access.require_system(by)
    batch = _known_of(deliveries)
    for told in deliveries:
        _judge(batch, told)
    _save_paid(batch.paid)
    _save_ended(batch.ended)
    _call_handlers(batch)
    _save_unfit(batch.unfit)
    _mark(batch, deliveries)
    record(
        by=by,
        verb="payments.deliveries.handled",
        after={
            "first": min(each.pk for each in deliveries),
            "last": max(each.pk for each in deliveries),
            "deliveries": len(deliveries),
            "paid": len(batch.paid),
            "refunds": len(batch.ended),
            "discrepancies": len(batch.unfit),
        },
    )


@action("payments.delivery.failed")
def note_failure(*, by: Actor, delivery: Delivery, error: str) -> Delivery:
    """It could not be handled just now: later again, and after three times on the page."""
    access.require_system(by)
    order = Order.objects.filter(out_trade_no=delivery.out_trade_no).first()
    delivery.society_id = order.society_id if order else access.top_society().code
    delivery.tries += 1
    delivery.next_try_at = clock.machine_now() + rules.wait_after(delivery.tries)
    delivery.last_error = error[:80]
    delivery.save(update_fields=["society", "tries", "next_try_at", "last_error"])
    record(
        by=by,
        verb="payments.delivery.failed",
        about=delivery,
        society_code=delivery.society_id,
        after={"tries": delivery.tries, "error": delivery.last_error},
    )
    return delivery


def _known_of(deliveries: Sequence[Delivery]) -> _Batch:
    """Three queries, whatever their number. The orders are locked, in one order."""
    numbers = {each.out_trade_no for each in deliveries}
    orders = Order.objects.select_for_update().filter(out_trade_no__in=numbers).order_by("pk")
    transactions = {each.transaction_id for each in deliveries if each.transaction_id}
    taken = Order.objects.filter(transaction_id__in=transactions)
    back = {each.out_refund_no for each in deliveries if each.out_refund_no}
    refunds = Refund.objects.select_for_update(of=("self",)).select_related("order")
    return _Batch(
        orders={each.out_trade_no: each for each in orders},
        refunds={each.out_refund_no: each for each in refunds.filter(out_refund_no__in=back)}
        if back
        else {},
        taken={
            str(transaction): number
            for transaction, number in taken.values_list("transaction_id", "out_trade_no")
        },
    )


def _judge(batch: _Batch, told: Delivery) -> None:
    order = batch.orders.get(told.out_trade_no)
    merchant = settings.WECHAT_MERCHANT
    if rules.is_refund(told):
        refund = batch.refunds.get(told.out_refund_no)
        verdict = rules.judge_refund(told, refund, merchant_id=merchant)
        if refund is not None and verdict.word in ("done", "failed"):
            refund.state = Refund.State(verdict.word)
            refund.ended_at = told.happened_at or clock.now()
            refund.refund_id = refund.refund_id or told.refund_id
            refund.sent_at = refund.sent_at or refund.ended_at
            batch.ended.append(EndedRefund(refund, verdict.word == "done", refund.ended_at))
    else:
        payer = batch.taken.get(told.transaction_id)
        verdict = rules.judge_payment(told, order, merchant_id=merchant, payer_of_transaction=payer)
        if order is not None and verdict.word == "paid":
            assert told.happened_at is not None
            order.state = Order.State.PAID
            order.transaction_id = told.transaction_id
            order.paid_at = told.happened_at
            batch.taken[told.transaction_id] = order.out_trade_no
            batch.paid.append(
                PaidOrder(order, told.transaction_id, told.amount_fen, told.happened_at)
            )
    if verdict.cause:
        batch.unfit.append((told, order, verdict.cause))


_PAY = """
    UPDATE payments_order o SET state = 'paid', transaction_id = v.transaction_id,
        paid_at = v.paid_at
    FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS v (id, transaction_id, paid_at)
    WHERE o.id = v.id
"""


def _save_paid(paid: Sequence[PaidOrder]) -> None:
    if not paid:
        return
    columns = zip(*((one.order.pk, one.transaction_id, one.paid_at) for one in paid), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_PAY, [list(each) for each in columns])


def _save_ended(ended: Iterable[EndedRefund]) -> None:
    for one in ended:
        refund = one.refund
        refund.save(update_fields=["state", "ended_at", "refund_id", "sent_at"])
        if not one.is_done:
            back = Order.objects.filter(pk=refund.order_id)
            back.update(refunded_fen=F("refunded_fen") - refund.amount_fen)


def _call_handlers(batch: _Batch) -> None:
    paid: dict[str, list[PaidOrder]] = defaultdict(list)
    ended: dict[str, list[EndedRefund]] = defaultdict(list)
    for one in batch.paid:
        paid[one.order.job].append(one)
    for each in batch.ended:
        ended[each.refund.order.job].append(each)
    for job, orders in paid.items():
        handler_of_paid(job)(orders)
    for job, refunds in ended.items():
        handler_of_refunded(job)(refunds)


def _save_unfit(unfit: Sequence[tuple[Delivery, Order | None, str]]) -> None:
    if not unfit:
        return
    top = access.top_society()
    Discrepancy.objects.bulk_create(
        Discrepancy(
            delivery=told,
            order=order,
            society_id=order.society_id if order else top.code,
            cause=cause,
            opened_at=clock.now(),
        )
        for told, order, cause in unfit
    )


_MARK = """
    UPDATE payments_delivery d SET handled_at = %s, state = v.state, society_id = v.society,
        last_error = ''
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS v (id, state, society)
    WHERE d.id = v.id
"""


def _mark(batch: _Batch, deliveries: Sequence[Delivery]) -> None:
    unfit = {told.pk for told, _order, _cause in batch.unfit}
    top = ""
    rows = []
    for told in deliveries:
        order = batch.orders.get(told.out_trade_no)
        top = top or ("" if order else access.top_society().code)
        state = Delivery.State.DISCREPANCY if told.pk in unfit else Delivery.State.DONE
        rows.append((told.pk, str(state), order.society_id if order else top))
    with connection.cursor() as cursor:
        columns = [list(each) for each in zip(*rows, strict=True)]
        cursor.execute(_MARK, [clock.machine_now(), *columns])
