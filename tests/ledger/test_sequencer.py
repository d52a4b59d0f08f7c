"""Books to log and back: the log proves and audits, a crash leaves the same bytes, a restored
backup catches up with what the world has seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from honghui.audit.auditing import audit_records
from honghui.journal import log_place
from honghui.journal.publishing import publish
from honghui.kernel.errors import CannotRun, Refused
from honghui.ledger.placing import begin_epoch, place, place_all
from honghui.ledger.recovering import recover
from honghui.ledger.sequencer import health, sequencing
from honghui.record.entries import Entry
from honghui.record.log_events import RecoveryMark
from honghui.record.schemas import Record, decode
from honghui.tlog.checkpoints import open_checkpoint
from honghui.tlog.storage import Folder
from honghui.tlog.tree import Tree
from honghui.tlog.writer import CHECKPOINT
from tests.audit.societies import random_society
from tests.committed import clone_of_test_database, drop_database
from tests.ledger import books


@pytest.fixture
def log_folder(tmp_path: Path, settings) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    settings.DATA_FOLDER = tmp_path
    settings.LOG_LOCATION = str(tmp_path / "log")
    settings.LOG_HEADS = str(tmp_path / "log-heads")
    yield tmp_path / "log"


def published(folder: Path) -> list[bytes]:
    """What a stranger reads, every hash proven."""
    storage = Folder(folder)
    keys = [one.public for one in log_place.signing_keys()]
    raw = storage.read(CHECKPOINT, 10_000)
    assert raw is not None
    head = open_checkpoint(raw, keys).head
    tree = Tree(storage, head)
    bundles = range((head.size + 255) // 256)
    return [entry for bundle in bundles for entry in tree.entries(bundle)][: head.size]


def test_what_is_published_is_the_books_and_audits(committed: str, log_folder: Path) -> None:
    society = random_society(7, 200)
    books.keep(society.records)
    with sequencing() as sequencer:
        sequencer.turn()
    entries = published(log_folder)
    assert entries == books.log()
    assert not audit_records(entries).findings
    state = health()
    assert (state.size, state.published, state.waiting) == (len(entries), len(entries), 0)
    assert state.is_well


def test_a_turn_that_was_cut_short_anywhere_ends_the_same(
    committed: str, log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut after the index was given, after the tiles, and after the head was signed."""
    society = random_society(8, 120)
    third = len(society.records) // 3
    cuts = ("append", "_unfinished", "_show")
    for number, name in enumerate(cuts):
        books.keep(society.records[number * third : (number + 1) * third or None])
        with (
            monkeypatch.context() as patch,
            pytest.raises(RuntimeError),
            sequencing() as sequencer,
        ):
            patch.setattr(type(sequencer.writer), name, _die)
            sequencer.turn()
    books.keep(society.records[len(cuts) * third :])
    with sequencing() as sequencer:
        sequencer.turn()
    assert published(log_folder) == books.log()


def _die(*_given: object, **_named: object) -> None:
    raise RuntimeError("the power went")


def test_a_predecessor_that_wakes_up_late_is_fenced_off(committed: str) -> None:
    first = begin_epoch()
    place_all(first)
    begin_epoch()
    with pytest.raises(CannotRun) as refused:
        place(first)
    assert refused.value.code == "sequencer.fenced"


def test_books_from_a_backup_catch_up_with_the_log(
    committed: str, log_folder: Path, request: pytest.FixtureRequest
) -> None:
    """The backup holds records that have their index, and some that wait; the world saw more."""
    groups = books.grouped(random_society(9, 220).records)
    half = len(groups) // 2
    keep(groups[:half])
    restored_to = health().size
    more = _book_until_one_must_wait(groups, half)
    assert health().waiting
    backup, _address = clone_of_test_database()
    request.addfinalizer(lambda: drop_database(backup))
    keep(groups[more:])
    seen, pools = published(log_folder), books.pools()
    with _other_database(backup):
        with pytest.raises(CannotRun) as refused, sequencing() as sequencer:
            publish(sequencer.writer)
        assert refused.value.code == "log.ahead_of_books"
        found = recover()
        assert found.restored_to == restored_to
        assert found.replayed == len(seen) - restored_to
        assert books.log() == seen
        assert books.pools() == pools
        with sequencing() as sequencer:
            sequencer.turn()
        entries = published(log_folder)
        assert not audit_records(entries).findings
        mark = decode(entries[-1])
        assert isinstance(mark, RecoveryMark)
        assert list(mark.lost) == found.lost
        assert set(found.lost) == {
            group[0].id for group in groups[more:] if isinstance(group[0], Entry)
        }
        assert recover().replayed == 0


def keep(groups: list[tuple[Record, ...]]) -> None:
    with sequencing() as sequencer:
        sequencer.turn()
        for group in groups:
            books.book(group)
            sequencer.turn()


def _book_until_one_must_wait(groups: list[tuple[Record, ...]], first: int) -> int:
    """While nobody sequences, what answers a gift of a moment ago is refused; where that is."""
    for number, group in enumerate(groups[first:], first):
        try:
            books.book(group)
        except Refused:
            return number
    raise AssertionError("nothing had to wait")


@contextmanager
def _other_database(name: str) -> Iterator[None]:
    ours = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours
