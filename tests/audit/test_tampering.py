"""Somebody who holds the files, and even the key, changes the past."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from honghui.cli import commands
from tests.audit.logs import VKEY, write_log
from tests.audit.societies import random_society

Tamper = Callable[[Path], None]


def bundle(log: Path) -> Path:
    return next((log / "tile" / "entries").rglob("000.p/*"))


def tile(log: Path) -> Path:
    return next((log / "tile" / "0").rglob("000.p/*"))


def rewrite(file: Path, change: Callable[[bytes], bytes]) -> None:
    before = file.read_bytes()
    after = change(before)
    assert after != before
    file.write_bytes(after)


def entries_of(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        past = at + 2 + int.from_bytes(data[at : at + 2], "big")
        found.append(data[at:past])
        at = past
    return found


def one_digit(log: Path) -> None:
    """An amount becomes ten times what it was."""
    rewrite(bundle(log), lambda data: data.replace(b'"quantity":1', b'"quantity":2', 1))


def one_bit(log: Path) -> None:
    rewrite(bundle(log), lambda data: data[:700] + bytes([data[700] ^ 1]) + data[701:])


def two_swapped(log: Path) -> None:
    def swap(data: bytes) -> bytes:
        entries = entries_of(data)
        entries[20], entries[21] = entries[21], entries[20]
        return b"".join(entries)

    rewrite(bundle(log), swap)


def one_left_out(log: Path) -> None:
    rewrite(bundle(log), lambda data: b"".join(entries_of(data)[:-1]))


def one_doubled(log: Path) -> None:
    rewrite(bundle(log), lambda data: data + entries_of(data)[-1])


def cut_short(log: Path) -> None:
    rewrite(bundle(log), lambda data: data[:-3])


def a_hash(log: Path) -> None:
    rewrite(tile(log), lambda data: bytes(32) + data[32:])


def entry_and_its_hash(log: Path) -> None:
    """As one who knows how the tree is made, and does not have the key."""
    from honghui.tlog.hashing import leaf_hash

    def change(data: bytes) -> bytes:
        return data.replace(b'"quantity":1', b'"quantity":2', 1)

    rewrite(bundle(log), change)
    leaves = b"".join(leaf_hash(entry[2:]) for entry in entries_of(bundle(log).read_bytes()))
    rewrite(tile(log), lambda _data: leaves)


def the_root(log: Path) -> None:
    def change(data: bytes) -> bytes:
        lines = data.split(b"\n")
        lines[2] = base64.b64encode(b"\7" * 32)
        return b"\n".join(lines)

    rewrite(log / "checkpoint", change)


def the_size(log: Path) -> None:
    def change(data: bytes) -> bytes:
        lines = data.split(b"\n")
        lines[1] = str(int(lines[1]) - 1).encode()
        return b"\n".join(lines)

    rewrite(log / "checkpoint", change)


def the_signature(log: Path) -> None:
    def change(data: bytes) -> bytes:
        text, blob = data.rstrip(b"\n").rsplit(b" ", 1)
        raw = bytearray(base64.b64decode(blob))
        raw[-1] ^= 1
        return text + b" " + base64.b64encode(raw) + b"\n"

    rewrite(log / "checkpoint", change)


TAMPERINGS: list[Tamper] = [
    one_digit, one_bit, two_swapped, one_left_out, one_doubled, cut_short, a_hash,
    entry_and_its_hash, the_root, the_size, the_signature,
]  # fmt: skip


def audit(log: Path, *more: str) -> int:
    return CliRunner().invoke(commands, ["audit", str(log), "--key", VKEY, *more]).exit_code


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_whoever_holds_the_files_is_caught(tamper: Tamper, tmp_path: Path) -> None:
    log = write_log(tmp_path, random_society(5, 100).entries)
    assert audit(log) == 0
    tamper(log)
    assert audit(log) == 1


def test_a_missing_file_is_no_proof_and_no_accusation(tmp_path: Path) -> None:
    log = write_log(tmp_path, random_society(5, 100).entries)
    bundle(log).unlink()
    assert audit(log) == 2


@pytest.mark.parametrize("change", ["shorter", "other"])
def test_whoever_holds_the_key_too_is_caught_by_who_looked_before(
    change: str, tmp_path: Path
) -> None:
    """A second history, each entry of it in order and signed with the real key."""
    state = ("--state", str(tmp_path / "state"))
    log = write_log(tmp_path / "first", random_society(5, 100).entries)
    assert audit(log, *state) == 0
    entries = random_society(5, 100).entries
    second = entries[:-1] if change == "shorter" else random_society(6, 200).entries
    shutil.rmtree(log)
    shutil.copytree(write_log(tmp_path / "second", second), log)
    assert audit(log) == 0
    assert audit(log, *state) == 1
