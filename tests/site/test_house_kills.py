"""The whole house under kill -9: web, database, sequencer and worker die again and again while a
platform tells of payments over HTTP. What was acknowledged is a gift once, in books and log."""

from __future__ import annotations

import http.client
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.db import connections

from honghui.audit.auditing import audit_records
from honghui.funds.models import Donation, Fund, Giving
from honghui.funds.platform import begin, order_for
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR
from honghui.kernel.postgres.server import EmbeddedServer
from honghui.ledger.recounting import recount
from honghui.ledger.sequencer import health
from honghui.payments.models import Delivery
from honghui.payments.wechat.credentials import make_simulated
from honghui.worlds.loader import load_world
from tests.browser import free_port
from tests.environment import HOME
from tests.ledger import books
from tests.ledger.test_kills import kill_database, own_server
from tests.ledger.test_sequencer import published
from tests.payments.platform import Platform

__all__ = ["own_server"]

GIFTS = int(os.environ.get("HONGHUI_TEST_GIFTS", "240"))
KILLS = int(os.environ.get("HONGHUI_TEST_KILLS", "12"))
SENDERS = 4
PAUSE_SECONDS = 0.12
SECONDS_MAX = 180


class House:
    """Web, payments worker and sequencer as processes, each started again when it was killed."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        web = [
            *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "1", "--blocking-threads", "4", "--log-level", "critical", "--no-ws"),
            "honghui.site.wsgi:application",
        ]
        self.environment = environment
        self.commands = {
            "web": web,
            "worker": ["honghui.cli", "payments", "work"],
            "sequencer": ["honghui.cli", "sequencer", "run"],
        }
        self.running = {name: self._start(name) for name in self.commands}

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *self.commands[name]],
            env=self.environment, cwd=HOME, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self, name: str) -> None:
        self._end(name)
        self.running[name] = self._start(name)

    def keep_up(self) -> None:
        """As `honghui up` or a service manager would, for what ended with the database."""
        for name, process in self.running.items():
            if process.poll() is not None:
                self.kill(name)

    def end(self) -> None:
        for name in self.running:
            self._end(name)

    def _end(self, name: str) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running[name].wait()


@pytest.fixture
def keys(own_server: EmbeddedServer, tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    folder = tmp_path / "wechat"
    make_simulated(folder)
    settings.WECHAT_KEYS = str(folder)
    return folder


@contextmanager
def house_of(server: EmbeddedServer, data: Path, keys: Path, port: int) -> Iterator[House]:
    house = House(
        {
            **os.environ,
            "DATABASE_URL": server.url,
            "HONGHUI_DATA": str(data),
            "HONGHUI_WECHAT_KEYS": str(keys),
        },
        port,
    )
    try:
        yield house
    finally:
        house.end()


def test_what_a_platform_was_thanked_for_is_a_gift_once_whoever_dies(
    own_server: EmbeddedServer, tmp_path: Path, keys: Path
) -> None:
    clock.forget_pin()
    load_world("zhejiang_2020", lambda line: None)
    before = Donation.objects.count()
    bodies = told(Platform(keys))
    connections.close_all()
    port = free_port()
    with house_of(own_server, tmp_path, keys, port) as house, ThreadPoolExecutor(SENDERS) as pool:
        senders = [
            pool.submit(send, port, Platform(keys), bodies[number::SENDERS])
            for number in range(SENDERS)
        ]
        kill_again_and_again(house, own_server, senders)
        assert sum(sender.result() for sender in senders) == GIFTS
        wait_until_booked(house, before)
    check(tmp_path, before)
    clock.forget_pin()


def told(platform: Platform) -> list[bytes]:
    """Gifts begun on the page, and the platform's word for each of them."""
    fund = Fund.objects.get(pk="pingan-yijing")
    givings = [begin(by=VISITOR, fund=fund, amount_fen=100 + n) for n in range(GIFTS)]
    return [platform.paid(order) for one in givings if (order := order_for(one))]


def send(port: int, platform: Platform, bodies: list[bytes]) -> int:
    """Until each was acknowledged, as platforms do; every third is told once more."""
    count = 0
    for number, body in enumerate(bodies):
        time.sleep(PAUSE_SECONDS)
        _until_acknowledged(port, platform, body)
        count += 1
        if number % 3 == 0:
            _until_acknowledged(port, platform, body)
    return count


def _until_acknowledged(port: int, platform: Platform, body: bytes) -> None:
    until = time.monotonic() + SECONDS_MAX
    while time.monotonic() < until:
        with suppress(OSError, http.client.HTTPException):
            if _told(port, platform, body) in {200, 204}:
                return
        time.sleep(0.05)
    raise AssertionError("nobody answers any more")


def _told(port: int, platform: Platform, body: bytes) -> int:
    signed = {
        name.removeprefix("HTTP_").replace("_", "-").title(): value
        for name, value in platform.headers(body).items()
    }
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("POST", "/payments/wechat/notify", body, signed)
        return line.getresponse().status
    finally:
        line.close()


def kill_again_and_again(house: House, server: EmbeddedServer, senders: list[Future[int]]) -> None:
    chance = random.Random(370)
    for number in range(KILLS):
        time.sleep(chance.uniform(0.1, 0.8))
        assert number < 2 or not all(sender.done() for sender in senders), "nobody sends any more"
        victim = ("web", "database", "sequencer", "worker")[number % 4]
        if victim == "database":
            kill_database(server)
            server.start()
        else:
            house.kill(victim)
        house.keep_up()
    while not all(sender.done() for sender in senders):
        house.keep_up()
        time.sleep(0.1)


def wait_until_booked(house: House, before: int) -> None:
    until = time.monotonic() + SECONDS_MAX
    while True:
        with suppress(Exception):
            now = health()
            waits = Delivery.objects.exclude(state="done").exists()
            if Donation.objects.count() == before + GIFTS and not (
                waits or now.waiting or now.unpublished
            ):
                break
        assert time.monotonic() < until, "the house does not catch up"
        connections.close_all()
        house.keep_up()
        time.sleep(0.2)
    connections.close_all()


def check(data: Path, before: int) -> None:
    assert Giving.objects.filter(donation=None).count() == 0
    gifts = Donation.objects.filter(channel="wechat")
    assert gifts.count() == GIFTS
    assert sum(gifts.values_list("amount_fen", flat=True)) == sum(100 + n for n in range(GIFTS))
    assert {what for what, found in recount() if found} == set()
    log = published(data / "log")
    assert log == books.log()
    assert not audit_records(log).findings
