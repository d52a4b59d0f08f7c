"""The address that a payment platform calls, outside Django's middleware.

A notification has no session, no language and no form; fourteen layers that look after those would
cost several times what it needs (docs/decisions/0012-payments.md). It shares Django's
database connection with the pages that are answered on the same thread.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection

from honghui.kernel.errors import CannotRun
from honghui.payments.inbox import BODY_BYTES_MAX, take_in
from honghui.payments.wechat.client import NOTIFY_PATH
from honghui.payments.wechat.refusals import Garbage, NotSigned
from honghui.payments.wechat.signing import Signed

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_log = logging.getLogger("honghui.payments")
_SUCCESS = b'{"code":"SUCCESS"}'
_REASONS = {
    200: "200 OK", 400: "400 Bad Request", 401: "401 Unauthorized", 405: "405 Method Not Allowed",
    413: "413 Content Too Large", 503: "503 Service Unavailable",
}  # fmt: skip


def with_payments(pages: Application) -> Application:
    """The pages, and in front of them the one address of the platform."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != NOTIFY_PATH:
            return pages(environ, start_response)
        try:
            status, body = _answer(environ)
        finally:
            _hand_back()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(_REASONS[status], headers)
        return [body]

    return application


def _answer(environ: Environ) -> tuple[int, bytes]:
    if environ["REQUEST_METHOD"] != "POST":
        return 405, _failure("payments.method")
    body = _body(environ)
    if body is None:
        return 413, _failure("payments.too_large")
    signed = Signed(
        environ.get("HTTP_WECHATPAY_TIMESTAMP", ""),
        environ.get("HTTP_WECHATPAY_NONCE", ""),
        environ.get("HTTP_WECHATPAY_SIGNATURE", ""),
        environ.get("HTTP_WECHATPAY_SERIAL", ""),
    )
    try:
        take_in(signed, body)
    except (NotSigned, Garbage) as refusal:
        return refusal.status, _failure(refusal.code)
    except CannotRun as error:
        _log.error("a notification cannot be checked: %s", error.code)
        return 503, _failure(error.code)
    except DatabaseError as error:
        # The platform tries again, and again for a day.
        _log.error("a notification cannot be kept: %s", type(error).__name__)
        connection.close()
        return 503, _failure("payments.not_kept")
    return 200, _SUCCESS


def _hand_back() -> None:
    """The connection returns to the pool, as Django's pages return theirs. A server ends threads
    that were idle, and what such a thread still held would be lost to all others for good."""
    if not connection.in_atomic_block:
        connection.close()


def _body(environ: Environ) -> bytes | None:
    """The request's body, None when it is too long. Some servers give a stream that never ends, so
    no more is read than the length that was named."""
    named = environ.get("CONTENT_LENGTH", "")
    if named.isdecimal():
        length = int(named)
    else:
        length = BODY_BYTES_MAX + 1 if environ.get("wsgi.input_terminated") else 0
    if length > BODY_BYTES_MAX + 1:
        return None
    body: bytes = environ["wsgi.input"].read(length)
    return body if len(body) <= BODY_BYTES_MAX else None


def _failure(code: str) -> bytes:
    return json.dumps({"code": "FAIL", "message": code}).encode()
