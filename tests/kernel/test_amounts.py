from __future__ import annotations

from contextlib import suppress
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honghui.kernel.amounts import (
    AMOUNT_FEN_MAX,
    capitals,
    format_wan,
    format_yuan,
    parse_capitals,
    parse_yuan,
    split_yuan,
)
from honghui.kernel.errors import Invalid
from honghui.kernel.measures import Qualifier

AMOUNTS = st.integers(-AMOUNT_FEN_MAX, AMOUNT_FEN_MAX)
# Many zeros are where capital numerals go wrong; plain integers seldom have them.
SPARSE_AMOUNTS = st.text("00000123", min_size=1, max_size=15).map(int)


@pytest.mark.parametrize(
    ("typed", "amount_fen"),
    [
        ("0", 0),
        ("35.5", 3550),
        ("12,846,300.00", 1_284_630_000),
        ("12846300", 1_284_630_000),
        ("￥１，２００．０５", 120_005),
        (" ¥ 10 元 ", 1000),
        ("10元", 1000),
        ("88。80", 8880),
        ("007.50", 750),
        ("10,000,000,000,000.00", AMOUNT_FEN_MAX),
    ],
)
def test_an_amount_is_read_as_typed(typed: str, amount_fen: int) -> None:
    assert parse_yuan(typed) == amount_fen


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("  ¥ ", "empty"),
        ("-5", "negative"),
        ("¥-5", "negative"),
        ("+5", "negative"),
        ("－５", "negative"),
        ("1.234", "decimals"),
        ("1,23", "commas"),
        ("1234,567", "commas"),
        ("1284,6300", "commas"),
        (",123", "commas"),
        ("1e5", "exponent"),
        ("1.28463E+07", "exponent"),
        ("12万", "chinese"),
        ("一百", "chinese"),
        ("壹佰元整", "chinese"),
        ("10,000,000,000,000.01", "too_large"),
        ("9" * 60, "too_large"),
        ("9" * 65, "not_amount"),
        (".5", "not_amount"),
        ("5.", "not_amount"),
        ("12 34", "not_amount"),
        ("①", "not_amount"),
        ("٣", "not_amount"),
        ("nan", "not_amount"),
        ("1_000", "not_amount"),
        ("0x10", "not_amount"),
        ("1.2.3", "not_amount"),
        ("$5", "not_amount"),
        (12.5, "not_text"),
        (None, "not_text"),
    ],
)
def test_what_is_not_plainly_an_amount_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_yuan(typed, field="gift")
    assert refused.value.code == f"amounts.{reason}"
    assert refused.value.field == "gift"
    assert str(refused.value)


@pytest.mark.parametrize("typed", ["-5.00", "\u22125", "－５", "¥-5", "-¥5", "- 5"])
def test_a_negative_amount_is_read_only_where_allowed(typed: str) -> None:
    assert parse_yuan(typed, allow_negative=True) == -500


@pytest.mark.parametrize("typed", ["--5", "-¥-5", "5-", "(5)"])
def test_odd_signs_are_refused_even_where_negatives_are_allowed(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_yuan(typed, allow_negative=True)


@given(AMOUNTS)
def test_what_is_shown_reads_back(amount_fen: int) -> None:
    shown = format_yuan(amount_fen)
    assert parse_yuan(shown, allow_negative=True) == amount_fen
    assert ".".join(split_yuan(amount_fen)) == shown


@given(st.text(max_size=80))
def test_reading_an_amount_never_breaks(text: str) -> None:
    for read in (parse_yuan, parse_capitals):
        with suppress(Invalid):
            assert abs(read(text)) <= AMOUNT_FEN_MAX


def test_amounts_are_shown_with_commas_and_a_true_minus() -> None:
    assert format_yuan(1_284_630_000) == "12,846,300.00"
    assert format_yuan(-5) == "\u22120.05"
    assert split_yuan(-5) == ("\u22120", "05")


@pytest.mark.parametrize(
    ("amount_fen", "shown", "qualifier"),
    [
        (1_284_630_000, "1,284.63", Qualifier.EXACT),
        (1_284_635_000, "1,284.64", Qualifier.ABOUT),
        (1_284_625_000, "1,284.62", Qualifier.ABOUT),
        (1_284_625_001, "1,284.63", Qualifier.ABOUT),
        (-5_000, "0.00", Qualifier.ABOUT),
        (-15_000, "\u22120.02", Qualifier.ABOUT),
        (0, "0.00", Qualifier.EXACT),
    ],
)
def test_ten_thousands_are_rounded_half_to_even_and_say_so(
    amount_fen: int, shown: str, qualifier: Qualifier
) -> None:
    assert format_wan(amount_fen) == (shown, qualifier)


@given(AMOUNTS, st.integers(0, 6))
def test_ten_thousands_round_as_the_decimal_module_does(amount_fen: int, decimals: int) -> None:
    shown, qualifier = format_wan(amount_fen, decimals=decimals)
    exact = Decimal(amount_fen) / 10**6
    value = Decimal(shown.replace(",", "").replace("\u2212", "-"))
    assert value == exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    assert (qualifier is Qualifier.EXACT) == (value == exact)


@pytest.mark.parametrize(
    ("amount_fen", "written"),
    [
        # The examples of the rules themselves; where they allow two spellings, ours.
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (56, "伍角陆分"),
        (503, "伍元零叁分"),
        (1_000, "壹拾元整"),
        (100_005, "壹仟元零伍分"),
        (100_500, "壹仟零伍元整"),
        (123_456, "壹仟贰佰叁拾肆元伍角陆分"),
        (1_000_000, "壹万元整"),
        (1_000_100, "壹万零壹元整"),
        (10_000_000_000, "壹亿元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (10_000_100_000, "壹亿零壹仟元整"),
        (123_450_000_000_000, "壹万贰仟叁佰肆拾伍亿元整"),
        (100_000_000_000_000, "壹万亿元整"),
        (100_000_000_000_100, "壹万亿零壹元整"),
        (AMOUNT_FEN_MAX, "壹拾万亿元整"),
        (-123_456, "负壹仟贰佰叁拾肆元伍角陆分"),
    ],
)
def test_amounts_are_written_in_capitals(amount_fen: int, written: str) -> None:
    assert capitals(amount_fen) == written


@pytest.mark.parametrize(
    ("written", "amount_fen"),
    [
        ("人民币壹仟肆佰零玖元伍角", 140_950),
        ("人民币：壹仟陆佰捌拾元零叁角贰分", 168_032),
        ("壹拾万柒仟元零伍角叁分", 10_700_053),
        ("壹拾万零柒仟元伍角叁分", 10_700_053),
        ("貳萬圓正", 2_000_000),
        ("零元伍角整", 50),
        ("零元零伍分", 5),
        ("負壹億元整", -10_000_000_000),
        (" 壹佰 元整 ", 10_000),
    ],
)
def test_what_paper_writes_otherwise_is_read_too(written: str, amount_fen: int) -> None:
    assert parse_capitals(written) == amount_fen


@pytest.mark.parametrize(
    "written",
    [
        "",
        "元整",
        "壹佰伍元整",
        "壹佰零零伍元整",
        "拾伍元整",
        "壹万壹万元整",
        "壹仟",
        "壹元",
        "壹元伍分",
        "壹元零零伍分",
        "壹元壹分整",
        "一百元整",
        "壹拾贰佰元整",
        "负零元整",
        "壹佰万亿元整",
        "壹佰" * 40,
    ],
)
def test_what_nobody_may_write_is_not_read(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_capitals(written)
    assert refused.value.code == "amounts.not_capitals"


@given(AMOUNTS | SPARSE_AMOUNTS)
def test_capitals_read_back(amount_fen: int) -> None:
    written = capitals(amount_fen)
    assert parse_capitals(written) == amount_fen
    assert parse_capitals("人民币" + written.replace("整", "正")) == amount_fen
    assert "零零" not in written
    assert not (written.endswith("分") and "整" in written)


def test_more_than_the_limit_is_not_written_out() -> None:
    with pytest.raises(Invalid):
        capitals(AMOUNT_FEN_MAX + 1)
