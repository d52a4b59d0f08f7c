"""Workers are killed in the middle of their batches: every payment is booked once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from honghui.kernel import clock
from honghui.kernel.actors import VISITOR
from honghui.payments.actions.orders import open_order
from honghui.payments.models import Delivery, Order
from honghui.registry.models import Society
from tests.environment import HOME
from tests.payments.platform import Platform

ORDERS = 600
KILLS = 8
WORKERS = 2


def _booked() -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT order_id FROM booked")
        return [row[0] for row in cursor.fetchall()]


def _fill() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE booked (order_id uuid NOT NULL)")
    society, now = Society.objects.get(pk="330600"), clock.machine_now()
    like = open_order(
        by=VISITOR, society=society, job="tests", about_id=UUID(int=370), amount_fen=100,
        description="样例",
    )  # fmt: skip
    orders = [
        Order(
            platform="wechat", out_trade_no=f"KILLS{number:06}", society=society, job="tests",
            about_id=like.about_id, amount_fen=100, description="样例",
            created_at=like.created_at, expires_at=like.expires_at,
        )
        for number in range(ORDERS)
    ]  # fmt: skip
    Order.objects.bulk_create(orders)
    Delivery.objects.bulk_create(
        Delivery(
            platform="wechat", notification_id=f"{order.out_trade_no}-{again}",
            event_type="TRANSACTION.SUCCESS", merchant_id="9901000001",
            out_trade_no=order.out_trade_no, transaction_id=f"42{order.out_trade_no}",
            told_state="SUCCESS", amount_fen=100, currency="CNY", happened_at=now,
            received_at=now, next_try_at=now,
        )
        for again in range(2)
        for order in orders
    )  # fmt: skip


@contextmanager
def _working(address: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    environment = {**os.environ, "DATABASE_URL": address}
    workers = [_start(environment) for _one in range(WORKERS)]
    try:
        yield workers
    finally:
        for one in workers:
            one.kill()
            one.wait()


def _start(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.payments.killed_worker"]
    return subprocess.Popen(command, env=environment, cwd=HOME, stderr=subprocess.DEVNULL)


def test_every_payment_is_booked_once_however_often_a_worker_is_killed(
    committed: str, platform: Platform
) -> None:
    _fill()
    chance = random.Random(370)
    environment = {**os.environ, "DATABASE_URL": committed}
    with _working(committed) as workers:
        for number in range(KILLS):
            _until(lambda least=number * 30: len(_booked()) > least)
            time.sleep(chance.uniform(0, 0.04))
            workers[number % WORKERS].kill()
            workers[number % WORKERS].wait()
            workers[number % WORKERS] = _start(environment)
        _until(lambda: not Delivery.objects.filter(state="waiting").exists())
    booked = _booked()
    assert len(booked) == len(set(booked)) == ORDERS
    assert Order.objects.filter(state="paid").count() == ORDERS
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


def _until(true) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "nobody works any more"
        time.sleep(0.005)
