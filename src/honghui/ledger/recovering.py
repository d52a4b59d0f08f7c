"""After a backup was restored: the published tail is replayed into the books.

The log knows what happened since the backup; the books do not. Each record of the tail gets back
the index it has. What the backup still held in its queues is taken out of them; what it never knew
is booked again, from the public record: pools, totals and purposes come out as they were, and a
payment that is delivered again meets its keyed hash. What cannot come back is what was never
public: the act, names, texts. Those entries are named in a record of their own, to be completed by
hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import cast
from uuid import UUID

from django.db import connection, transaction

from honghui.journal import log_place, outbox
from honghui.journal.models import LogState
from honghui.kernel import clock
from honghui.kernel.errors import CannotRun
from honghui.kernel.ids import new_public_id
from honghui.ledger.declaring import declare
from honghui.ledger.placing import begin_epoch, place_numbers
from honghui.ledger.posting import post
from honghui.record.entries import Entry
from honghui.record.log_events import RecoveryMark
from honghui.record.schemas import Record, decode
from honghui.record.values import recorded_at
from honghui.tlog.tree import Tree
from honghui.tlog.verification import Progress, quiet

# A mark names as many lost entries as its schema allows; more are named in further marks.
_LOST_MAX = 1024


@dataclass
class Recovered:
    restored_to: int
    replayed: int = 0
    lost: list[str] = field(default_factory=list)


def recover(progress: Progress = quiet) -> Recovered:
    """Brings the books up to the log, one transaction a record, so that it may be stopped and
    begun again. Raises CannotRun where the log contradicts the books."""
    with log_place.writer() as writer:
        epoch = begin_epoch()
        size = LogState.objects.get().size
        found = Recovered(restored_to=size)
        if writer.size <= size:
            return found
        tree = Tree(writer.storage, writer.published)
        _check_same(tree, size)
        records = (decode(data) for data in _entries(tree, size, writer.size))
        for _id, group in groupby(records, key=attrgetter("id")):
            parts = tuple(group)
            if _replay(parts, epoch) and isinstance(parts[0], Entry):
                found.lost.append(parts[0].id)
            found.replayed += len(parts)
            progress(found.replayed)
        _mark(found)
    return found


def _check_same(tree: Tree, size: int) -> None:
    """The last record that both know is the same one: these books are this log's."""
    if not size:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.data FROM journal_leaf l JOIN journal_record r"
            " ON (r.number, r.part) = (l.number, l.part) WHERE l.index = %s",
            [size - 1],
        )
        row = cursor.fetchone()
    if row is None or next(_entries(tree, size - 1, size)) != bytes(row[0]):
        raise CannotRun(
            "log.other_books",
            f"Record {size - 1} of the log is another one than in the books.",
            "These books do not belong to this log. Restore the right backup.",
        )


def _entries(tree: Tree, first: int, past: int) -> Iterator[bytes]:
    index = first
    while index < past:
        bundle = tree.entries(index // 256)
        for data in bundle[index % 256 : index % 256 + past - index]:
            yield data
            index += 1


def _replay(parts: tuple[Record, ...], epoch: int) -> bool:
    """Gives the record its index; whether it had to be booked anew."""
    with transaction.atomic():
        number = _number_of(parts[0].id)
        if number is None:
            if isinstance(parts[0], Entry):
                number = post(*cast("tuple[Entry, ...]", parts)).number
            else:
                number = declare(*parts)
            place_numbers(epoch, number)
            return True
        place_numbers(epoch, number)
        return False


def _number_of(id_: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM journal_record WHERE id = %(id)s"
            " UNION ALL SELECT number FROM ledger_arrival WHERE id = %(id)s LIMIT 1",
            {"id": UUID(id_)},
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _mark(found: Recovered) -> None:
    """Openly, in the log itself."""
    lost = found.lost or []
    chunks = [lost[at : at + _LOST_MAX] for at in range(0, len(lost), _LOST_MAX)] or [[]]
    with transaction.atomic():
        for chunk in chunks:
            outbox.put(
                RecoveryMark(
                    id=new_public_id(),
                    recorded_at=recorded_at(clock.machine_now()),
                    restored_to=found.restored_to,
                    replayed=found.replayed,
                    lost=tuple(chunk),
                )
            )
