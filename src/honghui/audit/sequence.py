"""What stands in several records stands in a row, part after part, and is one thing."""

from __future__ import annotations

from honghui.audit.findings import Broken
from honghui.record.entries import Entry
from honghui.record.schemas import Record
from honghui.record.statements import Closing

# What all parts of one thing have in common.
_SAME = {
    Entry: (
        "act", "society", "occurred_on", "request", "counterparty", "decision", "consent", "of",
        "requested_by", "approved_by", "emergency", "parts",
    ),
    Closing: ("society", "first", "last", "as_of", "after", "requested_by", "approved_by", "parts"),
}  # fmt: skip


class Sequence:
    """Told of every record; raises Broken where a part is missing, doubled or out of its row."""

    def __init__(self) -> None:
        self._open: Entry | Closing | None = None

    def record(self, record: Record) -> None:
        before, self._open = self._open, None
        if not isinstance(record, Entry | Closing):
            if before is not None:
                raise _out_of_row(before.part + 1, before.part + 1, before.parts)
            return
        if record.part < record.parts:
            self._open = record
        continues = before is not None and before.id == record.id
        expected = before.part + 1 if continues and before else 1
        if record.part != expected or record.part > record.parts or (before and not continues):
            raise _out_of_row(expected, record.part, record.parts)
        if before is not None:
            _check_same(before, record)

    def end(self) -> None:
        if self._open is not None:
            one = self._open
            raise _out_of_row(one.part + 1, one.part + 1, one.parts)


def _out_of_row(expected: int, part: int, parts: int) -> Broken:
    return Broken("entry.parts", expected=expected, part=part, parts=parts)


def _check_same(before: Entry | Closing, record: Entry | Closing) -> None:
    if type(before) is not type(record):
        raise Broken("entry.parts-differ", field="schema")
    for field in _SAME[type(record)]:
        if getattr(before, field) != getattr(record, field):
            raise Broken("entry.parts-differ", field=field)
