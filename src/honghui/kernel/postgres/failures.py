"""Turns what PostgreSQL or the operating system said into a CannotRun people can act on."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres.unprivileged import user_name

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FULL_WORDS = ("No space left on device", "Disk quota exceeded")
_SHOWN_LINES = 12
# Below this even the smallest start fails: one WAL segment is 16 MB.
_FREE_NEEDED = 16 * 1024 * 1024


def explain(code: str, what: str, text: str, folder: Path) -> CannotRun:
    """The error for a failed program, from its output `text`. `what` opens the sentence."""
    # On a full disk the log itself cannot be written, so an empty text is asked of the disk.
    if any(words in text for words in _FULL_WORDS) or (not text.strip() and nearly_full(folder)):
        return disk_full(folder, _line_with(text, _FULL_WORDS))
    lines = [line for line in text.splitlines() if line.strip()][-_SHOWN_LINES:]
    said = "\n  ".join(lines) if lines else "(it said nothing)"
    return CannotRun(code, f"{what} The last lines it wrote:\n  {said}", f"See {folder}.")


def disk_full(folder: Path, detail: str = "") -> CannotRun:
    """No space left for the database."""
    return CannotRun(
        "database.disk_full",
        f"The disk that holds {folder} is full."
        + (f" PostgreSQL said: {detail}" if detail else ""),
        "Free some space there, then start again: nothing that was saved is lost.",
    )


def other_owner(folder: Path, uid: int, wanted: int) -> CannotRun:
    """The database folder belongs to another account than the one that would run it."""
    return CannotRun(
        "database.other_owner",
        f"The database folder {folder} belongs to the user {user_name(uid)},"
        f" but the database would run as {user_name(wanted)}.",
        f"Start Honghui as {user_name(uid)}, or choose another data folder.",
    )


def nearly_full(folder: Path) -> bool:
    """Whether the disk of `folder` is too full for PostgreSQL to start."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < _FREE_NEEDED


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Operating system errors inside become CannotRun."""
    try:
        yield
    except OSError as error:
        where = Path(os.fsdecode(error.filename)) if error.filename else folder
        if error.errno in _FULL:
            raise disk_full(folder) from error
        if error.errno in (errno.EACCES, errno.EPERM):
            raise CannotRun(
                "database.no_access",
                f"The user {user_name(os.geteuid())} may not use {where}.",
                "Start Honghui as the user who owns the data folder, or choose another one.",
            ) from error
        raise CannotRun(
            "database.folder_unusable",
            f"The database folder {folder} cannot be used: {error.strerror or error} ({where}).",
            "Choose another data folder, or repair this one.",
        ) from error


def _line_with(text: str, words: tuple[str, ...]) -> str:
    for line in text.splitlines():
        if any(word in line for word in words):
            return line.strip()
    return ""
