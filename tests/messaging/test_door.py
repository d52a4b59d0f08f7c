"""The door: who does not know the secret is refused, and nothing is kept twice or lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.messaging.arrivals import BODY_BYTES_MAX, signature_of
from honghui.messaging.models import Arrival, Receipt
from honghui.messaging.worker import take_in_arrivals, worker_actor
from honghui.registry.models import Person
from tests.messaging.conftest import SECRET, Door, World, draft_to
from tests.messaging.test_sending import queue

pytestmark = pytest.mark.django_db

RECEIPTS = "/messaging/sms/receipts"
REPLIES = "/messaging/sms/replies"
BODY = json.dumps([{"phone_number": "13899010001", "content": "去", "sequence_id": 1}]).encode()


def signed(
    body: bytes = BODY, *, path: str = REPLIES, secret: str = SECRET, nonce: str = "n" * 32,
    age: timedelta = timedelta(0),
) -> dict[str, str]:  # fmt: skip
    timestamp = str(int((clock.machine_now() - age).timestamp()))
    return {
        "HTTP_X_HONGHUI_TIMESTAMP": timestamp,
        "HTTP_X_HONGHUI_NONCE": nonce,
        "HTTP_X_HONGHUI_SIGNATURE": signature_of(secret, timestamp, nonce, path, body),
    }


def test_whoever_knows_the_secret_is_answered_and_the_body_is_sealed(door: Door) -> None:
    assert door.post(REPLIES, BODY, f"secret={SECRET}") == (200, {"code": 0, "msg": "接收成功"})
    assert door.post(REPLIES, BODY, **signed())[0] == 200
    assert Arrival.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM messaging_arrival a")
        rows = str(cursor.fetchall())
    assert "13899010001" not in rows and BODY.hex() not in rows


def test_the_same_request_is_kept_once_and_answered_each_time(door: Door) -> None:
    for _again in range(3):
        assert door.post(REPLIES, BODY, **signed())[0] == 200
        assert door.post(REPLIES, BODY, f"secret={SECRET}")[0] == 200
    assert Arrival.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {}),
        ("secret=", {}),
        ("secret=wrong-wrong-wrong-wrong", {}),
        ("", signed(secret="another secret of somebody")),
        ("", signed(b"[]")),
        ("", signed(path=RECEIPTS)),
        ("", signed(age=timedelta(hours=6))),
        ("", signed(age=-timedelta(hours=6))),
        ("", {**signed(), "HTTP_X_HONGHUI_TIMESTAMP": "now"}),
        ("", {**signed(), "HTTP_X_HONGHUI_NONCE": "x" * 32}),
        ("", signed(nonce="")),
        # A wrong signature is not made good by a secret in the address that is wrong too.
        ("secret=x", {**signed(), "HTTP_X_HONGHUI_SIGNATURE": "0" * 64}),
    ],
)
def test_a_forged_post_is_refused_and_nothing_is_kept(
    query: str, headers: dict[str, str], door: Door
) -> None:
    status, said = door.post(REPLIES, BODY, query, **headers)
    assert (status, said["code"]) == (401, 1)
    assert not Arrival.objects.exists()


def test_a_door_without_a_secret_is_closed(door: Door, settings: Any) -> None:
    for secret in ("", "short"):
        settings.SMS_CALLBACK_SECRET = secret
        assert door.post(REPLIES, BODY, f"secret={secret}")[0] == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{}", 400),
        (b'["text"]', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[" + b"{}," * 2_000 + b"{}]", 400),
        (b" " * (BODY_BYTES_MAX + 1), 413),
    ],
    ids=["nothing", "no_list", "no_objects", "no_text", "deep", "many", "large"],
)
def test_garbage_is_refused_before_anything_is_kept(body: bytes, status: int, door: Door) -> None:
    assert door.post(REPLIES, body, f"secret={SECRET}")[0] == status
    assert not Arrival.objects.exists()


def test_only_a_post_is_heard(door: Door) -> None:
    assert door.post(REPLIES, b"", method="GET")[0] == 405


def test_a_receipt_that_names_nothing_of_ours_is_kept_and_changes_nothing(
    door: Door, world: World, new_person: Callable[..., Person], system: Actor
) -> None:
    (message,) = queue(system, draft_to(new_person("13899010001").pk))
    world.work()
    forged = [
        {"phone_number": "13899010001", "out_id": "nobody's", "success": False, "err_code": "X"},
        {"phone_number": "13899019999", "biz_id": "", "out_id": "", "success": True},
        {},
    ]
    door.post(RECEIPTS, json.dumps(forged).encode(), f"secret={SECRET}")
    take_in_arrivals(worker_actor())
    message.refresh_from_db()
    assert message.state == "sent"
    assert list(Receipt.objects.values_list("message", flat=True)) == [None, None, None]


def test_one_strange_item_keeps_no_other_from_being_read(
    door: Door, world: World, new_person: Callable[..., Person], system: Actor
) -> None:
    """A NUL, a number of parts that no column holds, a mark of the encoding in front."""
    (message,) = queue(system, draft_to(new_person("13899010001").pk))
    world.work()
    told = world.poster.waiting[-1][1]
    strange = {**told, "out_id": "a\x00b", "biz_id": "\x00", "err_code": "\x00DELIVERED"}
    many = {**told, "sms_size": "000" + "9" * 12}
    body = b"\xef\xbb\xbf" + json.dumps([strange, many]).encode()
    assert door.post(RECEIPTS, body, f"secret={SECRET}")[0] == 200
    take_in_arrivals(worker_actor())
    message.refresh_from_db()
    assert (message.state, Arrival.objects.get().last_error) == ("delivered", "")
    assert door.post(RECEIPTS, json.dumps([told]).encode("utf-16"), f"secret={SECRET}")[0] == 400


def test_what_cannot_be_handled_just_now_is_tried_again_and_not_lost(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    from honghui.messaging.actions import arrivals

    real = arrivals.reply_of

    def stumbles(_item: Any) -> Any:
        raise RuntimeError("a value")

    monkeypatch.setattr(arrivals, "reply_of", stumbles)
    door.post(REPLIES, BODY, f"secret={SECRET}")
    take_in_arrivals(worker_actor())
    row = Arrival.objects.get()
    assert (row.tries, row.last_error, row.handled_at) == (1, "RuntimeError", None)
    monkeypatch.setattr(arrivals, "reply_of", real)
    Arrival.objects.update(next_try_at=clock.machine_now())
    take_in_arrivals(worker_actor())
    row.refresh_from_db()
    assert row.handled_at and row.body_sealed is None
