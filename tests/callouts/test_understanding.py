"""The answer parser against what people type: nobody who comes is taken for one who does not."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.answers import HELD_BACK_RIGHT_LEAST, NOW, Answer, corpus, outcome_of, outcomes
from honghui.callouts.understanding import CHARACTERS_MAX, Meaning, understand
from honghui.callouts.understanding.numerals import number_of

ANSWERS = corpus()


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: f"line{each.line}")
def test_no_answer_is_taken_for_its_opposite_or_for_more_than_it_says(answer: Answer) -> None:
    assert outcome_of(answer) in ("right", "time", "person"), answer.text


def test_the_corpus_is_large_and_a_third_of_it_is_held_back() -> None:
    assert sum(each.part == "develop" for each in ANSWERS) >= 200
    assert sum(each.part == "held_back" for each in ANSWERS) >= 100


def test_what_it_was_developed_with_is_all_understood_and_most_of_the_rest() -> None:
    developed, held = outcomes("develop"), outcomes("held_back")
    assert developed["right"] == sum(developed.values())
    assert held["right"] >= HELD_BACK_RIGHT_LEAST * sum(held.values())


@given(st.text(max_size=200))
def test_whatever_comes_it_answers_and_never_fails(text: str) -> None:
    understood = understand(text, now=NOW)
    assert understood.at is None or understood.at >= NOW
    assert (understood.at is None) == (understood.eta_minutes is None)


_WORDS = """
    去 不 没 来 能 可以 吗 我 了 30分钟 一定 是 想 说 行 老王 就 如果 不去 去不了 到 人不够 再 叫我
    好的 ，
""".split()  # noqa: SIM905 (to be read)


@given(st.lists(st.sampled_from(_WORDS), max_size=8).map("".join))
def test_a_text_with_a_no_in_it_is_hardly_ever_a_coming(text: str) -> None:
    """A no may stand in what is a coming (不能不去, 30分钟到不了,要1小时), but only in words known
    as such; shuffled words must not find a way around."""
    understood = understand(text, now=NOW)
    if understood.meaning is Meaning.COMING and any(sign in text for sign in "不没"):
        rest = text
        for known in (
            "不能不去",
            "不能不来",
            "30分钟去不了",
            "30分钟不",
            "30分钟来不了",
            "30分钟到不了",
        ):
            rest = rest.replace(known, "")
        others = understood.speaks_for_others
        assert others or not any(sign in rest for sign in "不没"), text


@given(st.integers(0, 999))
def test_numerals_are_read_as_they_are_said(number: int) -> None:
    assert number_of(_said(number)) == number


def _said(number: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{digits[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones or not number else "")


def test_a_time_of_the_day_is_the_next_one_that_comes() -> None:
    assert understand("9点到", now=NOW).at == NOW.replace(hour=9, minute=0)
    evening = NOW.replace(hour=22, minute=30)
    assert understand("去 6:30", now=evening).at == NOW.replace(hour=6, minute=30) + timedelta(
        days=1
    )
    assert understand("1点到", now=evening).at == NOW.replace(hour=1, minute=0) + timedelta(days=1)


def test_a_message_s_own_code_is_no_number_of_minutes() -> None:
    read = understand("去 30 4821", now=NOW, codes=["4821"])
    assert (read.meaning, read.eta_minutes, read.code) == (Meaning.COMING, 30, "4821")
    assert understand("4821去30", now=NOW, codes=["4821"]).eta_minutes == 30
    assert understand("4821", now=NOW, codes=["4821"]).meaning is Meaning.UNCLEAR
    assert understand("4821 不行", now=NOW, codes=["4821"]).meaning is Meaning.DECLINED


def test_a_coming_that_asks_or_speaks_for_others_counts_and_is_read_by_a_person() -> None:
    asks = understand("去,30分钟\n在哪集合?", now=NOW)
    assert (asks.meaning, asks.asks, asks.needs_a_person) == (Meaning.COMING, True, True)
    both = understand("我和老王都去", now=NOW)
    assert (both.meaning, both.speaks_for_others, both.needs_a_person) == (
        Meaning.COMING, True, True,
    )  # fmt: skip


def test_a_very_long_text_costs_no_more_than_a_long_one() -> None:
    began = datetime.now()
    understand("不" * 1_000_000, now=NOW)
    understand("30分钟到" * 100_000, now=NOW)
    assert datetime.now() - began < timedelta(seconds=2)
    assert CHARACTERS_MAX <= 500


@pytest.mark.parametrize(
    "text", ["qu" + "1" * 400 + "z", "fenzhong" * 60 + "z", "1 " * 200 + "y!x"]
)
def test_no_text_is_read_in_so_many_ways_that_the_worker_stands_still(text: str) -> None:
    code = f"from honghui.callouts.understanding import normalising as n; n.normalised({text!r})"
    # In a process of its own: a pattern that goes astray cannot be stopped from within.
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)
