"""`honghui log` and `verify.py`, as a person runs them: 0 proven, 1 not, 2 could not check."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from honghui.tlog.keys import as_text, load_keys, parse_keys
from honghui.tlog.signatures import parse_vkey
from honghui.tlog.verifier import single_file, top_level_names
from honghui.tlog.witness_client import Cosigners, RemoteWitness
from honghui.tlog.writer import writing
from tests.tlog.conftest import LOG_KEY, ORIGIN, SampleLog

Make = Callable[[int], SampleLog]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=["honghui log", "verify.py"])
def face(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[list[str], dict[str, str]]:
    """How a command begins, and what that face calls each of the three."""
    if request.param == "verify.py":
        file = tmp_path / "verify.py"
        file.write_text(single_file())
        names = {"verify": "log", "check": "proof", "prove": "prove"}
        return [sys.executable, "-I", str(file)], names
    names = {"verify": "verify", "check": "check", "prove": "prove"}
    return [sys.executable, "-m", "honghui.cli", "log"], names


@pytest.fixture
def run(face: tuple[list[str], dict[str, str]], tmp_path: Path) -> Run:
    start, names = face

    def go(command: str, *rest: object) -> subprocess.CompletedProcess[str]:
        line = [*start, names[command], *map(str, rest)]
        return subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    return go


def test_a_log_is_proven_and_a_damaged_one_named(sample_log: Make, run: Run) -> None:
    log = sample_log(70_000)
    vkey = LOG_KEY.public.vkey
    proven = run("verify", log.storage.root, "--key", vkey)
    assert (proven.returncode, proven.stderr) == (0, "")
    assert proven.stdout.startswith(f"PROVEN {ORIGIN}: 70000 entries, root {log.head.root.hex()}")
    bundle = log.storage.root / "tile/entries/007"
    data = bytearray(bundle.read_bytes())
    data[2] ^= 1
    bundle.write_bytes(data)
    refused = run("verify", log.storage.root, "--key", vkey)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "NOT PROVEN: entry 1792 (tile/entries/007)" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_cannot_be_checked_is_no_proof(sample_log: Make, run: Run, tmp_path: Path) -> None:
    log = sample_log(3)
    vkey = LOG_KEY.public.vkey
    assert run("verify", tmp_path / "nowhere", "--key", vkey).returncode == 2
    assert run("verify", "http://127.0.0.1:9/", "--key", vkey).returncode == 2
    assert run("verify", log.storage.root, "--key", vkey[:-3]).returncode in (1, 2)
    other = "witness.example.org/w1+6d7ef907+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
    assert run("verify", log.storage.root, "--key", other).returncode == 1
    missing = log.storage.root / "tile/0/000.p/3"
    missing.unlink()
    refused = run("verify", log.storage.root, "--key", vkey)
    assert refused.returncode == 2 and "tile/0/000.p/3" in refused.stderr


def test_a_state_file_remembers(sample_log: Make, run: Run, tmp_path: Path) -> None:
    log, state, vkey = sample_log(300), tmp_path / "state", LOG_KEY.public.vkey
    assert run("verify", log.storage.root, "--key", vkey, "--state", state).returncode == 0
    kept = state.read_bytes()
    other = SampleLog(tmp_path / "other", [])
    other.append([b"rewritten"] * 400)
    refused = run("verify", other.storage.root, "--key", vkey, "--state", state)
    assert refused.returncode == 1
    assert log.head.root.hex() in refused.stderr and other.head.root.hex() in refused.stderr
    assert state.read_bytes() == kept
    log.append([b"more"])
    assert run("verify", log.storage.root, "--key", vkey, "--state", state).returncode == 0
    assert state.read_bytes() != kept


def test_a_proof_is_checked_without_any_server(sample_log: Make, run: Run, tmp_path: Path) -> None:
    log, vkey = sample_log(1_000), LOG_KEY.public.vkey
    saved = run("prove", log.storage.root, 777, "--key", vkey, "--to", "p", "--entry", "e")
    assert saved.returncode == 0 and (tmp_path / "e").read_bytes() == b"entry 777"
    log.storage.root.rename(tmp_path / "gone")
    assert run("check", "p", "e", "--key", vkey).stdout.startswith("PROVEN entry 777 of ")
    (tmp_path / "e").write_bytes(b"entry 778")
    refused = run("check", "p", "e", "--key", vkey)
    assert refused.returncode == 1 and "entry 777" in refused.stderr
    text = (tmp_path / "p").read_text().replace("index 777", "index 0777")
    (tmp_path / "p").write_text(text)
    assert run("check", "p", "e", "--key", vkey).returncode == 1


def test_an_index_that_is_not_there(sample_log: Make, run: Run) -> None:
    log = sample_log(10)
    refused = run("prove", log.storage.root, 10, "--key", LOG_KEY.public.vkey)
    assert refused.returncode == 1 and "There is no entry 10" in refused.stderr


def test_no_name_hides_another_in_the_single_file() -> None:
    assert [name for name, count in Counter(top_level_names()).items() if count > 1] == []


def test_the_single_file_needs_only_cryptography() -> None:
    text = single_file()
    assert "honghui" not in "\n".join(
        line for line in text.splitlines() if line.lstrip().startswith(("import ", "from "))
    )
    assert "requests" not in text and len(text) < 120_000


def honghui(*rest: object, **environment: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "honghui.cli", "log", *map(str, rest)]
    return subprocess.run(line, capture_output=True, text=True, timeout=60)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    made = honghui("key", ORIGIN, "--to", file, "--post-quantum")
    assert made.returncode == 0, made.stderr
    vkeys = [parse_vkey(line) for line in made.stdout.splitlines()]
    assert [key.kind for key in vkeys] == [1, 4, 6]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [key.public for key in load_keys(file)] == vkeys
    assert not set(file.read_text().split()) & set(made.stdout.split())
    again = honghui("key", ORIGIN, "--to", file)
    assert again.returncode == 2 and "A file is there already" in again.stderr
    file.chmod(0o644)
    refused = honghui("create", tmp_path / "log", "--signing-key", file, "--heads", tmp_path / "h")
    assert refused.returncode == 2 and f"chmod 600 {file}" in refused.stderr


def test_keys_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGHUI_LOG_KEY", as_text([LOG_KEY]))
    assert load_keys(None) == [LOG_KEY]


@pytest.mark.parametrize("damage", ["", "PRIVATE+KEY+x", "PUBLIC", "+AAAA"])
def test_a_damaged_key_is_refused_and_not_repeated(damage: str) -> None:
    text = as_text([LOG_KEY]).strip()[:-4] + damage
    with pytest.raises(Exception, match="line 1 of the keys") as refused:
        parse_keys(text)
    assert text not in str(refused.value)
    assert repr(LOG_KEY).count("seed") == 0


def test_a_log_is_begun_mirrored_and_recovered(tmp_path: Path) -> None:
    file, heads, place = tmp_path / "keys", tmp_path / "heads", tmp_path / "log"
    vkey = honghui("key", ORIGIN, "--to", file).stdout.splitlines()[0]
    writer = ("--signing-key", file, "--heads", heads)
    assert "0 entries" in honghui("create", place, *writer).stdout
    log = SampleLog(tmp_path, [])
    with writing(log.storage, load_keys(file), log.kept) as open_log:
        open_log.append([b"one"])
        open_log.publish()
    copied = honghui("mirror", place, tmp_path / "copy", "--key", vkey)
    assert copied.returncode == 0 and "1 entries" in copied.stdout
    log.kept.mark_restored()
    alone = honghui("recover", place, *writer)
    assert alone.returncode == 2 and "Nothing shows how far" in alone.stderr
    found = honghui("recover", place, *writer, "--from", tmp_path / "copy")
    assert found.returncode == 0 and "may go on from 1 entries" in found.stdout


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A witness of the sample log in a process of its own: its address and vkey."""
    keys, logs = tmp_path / "witness keys", tmp_path / "logs.txt"
    vkey = honghui("key", "w.example.org", "--witness", "--to", keys).stdout.strip()
    logs.write_text(f"# who we follow\n{LOG_KEY.public.vkey}\n")
    line = ["witness", tmp_path / "witness", "--signing-key", keys, "--logs", logs]
    command = [sys.executable, "-m", "honghui.cli", "log", *map(str, line)]
    with subprocess.Popen(
        [*command, "--create", "--port", "0"], stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        said = run.stderr.readline()
        yield said.split(" is at ")[1].strip(), vkey
        run.terminate()
        assert run.wait(20) == 0


def test_a_witness_is_served_and_holds_a_restored_writer_back(
    sample_log: Make, served: tuple[str, str], tmp_path: Path
) -> None:
    address, vkey = served
    log, witness = sample_log(10), RemoteWitness(address, (parse_vkey(vkey),))
    shutil.copytree(log.root, tmp_path / "backup")
    cosign = Cosigners([witness], quorum=1, log_keys=[log.key])
    with closing(cosign), writing(log.storage, [LOG_KEY], log.kept, cosign=cosign) as writer:
        writer.append([b"after the backup"] * 5)
        writer.publish()
    keys = tmp_path / "keys"
    keys.write_text(as_text([LOG_KEY]))
    keys.chmod(0o600)
    place = tmp_path / "backup" / "log"
    line = ["recover", place, "--signing-key", keys, "--heads", tmp_path / "backup" / "heads"]
    seen = ("--witness", address, vkey)
    behind = honghui(*line, *seen)
    assert behind.returncode == 2 and "Someone has seen 15 entries" in behind.stderr
    found = honghui(*line, *seen, "--from", log.storage.root)
    assert found.returncode == 0 and "may go on from 15 entries" in found.stdout
