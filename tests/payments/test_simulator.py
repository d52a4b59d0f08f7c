"""The whole way over real HTTP: our client places an order at a simulated platform, somebody pays
at its cashier, and what it posts goes through our door; also where it misbehaves."""

from __future__ import annotations

import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from honghui.kernel import clock
from honghui.kernel.actors import VISITOR, Actor
from honghui.kernel.errors import Conflict
from honghui.payments import worker
from honghui.payments.actions.orders import open_order
from honghui.payments.actions.refunds import ask_refund
from honghui.payments.door import with_payments
from honghui.payments.models import Delivery, Discrepancy, Order, Refund
from honghui.payments.placing import cashier_address
from honghui.payments.simulator.server import Simulator
from honghui.payments.wechat import client
from honghui.payments.wechat.refusals import PlatformRefuses, PlatformSilent
from honghui.registry.models import Society
from tests.payments.conftest import Job
from tests.payments.platform import Platform

SCALE = 0.004  # fifteen seconds are sixty milliseconds
BACK = "http://127.0.0.1/en/give/thanks"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Nothing."""


@pytest.fixture
def house(committed: str, settings) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """Our door over HTTP, on a database of its own; its address."""

    def pages(environ: object, start_response: Callable[..., object]) -> list[bytes]:
        start_response("404 Not Found", [])
        return []

    server = make_server("127.0.0.1", 0, with_payments(pages), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    settings.ADDRESS = f"http://127.0.0.1:{server.server_port}"
    yield settings.ADDRESS
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def simulator(house: str, platform: Platform, settings) -> Iterator[Simulator]:  # type: ignore[no-untyped-def]
    server = Simulator(
        ("127.0.0.1", 0),
        keys=platform.folder,
        merchant_id="9901000001",
        now=clock.now,
        scale=SCALE,
    )
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    settings.WECHAT_API = server.address
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def order_of(fen: int = 2000, **values: object) -> Order:
    return open_order(
        by=VISITOR, society=Society.objects.get(pk="330600"), job="tests", about_id=uuid4(),
        amount_fen=fen, description="样例项目", **values,  # type: ignore[arg-type]
    )  # fmt: skip


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_words: object) -> None:
        return None


def press(address: str, button: str, *wrongs: str) -> str:
    """Presses a button at the cashier; where the browser is sent."""
    form = urllib.parse.urlencode([("do", button), *(("wrong", one) for one in wrongs)])
    opener = urllib.request.build_opener(_Stay)
    with pytest.raises(urllib.error.HTTPError) as sent:
        opener.open(address, form.encode(), timeout=10)
    with sent.value as answer:
        assert answer.code == 303
        return str(answer.headers["Location"])


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def kept(count: int) -> None:
    wait_for(lambda: Delivery.objects.count() >= count)


def test_somebody_pays_and_the_job_is_told(simulator: Simulator, job: Job) -> None:
    order = order_of(123_456)
    address = cashier_address(order, return_to=BACK)
    assert cashier_address(order, return_to=BACK) == address
    with urllib.request.urlopen(address, timeout=10) as answer:
        page, policy = answer.read().decode(), answer.headers["Content-Security-Policy"]
    assert "no real money" in page and "1,234" in page
    assert "form-action 'self' http://127.0.0.1" in policy
    assert not re.search(r"<script|style=", page)
    assert press(address, "pay") == BACK
    kept(1)
    worker.handle_waiting()
    assert [one.order.pk for one in job.paid] == [order.pk]
    order.refresh_from_db()
    with pytest.raises(Conflict):
        cashier_address(order, return_to=BACK)


def test_who_does_not_pay_goes_back_and_nothing_is_told(simulator: Simulator) -> None:
    address = cashier_address(order_of(), return_to=BACK)
    assert press(address, "cancel") == BACK
    assert simulator.poster.sent == 0
    assert client.ask_order(Order.objects.latest("created_at").out_trade_no).trade_state == "NOTPAY"


@pytest.mark.parametrize(
    ("wrongs", "tries"),
    [(["twice"], 3), (["lost"], 2), (["forged"], 2), (["stale"], 2), (["late"], 1),
     (["lost", "forged", "stale", "twice"], 12)],
    ids=str,
)  # fmt: skip
def test_however_it_misbehaves_the_payment_is_booked_once(
    wrongs: list[str], tries: int, simulator: Simulator, job: Job
) -> None:
    order = order_of()
    press(cashier_address(order, return_to=BACK), "pay", *wrongs)
    wait_for(lambda: simulator.poster.sent >= tries)
    kept(1)
    worker.handle_waiting()
    assert [one.order.pk for one in job.paid] == [order.pk]
    assert Delivery.objects.count() == 1
    assert not Discrepancy.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "booked", "cause"), [("amount", 0, "other_amount"), ("double", 1, "paid_twice")]
)
def test_money_that_does_not_fit_waits_for_a_person(
    wrong: str, booked: int, cause: str, simulator: Simulator, job: Job
) -> None:
    press(cashier_address(order_of(), return_to=BACK), "pay", wrong)
    kept(booked + 1)
    worker.handle_waiting()
    assert len(job.paid) == booked
    assert Discrepancy.objects.get().cause == cause


def test_a_refund_goes_out_and_comes_back(
    simulator: Simulator, job: Job, as_actor: Callable[..., Actor]
) -> None:
    order = order_of(2000)
    press(cashier_address(order, return_to=BACK), "pay")
    kept(1)
    worker.handle_waiting()
    refund = ask_refund(
        by=as_actor("finance"), order=order, amount_fen=700, reason="样例", about_id=uuid4()
    )
    assert worker.send_refunds() == 1
    assert worker.send_refunds() == 0
    refund.refresh_from_db()
    assert refund.sent_at and refund.state == "asked"
    kept(2)
    worker.handle_waiting()
    assert [(one.refund.pk, one.is_done) for one in job.ended] == [(refund.pk, True)]


def test_a_refund_is_kept_until_the_platform_takes_it(
    simulator: Simulator, job: Job, as_actor: Callable[..., Actor], settings
) -> None:  # type: ignore[no-untyped-def]
    order = order_of(2000)
    press(cashier_address(order, return_to=BACK), "pay")
    kept(1)
    worker.handle_waiting()
    ask_refund(by=as_actor("finance"), order=order, amount_fen=1, reason="样例", about_id=uuid4())
    there, settings.WECHAT_API = settings.WECHAT_API, "http://127.0.0.1:9"
    worker.send_refunds()
    refund = Refund.objects.get()
    assert (refund.tries, refund.last_error) == (1, "payments.platform.no_answer")
    assert worker.send_refunds() == 0, "it waits for its time"
    settings.WECHAT_API = there
    Refund.objects.update(next_try_at=clock.machine_now())
    worker.send_refunds()
    refund.refresh_from_db()
    assert refund.sent_at


def test_an_order_that_nobody_told_of_is_asked_about(simulator: Simulator, job: Job) -> None:
    unpaid, paid, never = (order_of(stands_for=timedelta(minutes=1)) for _one in range(3))
    for order in (unpaid, paid):
        cashier_address(order, return_to=BACK)
    simulator.ledger.pay(simulator.ledger.order(paid.out_trade_no))
    with clock.at(clock.now() + timedelta(hours=1)):
        assert worker.ask_about_expired() == 3
        worker.handle_waiting()
    assert [one.order.pk for one in job.paid] == [paid.pk]
    states = [Order.objects.get(pk=one.pk).state for one in (unpaid, paid, never)]
    assert states == ["closed", "paid", "closed"]
    assert client.ask_order(unpaid.out_trade_no).trade_state == "CLOSED"


def test_a_refusal_of_our_signature_closes_no_order(
    simulator: Simulator, job: Job, settings
) -> None:  # type: ignore[no-untyped-def]
    order = order_of(stands_for=timedelta(minutes=1))
    settings.WECHAT_MERCHANT = "9901000002"
    with pytest.raises(PlatformRefuses) as refused:
        cashier_address(order, return_to=BACK)
    assert refused.value.code == "payments.platform.sign_error"
    with clock.at(clock.now() + timedelta(hours=1)):
        worker.ask_about_expired()
    order.refresh_from_db()
    assert order.state == "open"


def test_an_answer_with_another_signature_is_no_answer(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator, "serial", "7E57")
    with pytest.raises(PlatformSilent) as silent:
        cashier_address(order_of(), return_to=BACK)
    assert silent.value.code == "payments.platform.unsigned"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//elsewhere", "ftp://elsewhere/", "http://a\nb: c"]
)
def test_the_cashier_sends_nobody_to_what_is_no_page(address: str, simulator: Simulator) -> None:
    there = cashier_address(order_of(), return_to=address)
    assert press(there, "cancel").startswith("/cashier/")


@pytest.mark.parametrize("path", ["/", "/cashier/unknown", "/v3/pay/transactions/h5"])
def test_what_the_platform_does_not_know_it_refuses(path: str, simulator: Simulator) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(simulator.address + path, timeout=10)
    refused.value.close()
    assert refused.value.code in (401, 404)
