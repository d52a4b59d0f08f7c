"""The backup file: a pg_dump archive with our label behind it.

Any pg_restore reads the file as it is, because it ignores what follows the archive. The label
tells our own files from others and whole ones from damaged ones.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from honghui.kernel.errors import CannotRun

_MARK = b"\nHONGHUI-BACKUP 1 "
_LONGEST_LABEL = 4096
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Label:
    """Versions as text ("18.6"), the time in UTC, size and SHA-256 of the archive before it."""

    honghui: str
    server: str
    pg_dump: str
    made: str
    size: int
    sha256: str

    @property
    def server_major(self) -> int:
        """The major version of the server the data came from."""
        return int(self.server.split(".")[0])


def seal(file: Path, *, honghui: str, server: str, pg_dump: str, made: str) -> Label:
    """Write the label behind a finished archive and bring the file safely to the disk."""
    with file.open("r+b") as stream:
        size, digest = _measure(stream, None)
        label = Label(honghui, server, pg_dump, made, size, digest)
        stream.seek(0, os.SEEK_END)
        stream.write(_MARK + json.dumps(asdict(label)).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    return label


def read_label(file: Path) -> Label:
    """The label of one of our files; refuses every other file, and a damaged one."""
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - _LONGEST_LABEL))
        _, mark, text = stream.read().rpartition(_MARK)
        stream.seek(0)
        begins_well = stream.read(5) == b"PGDMP"
        try:
            label = Label(**json.loads(text)) if mark and begins_well else None
        except (ValueError, TypeError):
            label = None
        if label is None:
            raise CannotRun(
                "restore.not_ours",
                f"{file} is not a backup made by Honghui, or its end is missing.",
                "Choose a file that `honghui db backup` wrote to its end.",
            )
        stream.seek(0)
        if _measure(stream, label.size) != (label.size, label.sha256):
            raise CannotRun(
                "restore.damaged",
                f"The backup {file} is damaged: its content is not what was written.",
                "Use another copy of this backup, or an older one.",
            )
    return label


def _measure(stream: BinaryIO, limit: int | None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK if limit is None else min(_CHUNK, limit - size)):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()
