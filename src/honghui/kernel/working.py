"""Processes that work until they are told to stop, and wait for a database that is away."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import connection

RETRY_SECONDS_MAX = 10.0


def told_to_stop() -> threading.Event:
    """Set by Ctrl-C and SIGTERM."""
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda _number, _frame: stop.set())
    return stop


def keep_working(
    stop: threading.Event,
    work: Callable[[], object],
    *,
    pause_seconds: float,
    log: logging.Logger,
) -> None:
    """`work` says whether there was something to do; if not, the next look is after a pause. A
    database that is away is waited for, longer each time."""
    pause = 0.0
    while not stop.wait(pause):
        try:
            pause = 0.0 if work() else pause_seconds
        except (DatabaseError, OSError) as error:
            pause = min(RETRY_SECONDS_MAX, max(pause_seconds, pause) * 2)
            log.error("cannot work: %s", type(error).__name__)
            connection.close()
