"""How a name is vouched for without being told: salted hashes, pseudonyms, and numbers so small
that they would point at somebody.

A record is for ever, so it carries a hash of the name or the text. The words lie in a side file
under that hash, with the salt that opens it, and the side file can be withdrawn. Whoever holds a
copy of it (the person concerned has a right to one) can show for ever what the hash stands for.

The salt is the whole secret. Names are few: without a salt anybody would hash all of them and look
which one fits. With 32 random bytes in front there is nothing to try, and when the last copy of the
salt is destroyed, the hash says nothing about anybody any more, to us neither.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from honghui.record.canonical import canonical
from honghui.record.errors import BadOpening
from honghui.record.values import Count, Form, Qualifier

SALT_BYTES = 32
SECRET_BYTES_MIN = 32
OPENING_BYTES_MAX = 65_535

# What a hash is for stands in front of what is hashed: so none can be passed off as another.
_TEXT = b"honghui text 1"
_PSEUDONYM = b"honghui pseudonym 1"
_REQUEST = b"honghui request 1"

_Salt = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?![\s\S])")]


class Opening(Form, frozen=True, kw_only=True):
    """The side file: the salt, and the text in NFC. Canonical JSON (RFC 8785)."""

    salt: _Salt
    text: str


class Commitment(msgspec.Struct, frozen=True):
    """`hash` goes into the record, `opening` into the side file and to the person concerned."""

    hash: str
    opening: bytes


_decoder = msgspec.json.Decoder(Opening, strict=True)


def commit(text: str, salt: bytes | None = None) -> Commitment:
    """Vouches for a text, under a salt of its own: the same name twice is two hashes. Raises
    BadOpening for what no side file can hold."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    if len(salt) != SALT_BYTES:
        raise BadOpening(f"A salt has {SALT_BYTES} bytes, not {len(salt)}.")
    text = unicodedata.normalize("NFC", text)
    try:
        opening = canonical(Opening(salt=salt.hex(), text=text))
    except UnicodeEncodeError:
        raise BadOpening("The text holds half a character.") from None
    if len(opening) > OPENING_BYTES_MAX:
        raise BadOpening(f"With its salt the text is longer than {OPENING_BYTES_MAX} bytes.")
    return Commitment(_hash(salt, text), opening)


def open_text(hash_: str, data: bytes) -> str:
    """The text that `hash_` stands for, by its side file. Raises BadOpening unless it is exactly
    the one that was committed to."""
    if len(data) > OPENING_BYTES_MAX:
        raise BadOpening(f"The side file is longer than {OPENING_BYTES_MAX} bytes.")
    try:
        opening = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadOpening(f"This is no side file: {error}.") from None
    text = opening.text
    if canonical(opening) != data or not unicodedata.is_normalized("NFC", text):
        raise BadOpening("A side file has one spelling (RFC 8785, NFC), and this is another.")
    if not hmac.compare_digest(_hash(bytes.fromhex(opening.salt), text).encode(), _ascii(hash_)):
        raise BadOpening("This side file opens another hash.")
    return text


def pseudonym(secret: bytes, person_id: str, society: str) -> str:
    """One person in one society. Another society knows them by another one, and nobody without the
    secret can tell that the two are the same, or who they are."""
    return _keyed(secret, _PSEUDONYM, society, person_id)[:32]


def request_hash(secret: bytes, key: str) -> str:
    """So that a request is never booked twice, and its key, which may name a payment, is ours."""
    return _keyed(secret, _REQUEST, key)


def public_count(value: int, qualifier: Qualifier, count_min: int) -> Count:
    """A number of people as it may be told: what is below `count_min` is "under `count_min`".
    "Over" stays: it never says how few, and "under" would not be true of it."""
    if value < count_min and qualifier != "over":
        return Count(value=count_min, qualifier="under")
    return Count(value=value, qualifier=qualifier)


def public_place(path: Sequence[tuple[str, int]], count_min: int) -> str:
    """The narrowest place in which at least `count_min` people are counted, so that none of them
    stands out; the outermost where even that has fewer. `path` goes from narrowest outward."""
    if not path:
        raise ValueError("There is no place on the path.")
    for place, count in path:
        if count >= count_min:
            return place
    return path[-1][0]


def _hash(salt: bytes, text: str) -> str:
    return hashlib.sha256(_framed(_TEXT, salt, text.encode())).hexdigest()


def _keyed(secret: bytes, label: bytes, *parts: str) -> str:
    if len(secret) < SECRET_BYTES_MIN:
        raise ValueError(f"A secret has at least {SECRET_BYTES_MIN} bytes.")
    message = _framed(label, *(part.encode() for part in parts))
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def _framed(*parts: bytes) -> bytes:
    """Each with its length in front (8 bytes, big-endian): ("ab", "c") is not ("a", "bc")."""
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def _ascii(hash_: str) -> bytes:
    return hash_.encode("ascii", errors="replace")
