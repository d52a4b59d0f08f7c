"""The addresses that a message gateway calls, outside Django's middleware (as payments/door.py).

What is told is not believed more than its sender's secret is worth: a receipt changes a message's
state, an answer is shown as an answer. Neither moves anything else.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from django.db import Error as DatabaseError
from django.db import connection

from honghui.kernel.errors import HonghuiError
from honghui.messaging.arrivals import BODY_BYTES_MAX, keep, why_refused

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

KINDS = {
    "/messaging/sms/receipts": "receipts",
    "/messaging/sms/replies": "replies",
    "/messaging/voice/reports": "calls",
}
ITEMS_MAX = 2_000
_log = logging.getLogger("honghui.messaging")
_TAKEN = json.dumps({"code": 0, "msg": "接收成功"}, ensure_ascii=False).encode()
_REASONS = {
    200: "200 OK", 400: "400 Bad Request", 401: "401 Unauthorized", 405: "405 Method Not Allowed",
    413: "413 Content Too Large", 503: "503 Service Unavailable",
}  # fmt: skip


def with_messages(pages: Application) -> Application:
    """The pages, and in front of them the addresses of the gateway."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        kind = KINDS.get(environ["PATH_INFO"])
        if kind is None:
            return pages(environ, start_response)
        try:
            status, body = _answer(environ, kind)
        finally:
            # As Django's pages do: an idle thread that keeps a connection loses it for all.
            if not connection.in_atomic_block:
                connection.close()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(_REASONS[status], headers)
        return [body]

    return application


def _answer(environ: Environ, kind: str) -> tuple[int, bytes]:
    if environ["REQUEST_METHOD"] != "POST":
        return 405, _failure("messaging.door.method")
    body = _body(environ)
    if body is None:
        return 413, _failure("messaging.door.too_large")
    nonce = environ.get("HTTP_X_HONGHUI_NONCE", "")
    refused = why_refused(
        path=environ["PATH_INFO"],
        body=body,
        secret=parse_qs(environ.get("QUERY_STRING", "")).get("secret", [""])[0],
        timestamp=environ.get("HTTP_X_HONGHUI_TIMESTAMP", ""),
        nonce=nonce,
        signature=environ.get("HTTP_X_HONGHUI_SIGNATURE", ""),
    )
    if refused:
        return 401, _failure(refused)
    if not _is_list_of_objects(body):
        return 400, _failure("messaging.door.garbage")
    signed = bool(environ.get("HTTP_X_HONGHUI_SIGNATURE"))
    try:
        keep(kind, nonce if signed else "", body)
    except (DatabaseError, HonghuiError) as error:
        # The gateway tries again, for a quarter of an hour at least.
        _log.error("an arrival cannot be kept: %s", type(error).__name__)
        connection.close()
        return 503, _failure("messaging.door.not_kept")
    return 200, _TAKEN


def _is_list_of_objects(body: bytes) -> bool:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    is_list = isinstance(said, list) and len(said) <= ITEMS_MAX
    return is_list and all(isinstance(each, dict) for each in said)


def _body(environ: Environ) -> bytes | None:
    """The request's body, None when it is too long. No more is read than the length named."""
    named = environ.get("CONTENT_LENGTH", "")
    if named.isdecimal():
        length = int(named)
    else:
        length = BODY_BYTES_MAX + 1 if environ.get("wsgi.input_terminated") else 0
    if length > BODY_BYTES_MAX:
        return None
    body: bytes = environ["wsgi.input"].read(length)
    return body if len(body) <= BODY_BYTES_MAX else None


def _failure(code: str) -> bytes:
    return json.dumps({"code": 1, "msg": code}).encode()
