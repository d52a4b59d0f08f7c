"""The server's log file: kept small, and read when a start fails."""

from __future__ import annotations

import os
from pathlib import Path

from honghui.kernel.postgres.place import Place

_LARGEST = 4 * 1024 * 1024
_KEPT = 1024 * 1024

# The server keeps the file open for appending: it is cut in place, not renamed.
_CUT = 'tail -c "$2" "$1" >"$1.1" && : >"$1"'


def log_file(server_folder: Path) -> Path:
    """Where the server writes its messages."""
    return server_folder / "server.log"


def log_size(place: Place) -> int:
    """The log's length now: what comes later belongs to the coming start."""
    try:
        return log_file(place.folder).lstat().st_size
    except FileNotFoundError:
        return 0


def trim_log(place: Place, largest: int = _LARGEST, kept: int = _KEPT) -> None:
    """Cut a log that has grown too long; its end stays in server.log.1."""
    if log_size(place) > largest:
        # As the server's user: root must not write through a link someone else put there.
        place.runner.run(["sh", "-c", _CUT, "sh", log_file(place.folder), str(kept)])


def log_since(place: Place, start: int) -> str:
    """What the server wrote after the log was `start` bytes long."""
    try:
        descriptor = os.open(log_file(place.folder), os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        file.seek(start)
        return file.read().decode("utf-8", "replace")
