"""From "send" to a thousand messages handed to the gateway.

A call-out of a thousand people in a town with its worker and a gateway that speaks the real one's
interface, each a process of its own, on this machine. Counted from the call that queues until the
gateway has the last message. Beside it, in the same run: the same ten requests posted bare, one
after the other, by a program that knows them already.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

from bench.ledger.database import fresh_database
from bench.table import Row

PEOPLE = 1_000
RUNS = 3
SECONDS_MAX = 5.0
PORT = 8767
ADDRESS = f"http://127.0.0.1:{PORT}"
HOME = Path(__file__).resolve().parent.parent
KEY, SECRET = "bench", "secret of the bench"


def rows() -> list[Row]:
    with fresh_database() as address:
        os.environ |= {
            "HONGHUI_SMS_API": ADDRESS, "HONGHUI_SMS_KEY": KEY, "HONGHUI_SMS_SECRET": SECRET,
            "HONGHUI_SMS_CALLBACK_SECRET": "x" * 32, "HONGHUI_SMS_LIMITS": "",
            "HONGHUI_LOG_LEVEL": "ERROR", "DATABASE_URL": address,
        }  # fmt: skip
        take_settings()
        people = make_people()
        with running("bench.messaging_gateway"), running("bench.messaging_worker"):
            wait_until_reviewed()
            runs = sorted((send(people) for _run in range(RUNS)), key=lambda run: run[0])
            total, queued = runs[RUNS // 2]
            queries = queries_of(people)
            bare = post_bare()
    return [
        Row(f"from send to {PEOPLE:,} messages handed to the gateway (median of {RUNS})",
            total, SECONDS_MAX, "s", f"slowest {runs[-1][0]:.2f} s; queueing alone {queued:.2f} s"),
        Row("queries to queue them, whatever their number", queries, 10, "", ""),
        Row("beside the same ten requests posted bare", total / bare, 40, "×",
            f"bare: {bare * 1000:,.0f} ms, signed and sent by a program that knows them"),
    ]  # fmt: skip


def take_settings() -> None:
    from django.conf import settings

    settings.SMS_API, settings.SMS_KEY, settings.SMS_SECRET = ADDRESS, KEY, SECRET
    settings.SMS_LIMITS = ""


def make_people() -> list[UUID]:
    """With numbers, as registering each would leave them."""
    from honghui.kernel import clock, sealing, subject_keys
    from honghui.kernel.ids import new_id
    from honghui.registry.identities import PHONE_CONTEXT
    from honghui.registry.models import Person, Society

    Society.objects.create(
        code="330000", level="province", name="bench", name_en="bench", place_name="bench",
        place_name_en="bench",
    )  # fmt: skip
    ids = [new_id() for _one in range(PEOPLE)]
    keys = subject_keys.make_keys(ids)
    rows = []
    for place, person_id in enumerate(ids):
        number = f"+861389{place:07}"
        rows.append(
            Person(
                id=person_id, name="bench", name_key="bench", phone_tail=number[-4:],
                phone_sealed=sealing.seal(keys[person_id], number, PHONE_CONTEXT),
                phone_hash=subject_keys.look_up_hash("phone", number), registered_at=clock.now(),
            )
        )  # fmt: skip
    Person.objects.bulk_create(rows)
    return ids


@contextmanager
def running(module: str) -> Iterator[None]:
    child = subprocess.Popen([sys.executable, "-m", module], cwd=HOME, env=dict(os.environ))
    try:
        yield
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(30)


def wait_until_reviewed() -> None:
    from honghui.messaging.models import Template

    deadline = time.monotonic() + 60
    while Template.objects.filter(state="approved", channel="sms").count() < 4:
        if time.monotonic() > deadline:
            raise RuntimeError("the templates are not through their review")
        time.sleep(0.1)


def send(people: list[UUID]) -> tuple[float, float]:
    """(seconds until the gateway has the last, seconds to queue)."""
    from bench.messaging_worker import declare
    from honghui.messaging.models import Message

    declare()
    before = arrived()
    begun = time.perf_counter()
    queue(people)
    queued = time.perf_counter() - begun
    while arrived() - before < PEOPLE:
        if time.perf_counter() - begun > 60:
            raise RuntimeError("the messages do not arrive")
        time.sleep(0.05)
    total = time.perf_counter() - begun
    while Message.objects.filter(state__in=["queued", "sending", "unsure"]).exists():
        time.sleep(0.05)
    return total, queued


def queue(people: list[UUID]) -> None:
    from django.db import transaction

    from bench.messaging_worker import TEMPLATE
    from honghui.kernel.actors import system_actor
    from honghui.messaging.sending import Draft, queue_messages

    values = {"place": "中心广场东门", "title": "内涝转移群众"}
    link = "/answer/sample-token-of-22-char/"
    with transaction.atomic():
        queue_messages(
            by=system_actor("bench"),
            society_code="330000",
            is_urgent=True,
            drafts=[Draft(each, "sms", TEMPLATE, values, uuid4(), link) for each in people],
        )


def queries_of(people: list[UUID]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        queue(people)
    return len(queries)


def arrived() -> int:
    with urllib.request.urlopen(f"{ADDRESS}/count", timeout=5) as answer:
        return int(answer.read())


def post_bare() -> float:
    """The floor: ten requests of a hundred, known beforehand."""
    from django.conf import settings

    from bench.messaging_worker import TEMPLATE
    from honghui.messaging.channels.sms import SMS_VERSION, ask
    from honghui.messaging.declaring import wording_of
    from honghui.messaging.models import Template

    body = wording_of(TEMPLATE, "zh", "sms").body
    code = Template.objects.get(code=TEMPLATE, body=body).gateway_code
    values = {"place": "中心广场东门", "title": "内涝转移群众", "code": "1234", "token": "t" * 22}
    requests = [
        {
            "PhoneNumberJson": json.dumps([f"1389{start * 100 + n:07}" for n in range(100)]),
            "SignNameJson": json.dumps(["红会"] * 100), "TemplateCode": code,
            "TemplateParamJson": json.dumps([values] * 100, ensure_ascii=False),
            "SmsUpExtendCodeJson": json.dumps(["1234"] * 100), "OutId": f"bare-{start}",
        }
        for start in range(10)
    ]  # fmt: skip
    assert len(urlencode(requests[0])) > 1_000
    begun = time.perf_counter()
    for each in requests:
        said = ask(settings.SMS_API, SMS_VERSION, "SendBatchSms", each)
        assert said["Code"] == "OK", said
    return time.perf_counter() - begun
