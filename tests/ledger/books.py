"""Puts a made-up society (tests/audit) through the real ledger, and reads back what it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter

from django.db import connection, transaction

from honghui.kernel import clock
from honghui.ledger.declaring import declare
from honghui.ledger.placing import begin_epoch, place_all
from honghui.ledger.posting import Posted, post
from honghui.record.entries import Entry
from honghui.record.pools import Pool
from honghui.record.schemas import Record

NOW = datetime(2020, 6, 20, 1, tzinfo=UTC)


def keep(records: Iterable[Record], *, at_once: bool = False) -> None:
    """Every record in its own transaction, and in the order given; after each, the sequencer
    has its turn."""
    epoch = begin_epoch()
    for group in grouped(records):
        book(group)
        if not at_once:
            place_all(epoch)
    place_all(epoch)


def grouped(records: Iterable[Record]) -> list[tuple[Record, ...]]:
    """All parts of one thing together."""
    return [tuple(group) for _id, group in groupby(records, key=attrgetter("id"))]


def book(parts: tuple[Record, ...]) -> Posted | None:
    with transaction.atomic(), clock.at(NOW):
        if isinstance(parts[0], Entry):
            return post(*parts)  # type: ignore[arg-type]
        declare(*parts)
    return None


def pools() -> dict[Pool, tuple[int, int]]:
    """What each pool took in, and what of it is booked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pool_id, taken_in, booked"
            " FROM ledger_intake JOIN ledger_booking USING (pool_id)"
        )
        held = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    return {pool: held[number] for number, pool in pools_by_id().items()}


def pools_by_id() -> dict[int, Pool]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, society, purpose, source, commodity, place, stage, ref FROM ledger_pool"
        )
        rows = cursor.fetchall()
    return {
        number: Pool(
            society=society, purpose=purpose, source=source, commodity=commodity, place=place,
            stage=stage, ref=ref.hex if ref else None,
        )
        for number, society, purpose, source, commodity, place, stage, ref in rows
    }  # fmt: skip


def log() -> list[bytes]:
    """The records in the order of the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.data FROM journal_leaf l JOIN journal_record r"
            " ON (r.number, r.part) = (l.number, l.part) ORDER BY l.index"
        )
        return [bytes(row[0]) for row in cursor.fetchall()]
