"""The whole way of a gift over real HTTP, as a browser without scripts goes it: giving page,
cashier of a simulated platform, its signed word, the worker, receipt code, voucher, trace."""

from __future__ import annotations

import re
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from html import unescape
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.db import connection

from honghui.funds.codes import in_groups
from honghui.funds.models import Donation, Fund
from honghui.journal import log_place
from honghui.kernel import clock
from honghui.payments.models import Delivery
from honghui.payments.simulator.server import Simulator
from honghui.payments.worker import handle_waiting
from tests.payments.platform import Platform

FUND = "pingan-yijing"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Nothing."""


@pytest.fixture
def house(committed: str, settings) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """The site, with the platform's door in front, on a database of its own; its address."""
    from honghui.site.wsgi import application

    def closing(environ, start_response):  # type: ignore[no-untyped-def]
        answer = application(environ, start_response)
        try:
            return list(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
            connection.close()

    server = make_server("127.0.0.1", 0, closing, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    settings.ADDRESS = f"http://127.0.0.1:{server.server_port}"
    log_place.signing_keys()
    yield settings.ADDRESS
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def simulator(house: str, platform: Platform, settings) -> Iterator[Simulator]:  # type: ignore[no-untyped-def]
    at = ("127.0.0.1", 0)
    server = Simulator(
        at, keys=platform.folder, merchant_id="9901000001", now=clock.now, scale=0.004
    )
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    settings.WECHAT_API = server.address
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Visitor:
    """A browser without scripts: keeps cookies, goes where it is sent."""

    def __init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self.address, self.page, self.headers = "", "", HTTPMessage()

    def go(self, address: str, form: dict[str, str] | None = None) -> bytes:
        data = urllib.parse.urlencode(form).encode() if form else None
        with self._opener.open(address, data, timeout=20) as answer:
            body: bytes = answer.read()
            self.address, self.headers = answer.url, answer.headers
        self.page = body.decode(errors="replace")
        return body

    def hidden(self) -> dict[str, str]:
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', self.page))

    def follow(self, pattern: str) -> None:
        found = re.search(pattern, self.page)
        assert found, self.page
        self.go(urllib.parse.urljoin(self.address, unescape(found[1])))


def wait_for_word(count: int = 1) -> None:
    deadline = time.monotonic() + 20
    while Delivery.objects.count() < count:
        assert time.monotonic() < deadline, "the platform never told"
        time.sleep(0.02)


def fund_name() -> str:
    return Fund.objects.get(pk=FUND).name


def to_the_cashier(house: str) -> Visitor:
    visitor = Visitor()
    visitor.go(f"{house}/give/{FUND}/")
    gift = {"amount": "１２３.４５", "plain": "other", "showing": "alias", "shown_as": "样例路人"}
    visitor.go(visitor.address, {**visitor.hidden(), **gift})
    assert "/give/pay/" in visitor.address
    visitor.follow(r'http-equiv="refresh" content="0; url=([^"]+)"')
    return visitor


def test_from_the_giving_page_to_the_voucher(house: str, simulator: Simulator) -> None:
    visitor = to_the_cashier(house)
    assert visitor.address.startswith(simulator.address) and "123" in visitor.page
    visitor.go(visitor.address, {"do": "pay"})
    assert visitor.address.startswith(f"{house}/give/done/")
    wait_for_word()
    handle_waiting()
    visitor.go(visitor.address)
    gift = Donation.objects.get(channel="wechat")
    assert gift.amount_fen == 123_45 and in_groups(gift.code) in visitor.page
    voucher = visitor.go(f"{house}/receipts/{gift.code}.pdf")
    assert voucher.startswith(b"%PDF") and visitor.headers["Cache-Control"] == "no-store"
    visitor.go(f"{house}/trace/{gift.code}/")
    assert "123" in visitor.page and fund_name() in visitor.page


def test_a_platform_that_tells_it_twice_late_and_wrongly_books_one_gift(
    house: str, simulator: Simulator
) -> None:
    visitor = to_the_cashier(house)
    back = urllib.parse.urlencode([("do", "pay"), ("wrong", "twice"), ("wrong", "forged")])
    with urllib.request.urlopen(visitor.address, back.encode(), timeout=20):
        pass
    wait_for_word()
    for _time in range(3):
        handle_waiting()
        time.sleep(0.1)
    assert Donation.objects.filter(channel="wechat").count() == 1


def test_who_does_not_pay_is_told_so_and_may_go_on(house: str, simulator: Simulator) -> None:
    visitor = to_the_cashier(house)
    visitor.go(visitor.address, {"do": "cancel"})
    assert visitor.address.startswith(f"{house}/give/done/")
    assert "/give/pay/" in visitor.page and f"/give/{FUND}/" in visitor.page
    assert not Donation.objects.filter(channel="wechat").exists()
