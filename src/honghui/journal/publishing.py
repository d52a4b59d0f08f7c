"""From the database into the log: records that have an index become leaves of the signed tree.

The database says which record has which index; nothing here chooses. So whoever stops in the
middle and starts again writes the same bytes, and what is there already is passed over. The writer
moves its signed head by compare-and-swap, after the tiles are kept.
"""

from __future__ import annotations

from django.db import connection

from honghui.journal.models import LogState
from honghui.kernel import clock
from honghui.kernel.errors import CannotRun
from honghui.tlog.writer import Writer

BATCH_MAX = 10_000
_NEXT = """
    SELECT l.index, r.data FROM journal_leaf l
    JOIN journal_record r ON r.number = l.number AND r.part = l.part
    WHERE l.index >= %s AND l.index < %s ORDER BY l.index
"""


def publish(writer: Writer) -> int:
    """All that has an index; the size of the log that the world now sees. Raises CannotRun where
    the log knows more than the books, TlogError where it cannot be written."""
    state = LogState.objects.get()
    if writer.size > state.size:
        raise CannotRun(
            "log.ahead_of_books",
            f"The log holds {writer.size} records, and the books know {state.size} of them. "
            "A backup was restored.",
            "Run `honghui log recover`.",
        )
    while writer.size < state.size:
        _append(writer, min(state.size, writer.size + BATCH_MAX))
    if writer.published.size < writer.size:
        writer.publish()
    if state.published < writer.size:
        LogState.objects.filter(published__lt=writer.size).update(
            published=writer.size, published_at=clock.machine_now()
        )
    return writer.size


def _append(writer: Writer, past: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [writer.size, past])
        rows = cursor.fetchall()
    indexes = [row[0] for row in rows]
    assert indexes == list(range(writer.size, past)), "an index is missing in the books"
    writer.append([bytes(row[1]) for row in rows], at=writer.size)


def note_health(failure: str) -> None:
    """What keeps the sequencer from its work, or "" once it works; shown by `honghui sequencer
    health` and on /healthz."""
    if failure:
        LogState.objects.filter(failing_since=None).update(failing_since=clock.machine_now())
        LogState.objects.update(failure=failure[:2000])
    else:
        LogState.objects.exclude(failing_since=None).update(failing_since=None, failure="")
