"""The one process that orders things: positions for what arrived, an index for every record, and
then the public log.

It may die at any point. What it placed is placed, what it numbered is numbered, and its successor
publishes the same bytes. Only one works: it holds the log's head by a lock, and the books by an
epoch that its successor raises.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import Error as DatabaseError
from django.db import connection

from honghui.journal import log_place
from honghui.journal.models import LogState
from honghui.journal.publishing import note_health, publish
from honghui.kernel import clock
from honghui.ledger.placing import TIDY_AFTER, begin_epoch, place, tidy_queue
from honghui.tlog.errors import TlogError
from honghui.tlog.writer import Writer

PAUSE_SECONDS = 0.05
RETRY_SECONDS_MAX = 10.0
# With nothing new, the head is signed again with a new time, so that a reader sees it is alive.
SIGN_AGAIN_SECONDS = 600.0

_log = logging.getLogger("honghui.sequencer")


@dataclass
class Sequencer:
    writer: Writer
    epoch: int
    signed_at: float = 0.0
    placed: int = 0

    def turn(self) -> int:
        """One batch of what waits, into books and log; how many records went. One, because under
        steady traffic there is always more, and what is placed must be published."""
        count = place(self.epoch)
        publish(self.writer)
        self.placed += count
        if self.placed >= TIDY_AFTER:
            tidy_queue()
            self.placed = 0
        if count:
            self.signed_at = time.monotonic()
        elif time.monotonic() - self.signed_at > SIGN_AGAIN_SECONDS:
            self.writer.publish()
            self.signed_at = time.monotonic()
        return count


@contextmanager
def sequencing() -> Iterator[Sequencer]:
    """The sequencer of this installation, alone while this lasts."""
    with log_place.writer() as writer:
        yield Sequencer(writer, begin_epoch(), time.monotonic())


def run(stop: threading.Event) -> None:
    """Works until told to stop. What keeps it from working is written down and tried again; what
    will not pass by itself (another sequencer, a log ahead of the books) ends it."""
    with sequencing() as sequencer:
        pause = PAUSE_SECONDS
        while not stop.wait(pause):
            try:
                sequencer.turn()
                if pause > PAUSE_SECONDS:
                    note_health("")
                pause = PAUSE_SECONDS
            except (DatabaseError, OSError, TlogError) as error:
                pause = min(RETRY_SECONDS_MAX, pause * 2)
                _failed(error)


def _failed(error: Exception) -> None:
    _log.error("cannot sequence: %s", error)
    try:
        connection.close()
        note_health(f"{type(error).__name__}: {error}")
    except DatabaseError:
        _log.error("and cannot write it down")


@dataclass(frozen=True)
class Health:
    """`waiting` records have no index yet, `unpublished` ones are not in the log yet;
    `oldest_seconds`: how long the oldest of them has waited."""

    size: int
    published: int
    waiting: int
    oldest_seconds: float
    failure: str

    @property
    def unpublished(self) -> int:
        return self.size - self.published

    @property
    def is_well(self) -> bool:
        return not self.failure and self.oldest_seconds < 60


_WAITING = """
    WITH ready AS (
        SELECT number FROM journal_waiting
        UNION ALL SELECT number FROM journal_leaf WHERE index >= %s
    )
    SELECT (SELECT count(*) FROM journal_waiting) + (SELECT count(*) FROM ledger_arrival), least(
        (SELECT min(recorded_at) FROM journal_record
         WHERE number = (SELECT min(number) FROM ready)),
        (SELECT min(recorded_at) FROM ledger_arrival)
    )
"""


def health() -> Health:
    state = LogState.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [state.published])
        waiting, oldest = cursor.fetchone()
    age = (clock.machine_now() - oldest).total_seconds() if oldest else 0.0
    return Health(state.size, state.published, waiting, age, state.failure)
