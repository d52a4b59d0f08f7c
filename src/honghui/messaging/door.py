"""The addresses that a message gateway calls, outside Django's middleware (kernel/doors).

What is told is not believed more than its sender's secret is worth: a receipt changes a message's
state, an answer is shown as an answer. Neither moves anything else.
"""

from __future__ import annotations

import json
import logging
from functools import partial
from urllib.parse import parse_qs

from django.db import Error as DatabaseError

from honghui.kernel.doors import Answer, Application, Environ, read_body, with_doors
from honghui.kernel.errors import HonghuiError
from honghui.messaging.arrivals import BODY_BYTES_MAX, keep, why_refused

KINDS = {
    "/messaging/sms/receipts": "receipts",
    "/messaging/sms/replies": "replies",
    "/messaging/voice/reports": "calls",
}
ITEMS_MAX = 2_000
_log = logging.getLogger("honghui.messaging")
_TAKEN = json.dumps({"code": 0, "msg": "接收成功"}, ensure_ascii=False).encode()


def with_messages(pages: Application) -> Application:
    """The pages, and in front of them the addresses of the gateway."""
    return with_doors(pages, {path: partial(_answer, kind) for path, kind in KINDS.items()})


def _answer(kind: str, environ: Environ) -> Answer:
    if environ["REQUEST_METHOD"] != "POST":
        return 405, _failure("messaging.door.method")
    body = read_body(environ, BODY_BYTES_MAX)
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
        return 503, _failure("messaging.door.not_kept")
    return 200, _TAKEN


def _is_list_of_objects(body: bytes) -> bool:
    try:
        # As it is kept: what another encoding hides could not be read later.
        said = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    is_list = isinstance(said, list) and len(said) <= ITEMS_MAX
    return is_list and all(isinstance(each, dict) for each in said)


def _failure(code: str) -> bytes:
    return json.dumps({"code": 1, "msg": code}).encode()
