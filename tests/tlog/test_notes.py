"""Signed notes and checkpoints: what is refused beyond the vectors, and by which name."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from honghui.tlog.checkpoints import Checkpoint, open_checkpoint, parse_body
from honghui.tlog.errors import BadSignature, Diverged, Malformed, WillNotSign
from honghui.tlog.hashing import EMPTY_ROOT
from honghui.tlog.heads import refuse_other_history
from honghui.tlog.notes import Line, Note, parse_note, sign_line, sign_note, verify_note
from honghui.tlog.signatures import COSIGNATURE, NOTE, SigningKey, decode_base64, parse_vkey
from honghui.tlog.tiles import CHECKPOINT, SIZE_MAX
from tests.tlog.conftest import LOG_KEY, ORIGIN, WITNESS_KEY, SampleLog

ROOT = bytes(range(32))
HEAD = Checkpoint(ORIGIN, 3, ROOT)
KEYS = [LOG_KEY.public, WITNESS_KEY.public]
NOW = 1_767_225_600


def signed(body: str) -> bytes:
    return sign_note(body, [LOG_KEY, WITNESS_KEY], NOW).raw


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("\n3\n", "\n03\n", "without leading zeros"),
        ("\n3\n", "\n00\n", "without leading zeros"),
        ("\n3\n", "\n-3\n", "plain number"),
        ("\n3\n", "\n+3\n", "plain number"),
        ("\n3\n", "\n3 \n", "plain number"),
        ("\n3\n", "\n3.0\n", "plain number"),
        ("\n3\n", "\n٣\n", "plain number"),
        ("\n3\n", "\n1_0\n", "plain number"),
        ("\n3\n", "\n\n", "plain number"),
        ("\n3\n", f"\n{SIZE_MAX + 1}\n", "plain number"),
        ("\n3\n", f"\n{'9' * 5000}\n", "plain number"),
        ("\n3\n", "\n0\n", "An empty log cannot have this root"),
        ("=\n", "=\nextension\n", "three lines, and this has 4"),
        ("\n3\n", "\n", "three lines, and this has 2"),
        (ORIGIN, "", "names no log"),
        ("=\n", "\n", "not canonical base64"),
        ("=\n", "=\n=\n", "three lines"),
        ("Hh8=\n", "Hh9=\n", "not canonical base64"),
        ("AAEC", " AAEC", "not canonical base64"),
        ("AAEC", "", "29 bytes long instead of 32"),
        ("AAEC", "AAECAAEC", "35 bytes long instead of 32"),
    ],
)
def test_a_body_is_written_in_one_way_alone(old: str, new: str, sentence: str) -> None:
    assert old in HEAD.body
    with pytest.raises(Malformed, match=sentence) as refused:
        open_checkpoint(signed(HEAD.body.replace(old, new, 1)), KEYS)
    assert len(refused.value.sentence) < 200


def test_the_largest_and_the_empty_log_are_read() -> None:
    for head in (Checkpoint(ORIGIN, SIZE_MAX, ROOT), Checkpoint(ORIGIN, 0, EMPTY_ROOT)):
        assert open_checkpoint(signed(head.body), KEYS).head == head
        assert parse_body(head.body) == head


def test_the_key_of_another_log_signs_nothing_here() -> None:
    stranger = SigningKey(ORIGIN, NOTE, b"\x09" * 32)
    raw = sign_note(HEAD.body, [stranger], NOW).raw
    with pytest.raises(BadSignature, match="No key that we know has signed this") as refused:
        open_checkpoint(raw, KEYS)
    assert stranger.public.id.hex() in refused.value.sentence
    other = SigningKey("ledger.example.org/aid", NOTE, LOG_KEY.seed)
    with pytest.raises(BadSignature, match="was asked for"):
        open_checkpoint(raw, [other.public])
    forged = Note(HEAD.body, (Line(ORIGIN, LOG_KEY.public.id, stranger.sign(HEAD.body, NOW)),))
    with pytest.raises(BadSignature, match="does not hold over this text"):
        open_checkpoint(forged.raw, KEYS)


def test_a_witness_alone_proves_nothing() -> None:
    raw = sign_note(HEAD.body, [WITNESS_KEY], NOW).raw
    with pytest.raises(BadSignature, match="has not signed this head"):
        open_checkpoint(raw, KEYS)
    under_its_name = SigningKey(ORIGIN, COSIGNATURE, b"\x02" * 32)
    raw = sign_note(HEAD.body, [under_its_name], NOW).raw
    with pytest.raises(BadSignature, match="has not signed this head"):
        open_checkpoint(raw, [under_its_name.public])
    another = SigningKey("ledger.example.org/aid", NOTE, b"\x05" * 32)
    raw = sign_note(HEAD.body, [another], NOW).raw
    with pytest.raises(BadSignature, match="has not signed this head"):
        open_checkpoint(raw, [LOG_KEY.public, another.public])


def test_one_bad_line_of_a_known_key_spoils_the_note() -> None:
    note = parse_note(signed(HEAD.body))
    bad = Line(WITNESS_KEY.name, WITNESS_KEY.public.id, bytes(72))
    with pytest.raises(BadSignature, match="does not hold"):
        verify_note(Note(note.text, (*note.lines, bad)), KEYS)
    assert verify_note(Note(note.text, (*note.lines, bad)), [LOG_KEY.public])


def test_lines_are_counted_and_notes_are_measured() -> None:
    line = str(Line("stranger.example.org", b"abcd", b"e")).encode()
    raw = signed(HEAD.body)
    assert open_checkpoint(raw + line * 98, KEYS).raw == raw + line * 98
    with pytest.raises(Malformed, match="more than 100 signature lines"):
        open_checkpoint(raw + line * 99, KEYS)
    with pytest.raises(Malformed, match="too long to be one"):
        open_checkpoint(raw + b"x" * 100_000, KEYS)
    with pytest.raises(Malformed, match="too long to be one"):
        parse_note(b"x" * 1_000_001)


@pytest.mark.parametrize("sign", ["\r", "\t", "\0", "\x1b", "\x7f"])
def test_a_note_holds_no_control_character(sign: str) -> None:
    with pytest.raises(Malformed, match="control character"):
        parse_note(signed(f"a{sign}b\n"))


def test_a_text_may_have_empty_lines_and_the_last_one_parts_it_from_the_names() -> None:
    note = parse_note(signed("first\n\n— a line that looks like one\n\nlast\n"))
    assert note.text == "first\n\n— a line that looks like one\n\nlast\n"
    assert len(verify_note(note, KEYS)) == 2


def test_a_newer_line_of_a_key_takes_the_place_of_the_older() -> None:
    note = parse_note(signed(HEAD.body))
    later = note.with_lines([sign_line(HEAD.body, WITNESS_KEY, NOW + 60)])
    assert [line.name for line in later.lines] == [LOG_KEY.name, WITNESS_KEY.name]
    assert open_checkpoint(later.raw, KEYS).cosigned_at_s == NOW + 60


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "QQ===", "QQ==\n", " QQ==", "Q-==", "", "é"])
def test_base64_has_one_form(text: str) -> None:
    if not text:
        assert decode_base64(text) == b""
        return
    with pytest.raises(Malformed, match="not canonical base64"):
        decode_base64(text)


@pytest.mark.parametrize("kind", [0x00, 0x02, 0x03, 0x05, 0x07, 0xFF])
def test_kinds_of_key_that_nobody_assigned_are_refused(kind: int) -> None:
    encoded = base64.b64encode(bytes([kind]) + LOG_KEY.public.public).decode()
    with pytest.raises(Malformed, match="kind of key is not known"):
        parse_vkey(f"{ORIGIN}+00000000+{encoded}")


def test_a_log_that_goes_back_or_forks_shows_both_heads() -> None:
    behind, beside = Checkpoint(ORIGIN, 2, ROOT), Checkpoint(ORIGIN, 3, bytes(32))
    for new, sentence in ((behind, "has gone back"), (beside, "has forked")):
        with pytest.raises(Diverged, match=sentence) as refused:
            refuse_other_history(HEAD, new)
        for head in (HEAD, new):
            assert f"{head.size} entries, root {head.root.hex()}" in refused.value.sentence
    with pytest.raises(Diverged, match="two logs"):
        refuse_other_history(HEAD, Checkpoint("ledger.example.org/aid", 4, ROOT))
    refuse_other_history(None, HEAD)
    refuse_other_history(HEAD, HEAD)
    refuse_other_history(HEAD, Checkpoint(ORIGIN, 4, bytes(32)))


def test_the_kept_head_only_moves_forward(sample_log: Callable[[int], SampleLog]) -> None:
    log = sample_log(3)
    kept = log.kept.read()
    for head in (Checkpoint(ORIGIN, 2, ROOT), Checkpoint(ORIGIN, 3, ROOT)):
        with log.kept.held(), pytest.raises(Diverged):
            log.kept.swap(kept, signed(head.body))
    with log.kept.held(), pytest.raises(WillNotSign, match="in the meantime"):
        log.kept.swap(b"something else", signed(Checkpoint(ORIGIN, 4, ROOT).body))
    assert log.kept.read() == kept == log.storage.read(CHECKPOINT, 100_000)
