"""The parsers meet what nobody chose: valid input with something changed, and plain noise."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honghui.tlog.errors import Malformed
from honghui.tlog.signatures import parse_vkey
from tests.fuzzing import changed, check_by_coverage
from tests.tlog.fuzzing import TARGETS, corpus, try_parser

# What parsers trip over, beside single bytes.
PIECES = [
    b"\n", b"\n\n", b"\r\n", b"\0", b"\0\0", b"+", b"=", b" ", b"0", b"-", b"/", b"..", b"x",
    b"\xff", "— ".encode(), "٣".encode(), b"\xed\xa0\x80", b"\xef\xbb\xbf", b"A" * 300,
]  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_the_vectors_themselves_are_read_or_refused(name: str) -> None:
    assert sum(try_parser(name, data) for data in corpus(name)) > 0


@pytest.mark.parametrize("name", TARGETS)
def test_a_changed_one_is_read_back_the_same_or_refused_by_name(name: str) -> None:
    @settings(max_examples=300)
    @given(changed(corpus(name), PIECES))
    def attempt(data: bytes) -> None:
        try_parser(name, data)

    attempt()


@pytest.mark.parametrize("name", TARGETS)
def test_noise_is_refused_by_name(name: str) -> None:
    @settings(max_examples=100)
    @given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
    def attempt(data: bytes) -> None:
        try_parser(name, data)

    attempt()


def test_a_key_typed_in_another_encoding_is_refused() -> None:
    with pytest.raises(Malformed):
        parse_vkey("ledger\udcff+156a5b63+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c")


@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="atheris is not installed")
def test_a_fuzzer_led_by_coverage_finds_nothing(tmp_path: Path) -> None:
    check_by_coverage("tlog", tmp_path)
