"""The last head of each log that was seen, or signed: one small file a log, compare-and-swap.

The writer keeps here what it has signed, apart from the database, so that a restored database
cannot make it sign a second history. A reader keeps what it has seen, so that a log cannot go back.
A witness keeps what it has cosigned. All three only ever move forward.

    FOLDER/<hex SHA-256 of the origin>             the signed checkpoint, as it was
    FOLDER/<hex SHA-256 of the origin>.lock
    FOLDER/<hex SHA-256 of the origin>.restored    there after a backup was restored
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from honghui.tlog.checkpoints import CHECKPOINT_BYTES_MAX, Checkpoint, parse_body
from honghui.tlog.errors import Diverged, WillNotSign
from honghui.tlog.files import locked, read_file, remove_file, replace_file
from honghui.tlog.notes import parse_note


def origin_hash(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()


class Heads:
    """A folder of heads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, origin: str) -> Head:
        return Head(self.folder / origin_hash(origin), origin)

    def mark_restored(self) -> None:
        """Every head that is kept here: a backup was restored beside them."""
        for path in self.folder.glob("?" * 64):
            Head(path, "").mark_restored()


class Head:
    """The kept head of one log: the file at `path`, and two beside it."""

    def __init__(self, path: Path, origin: str) -> None:
        self.path = path
        self.origin = origin
        self._lock = path.with_name(f"{path.name}.lock")
        self._restored = path.with_name(f"{path.name}.restored")

    def read(self) -> bytes | None:
        """The signed checkpoint that was kept, None before the first."""
        return read_file(self.path, CHECKPOINT_BYTES_MAX)

    def checkpoint(self) -> Checkpoint | None:
        raw = self.read()
        return parse_body(parse_note(raw).text) if raw is not None else None

    @contextmanager
    def held(self, *, wait: bool = False) -> Iterator[None]:
        """Only one process at a time moves this head."""
        with locked(self._lock, wait=wait, taken="Another process holds this log."):
            yield

    def swap(self, expected: bytes | None, new: bytes) -> None:
        """Keep `new` in the place of `expected`; call it while `held`. Raises WillNotSign when
        something else is kept, Diverged when the new head is behind or beside it."""
        if self.read() != expected:
            raise WillNotSign("Someone else has moved this log's head in the meantime.")
        refuse_other_history(self.checkpoint(), parse_body(parse_note(new).text))
        replace_file(self.path, new, 0o600)

    def mark_restored(self) -> None:
        """Called after a backup was restored: nothing is signed until it is shown that we are not
        behind what the world has seen."""
        replace_file(self._restored, b"", 0o600)

    @property
    def restored(self) -> bool:
        return self._restored.exists()

    def clear_restored(self) -> None:
        if self.restored:
            remove_file(self._restored)


def refuse_other_history(kept: Checkpoint | None, new: Checkpoint) -> None:
    """Raises Diverged when `new` cannot come after `kept`: smaller, or as large with another root.
    Whether a larger one continues it, only a consistency proof tells."""
    if kept is None:
        return
    if kept.origin != new.origin:
        raise Diverged(_both("These are the heads of two logs.", kept, new))
    if new.size < kept.size:
        raise Diverged(
            _both("The log has gone back: it is now shorter than it was.", kept, new), WHAT_NOW
        )
    if new.size == kept.size and new.root != kept.root:
        raise Diverged(_both("The log has forked: one size, and two roots.", kept, new), WHAT_NOW)


WHAT_NOW = (
    "Keep both heads: together, with their signatures, they prove that the log was rewritten. "
    "Tell the witnesses and the press."
)


def _both(sentence: str, kept: Checkpoint, new: Checkpoint) -> str:
    return f"{sentence}\n    seen before {kept}\n    seen now    {new}"
