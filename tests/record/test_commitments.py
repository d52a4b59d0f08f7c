"""Salted hashes, pseudonyms, small numbers: what they show, and what nobody finds out."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from itertools import product

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from honghui.record.commitments import (
    OPENING_BYTES_MAX,
    commit,
    open_text,
    pseudonym,
    public_count,
    public_place,
    request_hash,
)
from honghui.record.errors import BadOpening
from honghui.record.values import Count, Qualifier

SALT = bytes(range(32))
SECRET, OTHER_SECRET = b"s" * 32, b"t" * 32
NAME = "爱心人士"


def told_by_hand(salt: bytes, text: str) -> str:
    """The hash, from its description alone."""
    parts = [b"honghui text 1", salt, text.encode()]
    return hashlib.sha256(b"".join(len(p).to_bytes(8, "big") + p for p in parts)).hexdigest()


def test_the_hash_is_the_one_that_is_described() -> None:
    one = commit(NAME, SALT)
    assert one.hash == told_by_hand(SALT, NAME)
    assert json.loads(one.opening) == {"salt": SALT.hex(), "text": NAME}
    assert open_text(one.hash, one.opening) == NAME


def test_a_hash_of_today_is_one_for_ever() -> None:
    """The record stands for ever, so its opening must."""
    hash_ = "98bae83dec95cb8acd32855379357468ae175b6b926926e45586beab396683bc"
    salt = b"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    opening = b'{"salt":"%s","text":"%s"}' % (salt, NAME.encode())
    assert open_text(hash_, opening) == NAME


@given(st.text(max_size=200))
def test_any_text_is_opened_as_it_was_given_in_nfc(text: str) -> None:
    one = commit(text)
    assert open_text(one.hash, one.opening) == unicodedata.normalize("NFC", text)
    assert rfc8785.dumps(json.loads(one.opening)) == one.opening


def test_one_name_twice_is_two_hashes() -> None:
    hashes = {commit(NAME).hash for _ in range(100)}
    assert len(hashes) == 100


def test_two_spellings_of_a_letter_are_one_text() -> None:
    assert commit("Zoe\u0308", SALT) == commit("Zo\u00eb", SALT)


@pytest.mark.parametrize("salt", [b"", b"short", bytes(31), bytes(33)])
def test_a_salt_of_another_length_is_refused(salt: bytes) -> None:
    with pytest.raises(BadOpening):
        commit(NAME, salt)


@pytest.mark.parametrize("text", ["\ud800", "x" * OPENING_BYTES_MAX, "\0" * 20_000])
def test_what_no_side_file_can_hold_is_not_committed_to(text: str) -> None:
    with pytest.raises(BadOpening):
        commit(text)


def test_the_longest_text_is_opened() -> None:
    room = OPENING_BYTES_MAX - len(commit("").opening)
    one = commit("x" * room)
    assert len(one.opening) == OPENING_BYTES_MAX
    assert open_text(one.hash, one.opening) == "x" * room
    with pytest.raises(BadOpening):
        commit("x" * (room + 1))


ONE = commit(NAME, SALT)
WRONG_OPENINGS = {
    "nothing": b"",
    "no JSON": b"salt",
    "a list": b"[]",
    "null": b"null",
    "another text": ONE.opening.replace(NAME.encode(), "他人".encode()),
    "another salt": ONE.opening.replace(b'"salt":"00', b'"salt":"01'),
    "a salt in capitals": ONE.opening.replace(SALT.hex().encode(), SALT.hex().upper().encode()),
    "a short salt": ONE.opening.replace(b'"salt":"00', b'"salt":"'),
    "a long salt": ONE.opening.replace(b'"salt":"00', b'"salt":"0000'),
    "a salt with a line end": ONE.opening.replace(b'","text"', b'\\n","text"'),
    "a salt of no digits": ONE.opening.replace(b'"salt":"00', b'"salt":"zz'),
    "no salt": '{"text":"爱心人士"}'.encode(),
    "no text": b'{"salt":"%s"}' % SALT.hex().encode(),
    "text null": b'{"salt":"%s","text":null}' % SALT.hex().encode(),
    "a field too many": ONE.opening.replace(b"}", b',"z":1}'),
    "a text twice": ONE.opening.replace(b'"text"', b'"text":"","text"'),
    "another order": b'{"text":"%s","salt":"%s"}' % (NAME.encode(), SALT.hex().encode()),
    "a blank": ONE.opening.replace(b":", b": ", 1),
    "a line end": ONE.opening + b"\n",
    "escapes": ONE.opening.replace("爱".encode(), b"\\u7231"),
    "a byte order mark": b"\xef\xbb\xbf" + ONE.opening,
    "half a character": ONE.opening.replace(NAME.encode(), b"\\ud800"),
    "no UTF-8": ONE.opening.replace(NAME.encode(), b"\xff"),
    "deep brackets": b'{"text":' + b"[" * 60_000,
    "too long": ONE.opening + b" " * OPENING_BYTES_MAX,
}


@pytest.mark.parametrize("what", WRONG_OPENINGS)
def test_what_is_not_the_opening_opens_nothing(what: str) -> None:
    assert WRONG_OPENINGS[what] != ONE.opening
    with pytest.raises(BadOpening):
        open_text(ONE.hash, WRONG_OPENINGS[what])


def test_a_text_that_is_not_in_nfc_is_refused_even_under_its_own_hash() -> None:
    text = "Zoe\u0308"
    opening = b'{"salt":"%s","text":"%s"}' % (SALT.hex().encode(), text.encode())
    with pytest.raises(BadOpening, match="spelling"):
        open_text(told_by_hand(SALT, text), opening)


@pytest.mark.parametrize(
    "hash_", ["", "0" * 64, ONE.hash.upper(), ONE.hash[:-1], ONE.hash + "\n", "é" * 64]
)
def test_an_opening_opens_no_other_hash(hash_: str) -> None:
    with pytest.raises(BadOpening):
        open_text(hash_, ONE.opening)


# ── without the salt ─────────────────────────────────────────────────────────────────────────

# Everybody's names are few; those of givers here, 1,200 (made up from parts).
DICTIONARY = [
    "".join(parts)
    for parts in product(
        "赵钱孙李周吴郑王冯陈", "志秀建国玉海明丽", "强英军梅华芳伟红宁安平波杰云林"
    )
]
GIVER = DICTIONARY[777]


def guess(hash_: str, hashes_of: object) -> str | None:
    """Who is behind a hash, by trying everybody."""
    return next((name for name in DICTIONARY if hash_ in hashes_of(name)), None)  # type: ignore[operator]


def test_a_hash_without_a_salt_is_found_by_trying_all_names() -> None:
    def unsalted(name: str) -> set[str]:
        return {hashlib.sha256(name.encode()).hexdigest()}

    assert len(DICTIONARY) == len(set(DICTIONARY)) == 1_200
    assert guess(hashlib.sha256(GIVER.encode()).hexdigest(), unsalted) == GIVER


def test_a_salted_hash_is_not_found_by_trying_all_names_once_its_salt_is_destroyed() -> None:
    """Whoever knows the recipe, all names and the openings of others still finds nobody."""
    secret = commit(GIVER)
    others = [commit(name) for name in DICTIONARY[:50]]
    salts = [bytes(32), SALT, *(bytes.fromhex(json.loads(o.opening)["salt"]) for o in others)]

    def every_way(name: str) -> set[str]:
        plain = {hashlib.sha256(name.encode()).hexdigest(), told_by_hand(b"", name)}
        return plain | {told_by_hand(salt, name) for salt in salts}

    assert guess(others[3].hash, every_way) == DICTIONARY[3]
    assert guess(secret.hash, every_way) is None
    # With its salt, which the person concerned may keep, it is found at once.
    assert open_text(secret.hash, secret.opening) == GIVER


# ── keyed ────────────────────────────────────────────────────────────────────────────────────


def test_a_pseudonym_is_the_same_for_one_person_in_one_society_only() -> None:
    one = pseudonym(SECRET, "p1", "330600")
    assert re.fullmatch("[0-9a-f]{32}", one)
    assert pseudonym(SECRET, "p1", "330600") == one
    others = {
        pseudonym(SECRET, "p2", "330600"),
        pseudonym(SECRET, "p1", "330681"),
        pseudonym(OTHER_SECRET, "p1", "330600"),
        pseudonym(SECRET, "330600", "p1"),
    }
    assert len(others) == 4 and one not in others


def test_where_one_part_ends_and_the_next_begins_is_hashed_too() -> None:
    assert pseudonym(SECRET, "1" + "p", "33060") != pseudonym(SECRET, "p", "330601")


def test_a_request_s_hash_is_for_one_key_and_for_nothing_else() -> None:
    one = request_hash(SECRET, "payment 1")
    assert re.fullmatch("[0-9a-f]{64}", one)
    assert request_hash(SECRET, "payment 1") == one
    assert request_hash(SECRET, "payment 2") != one != request_hash(OTHER_SECRET, "payment 1")
    assert pseudonym(SECRET, "", "payment 1") != one[:32] != pseudonym(SECRET, "payment 1", "")


@pytest.mark.parametrize("secret", [b"", b"short", bytes(31)])
def test_a_short_secret_is_none(secret: bytes) -> None:
    with pytest.raises(ValueError, match="32"):
        pseudonym(secret, "p1", "330600")
    with pytest.raises(ValueError, match="32"):
        request_hash(secret, "payment 1")


def test_pseudonyms_and_request_hashes_of_today_are_those_for_ever() -> None:
    assert pseudonym(SECRET, "p1", "330600") == "3ecb33bfbbaa265e44b646a38ab06d17"
    assert (
        request_hash(SECRET, "payment 1")
        == "62ac0c58e5e37eccfa59090db8ccb9439a4562781e3b8e1086522c3e973c9c67"
    )


# ── small numbers ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "qualifier", "told"),
    [
        (0, "exact", Count(value=10, qualifier="under")),
        (1, "exact", Count(value=10, qualifier="under")),
        (9, "exact", Count(value=10, qualifier="under")),
        (9, "about", Count(value=10, qualifier="under")),
        (9, "under", Count(value=10, qualifier="under")),
        (9, "over", Count(value=9, qualifier="over")),
        (10, "exact", Count(value=10)),
        (11, "about", Count(value=11, qualifier="about")),
        (30, "under", Count(value=30, qualifier="under")),
    ],
)
def test_a_small_number_of_people_is_never_exact(
    value: int, qualifier: Qualifier, told: Count
) -> None:
    assert public_count(value, qualifier, 10) == told


@settings(max_examples=300)
@given(
    st.integers(0, 3000), st.sampled_from(["exact", "about", "over", "under"]), st.integers(1, 1000)
)
def test_what_is_told_is_true_and_never_small_and_exact(
    value: int, qualifier: Qualifier, count_min: int
) -> None:
    told = public_count(value, qualifier, count_min)
    assert told.qualifier != "exact" or told.value >= count_min
    if qualifier == "exact":
        assert told.value == value if told.qualifier == "exact" else value < told.value
    if told.qualifier == "under":
        assert told.value >= value and qualifier != "over"


PATH = (("wh-330681-1", 2), ("330681", 9), ("330600", 10), ("330000", 4_000))


@pytest.mark.parametrize(
    ("count_min", "place"),
    [(1, "wh-330681-1"), (2, "wh-330681-1"), (3, "330681"), (9, "330681"), (10, "330600"),
     (11, "330000"), (4_000, "330000"), (4_001, "330000")],
)  # fmt: skip
def test_a_place_is_told_no_finer_than_its_people_allow(count_min: int, place: str) -> None:
    assert public_place(PATH, count_min) == place


def test_a_place_without_a_path_is_none() -> None:
    with pytest.raises(ValueError, match="place"):
        public_place((), 10)
