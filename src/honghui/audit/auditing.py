"""The audit: the log, then every record, then the books, from public data alone.

1. The log is proven, and each record read, in blocks on all cores (`examining`).
2. The records are read again in order, twice side by side: positions, and amounts (`replaying`).
3. What the two say of the same books is compared, and everything found is told (`report`).
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from honghui.audit.examining import Examination, Needs
from honghui.audit.names import Names
from honghui.audit.reading import ListedRecords, LogRecords, Records
from honghui.audit.replaying import (
    BooksPass,
    PositionsPass,
    Replayed,
    replay,
    replay_positions,
)
from honghui.audit.report import Report
from honghui.tlog.mirror import mirror
from honghui.tlog.signatures import Key
from honghui.tlog.storage import Folder, Source
from honghui.tlog.verification import Examine, Progress, quiet
from honghui.tlog.verifying import Bar, check_log

# Below this a second process costs more time than it saves.
ALONE_BELOW = 20_000


def audit_log(
    source: Source,
    keys: Sequence[Key],
    *,
    state: Path | None = None,
    copy: Path | None = None,
    bar: Bar,
    processes: int | None = None,
) -> Report:
    """The whole audit. A log far away is copied first, into `copy` or a folder that goes again.
    Raises tlog's NotProven or CouldNotCheck where the log itself is not what was signed."""
    if source.parallel > 1 or copy is not None:
        with tempfile.TemporaryDirectory(prefix="honghui-audit-") as folder:
            near = Folder(copy or Path(folder))
            with bar(0) as progress:
                mirror(source, near, keys, progress=progress)
            return _audit(near, keys, state, bar, processes)
    return _audit(source, keys, state, bar, processes)


def _audit(
    source: Source, keys: Sequence[Key], state: Path | None, bar: Bar, processes: int | None
) -> Report:
    needs = Needs()
    with Names() as names:

        def found(block: Needs) -> None:
            needs.add(block)
            names.add(block.names)

        signed = check_log(
            source,
            keys,
            state=state,
            bar=bar,
            processes=processes,
            examine=Examine(Examination, found),
        )
        needs.findings += names.twice()
    size = signed.head.size
    report = Report(size=size, kinds=dict(needs.kinds), findings=needs.findings, signed=signed)
    if needs.unreadable:
        return report
    records = LogRecords(source, size, needs.digests)
    alone = size < ALONE_BELOW or (processes or os.cpu_count() or 1) == 1
    with bar(size) as progress:
        if alone:
            books, positions = _in_one(records, needs, progress)
            replayed = positions.told()
        else:
            books, replayed = _side_by_side(records, needs, progress)
    report.take(books.books, books.findings, replayed)
    return report


def audit_records(entries: Sequence[bytes]) -> Report:
    """The same without a log around it: for tests, and for books not yet published."""
    examination = Examination()
    examination.entries(0, entries)
    needs = examination.result()
    with Names() as names:
        names.add(needs.names)
        needs.findings += names.twice()
    report = Report(size=len(entries), kinds=dict(needs.kinds), findings=needs.findings)
    if needs.unreadable:
        return report
    books, positions = _in_one(ListedRecords(entries), needs, quiet)
    report.take(books.books, books.findings, positions.told())
    report.pools = dict(positions.positions.book.held())
    return report


def _in_one(records: Records, needs: Needs, progress: Progress) -> tuple[BooksPass, PositionsPass]:
    """Both passes in one reading, where there is one core or little to read."""
    books, positions = BooksPass(needs, records), PositionsPass(needs.wanted.copy())
    replay(records, books, positions, progress=progress)
    return books, positions


def _side_by_side(records: Records, needs: Needs, progress: Progress) -> tuple[BooksPass, Replayed]:
    """The positions in a process of their own: a fresh one, that shares nothing of ours."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as process:
        replayed = process.submit(replay_positions, records, needs.wanted)
        books = BooksPass(needs, records)
        replay(records, books, progress=progress)
        return books, replayed.result()
