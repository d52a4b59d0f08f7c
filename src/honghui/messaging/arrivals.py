"""The inbox's door: one sealed row for what a gateway posted, and only then the answer.

The one hard idea: the same request may come any number of times, and may be sent again by
somebody who overheard it. Each has a nonce (the sender's, or the hash of its body), and the
unique index keeps it once.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from honghui.kernel import clock, sealing
from honghui.kernel.doors import insert_durably
from honghui.kernel.subject_keys import named_secret

BODY_CONTEXT = "messaging.arrival.body"
BODY_BYTES_MAX = 512 * 1024
LATE_MAX = timedelta(minutes=5)
SECRET_CHARACTERS_MIN = 20
_KEEP = """
    INSERT INTO messaging_arrival (kind, nonce, body_sealed, received_at, next_try_at)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT (nonce) DO NOTHING
"""


def signature_of(secret: str, timestamp: str, nonce: str, path: str, body: bytes) -> str:
    """What a gateway that can sign puts into its header: HMAC-SHA-256, in hex."""
    said = f"{timestamp}\n{nonce}\n{path}\n".encode() + body
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def why_refused(
    *, path: str, body: bytes, secret: str, timestamp: str, nonce: str, signature: str
) -> str:
    """ "" when whoever sends this knows our secret: in the address, or by a signature that is not
    older than five minutes. Else a code."""
    ours = settings.SMS_CALLBACK_SECRET
    if len(ours) < SECRET_CHARACTERS_MIN:
        return "messaging.door.closed"
    if signature:
        right = signature_of(ours, timestamp, nonce, path, body)
        if not nonce or not hmac.compare_digest(right.encode(), signature.encode()):
            return "messaging.door.signature"
        if not timestamp.isdecimal() or len(timestamp) > 12:
            return "messaging.door.timestamp"
        age = clock.machine_now().timestamp() - int(timestamp)
        return "" if abs(age) <= LATE_MAX.total_seconds() else "messaging.door.timestamp"
    # A gateway that can only be given an address has the secret in it.
    return "" if hmac.compare_digest(ours.encode(), secret.encode()) else "messaging.door.secret"


def keep(kind: str, nonce: str, body: bytes) -> None:
    """One row, in a transaction of its own. A connection that died since the last one is replaced
    once: the INSERT may be repeated."""
    known_by = nonce[:64] or hashlib.sha256(kind.encode() + b"\n" + body).hexdigest()
    # Bytes, whatever they are, as text: it is read by the worker, not here.
    text = body.decode("utf-8-sig", "surrogateescape").encode("utf-8", "replace").decode()
    sealed = sealing.seal(named_secret(BODY_CONTEXT), text, BODY_CONTEXT)
    now = clock.machine_now()
    values = [kind, known_by, sealed, now, now]
    insert_durably(lambda: _insert(values))


def opened_body(sealed: bytes) -> str:
    return sealing.open_sealed(named_secret(BODY_CONTEXT), sealed, BODY_CONTEXT)


def _insert(values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
