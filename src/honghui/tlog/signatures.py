"""The three kinds of signature line (C2SP signed-note, tlog-cosignature).

    0x01  Ed25519, the log's own line: over the text of the note
    0x04  Ed25519 cosignature/v1: over the time and the text
    0x06  ML-DSA-44 subtree/v1: over the time and the head, safe from quantum computers

A vkey, `name+hex(id)+base64(kind||public key)`, says who signs and how. The id is the first four
bytes of SHA-256(name || 0x0A || kind || public key).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from honghui.tlog.errors import BadSignature, CouldNotCheck, Malformed

NOTE: Final = 0x01
COSIGNATURE: Final = 0x04
COSIGNATURE_MLDSA: Final = 0x06
SEED_BYTES = 32
TIME_MAX_S = 2**63 - 1

# The last range is what bytes that are no UTF-8 become on a command line.
_NAME = re.compile(r"[^\s+\x00-\x20\x7f\ud800-\udfff]{1,255}")


@dataclass(frozen=True)
class Kind:
    """How one kind of line is signed and verified. `timed`: the line carries its time."""

    title: str
    timed: bool
    public_bytes: int
    signature_bytes: int
    verifier: Callable[[bytes], Ed25519PublicKey | MLDSA44PublicKey]
    signer: Callable[[bytes], Ed25519PrivateKey | MLDSA44PrivateKey]

    @property
    def blob_bytes(self) -> int:
        return self.signature_bytes + 8 * self.timed


KINDS: Final = {
    NOTE: Kind(
        "Ed25519", False, 32, 64,
        Ed25519PublicKey.from_public_bytes, Ed25519PrivateKey.from_private_bytes,
    ),
    COSIGNATURE: Kind(
        "Ed25519 cosignature", True, 32, 64,
        Ed25519PublicKey.from_public_bytes, Ed25519PrivateKey.from_private_bytes,
    ),
    COSIGNATURE_MLDSA: Kind(
        "ML-DSA-44 cosignature", True, 1312, 2420,
        MLDSA44PublicKey.from_public_bytes, MLDSA44PrivateKey.from_seed_bytes,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Key:
    """What verifies: a name, a kind of line, and public bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        material = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(material).digest()[:4]

    @property
    def vkey(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"

    def verify(self, text: str, blob: bytes) -> int | None:
        """The time in the line, in seconds since 1970, None for a line without one. Raises
        BadSignature when the signature does not hold over this text."""
        kind = KINDS[self.kind]
        if len(blob) != kind.blob_bytes:
            raise BadSignature(
                f"The signature of {self.name} is {len(blob)} bytes long instead of "
                f"{kind.blob_bytes}."
            )
        time_s = int.from_bytes(blob[:8], "big") if kind.timed else None
        if time_s is not None and time_s > TIME_MAX_S:
            raise BadSignature(f"The signature of {self.name} carries an impossible time.")
        message = message_of(self.kind, self.name, text, time_s)
        try:
            _verifier(self.kind, self.public).verify(blob[8 * kind.timed :], message)
        except InvalidSignature:
            raise BadSignature(
                f"The signature of {self.name} ({kind.title}) does not hold over this text.",
                "The text or the signature was changed, or another key of that name signed.",
            ) from None
        return time_s


@dataclass(frozen=True)
class SigningKey:
    """A name, a kind of line, and a secret of 32 bytes that is never shown."""

    name: str
    kind: int
    seed: bytes

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r}, kind={self.kind})"

    @property
    def public(self) -> Key:
        return Key(
            self.name, self.kind, _signer(self.kind, self.seed).public_key().public_bytes_raw()
        )

    def sign(self, text: str, time_s: int) -> bytes:
        """The blob of a signature line. `time_s` counts for the kinds that carry a time."""
        timed = KINDS[self.kind].timed
        message = message_of(self.kind, self.name, text, time_s if timed else None)
        signature = _signer(self.kind, self.seed).sign(message)
        return time_s.to_bytes(8, "big") + signature if timed else signature


@lru_cache(maxsize=256)
def _verifier(kind: int, public: bytes) -> Ed25519PublicKey | MLDSA44PublicKey:
    try:
        return KINDS[kind].verifier(public)
    except UnsupportedAlgorithm as error:
        raise CouldNotCheck(
            "This computer's cryptography library cannot check ML-DSA-44.",
            "Install `cryptography` 50 or newer, or verify with the Ed25519 key.",
        ) from error


@lru_cache(maxsize=16)
def _signer(kind: int, seed: bytes) -> Ed25519PrivateKey | MLDSA44PrivateKey:
    return KINDS[kind].signer(seed)


def message_of(kind: int, name: str, text: str, time_s: int | None) -> bytes:
    """The bytes that are signed."""
    if kind == NOTE:
        return text.encode()
    assert time_s is not None
    if kind == COSIGNATURE:
        return f"cosignature/v1\ntime {time_s}\n{text}".encode()
    origin, size, root = _head_of(text)
    return (
        b"subtree/v1\n\x00"
        + _short(name)
        + time_s.to_bytes(8, "big")
        + _short(origin)
        + (0).to_bytes(8, "big")
        + size.to_bytes(8, "big")
        + root
    )


def _short(text: str) -> bytes:
    data = text.encode()
    if len(data) > 255:
        raise Malformed("A name longer than 255 bytes cannot be signed by ML-DSA.")
    return bytes([len(data)]) + data


def _head_of(text: str) -> tuple[str, int, bytes]:
    from honghui.tlog.checkpoints import parse_body

    head = parse_body(text)
    return head.origin, head.size, head.root


def check_name(name: str) -> str:
    """A key's name: no blank, no plus, no control character. Raises Malformed."""
    if not _NAME.fullmatch(name):
        raise Malformed(
            "A key's name has 1 to 255 characters, no blank and no plus sign.", where=name[:80]
        )
    return name


def parse_vkey(vkey: str) -> Key:
    """The key a vkey names. Raises Malformed."""
    parts = vkey.strip().split("+", 2)
    if len(parts) != 3:
        raise Malformed(
            "A key is written name+id+base64, and this is not.",
            "It is printed on receipts and in the newspaper; copy it whole.",
            where=vkey[:80],
        )
    name, hex_id, encoded = parts
    data = decode_base64(encoded)
    if not data or data[0] not in KINDS or len(data) != 1 + KINDS[data[0]].public_bytes:
        raise Malformed("This kind of key is not known here.", where=vkey[:80])
    key = Key(check_name(name), data[0], data[1:])
    if key.id.hex() != hex_id:
        raise Malformed(
            f"The key's own id is {key.id.hex()}, and {hex_id[:16]} is written.",
            "A character was lost or changed: copy it again.",
            where=vkey[:80],
        )
    return key


def decode_base64(text: str) -> bytes:
    """Standard base64, with padding, in its one canonical form. Raises Malformed."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = None
    if data is None or base64.b64encode(data).decode() != text:
        raise Malformed("This is not canonical base64.", where=text[:80])
    return data
