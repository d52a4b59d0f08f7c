"""The address that a payment platform calls, outside Django's middleware.

A notification has no session, no language and no form; fourteen layers that look after those would
cost several times what it needs (docs/decisions/0012-payments.md). It shares Django's
database connection with the pages that are answered on the same thread.
"""

from __future__ import annotations

import json
import logging

from django.db import Error as DatabaseError

from honghui.kernel.doors import Answer, Application, Environ, read_body, with_doors
from honghui.kernel.errors import CannotRun
from honghui.payments.inbox import BODY_BYTES_MAX, take_in
from honghui.payments.wechat.client import NOTIFY_PATH
from honghui.payments.wechat.refusals import Garbage, NotSigned
from honghui.payments.wechat.signing import Signed

_log = logging.getLogger("honghui.payments")
_SUCCESS = b'{"code":"SUCCESS"}'


def with_payments(pages: Application) -> Application:
    """The pages, and in front of them the one address of the platform."""
    return with_doors(pages, {NOTIFY_PATH: _answer})


def _answer(environ: Environ) -> Answer:
    if environ["REQUEST_METHOD"] != "POST":
        return 405, _failure("payments.method")
    body = read_body(environ, BODY_BYTES_MAX)
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
        return 503, _failure("payments.not_kept")
    return 200, _SUCCESS


def _failure(code: str) -> bytes:
    return json.dumps({"code": "FAIL", "message": code}).encode()
