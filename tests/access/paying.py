"""One of each thing of `payments` in one society, for the table of access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from honghui.kernel import clock
from honghui.kernel.actors import system_actor
from honghui.kernel.ids import new_code
from honghui.payments.actions.orders import open_order
from honghui.payments.models import Delivery, Discrepancy, Order, Refund
from honghui.registry.models import Society
from tests.access.rows import BOOKS, EVERYBODY, NOBODY, REASON, Row, act, page

ABOUT = UUID(int=1)


@dataclass(frozen=True)
class Paying:
    """`told` waits; `discrepancy` is of another delivery."""

    order: Order
    paid: Order
    refund: Refund
    told: Delivery
    discrepancy: Discrepancy


def told_of(order: Order, state: str) -> Delivery:
    now = clock.machine_now()
    return Delivery.objects.create(
        platform="wechat", notification_id=uuid4().hex, event_type="TRANSACTION.SUCCESS",
        merchant_id="9901000001", out_trade_no=order.out_trade_no, transaction_id=new_code(20),
        told_state="SUCCESS", amount_fen=order.amount_fen, currency="CNY", happened_at=now,
        received_at=now, next_try_at=now, state=state, society=order.society,
        handled_at=None if state == "waiting" else now,
    )  # fmt: skip


def paying_of(society: Society) -> Paying:
    def order() -> Order:
        return open_order(
            by=system_actor("tests"), society=society, job="tests", about_id=ABOUT,
            amount_fen=1_00, description="样例", stands_for=timedelta(hours=1),
        )  # fmt: skip

    first, paid = order(), order()
    Order.objects.filter(pk=paid.pk).update(
        state="paid", transaction_id=new_code(20), paid_at=clock.now(), refunded_fen=10
    )
    paid.refresh_from_db()
    refund = Refund.objects.create(
        order=paid, out_refund_no=new_code(24), about_id=ABOUT, amount_fen=10, reason="样例",
        asked_at=clock.now(), next_try_at=clock.machine_now(),
    )  # fmt: skip
    unfit = told_of(paid, "discrepancy")
    return Paying(
        order=first,
        paid=paid,
        refund=refund,
        told=told_of(first, "waiting"),
        discrepancy=Discrepancy.objects.create(
            delivery=unfit, order=paid, society=society, cause="paid_twice", opened_at=clock.now()
        ),
    )


PAYMENT_PAGES = (
    page("payments_inbox", BOOKS | {"auditor"}, "payments.see"),
    page(
        "payment_discrepancy",
        BOOKS | {"auditor"},
        "payments.see",
        others=NOBODY,
        given=lambda it: {"discrepancy_id": it.paying.discrepancy.pk},
    ),
    page(
        "payment_discrepancy",
        BOOKS,
        "payments.settle",
        others=NOBODY,
        given=lambda it: {"discrepancy_id": it.paying.discrepancy.pk},
        methods=("POST",),
        variant="settle",
    ),
)


def _paying(name: str, thing: str, **more: Any) -> Row:
    """What a platform tells is believed from the inbox, and from nobody else."""
    key = more.pop("key", thing)
    return act(
        name, NOBODY, "", lambda it: {key: getattr(it.paying, thing), **more},
        within="payments.actions",
    )  # fmt: skip


PAYMENT_ACTIONS = (
    # Anybody may be asked to pay: it is their own payment.
    act(
        "orders.open_order", EVERYBODY, "",
        lambda it: {
            "society": it.society, "job": "tests", "about_id": ABOUT, "amount_fen": 100,
            "description": "样例",
        },
        others=EVERYBODY, within="payments.actions", about_oneself=True,
    ),
    act(
        "refunds.ask_refund", BOOKS, "payments.refund",
        lambda it: {
            "order": it.paying.paid, "amount_fen": 1, "reason": REASON, "about_id": ABOUT,
        },
        within="payments.actions",
    ),
    act(
        "discrepancies.settle_discrepancy", BOOKS, "payments.settle",
        lambda it: {"discrepancy": it.paying.discrepancy, "reason": REASON},
        within="payments.actions",
    ),
    _paying("orders.close_order", "order"),
    _paying("refunds.note_refund_sent", "refund", refund_id="1"),
    _paying("refunds.note_refund_not_sent", "refund", error="no"),
    _paying("deliveries.note_failure", "told", key="delivery", error="no"),
    act(
        "deliveries.handle_deliveries", NOBODY, "", lambda it: {"deliveries": [it.paying.told]},
        within="payments.actions",
    ),
)  # fmt: skip
