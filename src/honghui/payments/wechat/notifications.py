"""What a notification says, once it is proven and opened.

The envelope is plain JSON; what it is about is sealed with AES-256-GCM under the key that merchant
and platform share. Of what comes out we read only what is kept: the payer's id, their bank and
their account are personal, are not needed for anything, and so are never read at all.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from honghui.payments.wechat.refusals import Garbage

ALGORITHM = "AEAD_AES_256_GCM"
PAID = "TRANSACTION.SUCCESS"
REFUND_STATES = {"REFUND.SUCCESS": "done", "REFUND.ABNORMAL": "failed", "REFUND.CLOSED": "failed"}


class Resource(msgspec.Struct):
    algorithm: str
    ciphertext: str
    nonce: str
    associated_data: str = ""


class Envelope(msgspec.Struct):
    id: str
    event_type: str
    resource: Resource


class Amount(msgspec.Struct):
    """In fen. `total`: of the order; `payer_total`: what the payer really paid."""

    total: int
    currency: str = "CNY"
    payer_total: int | None = None
    refund: int | None = None


class Told(msgspec.Struct, kw_only=True):
    """A payment or a refund, as the platform tells it."""

    mchid: str
    out_trade_no: str
    transaction_id: str = ""
    trade_state: str = ""
    out_refund_no: str = ""
    refund_id: str = ""
    refund_status: str = ""
    success_time: str = ""
    amount: Amount


class Notification(msgspec.Struct, frozen=True):
    """What is kept of one notification: one row of the inbox. Amounts in fen; nothing personal.

    `payer_fen` is what the payer paid where the platform says so. `happened_at` is aware.
    """

    id: str
    event_type: str
    merchant_id: str
    out_trade_no: str
    transaction_id: str
    out_refund_no: str
    refund_id: str
    told_state: str
    amount_fen: int
    payer_fen: int | None
    currency: str
    happened_at: datetime | None


_envelopes = msgspec.json.Decoder(Envelope)
_tellings = msgspec.json.Decoder(Told)
# The widths of the inbox's columns: what does not fit is no notification of theirs.
_WIDTHS = {
    "id": 64, "event_type": 64, "merchant_id": 32, "out_trade_no": 32, "transaction_id": 40,
    "out_refund_no": 64, "refund_id": 40, "told_state": 32, "currency": 16,
}  # fmt: skip
_FEN_MAX = 2**53


def read_notification(body: bytes, sealing_key: AESGCM) -> Notification:
    """The notification in a body whose signature was checked. Raises Garbage."""
    try:
        envelope = _envelopes.decode(body)
    except msgspec.DecodeError:
        raise Garbage("envelope") from None
    except UnicodeDecodeError:
        raise Garbage("envelope") from None
    try:
        told = _tellings.decode(open_resource(envelope.resource, sealing_key))
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Garbage("resource") from None
    return notification_of(envelope.id, envelope.event_type, told)


def notification_of(notification_id: str, event_type: str, told: Told) -> Notification:
    """What is kept of what was told; an answer to our question is kept the same way."""
    is_refund = event_type.startswith("REFUND.")
    amount = told.amount
    made = Notification(
        id=notification_id,
        event_type=event_type,
        merchant_id=told.mchid,
        out_trade_no=told.out_trade_no,
        transaction_id=told.transaction_id,
        out_refund_no=told.out_refund_no,
        refund_id=told.refund_id,
        told_state=told.refund_status if is_refund else told.trade_state,
        amount_fen=(amount.refund or 0) if is_refund else amount.total,
        payer_fen=None if is_refund else amount.payer_total,
        currency=amount.currency,
        happened_at=_moment(told.success_time),
    )
    _check_widths(made)
    return made


def _check_widths(made: Notification) -> None:
    for name, width in _WIDTHS.items():
        value = getattr(made, name)
        # A NUL is valid JSON, and no text of a database.
        if len(value) > width or "\x00" in value:
            raise Garbage("width")
    if not made.id or not all(
        abs(fen or 0) < _FEN_MAX for fen in (made.amount_fen, made.payer_fen)
    ):
        raise Garbage("width")


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Garbage("time") from None
    if moment.tzinfo is None:
        raise Garbage("time")
    return moment


def open_resource(resource: Resource, sealing_key: AESGCM) -> bytes:
    """The sealed JSON. Raises Garbage when it was altered or sealed under another key."""
    if resource.algorithm != ALGORITHM:
        raise Garbage("algorithm")
    try:
        sealed = base64.b64decode(resource.ciphertext, validate=True)
        return sealing_key.decrypt(
            resource.nonce.encode(), sealed, resource.associated_data.encode()
        )
    except (InvalidTag, binascii.Error, ValueError):
        raise Garbage("sealed") from None


def seal_resource(
    plain: bytes, sealing_key: AESGCM, *, nonce: str, original: str
) -> dict[str, str]:
    """The platform's half. nonce: 12 characters; original: "transaction" or "refund"."""
    sealed = sealing_key.encrypt(nonce.encode(), plain, original.encode())
    return {
        "original_type": original,
        "algorithm": ALGORITHM,
        "ciphertext": base64.b64encode(sealed).decode(),
        "nonce": nonce,
        "associated_data": original,
    }
