"""Implementations that others wrote agree with ours: on roots, proofs, tiles and cosignatures.

`pymerkle` runs beside us. `aics-tlog` and `aics-witness` need Python 3.12, so they run in a virtual
environment of their own, made once from `requirements-peers.lock` in the folder of test data.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pymerkle
import pytest

from honghui.tlog.checkpoints import open_checkpoint
from honghui.tlog.errors import Diverged, WillNotSign
from honghui.tlog.files import locked
from honghui.tlog.hashing import EMPTY_ROOT, leaf_hash, leaf_hashes, root_of
from honghui.tlog.notes import Note, parse_lines, verify_note
from honghui.tlog.proofs import (
    check_consistency,
    check_inclusion,
    consistency_ranges,
    inclusion_ranges,
)
from honghui.tlog.signatures import parse_vkey
from honghui.tlog.tiles import CHECKPOINT
from honghui.tlog.tree import Tree
from honghui.tlog.witness import Request
from honghui.tlog.witness_client import Cosigners, RemoteWitness, ask, seen_by
from honghui.tlog.writer import writing
from tests.environment import DATA, HOME
from tests.tlog.conftest import LOG_KEY, ORIGIN, SampleLog
from tests.tlog.witnessing import Clock, History, Place, post, served

Make = Callable[[int], SampleLog]
VKEY = LOG_KEY.public.vkey
# Around each size where a level of tiles begins or ends, and one with three levels.
SIZES = [1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000]
SEED = 20_260_701


# pymerkle, at every size


ENTRIES = [b"entry %d" % index for index in range(300)]
HASHES = leaf_hashes(ENTRIES)


@pytest.fixture(scope="module")
def other_tree() -> Any:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    tree.append_entries(ENTRIES)
    return tree


def our_root(first: int, past: int) -> bytes:
    return root_of(HASHES[32 * first : 32 * past])


def test_roots_agree_at_every_size(other_tree: Any) -> None:
    assert pymerkle.InmemoryTree(algorithm="sha256").get_root() == EMPTY_ROOT
    for size in range(1, len(ENTRIES) + 1):
        assert other_tree.get_root(size) == our_root(0, size), size


def test_inclusion_proofs_agree_for_every_leaf_of_every_size(other_tree: Any) -> None:
    for size in [*range(1, 70), 127, 128, 129, 255, 256, 257, 300]:
        root = our_root(0, size)
        for index in range(size):
            ours = [our_root(first, past) for first, past in inclusion_ranges(index, size)]
            proof = other_tree.prove_inclusion(index + 1, size)
            leaf = leaf_hash(ENTRIES[index])
            assert proof.path == [leaf, *ours], (index, size)
            check_inclusion(leaf, index, size, root, proof.path[1:])
            proof.path = [leaf, *ours]
            pymerkle.verify_inclusion(leaf, root, proof, index=index + 1, size=size)


def test_consistency_is_proven_between_all_sizes_by_both(other_tree: Any) -> None:
    """Theirs is cut finer than RFC 9162 says, so each proves the same two roots in its own way."""
    for size in [*range(1, 70), 127, 128, 129, 255, 256, 257, 300]:
        for old in range(1, size + 1):
            old_root, root = our_root(0, old), our_root(0, size)
            ours = [our_root(first, past) for first, past in consistency_ranges(old, size)]
            check_consistency(old, old_root, size, root, ours)
            theirs = other_tree.prove_consistency(old, size)
            pymerkle.verify_consistency(old_root, root, theirs, prior_size=old, later_size=size)


# aics-tlog and aics-witness, in their own Python


@functools.cache
def newer_python() -> str | None:
    """A Python of 3.12 or newer that starts: a name on the path may be a mere signpost."""
    names = [f"python3.{minor}" for minor in (14, 13, 12)]
    found = [sys.executable, *filter(None, map(shutil.which, names))]
    if root := os.environ.get("PYENV_ROOT"):
        found += sorted(map(str, Path(root).glob("versions/3.*/bin/python")), reverse=True)
    test = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))"
    for python in found:
        if subprocess.run([python, "-c", test], capture_output=True).returncode == 0:
            return python
    return None


@pytest.fixture(scope="session")
def peer() -> list[str]:
    """The command that runs `peer.py` where other implementations are installed."""
    python = newer_python()
    if python is None:
        pytest.skip("aics-tlog and aics-witness need Python 3.12 or newer, and none was found")
    lock = HOME / "requirements-peers.lock"
    wanted = hashlib.sha256(lock.read_bytes() + python.encode()).hexdigest()[:16]
    folder = DATA / f"peers-{wanted}"
    inside, stamp = folder / "bin" / "python", folder / "installed"
    with locked(DATA / "peers.lock", wait=True, taken=""):
        if not stamp.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _run(python, "-m", "venv", str(folder))
            options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
            _run(str(inside), "-m", "pip", "install", *options, "-r", str(lock))
            stamp.touch()
    return [str(inside), "-I", str(HOME / "tests" / "tlog" / "peer.py")]


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def told(peer: list[str], *arguments: object) -> dict[str, Any]:
    return json.loads(_run(*peer, *map(str, arguments)))


@contextmanager
def their_witness(peer: list[str], folder: Path) -> Iterator[RemoteWitness]:
    folder.mkdir()
    command = [*peer, "witness", str(folder), VKEY]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        said = json.loads(process.stdout.readline())
        try:
            yield RemoteWitness(said["address"], (parse_vkey(said["vkey"]),))
        finally:
            process.stdin.close()


@pytest.mark.parametrize("size", SIZES)
def test_aics_tlog_reads_our_log(peer: list[str], sample_log: Make, size: int) -> None:
    log = sample_log(size)
    tree = Tree(log.storage, log.head)
    found = told(peer, "read", log.storage, VKEY, SEED)
    assert (found["size"], found["root"]) == (size, log.head.root.hex())
    assert found["bundles"] == -(-size // 256)
    for index, proof in found["inclusion"].items():
        assert [one.hex() for one in tree.inclusion(int(index))] == proof
    for old, (old_root, *proof) in found["consistency"].items():
        assert tree.root(0, int(old)).hex() == old_root
        assert [one.hex() for one in tree.consistency(int(old))] == proof


def test_aics_tlog_reads_our_log_as_it_grows(peer: list[str], sample_log: Make) -> None:
    log = sample_log(1)
    chosen = random.Random(SEED)
    for _ in range(6):
        log.append([b"%d" % chosen.getrandbits(64) for _ in range(chosen.randrange(1, 700))])
        assert told(peer, "read", log.storage, VKEY, SEED)["root"] == log.head.root.hex()


def test_aics_tlog_finds_a_changed_entry(peer: list[str], sample_log: Make) -> None:
    """The check above can fail."""
    log = sample_log(300)
    path = log.storage.root / "tile" / "entries" / "000"
    path.write_bytes(path.read_bytes().replace(b"entry 77", b"entry 7x"))
    with pytest.raises(AssertionError, match="TileVerificationError"):
        told(peer, "read", log.storage, VKEY, SEED)


def test_aics_witness_cosigns_our_log(peer: list[str], sample_log: Make, tmp_path: Path) -> None:
    log = sample_log(257)
    with (
        their_witness(peer, tmp_path / "theirs") as at,
        closing(Cosigners([at], 1, [log.key])) as cosign,
        writing(log.storage, [LOG_KEY], log.kept, cosign=cosign) as writer,
    ):
        for size in (257, 300, 70_000):
            writer.append([b"entry %d" % index for index in range(writer.size, size)])
            assert writer.publish().size == size
            raw = log.storage.read(CHECKPOINT, 100_000)
            assert raw is not None
            signed = open_checkpoint(raw, [log.key, *at.keys])
            assert [one.key for one in signed.verified] == [log.key, *at.keys]
            assert abs((signed.cosigned_at_s or 0) - time.time()) < 60
        seen = seen_by(at, ORIGIN, [log.key])
        assert seen is not None
        assert seen.head == writer.published
    # What their witness signed is a checkpoint for their reader too.
    assert told(peer, "read", log.storage, VKEY, SEED)["size"] == 70_000


def test_aics_witness_refuses_what_ours_refuses(
    peer: list[str], sample_log: Make, tmp_path: Path
) -> None:
    """One request after another to both of them: the same status, and the same size named."""
    good = History([b"entry %d" % index for index in range(600)])
    fork = History([*good.entries[:257], *(b"other %d" % index for index in range(343))])
    back = Request(200, (), good.note(200).raw).body
    wrong = bytearray(good.request(257, 400))
    wrong[10] ^= 1  # in the first hash of the proof
    requests = [
        (good.request(5, 257), 409),
        (good.request(0, 257), 200),
        (good.request(100, 400), 409),
        (back, 409),
        (good.request(257, 200), 400),
        (bytes(wrong), 422),
        (fork.request(257, 400), 200),
        (good.request(257, 400), 409),
        (good.request(400, 400), 422),
        (good.request(400, 600), 422),
        (fork.request(400, 400), 200),
        (good.request(400, 500).replace(b"\nledger", b"\nedger", 1), 404),
        (good.request(400, 500).replace(b"\xe2\x80\x94 l", b"\xe2\x80\x94 "), 403),
        (b"old x\n\n", 400),
        (fork.request(400, 600), 200),
    ]
    ours = Place(tmp_path / "ours", clock=Clock(time.time())).open()
    with their_witness(peer, tmp_path / "theirs") as theirs, served(ours) as at:
        for number, (body, status) in enumerate(requests):
            here, there = post(at, body), post(theirs, body)
            assert (here[0], there[0]) == (status, status), (number, here, there)
            if status == 409:
                assert here[1:] == there[1:]
        with pytest.raises(Diverged, match="does not continue"):
            ask(theirs, good.note(600), lambda old: good.proof(old, 600))
        with pytest.raises(WillNotSign, match="has seen 600 entries .* and we hold 500"):
            ask(theirs, fork.note(500), lambda old: fork.proof(old, 500))


def test_our_witness_cosigns_for_their_log(
    peer: list[str], sample_log: Make, tmp_path: Path
) -> None:
    log = sample_log(257)
    witness = Place(tmp_path / "ours", clock=Clock(time.time())).open()
    [key] = witness.keys
    with served(witness, "/w") as at:
        for size, old in [(257, 0), (257, 257), (300, 0), (70_000, 100)]:
            if size > len(log.entries):
                log.append([b"entry %d" % n for n in range(len(log.entries), size)])
            found = told(peer, "ask", at.location, key.vkey, log.storage, old)
            answer = Note(log.head.body, parse_lines(found["lines"]))
            assert [one.key for one in verify_note(answer, [key])] == [key]
        other = SampleLog(tmp_path / "other", [])
        other.append([b"other %d" % index for index in range(400)])
        found = told(peer, "ask", at.location, key.vkey, other.storage, 0)
        assert found["error"] == "WitnessAhead"
        other.append([b"other %d" % index for index in range(400, 70_001)])
        found = told(peer, "ask", at.location, key.vkey, other.storage, 0)
        assert found["error"] == "WitnessRejected"
        assert "422" in found["said"]
