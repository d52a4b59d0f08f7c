"""The writer never signs a second history, whatever was restored over it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from honghui.tlog.errors import Diverged, WillNotSign
from honghui.tlog.mirror import mirror
from honghui.tlog.notes import sign_note
from honghui.tlog.recovery import recover
from honghui.tlog.signatures import COSIGNATURE, COSIGNATURE_MLDSA, NOTE, SigningKey
from honghui.tlog.storage import Folder
from honghui.tlog.verification import verify_log
from honghui.tlog.writer import create_log, writing
from tests.tlog.conftest import LOG_KEY, ORIGIN, WITNESS_KEY, SampleLog

Make = Callable[[int], SampleLog]


def restore_yesterday(log: SampleLog, tmp_path: Path) -> Folder:
    """The log grows after a backup, the world mirrors it, the backup is put back. The mirror."""
    shutil.copytree(log.root, tmp_path / "backup")
    log.append([b"after the backup"] * 30)
    world = Folder(tmp_path / "world")
    mirror(log.storage, world, [log.key])
    for name in ("log", "heads"):
        shutil.rmtree(log.root / name)
        shutil.copytree(tmp_path / "backup" / name, log.root / name)
    log.kept.mark_restored()
    return world


def test_after_a_restore_nothing_is_signed_until_it_has_caught_up(
    sample_log: Make, tmp_path: Path
) -> None:
    log = sample_log(1_000)
    world = restore_yesterday(log, tmp_path / "away")
    with pytest.raises(WillNotSign, match="A backup was restored here"):
        log.append([b"a second history"])
    found = recover(log.storage, log.kept, [log.key], copies=[world])
    assert found.size == 1_030
    head = log.append([b"the next one"])
    assert head.size == 1_031
    mirror(log.storage, world, [log.key])  # the world goes on without a fork
    verify_log(world, head, processes=1)


def test_a_stopped_recovery_still_signs_nothing(sample_log: Make, tmp_path: Path) -> None:
    log = sample_log(1_000)
    world = restore_yesterday(log, tmp_path / "away")
    (world.root / "tile/entries/003.p/262").unlink(missing_ok=True)
    for lost in world.root.glob("tile/entries/004.p/*"):
        lost.unlink()
    with pytest.raises(Exception, match="not there"):
        recover(log.storage, log.kept, [log.key], copies=[world])
    with pytest.raises(WillNotSign, match="A backup was restored here"):
        log.append([b"a second history"])


def test_no_evidence_no_signature(sample_log: Make) -> None:
    log = sample_log(10)
    log.kept.mark_restored()
    with pytest.raises(WillNotSign, match="Nothing shows how far"):
        recover(log.storage, log.kept, [log.key], copies=[])


def test_a_witness_that_has_seen_more_holds_the_writer_back(
    sample_log: Make, tmp_path: Path
) -> None:
    log = sample_log(1_000)
    world = restore_yesterday(log, tmp_path / "away")
    seen = world.read("checkpoint", 100_000)
    assert seen is not None
    old = Folder(tmp_path / "away" / "backup" / "log")
    with pytest.raises(WillNotSign, match="1030 entries"):
        recover(log.storage, log.kept, [log.key], copies=[old], witnessed=[seen])
    assert log.kept.restored
    recover(log.storage, log.kept, [log.key], copies=[world], witnessed=[seen])
    assert not log.kept.restored


def test_only_the_head_was_put_back(sample_log: Make, tmp_path: Path) -> None:
    """The published files are ahead of the kept head: found without any mark."""
    log = sample_log(100)
    shutil.copytree(log.root / "heads", tmp_path / "old heads")
    log.append([b"more"])
    shutil.rmtree(log.root / "heads")
    shutil.copytree(tmp_path / "old heads", log.root / "heads")
    with pytest.raises(WillNotSign, match="ahead of the last head kept here"):
        log.append([b"a second history"])


def test_the_kept_head_is_gone(sample_log: Make) -> None:
    log = sample_log(100)
    shutil.rmtree(log.root / "heads")
    with pytest.raises(WillNotSign, match="There is a log here already"):
        log.append([b"a second history"])


def test_two_histories_in_the_world_are_shown(sample_log: Make, tmp_path: Path) -> None:
    log = sample_log(100)
    other = SampleLog(tmp_path / "other", [])
    other.append([b"rewritten"] * 100)
    with pytest.raises(Diverged):
        recover(log.storage, log.kept, [log.key], copies=[log.storage, other.storage])


def test_one_writer_at_a_time(sample_log: Make) -> None:
    log = sample_log(1)
    with (
        writing(log.storage, [LOG_KEY], log.kept) as first,
        pytest.raises(WillNotSign, match="Another process holds this log"),
        writing(log.storage, [LOG_KEY], log.kept),
    ):
        raise AssertionError("two writers at once")
    assert first.size == 1


def test_the_head_moved_behind_the_writers_back(sample_log: Make) -> None:
    log = sample_log(1)
    with writing(log.storage, [LOG_KEY], log.kept) as writer:
        writer.append([b"mine"])
        body = writer.published.body
        log.kept.path.write_bytes(sign_note(body, [LOG_KEY, WITNESS_KEY], 0).raw)
        with pytest.raises(WillNotSign, match="Someone else has moved"):
            writer.publish()


def test_an_idle_log_is_published_again_with_a_new_time(tmp_path: Path) -> None:
    timed = SigningKey(ORIGIN, COSIGNATURE, b"\x04" * 32)
    log, time_s = SampleLog(tmp_path, []), 1_592_956_800.0
    with writing(
        log.storage, [LOG_KEY, timed], log.kept, create=True, clock=lambda: time_s
    ) as writer:
        writer.append([b"one"])
        first = writer.publish()
        before = log.storage.read("checkpoint", 100_000)
        time_s += 600
        assert writer.publish() == first
    after = log.storage.read("checkpoint", 100_000)
    assert before is not None and after is not None and before != after
    assert log.head == first


def test_a_key_is_replaced_by_a_checkpoint_that_both_sign(sample_log: Make, tmp_path: Path) -> None:
    log = sample_log(5)
    new = SigningKey(ORIGIN, NOTE, b"\x09" * 32)
    with writing(log.storage, [LOG_KEY, new], log.kept) as writer:
        writer.append([b"signed by both"])
        writer.publish()
    for key in (LOG_KEY, new):  # who knows either key can check
        mirror(log.storage, Folder(tmp_path / key.public.id.hex()), [key.public])
    with writing(log.storage, [new], log.kept) as writer:
        writer.append([b"signed by the new one"])
        writer.publish()
    mirror(log.storage, Folder(tmp_path / new.public.id.hex()), [new.public])


def test_post_quantum_lines_are_an_option(tmp_path: Path) -> None:
    quantum = SigningKey(ORIGIN, COSIGNATURE_MLDSA, b"\x03" * 32)
    log = SampleLog(tmp_path, [])
    with writing(log.storage, [LOG_KEY, quantum], log.kept, create=True) as writer:
        writer.append([b"one"])
        writer.publish()
    mirror(log.storage, Folder(tmp_path / "copy"), [quantum.public])
    mirror(log.storage, Folder(tmp_path / "copy 2"), [LOG_KEY.public, quantum.public])


def test_a_log_is_not_begun_without_its_own_key(tmp_path: Path) -> None:
    log = SampleLog(tmp_path, [])
    with log.kept.held(), pytest.raises(WillNotSign, match="No Ed25519 key"):
        create_log(log.storage, [SigningKey("another.example.org", NOTE, b"\x07" * 32)], log.kept)


def test_the_same_entries_again_are_passed_over_and_others_refused(sample_log: Make) -> None:
    log = sample_log(600)
    with writing(log.storage, [LOG_KEY], log.kept) as writer:
        assert writer.append([b"entry 10", b"entry 11"], at=10) == range(10, 12)
        assert writer.append([b"entry 598", b"entry 599", b"new"], at=598) == range(598, 601)
        assert writer.size == 601
        with pytest.raises(WillNotSign, match="entry 10: Another entry"):
            writer.append([b"other"], at=10)
        with pytest.raises(WillNotSign, match="entry 600: Another entry"):
            writer.append([b"other"], at=600)
        with pytest.raises(WillNotSign, match="the log holds 601"):
            writer.append([b"a gap"], at=602)
        with pytest.raises(Exception, match="at most 65535"):
            writer.append([b"x" * 65_536])
        assert writer.append([b"x" * 65_535]) == range(601, 602)
        writer.publish()
    verify_log(log.storage, log.head, processes=1)
