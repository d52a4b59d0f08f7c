"""The writer is stopped at every single call to the file system, and starts again."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from honghui.tlog import files
from honghui.tlog.checkpoints import open_checkpoint
from honghui.tlog.heads import Heads
from honghui.tlog.storage import Folder
from honghui.tlog.tiles import CHECKPOINT
from honghui.tlog.tree import Tree
from honghui.tlog.verification import verify_log
from honghui.tlog.writer import writing
from tests.tlog.conftest import LOG_KEY, ORIGIN
from tests.tlog.power import Disk, PowerCut

# Batches that begin a log, stay within a tile, fill it exactly, pass it, and come to nothing.
BATCHES = (3, 252, 1, 1, 0, 300, 2)
ENTRIES = [b"entry %d" % index for index in range(sum(BATCHES))]


def write_all(root: Path, acknowledged: list[int]) -> None:
    """Appends what is missing, batch by batch, each at its own index, as the sequencer does."""
    with writing(
        Folder(root / "log"), [LOG_KEY], Heads(root / "heads").of(ORIGIN), create=True
    ) as writer:
        at = 0
        for count in BATCHES:
            writer.append(ENTRIES[at : at + count], at=at)
            at += count
            if writer.size == at:
                acknowledged.append(writer.publish().size)


def prove_published(root: Path) -> int:
    """Whatever is published is whole, and is the beginning of what was meant. Its size."""
    folder = Folder(root / "log")
    raw = folder.read(CHECKPOINT, 100_000)
    if raw is None:
        return 0
    head = open_checkpoint(raw, [LOG_KEY.public]).head
    verify_log(folder, head, processes=1)
    tree = Tree(folder, head)
    for bundle in range(-(-head.size // 256)):
        first = bundle * 256
        assert tree.entries(bundle) == ENTRIES[first : min(first + 256, head.size)]
    return head.size


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps come in one order, so that each can be named by its number."""
    monkeypatch.setattr(files, "THREADS", 1)
    monkeypatch.setattr(files, "os", Disk())


def steps_of_a_whole_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    disk = Disk()
    with monkeypatch.context() as patch:
        patch.setattr(files, "os", disk)
        write_all(tmp_path / "whole", [])
    return disk.steps


@pytest.mark.parametrize("loss", ["the process", "the power, worst", "the power, by chance"])
def test_stopped_at_every_step_nothing_is_lost_or_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    steps = steps_of_a_whole_run(tmp_path, monkeypatch)
    assert len(steps) > 150
    assert {"open", "write", "fsync", "close", "replace", "mkdir", "unlink"} <= set(steps)
    for stop in range(len(steps)):
        root = tmp_path / f"stopped at {stop}"
        acknowledged: list[int] = []
        disk = Disk(stop)
        with monkeypatch.context() as patch:
            patch.setattr(files, "os", disk)
            with pytest.raises(PowerCut):
                write_all(root, acknowledged)
        if loss != "the process":
            disk.fail(random.Random(stop) if loss.endswith("chance") else None)
        kept = max(acknowledged, default=0)
        shown = prove_published(root)
        assert shown >= kept, f"step {stop} ({steps[stop]}): an acknowledged entry is gone"
        write_all(root, [])
        assert prove_published(root) == len(ENTRIES), f"step {stop} ({steps[stop]})"
        shutil.rmtree(root)


def test_stopped_twice_on_the_way_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recovery itself is stopped, at a step drawn by lot, over and over."""
    dice = random.Random(20200624)
    root = tmp_path / "log"
    kept = 0
    for _ in range(60):
        disk = Disk(dice.randrange(5, 60))
        acknowledged: list[int] = []
        with monkeypatch.context() as patch:
            patch.setattr(files, "os", disk)
            try:
                write_all(root, acknowledged)
            except PowerCut:
                disk.fail(dice)
        kept = max([kept, *acknowledged])
        assert prove_published(root) >= kept
    write_all(root, [])
    assert prove_published(root) == len(ENTRIES)


def test_without_forcing_the_disk_the_test_notices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the test: a writer that never forces its files must be caught."""
    steps = steps_of_a_whole_run(tmp_path, monkeypatch)

    class Careless(Disk):
        def _fsync(self, real: object, args: object, _options: object) -> None:
            return None

    def survives(stop: int) -> bool:
        root, acknowledged = tmp_path / f"careless {stop}", list[int]()
        disk = Careless(stop)
        with monkeypatch.context() as patch:
            patch.setattr(files, "os", disk)
            with pytest.raises(PowerCut):
                write_all(root, acknowledged)
        disk.fail(None)
        try:
            return prove_published(root) >= max(acknowledged, default=0)
        except Exception:
            return False

    assert not all(survives(stop) for stop in range(60, len(steps), 7))
