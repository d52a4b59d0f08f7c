"""Which numbers in a free text are figures, and what the title calls the days."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from honghui.disclosure import rules, saying
from honghui.record.measures import Measure
from honghui.record.statements import Figure

OF = Measure(held=True, societies=("330600",))
FIGURES = (
    Figure(name="cny.held", measure=OF, value=30_000_000, unit="fen"),
    Figure(name="cny.gifts", measure=OF, value=7, unit="steps"),
)


@pytest.mark.parametrize(
    "text",
    [
        "", "收到 300,000.00 元。", "收到300000元。", "收到 30 万元，7 笔。",
        "收到３００，０００元。",
        "截至 2020 年 6 月 24 日 9 时，2020-06-24 09:00，第 370 期，第 48,211 号记录。",
        "6 月 8–10 日收到。", "From 1 June to 24 June 2020, and on June 12, 2020: 300,000.00 yuan.",
        "Issue 370, record 48,211; 7 gifts in June 2020.",
    ],
)  # fmt: skip
def test_figures_of_the_table_and_days_may_be_quoted(text: str) -> None:
    assert rules.unknown_numbers(text, FIGURES) == []


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("收到 300,000.01 元。", ["300,000.01 元"]), ("收到 7 元。", ["7 元"]),
        ("收到 3 亿元。", ["3 亿元"]), ("帮助 8 户。", ["8"]), ("收到三十万元。", ["三十万"]),
        ("一共 370 份。", ["370"]), ("Helped 12 people.", ["12"]),
    ],
)  # fmt: skip
def test_any_other_number_is_named(text: str, unknown: list[str]) -> None:
    assert rules.unknown_numbers(text, FIGURES) == unknown


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        ((2020, 6, 1), (2020, 6, 30), "2020年6月", "June 2020"),
        ((2019, 12, 1), (2019, 12, 31), "2019年12月", "December 2019"),
        ((2020, 2, 1), (2020, 2, 28), "2020年2月1日至28日", "1–28 February 2020"),
        ((2020, 6, 1), (2020, 6, 1), "2020年6月1日", "1 June 2020"),
        ((2019, 12, 31), (2020, 6, 24), "2019年12月31日至2020年6月24日",
         "31 December 2019 to 24 June 2020"),
    ],
)  # fmt: skip
def test_days_are_called_as_people_call_them(
    first: tuple[int, int, int], last: tuple[int, int, int], zh: str, en: str
) -> None:
    with translation.override("zh-hans"):
        assert saying.window_words(date(*first), date(*last)) == zh
    with translation.override("en"):
        assert saying.window_words(date(*first), date(*last)) == en
