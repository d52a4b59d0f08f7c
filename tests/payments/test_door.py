"""The door: what is proven is kept before it is answered; what is not is refused, and nothing is
written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honghui.payments.models import Delivery, Order
from honghui.payments.wechat.credentials import credentials, make_simulated
from tests.payments.conftest import Notify
from tests.payments.platform import BANK, PAYER, Platform

pytestmark = pytest.mark.django_db

NewOrder = Callable[..., Order]


def test_a_notification_is_one_insert_and_then_the_answer(
    platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    body = platform.paid(new_order(1234), transaction_id="4200000000000000000001")
    with CaptureQueriesContext(connection) as queries:
        assert notify(body) == (200, {"code": "SUCCESS"})
    assert len(queries) == 1
    row = Delivery.objects.get()
    assert (row.amount_fen, row.payer_fen, row.state) == (1234, 1234, "waiting")
    assert row.transaction_id == "4200000000000000000001"


def test_who_paid_is_not_written_down(
    platform: Platform, notify: Notify, new_order: NewOrder, caplog: pytest.LogCaptureFixture
) -> None:
    notify(platform.paid(new_order()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(d)::text FROM payments_delivery d")
        (row,) = cursor.fetchone()
    for value in (PAYER, BANK):
        assert value not in row + caplog.text


def test_a_replay_is_answered_as_the_first_and_kept_once(
    platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    body = platform.paid(new_order(), id="the-same")
    for _again in range(3):
        assert notify(body)[0] == 200
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("header", ["TIMESTAMP", "NONCE", "SIGNATURE", "SERIAL"], ids=str.lower)
def test_without_one_of_its_headers_it_is_not_signed(
    header: str, platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    status, said = notify(platform.paid(new_order()), **{f"HTTP_WECHATPAY_{header}": ""})
    assert (status, said["code"]) == (401, "FAIL")
    assert said["message"] == "payments.signature.missing"
    assert not Delivery.objects.exists()


def test_an_altered_body_is_refused(
    platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    body = platform.paid(new_order())
    status, said = notify(body.replace(b"TRANSACTION", b"TRANSACTIOM"), **platform.headers(body))
    assert (status, said["message"]) == (401, "payments.signature.wrong")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("age_seconds", [301, 86_400, -330])
def test_five_minutes_off_is_too_far(
    age_seconds: int, platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    body = platform.paid(new_order())
    status, said = notify(body, **platform.headers(body, age_seconds=age_seconds))
    assert (status, said["message"]) == (401, "payments.signature.too_old")
    assert not Delivery.objects.exists()


def test_the_machines_clock_counts_and_not_the_worlds(
    platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    from honghui.kernel import clock

    assert clock.now().year == 2020
    assert notify(platform.paid(new_order()))[0] == 200


@pytest.mark.parametrize("timestamp", ["", "yesterday", "-1", "١٢٣", "9" * 40, "1.5"])
def test_a_timestamp_that_is_none_is_refused(
    timestamp: str, platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    status, _said = notify(platform.paid(new_order()), HTTP_WECHATPAY_TIMESTAMP=timestamp)
    assert status == 401


def test_an_unknown_serial_is_refused(
    platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    body = platform.paid(new_order())
    status, said = notify(body, **platform.headers(body, serial="7E57"))
    assert (status, said["message"]) == (401, "payments.signature.serial")


def test_the_platforms_test_signature_is_refused(
    platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    body = platform.paid(new_order())
    right = platform.headers(body)["HTTP_WECHATPAY_SIGNATURE"]
    status, said = notify(body, HTTP_WECHATPAY_SIGNATURE=f"WECHATPAY/SIGNTEST/{right}")
    assert (status, said["message"]) == (401, "payments.signature.test")


def test_another_platforms_key_opens_nothing(
    notify: Notify, new_order: NewOrder, platform: Platform, tmp_path: Path
) -> None:
    make_simulated(tmp_path / "wechat")
    other = Platform(tmp_path / "wechat")
    body = platform.paid(new_order())
    status, said = notify(body, **other.headers(body, serial=platform.serial))
    assert (status, said["message"]) == (401, "payments.signature.wrong")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b"[]", b"\xff\xfe", b'{"id": 3}', b"{" * 10_000]
)
def test_signed_garbage_is_garbage(body: bytes, notify: Notify) -> None:
    status, said = notify(body)
    assert (status, said["code"]) == (400, "FAIL")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"out_trade_no": "x" * 33},
        {"out_trade_no": None},
        {"amount": {"total": 2**70}},
        {"amount": {"total": "1"}},
        {"amount": {"total": 1.5}},
        {"transaction_id": "a\x00b"},
        {"success_time": "yesterday"},
        {"success_time": "2020-06-24T09:00:00"},
        {"id": ""},
        {"id": "i" * 65},
    ],
    ids=str,
)
def test_a_value_that_does_not_fit_is_garbage(
    change: dict[str, object], platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    assert notify(platform.paid(new_order(), **change))[0] == 400
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("part", ["ciphertext", "nonce", "associated_data", "algorithm"])
def test_what_was_sealed_cannot_be_altered(
    part: str, platform: Platform, notify: Notify, new_order: NewOrder
) -> None:
    said = json.loads(platform.paid(new_order()))
    said["resource"][part] = "AAAA" + said["resource"][part][4:]
    assert notify(json.dumps(said).encode())[0] == 400
    assert not Delivery.objects.exists()


def test_only_post_is_taken_and_not_more_than_64_kb(notify: Notify) -> None:
    assert notify(b"", method="GET")[0] == 405
    assert notify(b"x" * (64 * 1024 + 1))[0] == 413
    assert notify(b"", CONTENT_LENGTH="9" * 30)[0] == 413


def test_without_keys_it_is_asked_to_come_again(
    notify: Notify, new_order: NewOrder, platform: Platform, settings, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    body = platform.paid(new_order())
    headers = platform.headers(body)
    settings.WECHAT_KEYS = str(tmp_path / "none")
    status, said = notify(body, **headers)
    assert (status, said["message"]) == (503, "payments.keys.missing")


def test_a_new_key_counts_without_a_restart_and_the_old_one_beside_it(
    platform: Platform, notify: Notify, new_order: NewOrder, tmp_path: Path, settings
) -> None:  # type: ignore[no-untyped-def]
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    make_simulated(ours)
    make_simulated(theirs)
    settings.WECHAT_KEYS = str(ours)
    old, new = Platform(ours), Platform(theirs)
    body = old.paid(new_order())
    assert notify(body, **new.headers(body))[1]["message"] == "payments.signature.serial"
    new_key = (theirs / "platform" / "simulator.pem").read_bytes()
    (ours / "platform" / "next.pem").write_bytes(new_key)
    assert notify(body, **new.headers(body))[0] == 200
    assert notify(body, **old.headers(body))[0] == 200


def test_keys_are_readable_by_their_owner_alone_and_are_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "secrets" / "wechat"
    make_simulated(folder)
    files = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert len(files) == 5
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    make_simulated(folder)
    assert {file: file.read_bytes() for file in files} == files
    assert [path.name for path in folder.parent.iterdir()] == ["wechat"]


def test_credentials_print_no_secret(platform: Platform) -> None:
    key = (platform.folder / "api-v3.key").read_text()
    assert key not in repr(credentials()) + str(credentials())
