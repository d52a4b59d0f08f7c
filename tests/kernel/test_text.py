from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from honghui.kernel.errors import Invalid
from honghui.kernel.text import (
    READINGS_MAX,
    clean_line,
    clean_text,
    fold_digits,
    pinyin_tokens,
    query_tokens,
    search_tokens,
    sort_key,
    tsquery_text,
    tsvector_text,
)

# Everything, the forbidden included: surrogates, controls, and plenty of Chinese.
ANYTHING = st.text(
    st.characters() | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.just("\u202e"),
    max_size=40,
)
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=12)
HOSTILE = st.text("'\\\"():*&|!<>- \x00\ud800a张")


def line(text: str, limit: int = 100) -> str:
    return clean_line(text, limit=limit, field="name")


def refusal(text: str) -> str:
    with pytest.raises(Invalid) as refused:
        line(text)
    assert refused.value.field == "name"
    assert str(refused.value)
    return refused.value.code


def found(query: str, text: str) -> bool:
    """Whether PostgreSQL would find text by query: all tokens, the ASCII ones as prefixes."""
    stored = {*search_tokens(text), *pinyin_tokens(text)}
    asked = query_tokens(query)
    return bool(asked) and all(
        any(token.startswith(each) for token in stored) if each.isascii() else each in stored
        for each in asked
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  张\u3000 伟 ", "张 伟"),
        ("第一行\r\n第二行\t尾", "第一行 第二行 尾"),
        ("a\x0bb", "a b"),
        ("\ufeff李\u200b明\u200e", "李明"),
        ("李\u200d明", "李明"),
        ("cafe\u0301", "café"),
        ("\uf9b4", "領"),
        ("䶮𬭎𰻞\U00031350", "䶮𬭎𰻞\U00031350"),
        ("葛󠄀", "葛󠄀"),
        ("\u3000\n", ""),
    ],
)
def test_a_line_is_kept_clean(typed: str, kept: str) -> None:
    assert line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a\x00b", "text.control"),
        ("a\x1bb", "text.control"),
        ("a\x1cb", "text.control"),
        ("a\x9fb", "text.control"),
        ("abc\u202etxt.exe", "text.direction"),
        ("a\u2066b", "text.direction"),
        ("a\ud842b", "text.surrogate"),
        ("\ue863", "text.private"),
        ("a\ufffdb", "text.damaged"),
        ("a\uffffb", "text.damaged"),
        ("a\U000e0041b", "text.damaged"),
        ("长" * 101, "text.too_long"),
        (" " * 10_000, "text.too_long"),
    ],
)
def test_troublemakers_are_refused_by_name(typed: str, code: str) -> None:
    assert refusal(typed) == code


def test_several_lines_keep_their_lines_and_their_emoji() -> None:
    typed = " 一\u3000行 \r\n\n\n\n二\u2028三👩\u200d🚒\x0b\n"
    assert clean_text(typed, limit=50, field="story") == "一 行\n\n二\n三👩\u200d🚒"
    with pytest.raises(Invalid):
        clean_text("一\u202e", limit=50, field="story")


@given(ANYTHING)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    for clean in (clean_line, clean_text):
        try:
            kept = clean(text, limit=60, field="name")
        except Invalid:
            continue
        assert clean(kept, limit=60, field="name") == kept
        kept.encode()
        assert "\x00" not in kept


def test_full_width_becomes_ascii_but_circled_digits_do_not() -> None:
    assert fold_digits("（０５７１）８５０５—１２３４Ｘ\u3000①²") == "(0571)8505-1234X ①²"


def test_text_is_cut_into_words_characters_and_pairs() -> None:
    assert search_tokens("张伟KN95口罩，６月") == [
        "张",
        "伟",
        "张伟",
        "kn95",
        "口",
        "罩",
        "口罩",
        "6",
        "月",
    ]


def test_pinyin_is_kept_in_full_by_syllable_and_as_initials() -> None:
    assert set(pinyin_tokens("张伟")) == {"zhangwei", "zhang", "wei", "zw"}


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("单雄信", "shanxiongxin"),
        ("曾国强", "zengguoqiang"),
        ("解小红", "xiexiaohong"),
        ("仇明", "qiuming"),
        ("乐嘉", "yuejia"),
        ("查明", "zhaming"),
        ("盖明", "geming"),
        ("区明", "ouming"),
        ("朴明", "piaoming"),
        ("缪明", "miaoming"),
        ("翟明", "zhaiming"),
        ("尉迟明", "yuchiming"),
        ("万俟明", "moqiming"),
        ("吕布", "lvbu"),
        ("吕布", "lubu"),
        ("吕布", "lyubu"),
        ("䶮𬭎", "yanhong"),
        ("丽水", "lishui"),
        ("台州市", "taizhoushi"),
        ("天台", "tiantai"),
        ("乐清", "yueqing"),
        ("嵊州", "shengzhou"),
        ("鄞州", "yinzhou"),
        ("缙云", "jinyun"),
        ("莲都", "liandu"),
        ("长兴", "changxing"),
        ("衢州", "quzhou"),
        ("浙江省台州市天台县", "zhejiangshengtaizhoushitiantaixian"),
    ],
)
def test_names_and_places_are_found_by_the_reading_people_use(name: str, full: str) -> None:
    assert full in pinyin_tokens(name)


@pytest.mark.parametrize(
    "query",
    ["张伟", "张", "伟", "zw", "ｚｗ", "zhangw", "ZhangWei", "zhang wei", "zhāng wěi", "张w"],
)
def test_a_person_is_found_however_the_name_is_typed(query: str) -> None:
    assert found(query, "志愿者 张伟")
    assert not found(query, "李明")


@pytest.mark.parametrize(
    "query", ["绍兴", "sx", "shaox", "hongshizi", "hszh", "绍兴 hui", "红十字会"]
)
def test_a_society_is_found_by_any_part_of_its_name(query: str) -> None:
    assert found(query, "绍兴市红十字会")


@pytest.mark.parametrize("query", ["lü", "lǜ", "lv", "lu"])
def test_u_with_dots_is_found_as_people_type_it(query: str) -> None:
    assert found(query, "吕")


@given(HAN)
def test_whatever_is_stored_is_found_by_itself(text: str) -> None:
    assert found(text, "甲" + text + "乙")


@given(HAN)
def test_readings_are_bounded(text: str) -> None:
    starts = {token for token in pinyin_tokens(text) if len(token) > 2}
    assert len(starts) <= READINGS_MAX * len(text) * 3


@given(ANYTHING)
def test_cutting_never_breaks_and_gives_plain_tokens(text: str) -> None:
    for cut in (search_tokens, pinyin_tokens, query_tokens):
        tokens = cut(text)
        assert len(set(tokens)) == len(tokens)
        assert all(token and len(token) <= 64 for token in tokens)
    sort_key(text)
    sort_key(text, person=True)


def unquoted(literal: str) -> str:
    """What is left of a tsvector or tsquery literal when its quoted words are taken out."""
    return re.sub(r"'(?:[^'\\]|''|\\\\)+'", "W", literal)


@given(st.lists(HOSTILE | ANYTHING))
def test_no_token_breaks_out_of_its_quotes(tokens: list[str]) -> None:
    assert re.fullmatch(r"(W:\d+( W:\d+)*)?", unquoted(tsvector_text(tokens)))
    assert re.fullmatch(r"(W(:\*)?( & W(:\*)?)*)?", unquoted(tsquery_text(tokens)))
    (tsvector_text(tokens) + tsquery_text(tokens)).encode()


@given(HOSTILE)
def test_a_hostile_query_asks_for_its_words_only(query: str) -> None:
    assume(query)
    assert all(re.fullmatch("[a张]+", token) for token in query_tokens(query))


def test_vectors_and_queries_are_written_for_postgresql() -> None:
    assert tsvector_text(["张伟", "o'neil", "a\\b", "张伟", ""]) == r"'张伟':1 'o''neil':2 'a\\b':3"
    assert tsquery_text(query_tokens("张w'); & | ! :*")) == "'张' & 'w':*"
    assert tsquery_text(query_tokens("'); & | ! :*")) == ""


def test_chinese_sorts_by_pinyin_tone_and_number() -> None:
    expected = ["3月", "Apple", "阿里", "第2队", "第10队", "丽水", "李明", "连云", "张伟", "赵云"]
    assert sorted(sorted(expected), key=sort_key) == expected


def test_a_person_sorts_under_the_surname_reading() -> None:
    assert sort_key("单雄信", person=True).startswith("~shan4单")
    assert sort_key("单县").startswith("~shan4单")
    assert sort_key("单位").startswith("~dan1单")
