"""The first reading: is every record what its schema says, and what will the second one need?

The second reading goes through the log once, in order, and keeps little. So this one, which is done
in blocks by all cores, notes what lies ahead: which records later ones speak of, where figures will
be asked for, over which days, and every id, so that none is used twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from honghui.audit.findings import FINDINGS_MAX, Findings
from honghui.audit.speaking import Wanted
from honghui.record.entries import Entry
from honghui.record.errors import BadRecord
from honghui.record.rules import RECORD_RULES
from honghui.record.schemas import Record, decode
from honghui.record.statements import Bulletin, Closing, Correction, Reconciliation
from honghui.tlog.tiles import FULL

_ONE_DAY = timedelta(days=1)


class Stated(NamedTuple):
    """A statement about the first `as_of` records is record `at`, and so many parts from it."""

    as_of: int
    at: int
    parts: int


@dataclass
class Needs:
    """What one block, or all of them together, will need. `names`: kind, id and index of all that
    must not be used twice, as rows of `NAME_BYTES`."""

    wanted: Wanted = field(default_factory=Wanted)
    stated: list[Stated] = field(default_factory=list)
    boundaries: set[date] = field(default_factory=set)
    digests: list[bytes] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    findings: Findings = field(default_factory=Findings)
    names: bytearray = field(default_factory=bytearray)

    def add(self, other: Needs) -> None:
        """`names` are not added up: they go to disk."""
        self.wanted.add(other.wanted)
        self.stated += other.stated
        self.boundaries |= other.boundaries
        self.digests += other.digests
        self.kinds += other.kinds
        self.findings += other.findings[: FINDINGS_MAX - len(self.findings)]

    @property
    def unreadable(self) -> bool:
        """Some record is not what its schema says, so nothing can be replayed."""
        return any(finding.rule in RECORD_RULES for finding in self.findings)


NAME_BYTES = 1 + 32 + 8


class Examination:
    """Implements `tlog.verification.Examination`: one block, bundle after bundle."""

    def __init__(self) -> None:
        self._needs = Needs()

    def bundle(self, index: int, data: bytes, entries: list[bytes]) -> None:
        self._needs.digests.append(hashlib.sha256(data).digest())
        self.entries(index * FULL, entries)

    def entries(self, first: int, entries: Iterable[bytes]) -> None:
        for index, entry in enumerate(entries, first):
            self.entry(index, entry)

    def entry(self, index: int, entry: bytes) -> None:
        try:
            record = decode(entry)
        except BadRecord as bad:
            self._needs.findings.note(index, bad.rule, bad.facts)
            return
        self._needs.kinds[str(record.__struct_config__.tag)] += 1
        self._name(index, record)
        self._needs.wanted.note(record)
        note = _NOTES.get(type(record))
        if note is not None:
            note(self._needs, index, record)

    def result(self) -> Needs:
        return self._needs

    def _name(self, index: int, record: Record) -> None:
        """Every record's id; the parts of one thing share theirs, and only the first counts."""
        if getattr(record, "part", 1) != 1:
            return
        at = index.to_bytes(8, "big")
        self._needs.names += b"i" + bytes.fromhex(record.id).ljust(32) + at
        if isinstance(record, Entry):
            self._needs.names += b"r" + bytes.fromhex(record.request) + at


def _figures(needs: Needs, index: int, record: Bulletin | Correction) -> None:
    if record.as_of is not None:
        needs.stated.append(Stated(record.as_of, index, 1))
    for figure in record.figures:
        if figure.measure.first is not None:
            needs.boundaries.add(figure.measure.first)
        if figure.measure.last is not None and figure.measure.last < date.max:
            needs.boundaries.add(figure.measure.last + _ONE_DAY)


def _closing(needs: Needs, index: int, record: Closing) -> None:
    if record.part == 1:
        needs.stated.append(Stated(record.as_of, index, record.parts))


def _reconciliation(needs: Needs, index: int, record: Reconciliation) -> None:
    needs.stated.append(Stated(record.as_of, index, 1))


_NOTES: dict[type, Callable[[Needs, int, Any], None]] = {
    Bulletin: _figures,
    Correction: _figures,
    Closing: _closing,
    Reconciliation: _reconciliation,
}
