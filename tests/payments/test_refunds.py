"""No more goes back than came, whoever asks and however often; what the platform says of a refund
is taken in once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid, NotFound
from honghui.payments.actions.refunds import ask_refund
from honghui.payments.models import Discrepancy, Order, Refund
from honghui.payments.worker import handle_waiting
from tests.payments.conftest import Job, Notify
from tests.payments.platform import Platform

pytestmark = pytest.mark.django_db

AsActor = Callable[..., Actor]


@pytest.fixture
def paid(platform: Platform, notify: Notify, new_order: Callable[..., Order], job: Job) -> Order:
    order = new_order(1000)
    notify(platform.paid(order))
    handle_waiting()
    order.refresh_from_db()
    return order


def ask(by: Actor, order: Order, fen: int) -> Refund:
    return ask_refund(by=by, order=order, amount_fen=fen, reason="捐赠人要求退回", about_id=uuid4())


def test_refunds_up_to_the_payment_and_no_fen_more(paid: Order, as_actor: AsActor) -> None:
    by = as_actor("finance")
    ask(by, paid, 400)
    ask(by, paid, 600)
    with pytest.raises(Invalid) as refused:
        ask(by, paid, 1)
    assert refused.value.code == "payments.refund.above_payment"
    paid.refresh_from_db()
    assert (paid.refunded_fen, paid.refunds.count()) == (1000, 2)


@pytest.mark.parametrize("fen", [0, -1, 1001])
def test_a_refund_of_nothing_or_of_more_than_was_paid_is_refused(
    fen: int, paid: Order, as_actor: AsActor
) -> None:
    with pytest.raises(Invalid):
        ask(as_actor("finance"), paid, fen)
    assert not Refund.objects.exists()


def test_the_database_holds_the_sum_too(paid: Order) -> None:
    with (
        pytest.raises(IntegrityError, match="order_is_never_refunded_above_its_amount"),
        transaction.atomic(),
    ):
        Order.objects.filter(pk=paid.pk).update(refunded_fen=1001)


def test_an_open_order_has_nothing_to_give_back(
    new_order: Callable[..., Order], as_actor: AsActor
) -> None:
    with pytest.raises(Conflict):
        ask(as_actor("finance"), new_order(), 1)
    assert not Refund.objects.exists()


def test_another_societys_payment_is_not_found(paid: Order, as_actor: AsActor) -> None:
    with pytest.raises(NotFound):
        ask(as_actor("province"), paid, 1)


def test_a_refund_that_was_made_is_told_to_the_job_once(
    paid: Order, as_actor: AsActor, platform: Platform, notify: Notify, job: Job
) -> None:
    refund = ask(as_actor("finance"), paid, 300)
    for _again in range(2):
        notify(platform.refunded(paid, refund.out_refund_no, 300))
        handle_waiting()
    (ended,) = job.ended
    assert (ended.refund.pk, ended.is_done) == (refund.pk, True)
    refund.refresh_from_db()
    assert (refund.state, refund.refund_id) == ("done", "50300000000000000000000001")
    assert not Discrepancy.objects.exists()


def test_a_refund_that_failed_may_be_asked_again(
    paid: Order, as_actor: AsActor, platform: Platform, notify: Notify, job: Job
) -> None:
    refund = ask(as_actor("finance"), paid, 1000)
    notify(platform.refunded(paid, refund.out_refund_no, 1000, event_type="REFUND.ABNORMAL"))
    handle_waiting()
    assert [one.is_done for one in job.ended] == [False]
    ask(as_actor("finance"), paid, 1000)
    notify(platform.refunded(paid, refund.out_refund_no, 1000))
    handle_waiting()
    assert Discrepancy.objects.get().cause == "refund_ended_otherwise"


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"amount": {"total": 1000, "refund": 301, "currency": "CNY"}}, "other_refund"),
        ({"amount": {"total": 1000, "refund": 300, "currency": "EUR"}}, "other_refund"),
        ({"out_refund_no": "NOBODY-ASKED"}, "unknown_refund"),
        ({"out_trade_no": "ANOTHER-ORDER"}, "unknown_refund"),
        ({"mchid": "9901000002"}, "other_merchant"),
        ({"event_type": "REFUND.OTHERWISE"}, "unknown_event"),
    ],
    ids=str,
)
def test_a_refund_that_nobody_asked_so_waits_for_a_person(
    changes: dict[str, Any],
    cause: str,
    paid: Order,
    as_actor: AsActor,
    platform: Platform,
    notify: Notify,
    job: Job,
) -> None:
    refund = ask(as_actor("finance"), paid, 300)
    notify(platform.refunded(paid, refund.out_refund_no, 300, **changes))
    handle_waiting()
    refund.refresh_from_db()
    assert (job.ended, refund.state) == ([], "asked")
    assert Discrepancy.objects.get().cause == cause
