"""What a record vouches for by a hash is a file once the act stands, until it is withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, connections, transaction

from honghui.journal.log_place import side_files
from honghui.journal.models import SideText
from honghui.journal.side_texts import (
    keep_text,
    keep_texts,
    settle_side_texts,
    sweep_side_texts,
    withdraw_text,
)
from honghui.record.commitments import open_text
from honghui.record.errors import BadOpening

NAME = "越城一家人"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.SIDE_FILES = str(tmp_path / "texts")
    return tmp_path / "texts"


@pytest.mark.django_db
def test_the_file_opens_the_hash_and_no_other() -> None:
    first, second = keep_texts([NAME, NAME])
    assert first != second
    settle_side_texts()
    assert side_files().read(first) == side_files().read(second) == NAME
    opening = side_files().opening(first)
    assert opening is not None and open_text(first, opening) == NAME
    with pytest.raises(BadOpening):
        open_text(second, opening)


@pytest.mark.django_db
def test_withdrawn_nothing_is_left_and_nothing_makes_it_anew(folder: Path) -> None:
    hash_ = keep_text(NAME)
    settle_side_texts()
    for _twice in range(2):
        withdraw_text(hash_)
        settle_side_texts()
    assert side_files().read(hash_) is None
    row = SideText.objects.get(pk=hash_)
    assert row.opening is None and row.withdrawn_at is not None
    assert not list(folder.rglob(f"{hash_}*"))


@pytest.mark.django_db
def test_withdrawn_before_it_was_published_it_never_appears() -> None:
    hash_ = keep_text(NAME)
    withdraw_text(hash_)
    settle_side_texts()
    assert side_files().read(hash_) is None


@pytest.mark.django_db
def test_a_withdrawn_row_keeps_no_words() -> None:
    hash_ = keep_text(NAME)
    opening = SideText.objects.get(pk=hash_).opening
    withdraw_text(hash_)
    refused = pytest.raises(IntegrityError, match="side_text_withdrawn_keeps_nothing")
    with refused, transaction.atomic():
        SideText.objects.filter(pk=hash_).update(opening=opening)


@pytest.mark.django_db
def test_more_than_one_batch_is_published_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("honghui.journal.side_texts.AT_ONCE", 2)
    hashes = keep_texts(f"样例{n}" for n in range(5))
    settle_side_texts()
    assert [side_files().read(one) for one in hashes] == [f"样例{n}" for n in range(5)]


def test_what_was_rolled_back_leaves_no_file(committed: str) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        hash_ = keep_text(NAME)
        raise RuntimeError
    settle_side_texts()
    assert side_files().read(hash_) is None
    connections.close_all()


def test_a_job_that_died_between_file_and_row_is_done_again(committed: str) -> None:
    hash_ = keep_text(NAME)
    with pytest.raises(RuntimeError), transaction.atomic():
        settle_side_texts()
        raise RuntimeError  # the file is there, the row was never marked
    settle_side_texts()
    assert side_files().read(hash_) == NAME
    assert SideText.objects.get(pk=hash_).settled_at is not None
    connections.close_all()


def test_a_withdrawal_whose_job_was_lost_is_swept_away(committed: str) -> None:
    hash_ = keep_text(NAME)
    settle_side_texts()
    withdraw_text(hash_)  # and the process died before the job was queued
    assert side_files().read(hash_) == NAME
    sweep_side_texts(timestamp=0)
    assert side_files().read(hash_) is None
    connections.close_all()
