"""The witness's decision: what it cosigns, what it never does, and what it keeps."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from honghui.tlog import files
from honghui.tlog.checkpoints import Checkpoint, open_checkpoint
from honghui.tlog.errors import Malformed, WillNotSign
from honghui.tlog.hashing import EMPTY_ROOT
from honghui.tlog.heads import Heads, origin_hash
from honghui.tlog.notes import Note, parse_lines, sign_note, verify_note
from honghui.tlog.signatures import COSIGNATURE, COSIGNATURE_MLDSA, NOTE, SigningKey
from honghui.tlog.witness import (
    REQUEST_BYTES_MAX,
    SIZE,
    Request,
    Witness,
    create_witness,
    open_witness,
    parse_request,
    read_logs,
)
from tests.tlog.conftest import LOG_KEY, ORIGIN, WITNESS_KEY
from tests.tlog.witnessing import FORK, GIFTS, TIME_S, History, Place

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
SECOND_KEY = SigningKey("witness.example.org/w2", COSIGNATURE_MLDSA, b"\x03" * 32)
STRANGER = SigningKey(ORIGIN, NOTE, b"\x09" * 32)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "witness")


def sizes_kept(place: Place) -> int:
    head = Heads(place.folder).of(ORIGIN).checkpoint()
    return head.size if head else 0


# What it signs


def test_the_cosignature_is_the_one_of_the_vectors(place: Place) -> None:
    witness = place.open()
    assert witness.add_checkpoint(GIFTS.request(0, 2)).status == 200
    answer = witness.add_checkpoint(VECTORS["add_checkpoint"]["text"].encode())
    assert (answer.status, answer.text) == (
        200,
        "\u2014 witness.example.org/w1 bX75BwAAAABpVbkApWw3WqMRla96RSGVUEbkW62TvgNIoBWBX8F43mklQGx5"
        "WLq3E8gYzQQ/4QkdNPRktOE/VwvF0tQJy0EpUGQQBg==\n",
    )


def test_what_it_shows_is_the_checkpoint_of_the_vectors(place: Place) -> None:
    witness = place.open()
    witness.add_checkpoint(GIFTS.request(0, 2))
    witness.add_checkpoint(VECTORS["add_checkpoint"]["text"].encode())
    shown = witness.latest(VECTORS["checkpoint"]["origin_sha256"])
    assert (shown.status, shown.text) == (200, VECTORS["checkpoint"]["text"])


def test_our_request_is_the_one_of_the_vectors() -> None:
    assert GIFTS.request(2, 3) == VECTORS["add_checkpoint"]["text"].encode()
    assert parse_request(GIFTS.request(2, 3)).body == GIFTS.request(2, 3)


def test_it_signs_for_quantum_computers_too(tmp_path: Path) -> None:
    place = Place(tmp_path / "witness", (WITNESS_KEY, SECOND_KEY))
    witness = place.open()
    answer = witness.add_checkpoint(GIFTS.request(0, 3))
    note = Note(GIFTS.note(3).text, parse_lines(answer.text))
    verified = verify_note(note, witness.keys)
    assert [(one.key.kind, one.time_s) for one in verified] == [
        (COSIGNATURE, TIME_S),
        (COSIGNATURE_MLDSA, TIME_S),
    ]


def test_a_log_grows_from_nothing_entry_by_entry(place: Place) -> None:
    witness = place.open()
    for old, size in [(0, 0), (0, 1), (1, 2), (2, 7), (7, 8), (8, 40), (40, 40)]:
        answer = witness.add_checkpoint(GIFTS.request(old, size))
        assert answer.status == 200, (old, size, answer.text)
        assert sizes_kept(place) == size


def test_the_same_head_gets_a_fresh_time(place: Place) -> None:
    witness = place.open()
    first = witness.add_checkpoint(GIFTS.request(0, 3))
    same_second = witness.add_checkpoint(GIFTS.request(3, 3))
    place.clock.now_s += 60
    later = witness.add_checkpoint(GIFTS.request(3, 3))
    assert first == same_second
    assert later.status == 200
    [line] = parse_lines(later.text)
    assert WITNESS_KEY.public.verify(GIFTS.note(3).text, line.blob) == TIME_S + 60


def test_a_repeat_in_the_same_second_writes_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = place.open()
    first = witness.add_checkpoint(GIFTS.request(0, 3))
    monkeypatch.setattr(files, "_write_one", lambda *_: pytest.fail("it wrote"))
    assert witness.add_checkpoint(GIFTS.request(3, 3)) == first


def test_lines_of_strangers_are_neither_believed_nor_kept(place: Place) -> None:
    other = SigningKey("somebody.example.org/w", COSIGNATURE, b"\x07" * 32)
    witness = place.open()
    assert witness.add_checkpoint(GIFTS.request(0, 3, [STRANGER, LOG_KEY, other])).status == 200
    shown = witness.latest(origin_hash(ORIGIN)).text
    assert [line.name for line in parse_lines(shown.partition("\n\n")[2])] == [
        ORIGIN,
        WITNESS_KEY.name,
    ]
    assert STRANGER.public.id not in {line.key_id for line in parse_lines(shown.split("\n\n")[1])}


def test_a_log_that_changes_its_key_signs_with_either(place: Place) -> None:
    next_key = SigningKey(ORIGIN, NOTE, b"\x05" * 32)
    place.open()
    keys = {ORIGIN: [LOG_KEY.public, next_key.public]}
    witness = open_witness(place.folder, place.signers, keys, clock=place.clock)
    assert witness.add_checkpoint(GIFTS.request(0, 2, [LOG_KEY])).status == 200
    assert witness.add_checkpoint(GIFTS.request(2, 3, [LOG_KEY, next_key])).status == 200
    assert witness.add_checkpoint(GIFTS.request(3, 4, [next_key])).status == 200


# What it refuses


def damaged(note: Note, line: int = 0) -> bytes:
    lines = list(note.lines)
    blob = bytearray(lines[line].blob)
    blob[-1] ^= 1
    lines[line] = type(lines[line])(lines[line].name, lines[line].key_id, bytes(blob))
    return Note(note.text, tuple(lines)).raw


def signed(body: str, *signers: SigningKey) -> bytes:
    return sign_note(body, signers or (LOG_KEY,), TIME_S).raw


def empty_with_a_root() -> bytes:
    return signed(Checkpoint(ORIGIN, 0, b"\x01" * 32).body)


OTHER = History(GIFTS.entries, "another.example.org/log")
OTHER_KEY = SigningKey("another.example.org/log", NOTE, b"\x01" * 32)
# name -> status, request; the witness has cosigned the first three entries before.
REFUSED: dict[str, tuple[int, Callable[[], bytes]]] = {
    "nothing at all": (400, lambda: b""),
    "no old": (400, lambda: b"\n" + GIFTS.note(4).raw),
    "old without a size": (400, lambda: b"old \n\n" + GIFTS.note(4).raw),
    "old with a leading zero": (400, lambda: b"old 03\n\n" + GIFTS.note(4).raw),
    "old with a sign": (400, lambda: b"old +3\n\n" + GIFTS.note(4).raw),
    "old with two blanks": (400, lambda: b"old  3\n\n" + GIFTS.note(4).raw),
    "old in other digits": (400, lambda: "old \u0663\n\n".encode() + GIFTS.note(4).raw),
    "old past 63 bits": (400, lambda: b"old 9223372036854775808\n\n" + GIFTS.note(4).raw),
    "lines ended as in Windows": (400, lambda: GIFTS.request(3, 4).replace(b"\n", b"\r\n")),
    "no checkpoint": (400, lambda: b"old 3\n\n"),
    "no empty line": (400, lambda: b"old 3\n" + GIFTS.note(4).raw),
    "a proof line of 31 bytes": (
        400,
        lambda: Request(3, (b"\x01" * 31,), GIFTS.note(4).raw).body,
    ),
    "a proof line that is not base64": (400, lambda: b"old 3\n!!\n\n" + GIFTS.note(4).raw),
    "a proof of 64 lines": (
        400,
        lambda: Request(3, (b"\x01" * 32,) * 64, GIFTS.note(4).raw).body,
    ),
    "no signature": (400, lambda: b"old 3\n\n" + GIFTS.note(4).text.encode()),
    "a signed body that is no head": (400, lambda: b"old 3\n\n" + signed(f"{ORIGIN}\n4\n")),
    "a signed head with an extension": (
        400,
        lambda: b"old 3\n\n" + signed(GIFTS.note(4).text + "more\n"),
    ),
    "an old size past the new one": (400, lambda: GIFTS.request(3, 2)),
    "a proof with a hash too many": (
        422,
        lambda: Request(3, (*GIFTS.proof(3, 4), b"\x01" * 32), GIFTS.note(4).raw).body,
    ),
    "a signature of a stranger alone": (403, lambda: GIFTS.request(3, 4, [STRANGER])),
    "a witness's signature alone": (403, lambda: GIFTS.request(3, 4, [WITNESS_KEY])),
    "the log's signature damaged": (403, lambda: b"old 3\n\n" + damaged(GIFTS.note(4))),
    "one good line and a damaged one": (
        403,
        lambda: b"old 3\n\n" + GIFTS.note(4).raw + damaged(GIFTS.note(4)).split(b"\n\n")[1],
    ),
    "a log it does not follow": (404, lambda: OTHER.request(3, 4, [OTHER_KEY])),
    "an older size than the one kept": (409, lambda: GIFTS.request(2, 4)),
    "the beginning": (409, lambda: GIFTS.request(0, 4)),
    "the beginning of another history": (409, lambda: FORK.request(0, 4)),
    "a size never seen": (409, lambda: GIFTS.request(5, 9)),
    "going back": (409, lambda: GIFTS.request(1, 2)),
    "another root of the same size": (422, lambda: FORK.request(3, 3)),
    "another history": (422, lambda: FORK.request(3, 4)),
    "no proof": (422, lambda: Request(3, (), GIFTS.note(4).raw).body),
    "a proof of something else": (
        422,
        lambda: Request(3, GIFTS.proof(3, 5), GIFTS.note(4).raw).body,
    ),
    "a proof where none is needed": (
        422,
        lambda: Request(3, (b"\x01" * 32,), GIFTS.note(3).raw).body,
    ),
    "no entries, and a root": (422, lambda: b"old 0\n\n" + empty_with_a_root()),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses(place: Place, what: str) -> None:
    status, request = REFUSED[what]
    witness = place.open()
    assert witness.add_checkpoint(GIFTS.request(0, 3)).status == 200
    before = witness.latest(origin_hash(ORIGIN))
    place.clock.now_s += 60
    answer = witness.add_checkpoint(request())
    assert answer.status == status, answer.text
    assert answer.text.endswith("\n")
    if status == 409:
        assert (answer.text, answer.kind) == ("3\n", SIZE)
    assert witness.latest(origin_hash(ORIGIN)) == before


def test_a_witness_that_knows_nothing_yet_names_size_0(place: Place) -> None:
    answer = place.open().add_checkpoint(GIFTS.request(1, 3))
    assert (answer.status, answer.text) == (409, "0\n")


def test_from_nothing_there_is_nothing_to_prove(place: Place) -> None:
    request = Request(0, (b"\x01" * 32,), GIFTS.note(3).raw)
    assert place.open().add_checkpoint(request.body).status == 422


def test_an_empty_log_has_the_empty_root(place: Place) -> None:
    witness = place.open()
    assert witness.add_checkpoint(b"old 0\n\n" + empty_with_a_root()).status == 422
    good = b"old 0\n\n" + signed(Checkpoint(ORIGIN, 0, EMPTY_ROOT).body)
    assert witness.add_checkpoint(good).status == 200


def test_two_roots_of_one_size_are_kept_as_evidence(place: Place) -> None:
    witness = place.open()
    witness.add_checkpoint(GIFTS.request(0, 3))
    assert witness.add_checkpoint(FORK.request(0, 3)).status == 409
    [evidence] = place.folder.glob("*.fork")
    kept = open_checkpoint(evidence.read_bytes(), [LOG_KEY.public]).head
    assert (kept.size, kept.root) == (3, FORK.root(0, 3))
    assert witness.add_checkpoint(GIFTS.request(3, 4)).status == 200


def test_what_it_does_not_follow_it_does_not_show(place: Place) -> None:
    witness = place.open()
    assert witness.latest(origin_hash(ORIGIN)).status == 404
    assert witness.latest(origin_hash("another.example.org/log")).status == 404


# Time, disk, restored backups


@pytest.mark.parametrize(("back_s", "status"), [(0, 200), (5, 200), (6, 503), (86_400, 503)])
def test_the_time_it_gives_never_goes_back(place: Place, back_s: int, status: int) -> None:
    place.open().add_checkpoint(GIFTS.request(0, 3))
    place.clock.now_s -= back_s
    answer = place.open().add_checkpoint(GIFTS.request(3, 4))
    assert answer.status == status
    assert sizes_kept(place) == (4 if status == 200 else 3)
    if status == 200:
        [line] = parse_lines(answer.text)
        assert WITNESS_KEY.public.verify(GIFTS.note(4).text, line.blob) == TIME_S


def test_a_new_key_starts_its_own_time_and_keeps_the_head(place: Place) -> None:
    place.open().add_checkpoint(GIFTS.request(0, 3))
    place.clock.now_s -= 1_000_000
    place.signers = (SigningKey("witness.example.org/w9", COSIGNATURE, b"\x08" * 32),)
    witness = place.open()
    assert witness.add_checkpoint(GIFTS.request(0, 4)).status == 409
    assert witness.add_checkpoint(GIFTS.request(3, 4)).status == 200


def test_it_signs_nothing_that_it_cannot_keep(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = place.open()
    witness.add_checkpoint(GIFTS.request(0, 3))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/a/path/of/this/machine")

    with monkeypatch.context() as patched:
        patched.setattr(files.os, "fsync", full)
        answer = witness.add_checkpoint(GIFTS.request(3, 4))
    assert answer.status == 503
    assert "/a/path" not in answer.text
    assert witness.add_checkpoint(GIFTS.request(3, 4)).status == 200


def test_a_damaged_head_is_no_reason_to_start_anew(place: Place) -> None:
    witness = place.open()
    witness.add_checkpoint(GIFTS.request(0, 3))
    path = Heads(place.folder).of(ORIGIN).path
    path.write_bytes(path.read_bytes()[:-9])
    assert witness.add_checkpoint(GIFTS.request(0, 4)).status == 503
    assert witness.add_checkpoint(GIFTS.request(3, 4)).status == 503


def test_after_a_restored_backup_it_does_not_sign(place: Place) -> None:
    witness = place.open()
    witness.add_checkpoint(GIFTS.request(0, 3))
    Heads(place.folder).of(ORIGIN).mark_restored()
    assert witness.add_checkpoint(GIFTS.request(3, 4)).status == 503
    assert sizes_kept(place) == 3


def test_a_lost_folder_is_no_new_witness(tmp_path: Path) -> None:
    logs = {ORIGIN: [LOG_KEY.public]}
    with pytest.raises(WillNotSign, match="is not here"):
        open_witness(tmp_path / "lost", [WITNESS_KEY], logs)
    create_witness(tmp_path / "new", [WITNESS_KEY])
    with pytest.raises(WillNotSign, match="already"):
        create_witness(tmp_path / "new", [WITNESS_KEY])


# The list of logs, and the keys


def test_the_list_of_logs_has_a_key_a_line(tmp_path: Path) -> None:
    path = tmp_path / "logs"
    next_key = SigningKey(ORIGIN, NOTE, b"\x05" * 32).public
    path.write_text(
        f"# whom we follow\n\n{LOG_KEY.public.vkey}\n  {OTHER_KEY.public.vkey}  \n{next_key.vkey}\n"
    )
    assert read_logs(path) == {
        ORIGIN: [LOG_KEY.public, next_key],
        OTHER.origin: [OTHER_KEY.public],
    }


def test_a_wrong_line_in_the_list_is_named(tmp_path: Path) -> None:
    path = tmp_path / "logs"
    path.write_text(f"{LOG_KEY.public.vkey}\nledger.example.org\n")
    with pytest.raises(Malformed, match="logs, line 2"):
        read_logs(path)
    with pytest.raises(Malformed, match="no such file"):
        read_logs(tmp_path / "none")


@pytest.mark.parametrize(
    "key",
    [
        SigningKey(ORIGIN, COSIGNATURE, b"\x01" * 32),
        SigningKey(ORIGIN, NOTE, WITNESS_KEY.seed),
        OTHER_KEY,
    ],
    ids=["a witness's", "its own", "of another name"],
)
def test_it_follows_no_log_by_a_key_that_is_not_the_logs(tmp_path: Path, key: SigningKey) -> None:
    with pytest.raises(WillNotSign, match="not a key that a log signs with"):
        Witness(tmp_path, [WITNESS_KEY], {ORIGIN: [key.public]})


def test_a_witness_signs_with_no_logs_key(tmp_path: Path) -> None:
    with pytest.raises(WillNotSign, match="cosigns"):
        Witness(tmp_path, [SigningKey("w", NOTE, b"\x02" * 32)], {})


# Races


def test_threads_that_race_for_one_head_get_one_history(place: Place) -> None:
    witness = place.open()
    witness.add_checkpoint(GIFTS.request(0, 2))
    bodies = [history.request(2, size) for history in (GIFTS, FORK) for size in range(3, 19)]
    gate = threading.Barrier(len(bodies))
    answers: dict[bytes, int] = {}

    def one(body: bytes) -> None:
        gate.wait()
        answers[body] = witness.add_checkpoint(body).status

    threads = [threading.Thread(target=one, args=[body]) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [200] + [409] * (len(bodies) - 1)


def _ask_many(folder: Path, bodies: list[bytes]) -> list[int]:
    place = Place(folder, made=True)
    return [place.open().add_checkpoint(body).status for body in bodies]


def test_processes_that_race_for_one_head_get_one_history(place: Place) -> None:
    """Each brings its own history step by step; at every step one of them may win, and what was
    won binds all the others from there on."""
    place.open().add_checkpoint(GIFTS.request(0, 2))
    steps = range(2, 39)
    histories = [GIFTS, FORK, GIFTS, FORK]
    bodies = [[history.request(size, size + 1) for size in steps] for history in histories]
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        answers = pool.starmap(_ask_many, [(place.folder, one) for one in bodies])
    won = {"gifts": 0, "fork": 0}
    for number, statuses in enumerate(answers):
        assert set(statuses) <= {200, 409, 422}
        won["fork" if number % 2 else "gifts"] += statuses.count(200)
    assert (won["gifts"] == 0) != (won["fork"] == 0), "both histories were cosigned"
    kept = Heads(place.folder).of(ORIGIN).checkpoint()
    assert kept is not None
    winner = GIFTS if won["gifts"] else FORK
    assert kept.root == winner.root(0, kept.size)


def _stop_before_the_answer(folder: Path, body: bytes) -> None:
    keep = files._force

    def kept_and_stopped(path: Path) -> None:
        keep(path)
        os._exit(9)

    files._force = kept_and_stopped
    Place(folder, made=True).open().add_checkpoint(body)


def test_stopped_between_keeping_and_answering_it_knows_the_head(place: Place) -> None:
    place.open().add_checkpoint(GIFTS.request(0, 3))
    process = multiprocessing.get_context("spawn").Process(
        target=_stop_before_the_answer, args=[place.folder, GIFTS.request(3, 5)]
    )
    process.start()
    process.join()
    assert process.exitcode == 9
    witness = place.open()
    assert witness.add_checkpoint(FORK.request(3, 5)).text == "5\n"
    assert witness.add_checkpoint(FORK.request(5, 5)).status == 422
    assert witness.add_checkpoint(GIFTS.request(5, 5)).status == 200


# Whatever comes


LINES = st.sampled_from(
    [b"old 0", b"old 3", b"old", b"", b"\xff", GIFTS.note(4).raw, GIFTS.note(3).raw[:-1]]
) | st.binary(max_size=60)  # fmt: skip
SPLICES = st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4)), min_size=1, max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=st.binary(max_size=600) | st.lists(LINES, max_size=6).map(b"\n".join))
def test_no_request_breaks_it(place: Place, body: bytes) -> None:
    answer = place.open().add_checkpoint(body)
    assert answer.status in {200, 400, 403, 404, 409, 422}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(splices=SPLICES)
def test_no_damaged_request_is_cosigned_unless_it_says_the_same(
    place: Place, splices: list[tuple[int, bytes]]
) -> None:
    witness = place.open()
    witness.add_checkpoint(GIFTS.request(0, 3))
    body = bytearray(GIFTS.request(3, 4))
    for at, data in splices:
        body[at : at + len(data)] = data
    answer = witness.add_checkpoint(bytes(body))
    assert answer.status in {200, 400, 403, 404, 409, 422}
    kept = Heads(place.folder).of(ORIGIN).checkpoint()
    assert kept is not None
    assert kept.root == GIFTS.root(0, kept.size)


def test_the_longest_request_there_can_be_fits() -> None:
    checkpoint = GIFTS.note(4).raw.ljust(100_000, b"x")
    longest = Request(2**63 - 1, (b"\x01" * 32,) * 63, checkpoint).body
    assert len(longest) <= REQUEST_BYTES_MAX
