"""The decoder and the side files meet what nobody chose: valid input with something changed."""

from __future__ import annotations

import importlib.util
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honghui.record.errors import BadRecord
from honghui.record.schemas import decode, encode
from tests.fuzzing import changed, check_by_coverage
from tests.record.fuzzing import TARGETS, corpus, try_parser

# So many seeds, and so many changed records from each.
SEEDS, RECORDS = 200, 250
FIELD = re.compile(rb'"\w+":(?:"[^"]*"|\d+)')
# What a reader of JSON trips over, beside single bytes.
PIECES = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u0000", b"\\ud800", b"\\u0061", b" ",
    b"\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"0", b"-0", b"1.0", b"1e3", b"1e400",
    b"NaN", b"null", b"true", b"false", b"9007199254740992", b"9" * 400, b"[" * 300, b'{"a":' * 300,
    b'"schema":"unit/1"', b'"part":1', b'"text":null', b'"id":""', b"/2", b"A", b"-", "绍".encode(),
]  # fmt: skip


def flip(chance: random.Random, data: bytes, _all: list[bytes]) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def splice(chance: random.Random, data: bytes, everything: list[bytes]) -> bytes:
    """The beginning of one record and the end of another."""
    other = chance.choice(everything)
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def truncate(chance: random.Random, data: bytes, _all: list[bytes]) -> bytes:
    first, past = sorted(chance.sample(range(len(data) + 1), 2))
    return data[:first] + data[past:]


def duplicate(chance: random.Random, data: bytes, _all: list[bytes]) -> bytes:
    first, past = sorted(chance.sample(range(len(data) + 1), 2))
    return data[:past] + data[first:past] + data[past:]


def insert(chance: random.Random, data: bytes, _all: list[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(PIECES) + data[at:]


def swap_fields(chance: random.Random, data: bytes, everything: list[bytes]) -> bytes:
    """A field's bytes from one record where another's were: often JSON, seldom a record."""
    mine, theirs = FIELD.findall(data), FIELD.findall(chance.choice(everything))
    return data.replace(chance.choice(mine), chance.choice(theirs), 1)


def retype_digit(chance: random.Random, data: bytes, _all: list[bytes]) -> bytes:
    """Another digit for one: it often stays a record."""
    at = chance.choice([at for at, one in enumerate(data) if 48 <= one <= 57] or [0])
    return data[:at] + str(chance.randrange(10)).encode() + data[at + 1 :]


def usable(data: bytes) -> bool:
    """Something is left to change."""
    return bool(FIELD.search(data))


CHANGES = [flip, splice, truncate, duplicate, insert, swap_fields, retype_digit]


@pytest.mark.parametrize("name", TARGETS)
def test_the_examples_themselves_are_taken(name: str) -> None:
    assert all(try_parser(name, data) for data in corpus(name))


def test_a_changed_record_is_written_back_the_same_or_refused_by_name() -> None:
    """Each seed gives so many changed records; hypothesis chooses the seeds, and finds the
    smallest where one fails."""
    everything = corpus("record")
    seen: Counter[str] = Counter()

    @settings(max_examples=SEEDS, deadline=None)
    @given(st.integers(0, 2**64 - 1))
    def attempt(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(RECORDS):
            data = chance.choice(everything)
            for _ in range(chance.choice([1, 1, 1, 2, 4])):
                if not usable(data):
                    break
                data = chance.choice(CHANGES)(chance, data, everything)
            try:
                assert encode(decode(data)) == data
                seen["taken"] += 1
            except BadRecord as error:
                seen[error.rule] += 1

    attempt()
    assert sum(seen.values()) >= SEEDS * RECORDS >= 20_000
    # It would prove nothing if every change broke the JSON.
    assert len(seen) >= 9 and seen["taken"] > 500, seen


@pytest.mark.parametrize("name", TARGETS)
def test_a_change_that_hypothesis_chose_is_refused_by_name(name: str) -> None:
    @settings(max_examples=500, deadline=None)
    @given(changed(corpus(name), PIECES))
    def attempt(data: bytes) -> None:
        try_parser(name, data)

    attempt()


@pytest.mark.parametrize("name", TARGETS)
def test_noise_is_refused_by_name(name: str) -> None:
    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
    def attempt(data: bytes) -> None:
        assert not try_parser(name, data)

    attempt()


@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="atheris is not installed")
def test_a_fuzzer_led_by_coverage_finds_nothing(tmp_path: Path) -> None:
    check_by_coverage("record", tmp_path)
