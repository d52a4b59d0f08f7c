"""The inbox's door: prove, open, one INSERT, answer. Nothing else happens before the answer.

The one hard idea: "received" is said when the row is durable and not before; what it leads to is
the worker's. So the answer's time does not depend on what a job does with a payment, and a second
delivery of the same notification meets the unique index and is answered like the first.
"""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection

from honghui.kernel import clock
from honghui.kernel.doors import insert_durably
from honghui.payments.wechat.credentials import credentials
from honghui.payments.wechat.notifications import (
    PAID,
    Notification,
    Told,
    notification_of,
    read_notification,
)
from honghui.payments.wechat.signing import Signed, check_platform

BODY_BYTES_MAX = 64 * 1024
_KEEP = """
    INSERT INTO payments_delivery (
        platform, notification_id, event_type, merchant_id, out_trade_no, transaction_id,
        out_refund_no, refund_id, told_state, amount_fen, payer_fen, currency, happened_at,
        received_at, next_try_at
    ) VALUES ('wechat', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (platform, notification_id) DO NOTHING
"""


def take_in(signed: Signed, body: bytes) -> None:
    """Returns once the notification is durable, for the first time or since earlier. Raises
    NotSigned or Garbage, and then nothing was written."""
    ours = credentials()
    now = int(clock.machine_now().timestamp())
    check_platform(signed, body, ours.platform_keys, now_seconds=now)
    keep(read_notification(body, ours.sealing_key))


def keep(told: Notification) -> None:
    """One row, durable when this returns."""
    moment = clock.machine_now()
    values = [*msgspec.structs.astuple(told), moment, moment]
    insert_durably(lambda: _insert(values))


def keep_answer(told: Told) -> None:
    """What the platform said when we asked, as if it had notified us: there is one way in."""
    assert told.mchid == settings.WECHAT_MERCHANT
    keep(notification_of(f"asked-{told.transaction_id or secrets.token_hex(8)}", PAID, told))


def _insert(values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
