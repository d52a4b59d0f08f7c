"""Which processes serve a database folder, whatever its postmaster.pid claims."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from honghui.kernel.errors import CannotRun

PORT = 5432  # part of the socket's name only: there is no TCP
PATIENCE = 5.0  # seconds for orphans to notice that their postmaster is gone
_PAUSE = 0.02
_PROC = Path("/proc")


@dataclass(frozen=True)
class Postmaster:
    """A living server process. status is "starting", "ready" or "stopping"."""

    pid: int
    socket_folder: Path | None
    status: str


def find_postmaster(cluster: Path) -> Postmaster | None:
    """The living server of this folder, or None."""
    try:
        lines = (cluster / "postmaster.pid").read_text("utf-8", "surrogateescape").splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
        return None  # an empty file is what a full disk leaves
    if not serves(pid, cluster):
        return None
    socket = Path(lines[4]) if len(lines) > 4 and lines[4] else None
    return Postmaster(pid, socket, lines[7].strip() if len(lines) > 7 else "starting")


def serves(pid: int, cluster: Path) -> bool:
    """Whether process `pid` is a PostgreSQL process of this folder."""
    # The number alone proves nothing: after a crash or a restarted container it may belong to
    # any other process. Every PostgreSQL process works in its data folder, so that is compared
    # (by inode: a mount has many names). A zombie has no working folder any more.
    if not _PROC.joinpath("self").exists():
        return exists(pid)
    try:
        there = (_PROC / str(pid) / "cwd").stat()
        here = cluster.stat()
        name = (_PROC / str(pid) / "comm").read_text("utf-8", "replace").strip()
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino) and name == "postgres"


def members(cluster: Path) -> list[int]:
    """All PostgreSQL processes of this folder, orphans included."""
    if not _PROC.joinpath("self").exists():
        return []
    numbers = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
    return [pid for pid in numbers if serves(pid, cluster)]


def see_out_orphans(cluster: Path, report: Callable[[str], None]) -> None:
    """After a crash: wait for the processes that are left, end them if they do not go.

    Without a postmaster no orphan can finish anything useful, and the write-ahead log repairs
    what it leaves. Call only under the start lock and when find_postmaster says None.
    """
    orphans = members(cluster)
    if not orphans:
        return
    report(f"The database had crashed; waiting for {len(orphans)} of its processes to end.")
    if wait_until(lambda: not members(cluster), PATIENCE):
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in members(cluster):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_until(lambda: not members(cluster), PATIENCE):
            return
    raise CannotRun(
        "database.orphans",
        f"Processes of the crashed database are still alive: {members(cluster)}.",
        "End them, or restart the machine, then start again.",
    )


def remove_lock_files(cluster: Path, socket_folder: Path) -> None:
    """Remove what names a dead server: PostgreSQL takes any living process for it.

    Call only with the lock "alive": without it the server may live in another container.
    """
    if not _PROC.joinpath("self").exists():
        return  # no way to know more than PostgreSQL itself does
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (socket_folder / name).unlink(missing_ok=True)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask until the answer is yes; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True


def exists(pid: int) -> bool:
    """Whether a process has this number and has not ended."""
    with suppress(OSError):
        # "12 (a name) Z ...": in a container without an init, an ended process that nobody
        # waits for keeps its number for ever, and kill(pid, 0) calls it alive.
        state = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2]
        return not state.lstrip().startswith(("Z", "X"))
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # somebody else's process cannot be our server
    return True
