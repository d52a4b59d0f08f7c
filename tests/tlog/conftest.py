"""A small log in a folder, written by the real writer with the fixture keys of the vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from honghui.tlog.checkpoints import Checkpoint, open_checkpoint
from honghui.tlog.heads import Head, Heads
from honghui.tlog.signatures import COSIGNATURE, NOTE, Key, SigningKey
from honghui.tlog.storage import Folder
from honghui.tlog.tiles import CHECKPOINT
from honghui.tlog.writer import writing

ORIGIN = "ledger.example.org/gifts"
LOG_KEY = SigningKey(ORIGIN, NOTE, b"\x01" * 32)
WITNESS_KEY = SigningKey("witness.example.org/w1", COSIGNATURE, b"\x02" * 32)


@dataclass
class SampleLog:
    """A log on this disk, and what was appended to it."""

    root: Path
    entries: list[bytes]

    @property
    def storage(self) -> Folder:
        return Folder(self.root / "log")

    @property
    def kept(self) -> Head:
        return Heads(self.root / "heads").of(ORIGIN)

    @property
    def key(self) -> Key:
        return LOG_KEY.public

    @property
    def head(self) -> Checkpoint:
        raw = self.storage.read(CHECKPOINT, 100_000)
        assert raw is not None
        return open_checkpoint(raw, [self.key]).head

    def append(self, entries: Sequence[bytes]) -> Checkpoint:
        """Appended and published."""
        with writing(self.storage, [LOG_KEY], self.kept, create=True) as writer:
            writer.append(entries)
            self.entries += entries
            return writer.publish()


@pytest.fixture
def sample_log(tmp_path: Path) -> Callable[[int], SampleLog]:
    """A log of that many small entries, `entry 0`, `entry 1`, …"""

    def make(size: int) -> SampleLog:
        log = SampleLog(tmp_path, [])
        log.append([b"entry %d" % index for index in range(size)])
        return log

    return make
