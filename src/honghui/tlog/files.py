"""The disk: files that are whole or not there, and kept once the call has returned.

Each file goes to a temporary name, is forced to the disk, is renamed, and then the folder is
forced too. Every step is a call on the module `os`, so that a test can stop the process, or the
power, at each of them.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from honghui.tlog.errors import CouldNotCheck, Malformed, WillNotSign

# Forcing files to the disk waits on the disk: threads let it gather them.
THREADS = 16
_FEW = 8


def read_file(path: Path | str, limit: int) -> bytes | None:
    """The file's bytes, None if there is none. Raises Malformed past the limit."""
    try:
        # Without waiting: a pipe in the place of a file would keep us for ever.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _cannot_read(path, error) from error
    try:
        # Asking for the limit would make room for all of it: ten times slower on small files.
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise CouldNotCheck("This is no ordinary file.", where=os.fspath(path))
        size = found.st_size
        if size > limit:
            raise Malformed(f"The file is longer than {limit} bytes.", where=os.fspath(path))
        return os.read(handle, size)
    except OSError as error:
        raise _cannot_read(path, error) from error
    finally:
        os.close(handle)


def _cannot_read(path: Path | str, error: OSError) -> CouldNotCheck:
    return CouldNotCheck(f"The file cannot be read: {error.strerror}.", where=os.fspath(path))


def write_files(root: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """All of them, kept when this returns. Stopped on the way, each is whole or as it was."""
    batch = [(root / path, data) for path, data in files]
    folders = {path.parent for path, _data in batch}
    for folder in sorted(folders):
        make_folder(folder)
    try:
        _write_each(batch)
        for folder in folders:
            _force(folder)
    except OSError as error:
        raise _cannot_write(error) from error


def _write_each(batch: list[tuple[Path, bytes]]) -> None:
    if len(batch) <= _FEW or THREADS == 1:
        for path, data in batch:
            _write_one(path, data)
        return
    with ThreadPoolExecutor(THREADS) as threads:
        for _done in threads.map(lambda one: _write_one(*one), batch):
            pass


def _write_one(path: Path, data: bytes, mode: int = 0o644) -> None:
    temporary = f"{path}.new"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(temporary, path)  # noqa: PTH105 - the calls that a test stops are those of `os`


def replace_file(path: Path, data: bytes, mode: int = 0o644) -> None:
    """One file, kept when this returns."""
    make_folder(path.parent)
    try:
        _write_one(path, data, mode)
        _force(path.parent)
    except OSError as error:
        raise _cannot_write(error) from error


def remove_file(path: Path) -> None:
    os.unlink(path)  # noqa: PTH108
    _force(path.parent)


def remove_folder(folder: Path) -> None:
    """A folder of files, and the files. What cannot go stays: nobody reads it."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208
            os.unlink(folder / name)  # noqa: PTH108
        os.rmdir(folder)  # noqa: PTH106


def make_folder(folder: Path) -> None:
    """The folder and those above it; each new name is forced to the disk in its parent."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        try:
            os.mkdir(one)  # noqa: PTH102
        except FileExistsError:
            continue
        except OSError as error:
            raise _cannot_write(error) from error
        _force(one.parent)


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot_write(error: OSError) -> WillNotSign:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return WillNotSign(
            "The disk is full. Nothing new was published.", "Make room, and start again."
        )
    return WillNotSign(
        f"The log's files cannot be written: {error.strerror}.",
        "Mend the disk or the folder's permissions, and start again.",
        where=str(error.filename or ""),
    )


@contextmanager
def locked(path: Path, *, wait: bool, taken: str) -> Iterator[None]:
    """The file's lock, for one process at a time; it goes when the process does."""
    make_folder(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    except BlockingIOError:
        raise WillNotSign(taken, "Stop the other one first.", where=str(path)) from None
    finally:
        os.close(handle)
