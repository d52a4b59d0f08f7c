"""The head of a log: its origin, its size and its root (C2SP tlog-checkpoint).

Three lines and nothing more. Extension lines are allowed by the standard and not recommended;
post-quantum cosignatures do not cover them, so we refuse them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from honghui.tlog.errors import BadSignature, Malformed
from honghui.tlog.hashing import EMPTY_ROOT, HASH_BYTES
from honghui.tlog.notes import Note, Verified, parse_note, verify_note
from honghui.tlog.signatures import COSIGNATURE, COSIGNATURE_MLDSA, Key, decode_base64
from honghui.tlog.tiles import SIZE_MAX

# A body is short; 16 ML-DSA lines are 53 KB.
CHECKPOINT_BYTES_MAX = 100_000
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """The first `size` entries of the log called `origin` have this root."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def __str__(self) -> str:
        return f"{self.size} entries, root {self.root.hex()}"


@dataclass(frozen=True)
class SignedCheckpoint:
    """A head, the note that carries it, and the keys whose lines held."""

    head: Checkpoint
    note: Note
    verified: tuple[Verified, ...]

    @property
    def raw(self) -> bytes:
        return self.note.raw

    @property
    def cosigned_at_s(self) -> int | None:
        """The newest time a verified cosignature gives, in seconds since 1970."""
        return max((one.time_s for one in self.verified if one.time_s is not None), default=None)


def parse_body(text: str) -> Checkpoint:
    """Raises Malformed and names the line that is wrong."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise Malformed(
            f"A checkpoint has three lines, and this has {len(lines) - 1}.", where="checkpoint"
        )
    origin, size_text, root_text = lines[:3]
    if not origin:
        raise Malformed("The checkpoint names no log in its first line.", where="checkpoint")
    if not _SIZE.fullmatch(size_text) or int(size_text) > SIZE_MAX:
        raise Malformed(
            f"The size is not a plain number without leading zeros: {size_text[:40]!r}.",
            where="checkpoint",
        )
    root = decode_base64(root_text)
    if len(root) != HASH_BYTES:
        raise Malformed(f"The root is {len(root)} bytes long instead of 32.", where="checkpoint")
    size = int(size_text)
    if size == 0 and root != EMPTY_ROOT:
        raise Malformed("An empty log cannot have this root.", where="checkpoint")
    return Checkpoint(origin, size, root)


def open_checkpoint(raw: bytes, keys: Sequence[Key], *, origin: str = "") -> SignedCheckpoint:
    """The head in a signed note, once a *log* key of ours has signed it.

    keys: the log's keys, and any witnesses'. The log's are those of the note kind (0x01), or of the
    origin's own name; a witness alone proves nothing, as anyone may run one. origin: the log that
    is expected, by default the name of the first key.
    Raises Malformed or BadSignature.
    """
    if len(raw) > CHECKPOINT_BYTES_MAX:
        raise Malformed("The checkpoint is too long to be one.", where="checkpoint")
    note = parse_note(raw)
    expected = origin or keys[0].name
    head = parse_body(note.text)
    if head.origin != expected:
        raise BadSignature(
            f"This is the head of {head.origin!r}, and {expected!r} was asked for.",
            where="checkpoint",
        )
    verified = verify_note(note, keys)
    if not any(one.key.name == expected and one.key.kind != COSIGNATURE for one in verified):
        raise BadSignature(
            f"The log {expected} has not signed this head with a key that we know.",
            "Compare the key with the one printed on receipts or in the newspaper.",
            where="checkpoint",
        )
    return SignedCheckpoint(head, note, verified)


def is_cosignature(key: Key) -> bool:
    return key.kind in (COSIGNATURE, COSIGNATURE_MLDSA)
