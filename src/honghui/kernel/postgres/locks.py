"""The two locks of a data folder: one start at a time, one living server."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres.processes import wait_until

# Longer than a start or a stop may take.
_SECONDS = 400.0
_LEAVING_SECONDS = 3.0


@contextmanager
def hold(path: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Hold the start lock; wait for another process that has it."""
    descriptor = _open(path)
    try:
        if not _take(descriptor):
            report("Another process is starting or stopping the database; waiting for it.")
            if not wait_until(lambda: _take(descriptor), _SECONDS):
                raise CannotRun(
                    "database.busy",
                    f"Another process has kept {path} locked for too long.",
                    "Look for a hanging honghui process, end it, then try again.",
                )
        yield
    finally:
        os.close(descriptor)


@contextmanager
def inheritable_lock(path: Path) -> Iterator[int]:
    """A lock to be inherited by the server: held as long as any of its processes lives.

    Process numbers mean nothing across containers that share a folder; this lock does.
    """
    descriptor = _open(path)
    try:
        # Processes of a server that has just ended may take a moment to go.
        if not wait_until(lambda: _take(descriptor), _LEAVING_SECONDS):
            raise CannotRun(
                "database.used_elsewhere",
                f"Another server uses the database in {path.parent},"
                " probably in another container or on another machine.",
                "Stop that one first: two servers would destroy the data.",
            )
        yield descriptor
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
