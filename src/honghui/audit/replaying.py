"""The second reading: two passes over the same records, side by side where there are two cores.

One holds each entry to what its act may do and moves every position; the other holds every amount
to the rules. They know nothing of each other, and must say the same of every line of the books.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from honghui.audit.acts import check_shape
from honghui.audit.answers import Answers
from honghui.audit.books import Books
from honghui.audit.days import check_day
from honghui.audit.examining import Needs
from honghui.audit.findings import Broken, Findings
from honghui.audit.people import check_four_eyes
from honghui.audit.positions import Positions
from honghui.audit.reading import Records
from honghui.audit.sequence import Sequence
from honghui.audit.speaking import Wanted
from honghui.audit.statements import Line, Statement
from honghui.record.entries import Entry
from honghui.record.schemas import Record
from honghui.tlog.verification import Progress, quiet

_STEP = 4096


@dataclass
class Replayed:
    """`held`: what all pools of a society's line hold, by society and line."""

    findings: Findings = field(default_factory=Findings)
    held: dict[tuple[str, Line], int] = field(default_factory=dict)
    pools: int = 0
    emergencies: int = 0
    reviewed: int = 0
    not_in_order: int = 0


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """A replay keeps millions of small things, none of which refers to itself. Python would search
    them for cycles again and again, the more of them the longer: without it, time is linear."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Pass(Protocol):
    """One half of the replay: told of every record, and of the end."""

    def record(self, index: int, record: Record) -> None: ...

    def end(self) -> None: ...


def replay(records: Records, *passes: Pass, progress: Progress = quiet) -> None:
    with no_search_for_cycles():
        for index, record in enumerate(records):
            for one in passes:
                one.record(index, record)
            if index % _STEP == 0:
                progress(index)
        for one in passes:
            one.end()
    progress(len(records))


def replay_positions(records: Records, wanted: Wanted) -> Replayed:
    """In a process of its own; what it hands back is picklable and small."""
    positions = PositionsPass(wanted)
    replay(records, positions)
    return positions.told()


class PositionsPass:
    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.positions = Positions(wanted)
        self.answers = Answers(wanted, self.positions.traces)
        self.replayed = Replayed()
        self._sequence = Sequence()
        self._size = 0

    def record(self, index: int, record: Record) -> None:
        try:
            self._sequence.record(record)
            check_day(record)
            if isinstance(record, Entry):
                check_shape(record)
                check_four_eyes(record)
                self.positions.entry(record)
                self.replayed.emergencies += record.emergency and record.part == 1
            else:
                self.answers.record(index, record)
        except Broken as broken:
            self.replayed.findings.note(index, broken.rule, broken.facts)
        self.answers.remember(record)
        for name in self._wanted.spend(record):
            self.positions.traces.pop(name, None)
            self.answers.forget(name)
        self._size = index + 1

    def end(self) -> None:
        try:
            self._sequence.end()
        except Broken as broken:
            self.replayed.findings.note(self._size - 1, broken.rule, broken.facts)

    def told(self) -> Replayed:
        """What there is to tell, once it has ended."""
        replayed = self.replayed
        held: defaultdict[tuple[str, Line], int] = defaultdict(int)
        for pool, state in self.positions.book.held():
            held[pool.society, Line(pool.purpose, pool.source, pool.commodity)] += state.free
        replayed.held = dict(held)
        replayed.pools = len(self.positions.book)
        replayed.reviewed = len(self.answers.reviewed)
        replayed.not_in_order = self.answers.not_in_order
        return replayed


class BooksPass:
    """`records`: all of them, to read a statement when the replay has come to what it is about."""

    def __init__(self, needs: Needs, records: Records) -> None:
        self.books = Books(needs.boundaries, needs.wanted)
        self.findings = Findings()
        self._records = records
        self._due = sorted(needs.stated, reverse=True)

    def record(self, index: int, record: Record) -> None:
        if self._due and self._due[-1].as_of <= index:
            self._compute(index)
        try:
            self.books.record(index, record)
        except Broken as broken:
            self.findings.note(index, broken.rule, broken.facts)

    def end(self) -> None:
        self._compute(len(self._records))

    def _compute(self, size: int) -> None:
        """Everything that is stated about the first `size` records."""
        while self._due and self._due[-1].as_of <= size:
            stated = self._due.pop()
            past = min(stated.at + stated.parts, len(self._records))
            parts = [self._records.one(index) for index in range(stated.at, past)]
            try:
                self.books.statements.compute(
                    [part for part in parts if isinstance(part, Statement)]
                )
            except Broken as broken:
                self.findings.note(stated.at, broken.rule, broken.facts)
