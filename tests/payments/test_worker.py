"""What was told becomes so, once: orders are paid, the job is called; what does not fit waits for a
person and is booked nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.payments import queries
from honghui.payments.actions.orders import close_order
from honghui.payments.models import Delivery, Discrepancy, Order
from honghui.payments.worker import handle_waiting
from tests.payments.conftest import Job, Notify
from tests.payments.platform import Platform

pytestmark = pytest.mark.django_db

NewOrder = Callable[..., Order]


def state_of(order: Order) -> str:
    order.refresh_from_db()
    return order.state


def test_a_paid_order_reaches_its_job_with_what_was_paid(
    platform: Platform, notify: Notify, new_order: NewOrder, job: Job
) -> None:
    order = new_order(20_000)
    notify(platform.paid(order, transaction_id="42001"))
    assert state_of(order) == "open"
    assert handle_waiting() == 1
    (told,) = job.paid
    assert (told.order.pk, told.transaction_id, told.amount_fen) == (order.pk, "42001", 20_000)
    assert told.paid_at == datetime.fromisoformat("2020-06-24T09:01:02+08:00")
    assert (state_of(order), order.transaction_id) == ("paid", "42001")
    assert Delivery.objects.get().state == "done"
    assert handle_waiting() == 0
    act = Act.objects.get(verb="payments.deliveries.handled")
    assert act.after["paid"] == 1


def test_a_hundred_orders_come_to_the_job_at_once_and_cost_no_query_each(
    platform: Platform, notify: Notify, new_order: NewOrder, job: Job
) -> None:
    counts = []
    for number in (1, 100):
        for _one in range(number):
            notify(platform.paid(new_order()))
        with CaptureQueriesContext(connection) as queries:
            assert handle_waiting() == number
        counts.append(len(queries))
    assert job.batches == [1, 100]
    assert counts[0] == counts[1] <= 12


def test_the_same_payment_told_again_under_another_number_changes_nothing(
    platform: Platform, notify: Notify, new_order: NewOrder, job: Job
) -> None:
    order = new_order()
    for _again in range(2):
        notify(platform.paid(order, transaction_id="42002"))
    notify(platform.paid(order, transaction_id="42002"))
    handle_waiting(2)
    handle_waiting()
    assert [one.order.pk for one in job.paid] == [order.pk]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    assert not Discrepancy.objects.exists()


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"amount": {"total": 999}}, "other_amount"),
        ({"amount": {"total": 1001}}, "other_amount"),
        ({"amount": {"total": -1000}}, "other_amount"),
        ({"amount": {"payer_total": 900}}, "other_amount"),
        ({"amount": {"currency": "USD"}}, "other_currency"),
        ({"mchid": "9901000002"}, "other_merchant"),
        ({"out_trade_no": "NEVER-OPENED"}, "unknown_order"),
        ({"trade_state": "PAYERROR"}, "not_successful"),
        ({"transaction_id": ""}, "not_successful"),
        ({"success_time": ""}, "not_successful"),
        ({"event_type": "COUPON.USE"}, "unknown_event"),
    ],
    ids=str,
)
def test_what_does_not_fit_waits_for_a_person_and_is_booked_nowhere(
    changes: dict[str, Any],
    cause: str,
    platform: Platform,
    notify: Notify,
    new_order: NewOrder,
    job: Job,
) -> None:
    order, other = new_order(1000), new_order(500)
    notify(platform.paid(order, **changes))
    notify(platform.paid(other))
    handle_waiting()
    assert [one.order.pk for one in job.paid] == [other.pk]
    assert state_of(order) == "open"
    found = Discrepancy.objects.get()
    assert (found.cause, found.delivery.state) == (cause, "discrepancy")
    assert found.society_id == ("330000" if cause == "unknown_order" else "330600")


@pytest.mark.parametrize("together", [True, False])
def test_a_second_transaction_for_one_order_is_a_discrepancy(
    together: bool, platform: Platform, notify: Notify, new_order: NewOrder, job: Job
) -> None:
    order = new_order()
    for transaction_id in ("42003", "42004"):
        notify(platform.paid(order, transaction_id=transaction_id))
        if not together:
            handle_waiting()
    handle_waiting()
    assert [one.transaction_id for one in job.paid] == ["42003"]
    found = Discrepancy.objects.get()
    assert (found.cause, found.delivery.transaction_id) == ("paid_twice", "42004")


@pytest.mark.parametrize("together", [True, False])
def test_one_transaction_pays_one_order(
    together: bool, platform: Platform, notify: Notify, new_order: NewOrder, job: Job
) -> None:
    first, second = new_order(), new_order()
    for order in (first, second):
        notify(platform.paid(order, transaction_id="42005"))
        if not together:
            handle_waiting()
    handle_waiting()
    assert [one.order.pk for one in job.paid] == [first.pk]
    assert Discrepancy.objects.get().cause == "transaction_taken"
    with pytest.raises(IntegrityError, match="transaction_pays_one_order"), transaction.atomic():
        Order.objects.filter(pk=second.pk).update(
            state="paid", transaction_id="42005", paid_at=clock.now()
        )


def test_a_closed_order_that_is_paid_all_the_same_is_a_discrepancy(
    platform: Platform, notify: Notify, new_order: NewOrder, job: Job, system: Actor
) -> None:
    order = new_order()
    close_order(by=system, order=order)
    notify(platform.paid(order))
    handle_waiting()
    assert (job.paid, state_of(order)) == ([], "closed")
    assert Discrepancy.objects.get().cause == "order_closed"


def test_an_expired_order_that_was_paid_is_paid(
    platform: Platform, notify: Notify, new_order: NewOrder, job: Job
) -> None:
    order = new_order(stands_for=timedelta(minutes=1))
    notify(platform.paid(order))
    with clock.at(clock.now() + timedelta(hours=3)):
        handle_waiting()
    assert state_of(order) == "paid"


def test_one_that_its_job_stumbles_over_holds_nobody_up(
    platform: Platform,
    notify: Notify,
    new_order: NewOrder,
    job: Job,
    caplog: pytest.LogCaptureFixture,
) -> None:
    orders = [new_order() for _one in range(3)]
    for order in orders:
        notify(platform.paid(order))
    job.fails_at = orders[1].out_trade_no
    handle_waiting()
    assert {one.order.pk for one in job.paid} == {orders[0].pk, orders[2].pk}
    assert [state_of(order) for order in orders] == ["paid", "open", "paid"]
    stuck = Delivery.objects.get(state="waiting")
    assert (stuck.tries, stuck.last_error) == (1, "RuntimeError")
    assert timedelta() < stuck.next_try_at - clock.machine_now() <= timedelta(seconds=1)
    assert "person" not in caplog.text
    assert handle_waiting() == 0, "it waits for its time"


def test_what_keeps_failing_waits_longer_and_then_shows(
    platform: Platform,
    notify: Notify,
    new_order: NewOrder,
    job: Job,
    as_actor: Callable[..., Actor],
) -> None:
    order = new_order()
    notify(platform.paid(order))
    job.fails_at = order.out_trade_no
    waits, shown = [], []
    for _try in range(6):
        Delivery.objects.update(next_try_at=clock.machine_now())
        before = clock.machine_now()
        handle_waiting()
        waits.append(round((Delivery.objects.get().next_try_at - before).total_seconds()))
        shown.append(len(queries.stuck_deliveries(as_actor("finance"))))
    assert waits == [1, 10, 60, 600, 3600, 3600]
    assert shown == [0, 0, 1, 1, 1, 1]
    job.fails_at = ""
    Delivery.objects.update(next_try_at=clock.machine_now())
    handle_waiting()
    assert [one.order.pk for one in job.paid] == [order.pk]
    assert not queries.stuck_deliveries(as_actor("finance"))


def test_an_order_of_a_job_that_says_nothing_waits_for_it(
    platform: Platform, notify: Notify, new_order: NewOrder, job: Job
) -> None:
    order = new_order(job="unheard-of")
    notify(platform.paid(order))
    handle_waiting()
    assert (state_of(order), Delivery.objects.get().last_error) == ("open", "NoHandler")
