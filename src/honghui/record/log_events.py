"""What befell the log itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from honghui.record.values import Amount, Form, Hash, Id, Position, RecordedAt, Vkey


class KeyChange(Form, frozen=True, kw_only=True, tag_field="schema", tag="key_change/1"):
    """From `from_on` the log is signed with `new_key`; said under the old one."""

    id: Id
    recorded_at: RecordedAt
    old_key: Vkey
    new_key: Vkey
    from_on: date
    text: Hash | None = None


class RecoveryMark(Form, frozen=True, kw_only=True, tag_field="schema", tag="recovery/1"):
    """The books were restored from a backup that knew the first `restored_to` records; those up to
    here were replayed into them (`replayed`). `lost`: entries of which only the public record is
    left, to be completed by hand."""

    id: Id
    recorded_at: RecordedAt
    restored_to: Position
    replayed: Amount
    lost: Annotated[tuple[Id, ...], Meta(max_length=1024)] = ()
    text: Hash | None = None
