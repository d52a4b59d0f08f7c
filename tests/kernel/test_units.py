from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honghui.kernel.errors import Invalid
from honghui.kernel.units import UNITS, Quantity, format_scaled, unit

VALUES = st.integers(-(10**18), 10**18)


def test_every_unit_has_a_word_in_both_languages_and_a_smallest_unit_of_its_kind() -> None:
    for code, each in UNITS.items():
        assert each.code == code
        assert all((each.name_zh, each.name_en, each.plural_en))
        assert UNITS[each.base].kind == each.kind
        assert UNITS[each.base].factor == 1


def test_units_shown_in_another_show_whole_decimals() -> None:
    for each in UNITS.values():
        if each.shown_in:
            shown = UNITS[each.shown_in]
            assert shown.base == each.base
            ratio = str(shown.factor // each.factor)
            assert ratio == "1" + "0" * (len(ratio) - 1)


def test_an_unknown_unit_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        unit("crate")
    assert refused.value.code == "units.unknown"
    assert "crate" in str(refused.value)


def test_boxes_and_bags_are_not_added() -> None:
    with pytest.raises(Invalid) as refused:
        Quantity(3, unit("box")) + Quantity(3, unit("bag"))
    assert refused.value.code == "units.mixed"
    assert "箱 (boxes)" in str(refused.value)


def test_people_and_visits_are_not_compared() -> None:
    with pytest.raises(Invalid):
        _ = Quantity(3, unit("person")) < Quantity(4, unit("person_time"))


@pytest.mark.parametrize("value", [True, 1.0, "1", Decimal(1), None])
def test_a_quantity_is_a_whole_number(value: object) -> None:
    with pytest.raises(Invalid) as refused:
        Quantity(value, unit("box"))  # type: ignore[arg-type]
    assert refused.value.code == "units.not_whole"


def test_a_bare_number_is_not_a_quantity() -> None:
    with pytest.raises(TypeError):
        Quantity(1, unit("box")) + 1  # type: ignore[operator]


def test_kilograms_turn_into_grams_and_back_only_exactly() -> None:
    two = Quantity(2, unit("kilogram"))
    assert two.converted(unit("gram")) == Quantity(2000, unit("gram"))
    assert Quantity(2000, unit("gram")).converted(unit("kilogram")) == two
    with pytest.raises(Invalid) as refused:
        Quantity(2001, unit("gram")).converted(unit("kilogram"))
    assert refused.value.code == "units.not_exact"
    with pytest.raises(Invalid) as mixed:
        two.converted(unit("litre"))
    assert mixed.value.code == "units.mixed"


@pytest.mark.parametrize(
    ("value", "code", "chinese", "english"),
    [
        (1, "person", "1人", "1 person"),
        (2400, "person", "2,400人", "2,400 people"),
        (0, "society", "0家", "0 societies"),
        (1234, "fen", "12.34元", "12.34 yuan"),
        (-5, "fen", "\u22120.05元", "\u22120.05 yuan"),
        (3, "hour", "3小时", "3 hours"),
    ],
)
def test_a_quantity_reads_in_both_languages(
    value: int, code: str, chinese: str, english: str
) -> None:
    assert Quantity(value, unit(code)).text("zh-hans") == chinese
    assert Quantity(value, unit(code)).text("en") == english


@given(VALUES, VALUES)
def test_sums_and_differences_undo_each_other(one: int, other: int) -> None:
    first, second = Quantity(one, unit("piece")), Quantity(other, unit("piece"))
    assert first + second - second == first
    assert first - second == -(second - first)
    assert (first < second) == (one < other)
    assert (first >= second) == (one >= other)


@given(VALUES, st.integers(0, 6))
def test_a_scaled_number_keeps_every_digit(value: int, decimals: int) -> None:
    shown = format_scaled(value, decimals).replace(",", "").replace("\u2212", "-")
    assert Decimal(shown) * 10**decimals == value
