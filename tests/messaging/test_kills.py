"""Workers are killed in the middle of handing over, and answers are lost: nobody is told twice, and
nobody forgotten."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from honghui.kernel.actors import system_actor
from honghui.messaging.models import Handover, Message
from honghui.messaging.sending import queue_messages
from honghui.messaging.simulator.misbehaving import Misbehaviour
from honghui.messaging.simulator.server import Simulator
from tests.environment import HOME
from tests.messaging.conftest import draft_to
from tests.messaging.people import many_people

PEOPLE = 400
KILLS = 8
WORKERS = 2


@contextmanager
def _gateway() -> Iterator[Simulator]:
    """One that takes its time, so that a kill meets a request before, within or after it; every
    seventh answer or so is lost or an error."""
    server = Simulator(
        ("127.0.0.1", 0), to="http://127.0.0.1:9", keys={"tests": "secret"},
        callback_secret="x" * 32, signs=frozenset({"红会"}), limits=(), scale=0.0,
        wrongs=Misbehaviour(share=0.15, seed=370),
    )  # fmt: skip
    real = server.gateway.carry_out

    def slowly(action: str, given: Mapping[str, str]) -> dict[str, Any]:
        time.sleep(0.02)
        said = real(action, given)
        time.sleep(0.02)
        return said

    server.gateway.carry_out = slowly  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _start(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.messaging.killed_worker"]
    return subprocess.Popen(command, env=environment, cwd=HOME, stderr=subprocess.DEVNULL)


def test_nobody_is_told_twice_or_forgotten_however_often_a_worker_is_killed(
    committed: str, settings: Any
) -> None:
    chance = random.Random(370)
    people = many_people(PEOPLE)
    with transaction.atomic():
        queue_messages(
            by=system_actor("tests"), society_code="330600", is_urgent=False,
            drafts=[draft_to(each.pk) for each in people],
        )  # fmt: skip
    with _gateway() as server:
        environment = {
            **os.environ, "DATABASE_URL": committed, "HONGHUI_SMS_LIMITS": "",
            "HONGHUI_SMS_API": f"http://127.0.0.1:{server.server_address[1]}",
            "HONGHUI_SMS_KEY": "tests", "HONGHUI_SMS_SECRET": "secret",
        }  # fmt: skip
        workers = [_start(environment) for _one in range(WORKERS)]
        try:
            for number in range(KILLS):
                _until(lambda least=number * 40: _handed() > least)
                time.sleep(chance.uniform(0, 0.1))
                workers[number % WORKERS].kill()
                workers[number % WORKERS].wait()
                workers[number % WORKERS] = _start(environment)
            _until(lambda: _handed() == PEOPLE)
        finally:
            for one in workers:
                one.kill()
                one.wait()
        told = Counter(each.phone for each in server.gateway.sent)
    assert len(told) == PEOPLE, "somebody was forgotten"
    assert set(told.values()) == {1}, "somebody was told twice"
    assert Handover.objects.filter(asks__gt=0).exists(), "no answer was ever in doubt"


def _handed() -> int:
    found = Message.objects.filter(state__in=["sent", "delivered"]).count()
    connection.close()
    return found


def _until(true) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "nobody works any more"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    settings.SMS_LIMITS = ""
