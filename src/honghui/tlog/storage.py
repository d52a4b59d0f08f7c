"""Where a log's files lie. A source is read; a storage is written too.

Three of them: `Folder` here, `Address` in `http`, `Bucket` in `s3`. A path is always one that
`tiles` makes, so nothing climbs out of anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from honghui.tlog.errors import CouldNotCheck, Malformed
from honghui.tlog.files import read_file, remove_folder, write_files
from honghui.tlog.tiles import is_log_path


class Source(Protocol):
    """Read-only. `parallel`: how many reads at once are worth it (1: the disk of this machine)."""

    parallel: int

    def read(self, path: str, limit: int) -> bytes | None:
        """The file, None if it is not there. Raises Malformed when it is longer than `limit`
        bytes, CouldNotCheck when it cannot be had."""


class Storage(Source, Protocol):
    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        """When this returns, every file is kept, whole, even if the power goes. When it does not
        return, each is whole or as it was. Files written before are written before in the eyes of
        every reader."""

    def forget_partials(self, path: str) -> None:
        """The partial files of a full one may go. Stopped on the way, some stay: no harm."""


class Folder:
    """A folder of this machine."""

    parallel = 1

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def read(self, path: str, limit: int) -> bytes | None:
        return read_file(f"{self.root}/{checked(path)}", limit)

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        write_files(self.root, ((checked(path), data) for path, data in files))

    def forget_partials(self, path: str) -> None:
        remove_folder(self.root / f"{checked(path)}.p")


def checked(path: str) -> str:
    """The path itself, if it is one of a log's. Raises Malformed."""
    if not is_log_path(path):
        raise Malformed("This is no path of a log's file.", where=path[:80])
    return path


def source_at(location: str) -> Source:
    """A folder, an address (http, https) or a bucket (s3), as a person types it."""
    if location.startswith(("http://", "https://")):
        from honghui.tlog.http import Address

        return Address(location)
    if not location.startswith("s3://") and not Path(location).is_dir():
        raise CouldNotCheck(
            "This is neither a folder, nor an address, nor a bucket.",
            "Give the folder of a mirror, an address that begins with https://, or s3://NAME.",
            where=location,
        )
    return storage_at(location)


def storage_at(location: str) -> Storage:
    """A folder or a bucket (s3), as a person types it. A folder need not be there yet."""
    if location.startswith("s3://"):
        from honghui.tlog.s3 import Bucket

        return Bucket.at(location)
    if "://" in location:
        raise CouldNotCheck(
            "A log is written into a folder or a bucket, and this is neither.",
            "Give the path of a folder, or s3://NAME/PREFIX.",
            where=location,
        )
    return Folder(Path(location))
