"""A folder of side files, each under its hash, as a web server hands it out at /open/texts/HASH.

A file is whole or not there. It is written under another name in `.new` first, forced to the disk
and renamed. Withdrawing removes both, so that no salt stays behind of a writing that was cut short.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from honghui.record.commitments import OPENING_BYTES_MAX, open_text
from honghui.record.errors import BadOpening

_NEW = ".new"


class SideFolder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, hash_: str, opening: bytes) -> None:
        """Kept when this returns. Raises BadOpening for what does not open the hash."""
        path = self._path(hash_)
        open_text(hash_, opening)
        new = self.folder / _NEW
        new.mkdir(parents=True, exist_ok=True)
        temporary = new / f"{hash_}.{secrets.token_hex(8)}"
        with temporary.open("xb") as file:
            file.write(opening)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _force(self.folder)

    def read(self, hash_: str) -> str | None:
        """The text; None where it was withdrawn, or never there. Raises BadOpening for a file that
        somebody changed."""
        data = self.opening(hash_)
        return None if data is None else open_text(hash_, data)

    def opening(self, hash_: str) -> bytes | None:
        """The file itself, as it is handed out; otherwise as `read`."""
        try:
            with self._path(hash_).open("rb") as file:
                data = file.read(OPENING_BYTES_MAX + 1)
        except FileNotFoundError:
            return None
        open_text(hash_, data)
        return data

    def withdraw(self, hash_: str) -> None:
        """Removes it for good. Doing so twice, or what was never there, is no error."""
        path = self._path(hash_)
        for left in (self.folder / _NEW).glob(f"{hash_}.*"):
            left.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        for folder in (self.folder / _NEW, self.folder):
            if folder.is_dir():
                _force(folder)

    def _path(self, hash_: str) -> Path:
        """A hash is 64 hexadecimal digits; so no name leads out of the folder, or to `.new`."""
        if not re.fullmatch("[0-9a-f]{64}", hash_):
            raise BadOpening("A side file stands under a hash, and this is none.")
        return self.folder / hash_


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
