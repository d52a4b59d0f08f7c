"""Signatures in both directions: RSA-2048 with SHA-256 over a few lines and the exact bytes.

    merchant → platform   method, path with query, timestamp, nonce, body, each ended by \\n
    platform → merchant   timestamp, nonce, body, each ended by \\n

The one hard idea: what is signed are the bytes that travelled. They are checked before anything
is parsed, and never made anew from what was parsed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from honghui.payments.wechat.refusals import NotSigned

SCHEMA = "WECHATPAY2-SHA256-RSA2048"
AGE_SECONDS_MAX = 300
# The platform now and then sends a signature that is wrong on purpose and begins like this: who
# accepts it does not check.
TEST_SIGNATURE = "WECHATPAY/SIGNTEST/"
_FIELD = re.compile(r'(\w+)="([^"]*)"')
_FIELDS = {"mchid", "nonce_str", "signature", "timestamp", "serial_no"}


@dataclass(frozen=True, slots=True)
class Signed:
    """The four headers beside a body: who signed it, when, and the signature in base64."""

    timestamp: str
    nonce: str
    signature: str
    serial: str

    def as_headers(self) -> dict[str, str]:
        return {
            "Wechatpay-Timestamp": self.timestamp,
            "Wechatpay-Nonce": self.nonce,
            "Wechatpay-Signature": self.signature,
            "Wechatpay-Serial": self.serial,
        }


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """The signature in base64."""
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def message_of_request(method: str, path: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """What a merchant signs. path: with its query, without the host."""
    return f"{method}\n{path}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def message_of_platform(timestamp: str, nonce: str, body: bytes) -> bytes:
    """What the platform signs: its answers and its notifications."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def sign_as_platform(
    key: RSAPrivateKey, serial: str, body: bytes, *, timestamp: int, nonce: str
) -> Signed:
    message = message_of_platform(str(timestamp), nonce, body)
    return Signed(str(timestamp), nonce, sign(key, message), serial)


def check_platform(
    signed: Signed, body: bytes, keys: Mapping[str, RSAPublicKey], *, now_seconds: int
) -> None:
    """Raises NotSigned unless a key of the platform signed these bytes within five minutes of
    `now_seconds` (the machine's clock). About 40 microseconds, nearly all of it the RSA."""
    if not (signed.timestamp and signed.nonce and signed.signature and signed.serial):
        raise NotSigned("missing")
    _check_age(signed.timestamp, now_seconds)
    if signed.signature.startswith(TEST_SIGNATURE):
        raise NotSigned("test")
    key = keys.get(signed.serial)
    if key is None:
        raise NotSigned("serial")
    _check(key, signed.signature, message_of_platform(signed.timestamp, signed.nonce, body))


def authorization(
    key: RSAPrivateKey, merchant_id: str, serial: str, message: bytes, *, timestamp: str, nonce: str
) -> str:
    """The header of a merchant's request."""
    values = {
        "mchid": merchant_id,
        "nonce_str": nonce,
        "signature": sign(key, message),
        "timestamp": timestamp,
        "serial_no": serial,
    }
    return f"{SCHEMA} " + ",".join(f'{name}="{value}"' for name, value in values.items())


def check_merchant(
    header: str,
    method: str,
    path: str,
    body: bytes,
    keys: Mapping[tuple[str, str], RSAPublicKey],
    *,
    now_seconds: int,
) -> str:
    """The id of the merchant who signed this request; keys are by (merchant, serial). Raises
    NotSigned. This is the platform's half, which the simulator needs."""
    schema, _space, rest = header.partition(" ")
    fields: dict[str, str] = dict(_FIELD.findall(rest))
    if schema != SCHEMA or set(fields) != _FIELDS:
        raise NotSigned("missing")
    _check_age(fields["timestamp"], now_seconds)
    key = keys.get((fields["mchid"], fields["serial_no"]))
    if key is None:
        raise NotSigned("serial")
    message = message_of_request(method, path, fields["timestamp"], fields["nonce_str"], body)
    _check(key, fields["signature"], message)
    return fields["mchid"]


def _check_age(timestamp: str, now_seconds: int) -> None:
    # isdecimal alone lets in other alphabets' digits, which the platform never sends.
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise NotSigned("timestamp")
    if abs(now_seconds - int(timestamp)) > AGE_SECONDS_MAX:
        raise NotSigned("too_old")


def _check(key: RSAPublicKey, signature: str, message: bytes) -> None:
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        raise NotSigned("wrong") from None
