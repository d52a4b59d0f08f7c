"""The worker of messages: takes in what gateways told, hands over what is due, asks about what
nobody knows, and sees templates through their review.

Any number may run: each takes rows that no other holds. It may be killed at any point.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import connection, transaction

from honghui.kernel.actors import Actor, system_actor
from honghui.kernel.errors import HonghuiError
from honghui.kernel.working import keep_working
from honghui.messaging.actions.arrivals import handle_arrival, note_arrival_failure
from honghui.messaging.dispatching import ask_what_became, hand_over_due
from honghui.messaging.queries import work
from honghui.messaging.reviewing import review_templates

ARRIVALS = 50
PAUSE_SECONDS = 0.1
REVIEW_SECONDS, REVIEW_SOON_SECONDS = 60.0, 1.0

_log = logging.getLogger("honghui.messaging")


def worker_actor() -> Actor:
    return system_actor("honghui messages work")


def run(stop: threading.Event) -> None:
    """Works until told to stop."""
    review_at = 0.0

    def work() -> int:
        nonlocal review_at
        if time.monotonic() >= review_at:
            soon = review_templates(worker_actor())
            review_at = time.monotonic() + (REVIEW_SOON_SECONDS if soon else REVIEW_SECONDS)
        return work_once()

    keep_working(stop, work, pause_seconds=PAUSE_SECONDS, log=_log)


def work_once() -> int:
    """One round: answers first, since somebody waits for them. How much there was to do."""
    if not work.is_anything_due():
        return 0
    by = worker_actor()
    return take_in_arrivals(by) + hand_over_due(by) + ask_what_became(by)


def take_in_arrivals(by: Actor, limit: int = ARRIVALS) -> int:
    """Handles what gateways posted, each alone; what fails waits longer each time."""
    with transaction.atomic():
        ids = [each.pk for each in work.arrivals(limit)]
    for arrival_id in ids:
        _handle(by, arrival_id)
    return len(ids)


def _handle(by: Actor, arrival_id: int) -> None:
    try:
        with transaction.atomic():
            for each in work.arrival_one(arrival_id):
                handle_arrival(by=by, arrival=each)
        return
    except Exception as error:
        # Whatever a job's handler raises: the other answers must not wait for it.
        if not (connection.connection and connection.is_usable()):
            raise
        code = code_of(error)
    _log.warning("arrival %s cannot be handled: %s", arrival_id, code)
    with transaction.atomic():
        for each in work.arrival_one(arrival_id):
            note_arrival_failure(by=by, arrival=each, error=code)


def code_of(error: Exception) -> str:
    """A code or a kind, never an error's text: it may hold values."""
    return error.code if isinstance(error, HonghuiError) else type(error).__name__
