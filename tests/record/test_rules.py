"""Every rule has its sentence in both languages, and both say the same things."""

from __future__ import annotations

import re
import string

import pytest

from honghui.audit.rules import RULES
from honghui.record.clause_words import USES
from honghui.record.rules import PURPOSE_RULES, RECORD_RULES

CHINESE = re.compile("[\u4e00-\u9fff]")


def placeholders(sentence: str) -> list[str]:
    parsed = string.Formatter().parse(sentence)
    return sorted(name for _text, name, *_rest in parsed if name is not None)


def test_the_audit_s_rules_hold_those_of_records_and_purposes() -> None:
    assert set(RECORD_RULES) | set(PURPOSE_RULES) <= set(RULES)
    assert not set(RECORD_RULES) & set(PURPOSE_RULES)
    assert len(RULES) > 60


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_code_and_a_sentence_in_both_languages(rule: str) -> None:
    words = RULES[rule]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*", rule)
    assert CHINESE.search(words.zh)
    assert not CHINESE.search(words.en)
    if rule != "purpose.clause":  # it ends with the clause's own sentence
        assert words.zh.endswith("。") and words.en.endswith(".")


@pytest.mark.parametrize("rule", RULES)
def test_both_languages_fill_in_the_same(rule: str) -> None:
    words = RULES[rule]
    names = placeholders(words.zh)
    assert set(names) == set(placeholders(words.en))
    assert all(name.isidentifier() for name in names)
    facts = {name: f"<{name}>" for name in names}
    for language in ("zh", "en"):
        said = words.say(language, facts)
        assert all(fact in said for fact in facts.values()) and "{" not in said


@pytest.mark.parametrize("rule", RULES)
def test_the_reader_is_spoken_to_as_elsewhere(rule: str) -> None:
    assert "您" not in RULES[rule].zh


@pytest.mark.parametrize("rule", RULES)
def test_the_chinese_has_chinese_punctuation(rule: str) -> None:
    assert not re.search(r"[,:;?!()]", re.sub(r"\{\w+\}", "", RULES[rule].zh))


# Reported: a blank before "JSON". Take the mark away with the fix.


@pytest.mark.parametrize("rule", RULES)
def test_the_chinese_has_no_blank_beside_latin_letters(rule: str) -> None:
    plain = re.sub(r" ?\{\w+\} ?", "{}", RULES[rule].zh)
    beside = r"[\u4e00-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u4e00-\u9fff]"
    assert not re.search(beside, plain), plain


def test_no_two_rules_say_the_same() -> None:
    for sentences in ([words.zh for words in RULES.values()], [w.en for w in RULES.values()]):
        assert len(set(sentences)) == len(sentences)


def test_every_use_has_a_name_in_both_languages() -> None:
    for words in USES.values():
        assert CHINESE.search(words.zh) and words.en.isascii()
