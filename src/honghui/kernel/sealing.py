"""Sealing personal values: a key per person, wrapped by the installation's master key.

    secret (32 bytes, outside the database; newest first, older ones kept for reading)
      ├── HKDF → sealing key   wraps each person's data key (AES-256-GCM)
      ├── HKDF → pepper        keys the hashes by which an identifier is looked up
      └── HKDF → key id        4 bytes in front of each wrapped key: which secret opens it

    data key (random, one a person) seals that person's values (AES-256-GCM, random nonce)

The one hard idea: destroying a person's wrapped data key makes everything sealed for that person
unreadable, in backups too once they expire. Every blob begins with a version byte and is bound to
a context (which person, which column), so blobs cannot be swapped for one another.

Rotation: put a new secret in front; old blobs open by their key id, and look-up hashes made under
an older pepper are found through `peppers`. `honghui keys rewrap` makes both anew; then the older
secrets can go.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import CannotRun, HonghuiError

KEY_BYTES = 32
_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_TAG_BYTES = 16


class SealBroken(HonghuiError):
    """A sealed value was altered, cut, moved to another place, or sealed under another key."""


@dataclass(frozen=True, slots=True, repr=False)
class _Derived:
    """What one secret yields. Never printed."""

    key_id: bytes
    sealing_key: bytes
    pepper: bytes


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The installation's keys: the first is current, the others only read. Prints no secret."""

    _derived: tuple[_Derived, ...] = field(repr=False)

    @classmethod
    def from_secrets(cls, raw_secrets: Iterable[bytes]) -> Self:
        """From secrets of 32 bytes, newest first. Raises CannotRun when none, or one twice."""
        derived = tuple(_derive(secret) for secret in raw_secrets)
        if not derived:
            raise CannotRun(
                "sealing.no_secret",
                _("No sealing secret is set."),
                _("Make one and put it into the settings; keep a copy away from the backups."),
            )
        if len({each.key_id for each in derived}) != len(derived):
            raise CannotRun(
                "sealing.secret_twice",
                _("The same sealing secret is set twice."),
                _("List each secret once, newest first."),
            )
        return cls(derived)

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Self:
        """From secrets as parse_secret reads them, newest first."""
        return cls.from_secrets(parse_secret(text) for text in texts)

    @property
    def pepper(self) -> bytes:
        """The current key for look_up_hash."""
        return self._derived[0].pepper

    @property
    def peppers(self) -> tuple[bytes, ...]:
        """All of them, current first: a look-up during a rotation tries each."""
        return tuple(each.pepper for each in self._derived)

    def wrap(self, data_key: bytes, context: str) -> bytes:
        """A person's data key under the current secret, bound to context (the person's id)."""
        assert len(data_key) == KEY_BYTES, "a data key is 32 bytes"
        head = _VERSION + self._derived[0].key_id
        return _encrypt(self._derived[0].sealing_key, head, data_key, _bound("wrap", context))

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """The data key again. Raises SealBroken "sealing.broken" or "sealing.secret_missing"."""
        head_bytes = len(_VERSION) + _KEY_ID_BYTES
        head = _head(wrapped, head_bytes)
        for each in self._derived:
            if each.key_id == head[1:]:
                return _decrypt(each.sealing_key, head, wrapped, _bound("wrap", context))
        raise SealBroken(
            "sealing.secret_missing",
            _("The secret that this key was wrapped with is not among the settings."),
            _("Put the older sealing secret back, after the current one."),
        )

    def is_current(self, wrapped: bytes) -> bool:
        """Whether it was wrapped under the current secret, or waits to be wrapped again."""
        return wrapped.startswith(_VERSION + self._derived[0].key_id)


def new_data_key() -> bytes:
    """A random key of 32 bytes for one person."""
    return secrets.token_bytes(KEY_BYTES)


def new_secret_text() -> str:
    """A new installation secret as parse_secret reads it: 43 characters of base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")


def parse_secret(text: str) -> bytes:
    """32 bytes from base64url, with or without its padding. Raises CannotRun; never shows it."""
    malformed = CannotRun(
        "sealing.secret_malformed",
        _("A sealing secret must be 32 random bytes, written as 43 characters of base64url."),
        _("Make a new one rather than mending it, unless values are already sealed with it."),
    )
    body = text.strip().rstrip("=")
    if re.fullmatch("[A-Za-z0-9_-]{43}", body) is None:
        raise malformed
    try:
        secret = base64.b64decode(body + "=", altchars=b"-_", validate=True)
    except binascii.Error:
        raise malformed from None
    # "AAAA…" is what an example file or an unset variable leaves behind.
    if len(set(secret)) < 8:
        raise malformed
    return secret


def seal(data_key: bytes, plaintext: str, context: str) -> bytes:
    """`plaintext` sealed under a person's key and bound to context (which column)."""
    assert len(data_key) == KEY_BYTES, "a data key is 32 bytes"
    return _encrypt(data_key, _VERSION, plaintext.encode(), _bound("seal", context))


def open_sealed(data_key: bytes, sealed: bytes, context: str) -> str:
    """The text again. Raises SealBroken when anything about it is not as it was sealed."""
    head = _head(sealed, len(_VERSION))
    return _decrypt(data_key, head, sealed, _bound("seal", context)).decode()


def look_up_hash(pepper: bytes, kind: str, value: str) -> bytes:
    """32 bytes by which an identifier is found again: HMAC-SHA-256, separate for each kind.

    kind: "resident_id", "phone", …; value: in its normal form, since equal means equal bytes.
    """
    assert re.fullmatch(r"[a-z][a-z0-9_.]*", kind), "a kind is a plain word"
    assert value, "nothing is looked up by an empty value"
    # No kind contains a NUL, so no two pairs of kind and value make the same message.
    return hmac.digest(pepper, kind.encode() + b"\x00" + value.encode(), hashlib.sha256)


def _derive(secret: bytes) -> _Derived:
    assert len(secret) == KEY_BYTES, "a secret is 32 bytes"

    def expand(purpose: bytes, length: int) -> bytes:
        # No salt: the secret is uniformly random, and both ends must derive the same.
        info = b"honghui/sealing/v1/" + purpose
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(secret)

    return _Derived(
        key_id=expand(b"key id", _KEY_ID_BYTES),
        sealing_key=expand(b"wrap data keys", KEY_BYTES),
        pepper=expand(b"look-up pepper", KEY_BYTES),
    )


def _bound(purpose: str, context: str) -> bytes:
    assert context, "a sealed value is bound to its place"
    return f"honghui/{purpose}/v1/{context}".encode()


def _encrypt(key: bytes, head: bytes, plaintext: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    # The head is authenticated too, so that a version byte cannot be turned back.
    return head + nonce + AESGCM(key).encrypt(nonce, plaintext, head + b"\x00" + bound)


def _head(blob: bytes, head_bytes: int) -> bytes:
    if len(blob) < head_bytes + _NONCE_BYTES + _TAG_BYTES or not blob.startswith(_VERSION):
        raise _broken()
    return blob[:head_bytes]


def _decrypt(key: bytes, head: bytes, blob: bytes, bound: bytes) -> bytes:
    nonce = blob[len(head) : len(head) + _NONCE_BYTES]
    body = blob[len(head) + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, head + b"\x00" + bound)
    except InvalidTag:
        raise _broken() from None


def _broken() -> SealBroken:
    return SealBroken(
        "sealing.broken",
        _("A sealed value cannot be opened: it was altered or belongs elsewhere."),
        _("Restore it from a backup, and find out who wrote to the database."),
    )
