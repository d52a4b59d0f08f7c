"""A copy is proven on the way, goes on where it stopped, and takes no rewritten history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from honghui.tlog.errors import CouldNotCheck, Diverged, NotProven, WrongHash
from honghui.tlog.mirror import mirror
from honghui.tlog.storage import Folder
from honghui.tlog.tree import Tree
from honghui.tlog.verification import verify_log
from tests.tlog.conftest import SampleLog

Make = Callable[[int], SampleLog]


class Counting(Folder):
    """A folder that notes what is read from it, and may fail after so many files."""

    def __init__(self, root: Path, fail_after: int | None = None) -> None:
        super().__init__(root)
        self.seen: list[str] = []
        self.fail_after = fail_after

    def read(self, path: str, limit: int) -> bytes | None:
        self.seen.append(path)
        if self.fail_after is not None and len(self.seen) > self.fail_after:
            raise CouldNotCheck("The line is down.")
        return super().read(path, limit)


def files_of(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_536, 66_000])
def test_a_copy_is_the_log(sample_log: Make, tmp_path: Path, size: int) -> None:
    log = sample_log(size)
    copy = Folder(tmp_path / "copy")
    signed = mirror(log.storage, copy, [log.key])
    assert signed.head == log.head
    verify_log(copy, signed.head, processes=1)
    assert files_of(copy.root) == files_of(log.storage.root)


def test_what_is_there_is_not_fetched_again(sample_log: Make, tmp_path: Path) -> None:
    log = sample_log(70_000)
    copy = Folder(tmp_path / "copy")
    mirror(log.storage, copy, [log.key])
    log.append([b"one more"] * 10)
    source = Counting(log.storage.root)
    mirror(source, copy, [log.key])
    # checkpoint, the unfinished tiles of three levels, one bundle, and what proves the old head
    assert len(source.seen) < 12
    verify_log(copy, log.head, processes=1)


def test_a_copy_that_was_stopped_goes_on(sample_log: Make, tmp_path: Path) -> None:
    log = sample_log(3_000)
    copy = Folder(tmp_path / "copy")
    fetched = 0
    for fail_after in range(2, 60, 3):
        source = Counting(log.storage.root, fail_after)
        try:
            mirror(source, copy, [log.key])
        except CouldNotCheck:
            assert "checkpoint" not in files_of(copy.root) if copy.root.exists() else True
            fetched = len(files_of(copy.root)) if copy.root.exists() else 0
            continue
        break
    assert fetched > 4, "it was stopped in the middle at least once"
    verify_log(copy, log.head, processes=1)


def test_a_damaged_copy_is_mended(sample_log: Make, tmp_path: Path) -> None:
    log = sample_log(3_000)
    copy = Folder(tmp_path / "copy")
    mirror(log.storage, copy, [log.key])
    (copy.root / "checkpoint").unlink()
    for path in ("tile/0/003", "tile/entries/005"):
        data = bytearray((copy.root / path).read_bytes())
        data[40] ^= 1
        (copy.root / path).write_bytes(data)
    mirror(log.storage, copy, [log.key])
    verify_log(copy, log.head, processes=1)


@pytest.mark.parametrize("path", ["tile/0/003", "tile/entries/005", "tile/1/000.p/11"])
def test_a_damaged_source_is_named_and_not_copied(
    sample_log: Make, tmp_path: Path, path: str
) -> None:
    log = sample_log(3_000)
    damaged = log.storage.root / path
    data = bytearray(damaged.read_bytes())
    data[70] ^= 1
    damaged.write_bytes(data)
    copy = Folder(tmp_path / "copy")
    with pytest.raises(WrongHash) as refused:
        mirror(log.storage, copy, [log.key])
    assert path in str(refused.value)
    held = files_of(copy.root) if copy.root.exists() else {}
    assert path not in held and "checkpoint" not in held


def other_history(tmp_path: Path, size: int) -> SampleLog:
    log = SampleLog(tmp_path / "other", [])
    log.append([b"rewritten %d" % index for index in range(size)])
    return log


@pytest.mark.parametrize(
    ("size", "what"), [(500, "rewritten"), (300, "forked"), (200, "gone back")]
)
def test_another_history_is_refused_with_both_heads(
    sample_log: Make, tmp_path: Path, size: int, what: str
) -> None:
    log = sample_log(300)
    copy = Folder(tmp_path / "copy")
    mirror(log.storage, copy, [log.key])
    other = other_history(tmp_path, size)
    with pytest.raises(Diverged) as refused:
        mirror(other.storage, copy, [log.key])
    said = str(refused.value)
    assert what in said
    assert log.head.root.hex() in said and other.head.root.hex() in said
    verify_log(copy, log.head, processes=1)


def test_a_partial_file_may_be_gone_once_it_is_full(sample_log: Make) -> None:
    """A reader with yesterday's checkpoint finds the full tile in its place."""
    log = sample_log(200)
    yesterday = log.head
    log.append([b"today"] * 100)
    assert not (log.storage.root / "tile/0/000.p").exists()
    tree = Tree(log.storage, yesterday)
    assert [tree.entry(index) for index in (0, 199)] == [b"entry 0", b"entry 199"]
    verify_log(log.storage, yesterday, processes=1)


def test_nothing_else_is_ever_believed(sample_log: Make, tmp_path: Path) -> None:
    """Files of another log of the same size under this log's checkpoint."""
    log, other = sample_log(600), other_history(tmp_path, 600)
    raw = log.storage.read("checkpoint", 100_000)
    assert raw is not None
    other.storage.write([("checkpoint", raw)])
    with pytest.raises(NotProven):
        mirror(other.storage, Folder(tmp_path / "copy"), [log.key])


def test_large_batches_are_written_in_parallel(
    sample_log: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    real = Folder.write

    def noting(self: Folder, files: Iterable[tuple[str, bytes]]) -> None:
        batch = list(files)
        written.append(len(batch))
        real(self, batch)

    monkeypatch.setattr(Folder, "write", noting)
    log = sample_log(10_000)
    assert max(written) == 78  # 39 bundles and 39 tiles at once
    verify_log(log.storage, log.head, processes=2)
