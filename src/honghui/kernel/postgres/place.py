"""Where the server's files live, when the wanted folder is closed to the server's user.

<data folder>/lock            one start at a time
<data folder>/server/         cluster, server.log and socket; owned by the server's user, 0700
<data folder>/elsewhere.txt   or: where that server folder is instead
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres.binaries import Binaries, copy_binaries
from honghui.kernel.postgres.failures import other_owner
from honghui.kernel.postgres.processes import PORT
from honghui.kernel.postgres.unprivileged import Runner, choose_runner, user_name

# /var/lib first: many systems sweep old files out of /var/tmp, and a database has old files.
PRIVATE_PARENTS = (Path("/var/lib"), Path("/var/tmp"))
_NOTE = "elsewhere.txt"
_LONGEST_SOCKET = 107


@dataclass(frozen=True)
class Place:
    """The settled answer: which folder, run as whom, with which programs."""

    folder: Path
    runner: Runner
    binaries: Binaries


def locate(data_folder: Path) -> Path:
    """The server folder as far as it is known; it may not exist yet. Changes nothing."""
    try:
        noted = (data_folder / _NOTE).read_text("utf-8", "surrogateescape").strip()
    except FileNotFoundError:
        return data_folder / "server"
    return Path(noted)


def settle(data_folder: Path, binaries: Binaries, report: Callable[[str], None]) -> Place:
    """Decide, and make the server folder if there is none. Call under the start lock."""
    folder = locate(data_folder)
    if folder.exists():
        runner = choose_runner(folder.stat().st_uid)
        _check_owner(folder, runner)
    elif folder != data_folder / "server":
        # A note without its folder: a new empty database here would hide a loss.
        raise CannotRun(
            "database.gone",
            f"The database of {data_folder} was kept in {folder}, and that folder is gone.",
            f"Bring it back, or remove {data_folder / _NOTE} to begin with an empty database.",
        )
    else:
        runner = choose_runner(None)
        if not runner.can_enter(data_folder):
            folder = _private_folder(data_folder)
            report(
                f"The user who runs the database cannot enter {data_folder}:"
                f" the database lives in {folder}."
            )
            make_private(folder, runner)
            _write_note(data_folder, folder)
        else:
            make_private(folder, runner)
    return Place(folder, runner, _reachable(binaries, folder, runner, report))


def socket_folder(folder: Path) -> Path:
    """Where the socket goes: in the server folder, or somewhere short when that is too long."""
    inside = folder / "socket"
    # A comma or quote in the path would split PostgreSQL's list of folders.
    if _fits(inside) and not set(str(inside)) & set(",\"'\\"):
        return inside
    short = Path(tempfile.gettempdir()) / f"honghui-pg-{_fingerprint(folder)}"
    return short if _fits(short) else Path("/tmp") / short.name


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _private_folder(data_folder: Path) -> Path:
    parents = [parent for parent in PRIVATE_PARENTS if os.access(parent, os.W_OK | os.X_OK)]
    if not parents:
        raise CannotRun(
            "database.no_place",
            f"The user who runs the database cannot enter {data_folder},"
            " and there is no other place for it.",
            "Choose a data folder outside private folders, or set DATABASE_URL.",
        )
    return parents[0] / f"honghui-pg-{_fingerprint(data_folder)}"


def make_private(folder: Path, runner: Runner) -> None:
    """Make a folder only the server's user may enter, or make sure that it is one."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        # In a folder open to all, somebody may have put one there before us, or a link.
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077:
            raise CannotRun(
                "database.unsafe_folder",
                f"{folder} is there already and is not a private folder of the database.",
                f"See what it is. If it is not needed, remove it, then start again"
                f" (expected: owned by {user_name(runner.uid)}, closed to all others).",
            ) from None
        if found.st_uid != runner.uid:
            raise other_owner(folder, found.st_uid, runner.uid) from None
        return
    if runner.uid != os.geteuid():
        os.chown(folder, runner.uid, runner.gid)  # our own, just made and still empty


def _check_owner(folder: Path, runner: Runner) -> None:
    for path in (folder, folder / "cluster"):
        if path.exists() and path.stat().st_uid != runner.uid:
            raise other_owner(path, path.stat().st_uid, runner.uid)
    if not runner.can_enter(folder):
        raise CannotRun(
            "database.no_access",
            f"The user {user_name(runner.uid)}, who runs the database, cannot enter {folder}.",
            "A folder above it was closed. Open it again, or set HONGHUI_PG_AS.",
        )


def _write_note(data_folder: Path, folder: Path) -> None:
    note = data_folder / _NOTE
    partial = note.with_suffix(".new")
    with partial.open("wb") as file:
        file.write(os.fsencode(folder) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(note)


def _reachable(
    binaries: Binaries, folder: Path, runner: Runner, report: Callable[[str], None]
) -> Binaries:
    """The programs themselves, or a copy of them where the server's user can run it."""
    if runner.way == "self" or runner.can_enter(binaries.folder / "postgres"):
        return binaries
    target = folder / f"postgres-{binaries.version}"
    if not target.exists():
        report(f"Copying PostgreSQL {binaries.version} to {target}.")
    copy = copy_binaries(binaries, target)
    for older in folder.glob("postgres-*"):
        if older != target:
            shutil.rmtree(older, ignore_errors=True)
    return copy
