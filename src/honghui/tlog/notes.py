"""Signed notes: text, an empty line, and who signed it (C2SP signed-note).

    ledger.example.org/gifts
    3
    O+NpZMLjZ99kZFV9+LPJX0cRof81BLl5yTOGA0WeyjE=

    — ledger.example.org/gifts FWpbYxUPMjhZ…

A line whose (name, id) is unknown is passed over. A known key whose signature fails spoils the
whole note. At least one known key must have signed.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from honghui.tlog.errors import BadSignature, Malformed
from honghui.tlog.signatures import Key, SigningKey, check_name, decode_base64

DASH = "\u2014 "
# The standard asks for at least 16; more than a hundred is someone filling our memory.
LINES_MAX = 100
NOTE_BYTES_MAX = 1_000_000


@dataclass(frozen=True)
class Line:
    """One signature: a name, the first bytes of its key's hash, and what was signed."""

    name: str
    key_id: bytes
    blob: bytes

    def __str__(self) -> str:
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.blob).decode()}\n"


@dataclass(frozen=True)
class Note:
    text: str
    lines: tuple[Line, ...]

    @property
    def raw(self) -> bytes:
        return f"{self.text}\n{''.join(map(str, self.lines))}".encode()

    def with_lines(self, more: Sequence[Line]) -> Note:
        """The same text; a line of the same key takes the place of the older one."""
        named = {(line.name, line.key_id): line for line in (*self.lines, *more)}
        return Note(self.text, tuple(named.values()))


@dataclass(frozen=True)
class Verified:
    """A key whose line holds, and the time the line carries, if its kind does."""

    key: Key
    time_s: int | None


def parse_note(raw: bytes) -> Note:
    """Raises Malformed."""
    if len(raw) > NOTE_BYTES_MAX:
        raise Malformed("The note is too long to be one.")
    try:
        whole = raw.decode()
    except UnicodeDecodeError:
        raise Malformed("The note is not UTF-8.") from None
    if any(sign < " " and sign != "\n" or sign == "\x7f" for sign in whole):
        raise Malformed("The note holds a control character.")
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not text or not lines:
        raise Malformed("The note has no text, an empty line, and signatures, in this order.")
    return Note(text + "\n", parse_lines(lines))


def parse_lines(text: str) -> tuple[Line, ...]:
    """Signature lines, each ended by a newline. Raises Malformed."""
    if not text.endswith("\n"):
        raise Malformed("The last signature line is not ended.")
    lines = text[:-1].split("\n")
    if len(lines) > LINES_MAX:
        raise Malformed(f"The note has more than {LINES_MAX} signature lines.")
    return tuple(map(_parse_line, lines))


def _parse_line(text: str) -> Line:
    name, gap, encoded = text.removeprefix(DASH).partition(" ")
    if not text.startswith(DASH) or not gap:
        raise Malformed("A signature line is a dash, a name and base64.", where=text[:80])
    data = decode_base64(encoded)
    if len(data) < 5:
        raise Malformed("A signature line is too short.", where=text[:80])
    return Line(check_name(name), data[:4], data[4:])


def verify_note(note: Note, keys: Sequence[Key]) -> tuple[Verified, ...]:
    """The lines of known keys, all of which hold. Raises BadSignature when one does not, or when
    no known key signed."""
    known = {(key.name, key.id): key for key in keys}
    verified = []
    for line in note.lines:
        if key := known.get((line.name, line.key_id)):
            verified.append(Verified(key, key.verify(note.text, line.blob)))
    if not verified:
        signed_by = ", ".join(f"{line.name}+{line.key_id.hex()}" for line in note.lines[:4])
        raise BadSignature(
            f"No key that we know has signed this. Signed by: {signed_by}.",
            "Compare the key with the one printed on receipts or in the newspaper.",
        )
    return tuple(verified)


def sign_note(text: str, signers: Sequence[SigningKey], time_s: int) -> Note:
    return Note(text, tuple(sign_line(text, signer, time_s) for signer in signers))


def sign_line(text: str, signer: SigningKey, time_s: int) -> Line:
    return Line(signer.name, signer.public.id, signer.sign(text, time_s))
