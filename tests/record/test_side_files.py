"""The folder of side files: whole or not there, gone when withdrawn, and nothing outside of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from honghui.record.commitments import OPENING_BYTES_MAX, commit
from honghui.record.errors import BadOpening
from honghui.record.side_files import SideFolder

ONE, OTHER = commit("爱心人士"), commit("绍兴市某小学")


@pytest.fixture
def side(tmp_path: Path) -> SideFolder:
    return SideFolder(tmp_path / "open" / "texts")


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_written_is_read_and_stands_under_its_hash(side: SideFolder) -> None:
    side.write(ONE.hash, ONE.opening)
    side.write(OTHER.hash, OTHER.opening)
    assert side.read(ONE.hash) == "爱心人士"
    assert side.read(OTHER.hash) == "绍兴市某小学"
    assert (side.folder / ONE.hash).read_bytes() == side.opening(ONE.hash) == ONE.opening


def test_writing_twice_is_writing_once(side: SideFolder) -> None:
    side.write(ONE.hash, ONE.opening)
    side.write(ONE.hash, ONE.opening)
    assert everything(side.folder) == [side.folder / ONE.hash]


def test_what_was_never_there_is_none(side: SideFolder) -> None:
    assert side.read(ONE.hash) is side.opening(ONE.hash) is None


def test_a_file_that_somebody_changed_is_not_handed_out(side: SideFolder) -> None:
    side.write(ONE.hash, ONE.opening)
    (side.folder / ONE.hash).write_bytes(OTHER.opening)
    with pytest.raises(BadOpening):
        side.opening(ONE.hash)


def test_what_does_not_open_the_hash_is_not_written(side: SideFolder) -> None:
    with pytest.raises(BadOpening):
        side.write(ONE.hash, OTHER.opening)
    assert not everything(side.folder.parent.parent)


def test_what_is_withdrawn_is_gone_and_withdrawing_again_is_no_error(side: SideFolder) -> None:
    side.withdraw(ONE.hash)
    side.write(ONE.hash, ONE.opening)
    side.write(OTHER.hash, OTHER.opening)
    side.withdraw(ONE.hash)
    side.withdraw(ONE.hash)
    assert side.read(ONE.hash) is None
    assert everything(side.folder) == [side.folder / OTHER.hash]


def test_it_can_be_opened_again_where_a_copy_was_kept(side: SideFolder) -> None:
    side.write(ONE.hash, ONE.opening)
    side.withdraw(ONE.hash)
    side.write(ONE.hash, ONE.opening)
    assert side.read(ONE.hash) == "爱心人士"


def test_a_file_that_somebody_changed_is_not_believed(side: SideFolder) -> None:
    side.write(ONE.hash, ONE.opening)
    for changed in (OTHER.opening, b"", ONE.opening + b" " * OPENING_BYTES_MAX * 2):
        (side.folder / ONE.hash).write_bytes(changed)
        with pytest.raises(BadOpening):
            side.read(ONE.hash)


@pytest.mark.parametrize("call", ["rename", "fsync"])
def test_a_write_that_is_cut_short_leaves_nothing_to_read_and_withdrawing_takes_its_salt(
    side: SideFolder, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_goes(*_arguments: object) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(*((Path, "replace") if call == "rename" else (os, "fsync")), power_goes)
        with pytest.raises(OSError, match="the power went"):
            side.write(ONE.hash, ONE.opening)
    assert side.read(ONE.hash) is None
    left = everything(side.folder)
    assert [path.read_bytes() for path in left] == [ONE.opening]
    side.withdraw(ONE.hash)
    assert not everything(side.folder)


def test_what_is_cut_short_of_another_is_left_alone(side: SideFolder) -> None:
    side.write(ONE.hash, ONE.opening)
    left = side.folder / ".new" / f"{OTHER.hash}.0011223344556677"
    left.write_bytes(OTHER.opening)
    side.withdraw(ONE.hash)
    assert everything(side.folder) == [left]


@pytest.mark.parametrize(
    "hash_",
    ["", ".", "..", ".new", "../" + "0" * 61, "/" + "0" * 63, "0" * 63, "0" * 65, "A" * 64,
     "0" * 64 + "\n",
     "0" * 32 + "/" + "0" * 31, "0" * 63 + "*", "\0" * 64, "٠" * 64, "0" * 63 + "\\"],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(side: SideFolder, hash_: str) -> None:
    side.write(ONE.hash, ONE.opening)
    for attempt in (
        lambda: side.read(hash_),
        lambda: side.write(hash_, ONE.opening),
        lambda: side.withdraw(hash_),
    ):
        with pytest.raises(BadOpening, match="hash"):
            attempt()
    assert everything(side.folder.parent.parent) == [side.folder / ONE.hash]
