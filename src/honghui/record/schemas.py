"""All schemas, and how bytes become a record: the one door that everything public comes through.

A schema is never changed once a record of it was published: it gets a new number, and the old one
is read for ever.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any, get_args

import msgspec

from honghui.record.agreements import Consent, Decision, Review
from honghui.record.canonical import canonical
from honghui.record.credentials import Certificate, CertificateRevocation
from honghui.record.entries import Entry
from honghui.record.errors import BadRecord
from honghui.record.log_events import KeyChange, RecoveryMark
from honghui.record.references import Clock, Item, Lot, Place, Purpose, Society, Unit
from honghui.record.statements import (
    Bulletin,
    Closing,
    Correction,
    Reconciliation,
    RescueSummary,
)

Record = (
    Society
    | Purpose
    | Place
    | Unit
    | Item
    | Lot
    | Clock
    | Entry
    | Decision
    | Consent
    | Review
    | Closing
    | Bulletin
    | Correction
    | Reconciliation
    | RescueSummary
    | Certificate
    | CertificateRevocation
    | KeyChange
    | RecoveryMark
)
KINDS: tuple[type[Any], ...] = get_args(Record)
SCHEMAS: dict[str, type[Any]] = {str(kind.__struct_config__.tag): kind for kind in KINDS}
# What a leaf of the log can hold (C2SP tlog-tiles: a 16-bit length).
RECORD_BYTES_MAX = 65_535

_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record, strict=True)
_plain = msgspec.json.Decoder()
_SHOWN = 80


def encode(record: Record) -> bytes:
    """The record's one canonical form (RFC 8785). Raises BadRecord where it is not one: a value
    out of bounds, or too long for a leaf."""
    try:
        data = canonical(record)
    except (TypeError, ValueError, OverflowError) as error:
        schema = str(record.__struct_config__.tag)
        raise BadRecord("record.wrong-value", where=schema, error=str(error)) from None
    if decode(data) != record:
        raise BadRecord("record.not-canonical")
    return data


def decode(data: bytes) -> Record:
    """The record that these bytes are. Raises BadRecord and names what is wrong with them."""
    if len(data) > RECORD_BYTES_MAX:
        raise BadRecord("record.too-long", bytes=len(data), bytes_max=RECORD_BYTES_MAX)
    try:
        record = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _named(data, error) from None
    if canonical(record) != data:
        raise _not_canonical(data)
    _check_day(record)
    return record


def reread(data: bytes) -> Record:
    """The record of bytes that `decode` has let through before: quicker, and checks less."""
    return _decoder.decode(data)


def _check_day(record: Record) -> None:
    """`recorded_at` is text to the decoder, so the calendar is asked here."""
    try:
        date.fromisoformat(record.recorded_at[:10])
    except ValueError as error:
        raise BadRecord("record.wrong-value", where="recorded_at", error=str(error)) from None


def _named(data: bytes, error: Exception) -> BadRecord:
    """What the decoder found, under the name that people know it by."""
    if not isinstance(error, msgspec.ValidationError):
        return BadRecord("record.not-json", error=str(error))
    try:
        schema = _schema_of(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as worse:
        return BadRecord("record.not-json", error=str(worse))
    reason, _, where = str(error).rpartition(" - at `$")
    reason, where = (reason, _shown(where[:-1].lstrip("."))) if reason else (where, "")
    # Before the others: a hostile field's name may end like the decoder's own words.
    if found := re.match("Object contains unknown field `(.*)", reason, re.DOTALL):
        field = _shown(found[1].removesuffix("`"))
        return BadRecord("record.unknown-field", field=field, where=where or schema or "JSON")
    if where == "schema":
        return BadRecord("record.unknown-schema", schema=schema)
    where = where or schema or "JSON"
    if found := re.match("Object missing required field `(.*)`", reason):
        return BadRecord("record.missing-field", field=found[1], where=where)
    if "got `float`" in reason:
        return BadRecord("record.float", where=where)
    return BadRecord("record.wrong-value", where=where, error=reason)


def _schema_of(data: bytes) -> str:
    """What it calls itself, "" where that cannot be read; raises where this is no JSON."""
    try:
        value = _plain.decode(data)
    except msgspec.ValidationError:  # JSON, with a number that no machine holds
        return ""
    return _shown(str(value.get("schema", ""))) if isinstance(value, dict) else ""


def _shown(text: str) -> str:
    """Somebody else's words, so short and plain that they can stand in a sentence of ours."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:_SHOWN])


def _not_canonical(data: bytes) -> BadRecord:
    """Read as a record, and yet these are not its bytes: a key twice, a blank, another order."""
    if (key := _key_twice(data)) is not None:
        return BadRecord("record.duplicate-key", key=key)
    return BadRecord("record.not-canonical")


def _key_twice(data: bytes) -> str | None:
    twice: list[str] = []

    def look(pairs: list[tuple[str, object]]) -> None:
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                twice.append(key)
            seen.add(key)

    json.loads(data, object_pairs_hook=look)
    return twice[0] if twice else None
