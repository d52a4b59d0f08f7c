"""A log in memory, and the same with one file that is not what it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from honghui.tlog.checkpoints import Checkpoint
from honghui.tlog.heads import Heads
from honghui.tlog.storage import Source, checked
from honghui.tlog.writer import writing
from tests.tlog.conftest import LOG_KEY, ORIGIN


@dataclass
class Memory:
    files: dict[str, bytes] = field(default_factory=dict)
    parallel: int = 1

    def read(self, path: str, _limit: int) -> bytes | None:
        return self.files.get(checked(path))

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        self.files.update((checked(path), data) for path, data in files)

    def forget_partials(self, path: str) -> None:
        for one in [one for one in self.files if one.startswith(f"{path}.p/")]:
            del self.files[one]


@dataclass
class Changed:
    """`source`, but that one file reads otherwise, or is gone."""

    source: Source
    path: str
    data: bytes | None
    parallel: int = 1

    def read(self, path: str, limit: int) -> bytes | None:
        return self.data if path == self.path else self.source.read(path, limit)


def written(
    folder: Path, entries: Sequence[bytes], *, batch: int = 100_000
) -> tuple[Memory, Checkpoint]:
    """Those entries as a published log; `folder` keeps its head."""
    memory = Memory()
    with writing(memory, [LOG_KEY], Heads(folder / "heads").of(ORIGIN), create=True) as writer:
        for at in range(0, len(entries), batch):
            writer.append(entries[at : at + batch])
            writer.publish()
        return memory, writer.published


def flipped(data: bytes, at: int) -> bytes:
    """One bit of the byte at that place is another."""
    return data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
