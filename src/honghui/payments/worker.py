"""The worker that empties the inbox, sends refunds, and asks about orders that nobody told of.

Any number may run: each takes rows that no other holds. It may be killed at any point.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import connection, transaction

from honghui.kernel import clock
from honghui.kernel.actors import Actor, system_actor
from honghui.kernel.errors import HonghuiError, Refused
from honghui.kernel.working import keep_working
from honghui.payments import queries
from honghui.payments.actions.deliveries import handle_deliveries, note_failure
from honghui.payments.actions.orders import close_order
from honghui.payments.actions.refunds import note_refund_not_sent, note_refund_sent
from honghui.payments.inbox import keep_answer
from honghui.payments.models import Delivery, Order
from honghui.payments.wechat import client
from honghui.payments.wechat.refusals import PlatformRefuses, PlatformSilent

BATCH = 500
PAUSE_SECONDS = 0.2
ASK_SECONDS = 60.0
ASKED_AT_ONCE = 20
NEVER_PLACED = {"payments.platform.order_not_exist", "payments.platform.ordernotexist"}

_log = logging.getLogger("honghui.payments")


def worker_actor() -> Actor:
    return system_actor("honghui payments work")


def run(stop: threading.Event) -> None:
    """Works until told to stop."""
    asked = 0.0

    def work() -> int:
        nonlocal asked
        done = handle_waiting() + send_refunds()
        if time.monotonic() - asked > ASK_SECONDS:
            asked = time.monotonic()
            ask_about_expired()
        return done

    keep_working(stop, work, pause_seconds=PAUSE_SECONDS, log=_log)


def handle_waiting(limit: int = BATCH) -> int:
    """One batch out of the inbox; how many rows were looked at. If the batch fails, each is tried
    alone, and what fails alone waits longer each time."""
    ids: list[int] = []
    try:
        with transaction.atomic():
            batch = list(queries.waiting(limit))
            ids = [one.pk for one in batch]
            if batch:
                handle_deliveries(by=worker_actor(), deliveries=batch)
    except Exception as error:
        # Whatever a handler raises: the others' payments must not wait for it.
        if not ids or not _still_there():
            raise
        _log.warning("a batch of %s is tried one by one: %s", len(ids), code_of(error))
        for each in ids:
            _handle_alone(each)
    return len(ids)


def _handle_alone(delivery_id: int) -> None:
    by = worker_actor()
    error_code = ""
    try:
        with transaction.atomic():
            for one in queries.waiting_one(delivery_id):
                handle_deliveries(by=by, deliveries=[one])
    except Exception as error:
        if not _still_there():
            raise
        error_code = code_of(error)
        _log.warning("delivery %s cannot be handled: %s", delivery_id, error_code)
    if error_code:
        with transaction.atomic():
            for one in queries.waiting_one(delivery_id):
                note_failure(by=by, delivery=one, error=error_code)


def code_of(error: Exception) -> str:
    """What is written down of an error: a code or a kind, never its text, which may hold values."""
    return error.code if isinstance(error, HonghuiError) else type(error).__name__


def _still_there() -> bool:
    """Whether the database can be asked at all; if not, the error is not the handler's."""
    return bool(connection.connection) and connection.is_usable()


def send_refunds() -> int:
    """Asks the platform for one refund that it does not know of; 1 if there was one."""
    with transaction.atomic():
        refund = queries.refund_to_send()
        if refund is None:
            return 0
        order = refund.order
        try:
            answer = client.place_refund(
                order.out_trade_no,
                refund.out_refund_no,
                refund_fen=refund.amount_fen,
                total_fen=order.amount_fen,
                reason=refund.reason,
            )
        except (Refused, HonghuiError) as error:
            note_refund_not_sent(by=worker_actor(), refund=refund, error=error.code)
        else:
            note_refund_sent(by=worker_actor(), refund=refund, refund_id=answer.refund_id)
    return 1


def ask_about_expired() -> int:
    """Orders past their time: paid without our being told, or nobody's. How many were asked."""
    asked = 0
    for order in queries.expired(clock.now(), ASKED_AT_ONCE):
        try:
            ask_about(order)
        except PlatformSilent:
            break
        except HonghuiError as error:
            _log.error("order %s cannot be asked about: %s", order.pk, error.code)
        asked += 1
    return asked


def ask_about(order: Order) -> None:
    """Asks the platform what became of an order. Paid: into the inbox, as if it had been told.
    Not paid and past its time: closed, there and here."""
    by = worker_actor()
    try:
        told = client.ask_order(order.out_trade_no)
    except PlatformRefuses as refusal:
        # Never placed there: nobody came as far as the cashier. Anything else they refuse is no
        # word about the order.
        if refusal.code not in NEVER_PLACED:
            raise
        if order.expires_at < clock.now():
            close_order(by=by, order=order)
        return
    if told.trade_state == "SUCCESS":
        keep_answer(told)
    elif order.expires_at < clock.now() and told.trade_state in ("NOTPAY", "CLOSED", "PAYERROR"):
        if told.trade_state != "CLOSED":
            client.close_order(order.out_trade_no)
        close_order(by=by, order=order)


def backlog() -> int:
    return Delivery.objects.filter(state=Delivery.State.WAITING).count()
