"""What we ask of the platform: orders, refunds, and what became of them.

Every request is signed by us and every answer by them: an answer whose signature is wrong is no
answer. Asking twice is harmless, because the platform knows an order or a refund by our number.
"""

from __future__ import annotations

import http.client
import secrets
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from django.conf import settings

from honghui.kernel import clock
from honghui.payments.wechat.credentials import Credentials, credentials
from honghui.payments.wechat.notifications import Told
from honghui.payments.wechat.refusals import NotSigned, PlatformRefuses, PlatformSilent
from honghui.payments.wechat.signing import (
    Signed,
    authorization,
    check_platform,
    message_of_request,
)

T = TypeVar("T")

TIMEOUT_SECONDS = 10
ANSWER_BYTES_MAX = 1_000_000
NOTIFY_PATH = "/payments/wechat/notify"
# Not an error of the request's, but of the moment: asked again later.
_MOMENTARY = {"SYSTEM_ERROR", "SYSTEMERROR", "FREQUENCY_LIMITED", "BANK_ERROR"}


class _Address(msgspec.Struct):
    h5_url: str


class RefundAnswer(msgspec.Struct):
    """status: SUCCESS, CLOSED, PROCESSING, ABNORMAL."""

    refund_id: str
    status: str


class _Error(msgspec.Struct):
    code: str = ""


def place_order(
    out_trade_no: str,
    *,
    amount_fen: int,
    description: str,
    expires_at: datetime,
    payer_address: str,
) -> str:
    """Places the order (again, if it was placed before) and returns the cashier's address. Raises
    PlatformSilent or PlatformRefuses."""
    body = {
        "appid": settings.WECHAT_APP,
        "mchid": settings.WECHAT_MERCHANT,
        "description": description,
        "out_trade_no": out_trade_no,
        "time_expire": expires_at.isoformat(timespec="seconds"),
        "notify_url": settings.ADDRESS + NOTIFY_PATH,
        "amount": {"total": amount_fen, "currency": "CNY"},
        "scene_info": {"payer_client_ip": payer_address, "h5_info": {"type": "Wap"}},
    }
    return _read(_Address, call("POST", "/v3/pay/transactions/h5", body)).h5_url


def ask_order(out_trade_no: str) -> Told:
    """What became of an order. trade_state: SUCCESS, NOTPAY, CLOSED, REFUND …"""
    path = f"/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid={settings.WECHAT_MERCHANT}"
    answer = msgspec.json.decode(call("GET", path))
    # An order that is not paid has no amount in the platform's answer.
    answer.setdefault("amount", {"total": 0})
    return msgspec.convert(answer, Told)


def close_order(out_trade_no: str) -> None:
    """Nobody can pay it any more. Raises PlatformRefuses "…orderpaid" where somebody has."""
    path = f"/v3/pay/transactions/out-trade-no/{out_trade_no}/close"
    call("POST", path, {"mchid": settings.WECHAT_MERCHANT})


def place_refund(
    out_trade_no: str, out_refund_no: str, *, refund_fen: int, total_fen: int, reason: str
) -> RefundAnswer:
    """Asks for a refund (again, if it was asked before)."""
    body = {
        "out_trade_no": out_trade_no,
        "out_refund_no": out_refund_no,
        "reason": reason,
        "notify_url": settings.ADDRESS + NOTIFY_PATH,
        "amount": {"refund": refund_fen, "total": total_fen, "currency": "CNY"},
    }
    return _read(RefundAnswer, call("POST", "/v3/refund/domestic/refunds", body))


def call(method: str, path: str, content: dict[str, Any] | None = None) -> bytes:
    """One signed request; the body of the proven answer."""
    if not settings.WECHAT_API:
        raise PlatformSilent("not_connected")
    ours = credentials()
    body = b"" if content is None else msgspec.json.encode(content)
    request = urllib.request.Request(  # the address is a setting, never a visitor's
        settings.WECHAT_API.rstrip("/") + path,
        data=body or None,
        method=method,
        headers={
            "Authorization": _authorization(ours, method, path, body),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "Honghui",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return _proven(ours, answer.headers, answer.read(ANSWER_BYTES_MAX))
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error.code, error.read(ANSWER_BYTES_MAX)) from None
    except (OSError, http.client.HTTPException):
        raise PlatformSilent("no_answer") from None


def _authorization(ours: Credentials, method: str, path: str, body: bytes) -> str:
    timestamp, nonce = str(int(clock.machine_now().timestamp())), secrets.token_hex(16)
    message = message_of_request(method, path, timestamp, nonce, body)
    return authorization(
        ours.merchant_key,
        settings.WECHAT_MERCHANT,
        ours.merchant_serial,
        message,
        timestamp=timestamp,
        nonce=nonce,
    )


def _proven(ours: Credentials, headers: Any, body: bytes) -> bytes:
    signed = Signed(*(headers.get(f"Wechatpay-{name}", "") for name in _HEADERS))
    now = int(clock.machine_now().timestamp())
    try:
        check_platform(signed, body, ours.platform_keys, now_seconds=now)
    except NotSigned:
        raise PlatformSilent("unsigned") from None
    return body


_HEADERS = ("Timestamp", "Nonce", "Signature", "Serial")


def _refusal(status: int, body: bytes) -> PlatformSilent | PlatformRefuses:
    """Errors of the platform may come unsigned: nothing but their code is read, and believed only
    as far as that nothing was done."""
    try:
        code = msgspec.json.decode(body, type=_Error).code
    except (msgspec.DecodeError, UnicodeDecodeError):
        code = ""
    if status >= 500 or status == 429 or code in _MOMENTARY or not code.isascii():
        return PlatformSilent("error")
    return PlatformRefuses(code[:40] or "no_code")


def _read(kind: type[T], body: bytes) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise PlatformSilent("garbled") from None
