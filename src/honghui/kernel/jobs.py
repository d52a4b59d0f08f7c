"""Work that may wait: our one face on the queue (procrastinate, in PostgreSQL itself).

A job is put off until the surrounding transaction commits, never before, and is written so that
running it twice does no harm. Calling a job runs it here and now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

RETRIES_MAX = 5


class Job:
    """A plain function that can also be put off until after the commit."""

    def __init__(self, name: str, function: Callable[..., None], queue: str, lock: str | None):
        self.name = name
        self.function = function
        self.task = app.task(
            name=name,
            queue=queue,
            lock=lock,
            queueing_lock=lock,
            retry=RetryStrategy(max_attempts=RETRIES_MAX, exponential_wait=2),
        )(function)

    def __call__(self, **values: Any) -> None:
        self.function(**values)

    def after_commit(self, **values: Any) -> None:
        """Queues the job when this transaction commits; already queued is as good."""
        transaction.on_commit(lambda: self._defer(values))

    def _defer(self, values: dict[str, Any]) -> None:
        try:
            self.task.defer(**values)
        except AlreadyEnqueued:
            return


def job(
    name: str, *, queue: str = "default", lock: str | None = None
) -> Callable[[Callable[..., None]], Job]:
    """Makes a function a job called `name`. With `lock`, one of them runs at a time."""
    return lambda function: Job(name, function, queue, lock)


def nightly(cron: str) -> Callable[[Job], Job]:
    """Runs a job by the machine's clock; `cron` is five fields, in UTC."""

    def schedule(each: Job) -> Job:
        app.periodic(cron=cron)(each.task)
        return each

    return schedule
