"""The clock of business time. Rules and acts read this one and nothing else.

A world may pin it: Zhejiang of June 2020 runs on 24 June 2020, 09:00, for ever. Inside `at()`
one stretch of work has its own time, which is how a world is loaded act by act. Security
(sessions, second factors, administrator mode) reads `machine_now()`: a pinned world must not
keep a stolen session alive.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

_override: ContextVar[datetime | None] = ContextVar("clock_override", default=None)


def now() -> datetime:
    """Business time, aware, in China's zone."""
    chosen = _override.get() or _pinned()
    return (chosen or machine_now()).astimezone(CHINA)


def today() -> date:
    """The calendar day of `now()` in China."""
    return now().date()


def machine_now() -> datetime:
    """The machine's own time, aware, UTC: for security and for nothing else."""
    return datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Business time stands still at `moment` (aware) for the work inside."""
    assert moment.tzinfo is not None, "a moment without a zone is not a moment"
    token = _override.set(moment)
    try:
        yield
    finally:
        _override.reset(token)


def forget_pin() -> None:
    """Read the world's pin anew: after a world was loaded or left."""
    _pinned.cache_clear()


@lru_cache(maxsize=1)
def _pinned() -> datetime | None:
    """The world's pinned moment. One query a process: worlds change only with a restart."""
    from honghui.kernel.models import World

    return World.objects.values_list("pinned_at", flat=True).first()
