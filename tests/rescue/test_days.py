"""The parser of days against what people write: never a wrong meaning, else a person reads it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bench.answers import corpus as answers
from bench.days import HELD_BACK_RIGHT_LEAST, TODAY, Said, corpus, outcome_of, outcomes
from honghui.messaging.rules.texts import VARIABLE_CHARACTERS_MAX, clean_variable
from honghui.rescue.rules.days import AHEAD_MAX, Heard, understand_days
from honghui.rescue.words.days import days_said


@pytest.mark.parametrize("said", corpus(), ids=lambda each: f"line{each.line}")
def test_nothing_is_taken_for_what_it_does_not_say(said: Said) -> None:
    assert outcome_of(said) in ("right", "person"), said.text


def test_what_it_was_developed_with_is_all_understood_and_most_of_the_rest() -> None:
    developed, held = outcomes("develop"), outcomes("held_back")
    assert sum(developed.values()) >= 100
    assert sum(held.values()) >= 50
    assert developed["right"] == sum(developed.values())
    assert held["right"] >= HELD_BACK_RIGHT_LEAST * sum(held.values())


@pytest.mark.parametrize("today", [date(2020, 6, 13), TODAY, date(2020, 6, 28)], ids=str)
def test_no_answer_to_a_call_out_speaks_of_days(today: date) -> None:
    """Words such as 备勤 say how it is now; whether they answer is told by who was asked."""
    found = [understand_days(each.text, today=today) for each in answers()]
    assert not any(each.names_days for each in found if each)
    assert {each.state for each in found if each} <= {"available"}


_WORDS = """
    这周末 下周 明天 25号 28号 三天 不在 请假 可以 备勤 不 没 吗 可能 如果 老王 到 起 取消 我
    , 的话 别
""".split()  # noqa: SIM905 (to be read)
_DOUBT = ("不请", "不可", "没", "吗", "可能", "如果", "老王", "取消", "的话", "别", "不备")


@given(st.lists(st.sampled_from(_WORDS), max_size=7).map("".join))
def test_a_doubt_in_the_text_leaves_it_to_a_person(text: str) -> None:
    heard = understand_days(text, today=TODAY)
    if heard is not None:
        assert not any(sign in text for sign in _DOUBT), text
        assert "不" not in text.replace("不在", ""), text


@given(st.text(max_size=120), st.dates(date(2019, 1, 1), date(2030, 12, 31)))
def test_whatever_comes_it_answers_and_speaks_of_days_to_come(text: str, today: date) -> None:
    heard = understand_days(text, today=today)
    if heard is not None and heard.until_on is not None:
        assert heard.until_on >= (heard.from_on or today) >= today


@given(st.dates(date(2020, 1, 1), date(2024, 12, 31)), st.integers(1, 150), st.integers(0, 60))
def test_dates_written_out_are_those_days(today: date, ahead: int, long: int) -> None:
    first = today + timedelta(days=ahead)
    last = first + timedelta(days=long)
    text = f"{first.month}月{first.day}日到{last.month}月{last.day}日请假"
    assume(last <= today + AHEAD_MAX)
    assert understand_days(text, today=today) == Heard("away", first, last, names_days=True)


def test_a_message_s_own_code_may_stand_in_it() -> None:
    heard = understand_days("4821 这周末不在", today=TODAY, code="4821")
    assert heard is not None and heard.from_on == date(2020, 6, 27)


def test_at_the_turn_of_the_year_and_of_the_month() -> None:
    new_year = understand_days("1月3日请假", today=date(2020, 12, 20))
    assert new_year is not None and new_year.from_on == date(2021, 1, 3)
    third = understand_days("3号请假", today=date(2020, 6, 28))
    assert third is not None and third.from_on == date(2020, 7, 3)
    assert understand_days("3号请假", today=date(2020, 6, 10)) is None
    assert understand_days("周末不在", today=date(2020, 6, 28)) == Heard(
        "away", None, date(2020, 6, 28), names_days=True
    )


def test_what_was_understood_is_said_back_within_a_variable_of_a_template() -> None:
    assert days_said(Heard("away", date(2020, 6, 25), date(2020, 6, 28)), "zh") == (
        "6月25日到6月28日不在"
    )
    assert days_said(Heard("available"), "zh") == "现在起可以出勤"
    assert days_said(Heard("available", date(2020, 6, 25)), "en") == "available from 25 June"
    assert days_said(Heard("away", None, date(2020, 6, 28)), "en") == "away until 28 June"
    for state in ("away", "available", "if_short"):
        longest = Heard(state, date(2020, 12, 25), date(2021, 2, 28))
        for language in ("zh", "en"):
            said = days_said(longest, language)
            assert clean_variable(said) == said and len(said) <= VARIABLE_CHARACTERS_MAX
