"""Reads a figure as people type it: "近400人", "80余人", "约三十户", "over 1,200", "12户30间".

The one hard idea: how surely a number is known is part of it. 余 and 多 mean over, 近 and 不足 mean
under, 约 and 左右 mean about; two of them that disagree leave "about". What is no number (数十人,
几十名) is never made into one: it is refused, and belongs into the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid
from honghui.kernel.measures import Qualifier
from honghui.kernel.text import fold_digits

VALUE_MAX = 10**15
LENGTH_MAX = 120

_BEFORE = {
    Qualifier.ABOUT: "大约|大概|约有|约|about|around|approximately|approx\\.?|circa|ca\\.|~|≈",
    Qualifier.UNDER: (
        "将近|接近|近|不足|不到|少于|低于|nearly|almost|under|below|fewer than|less than|<"
    ),
    Qualifier.OVER: (
        "超过|超出|超|逾|多于|高于|至少|不少于|不低于|上(?=[百千万])"
        "|over|above|more than|at least|>"
    ),
}
_INSIDE = {Qualifier.OVER: "余|多|几|\\+", Qualifier.ABOUT: "来"}
_AFTER = {
    Qualifier.ABOUT: "左右|上下",
    Qualifier.OVER: "以上|余|多|or more",
    Qualifier.UNDER: "以下|以内",
}
_UNITS = {
    "person_time": "人次|person-times?",
    "person": "个人|人|名|位|people|persons?",
    "household": "户|households?",
    "room": "间|rooms?",
    "hectare": "公顷|hectares?|ha",
    "mu": "亩|mu",
    "team": "支|个?队|teams?",
    "vehicle": "辆|台|vehicles?",
    "boat": "艘|条|boats?",
    "yuan": "元|块|yuan|rmb",
    "piece": "件|pieces?",
    "item": "个|只|items?",
    "bed": "床",
    "sheet": "张|顶|sheets?",
    "box": "箱|boxes|box",
    "bag": "袋|包|bags?",
    "bottle": "瓶|bottles?",
    "set": "套|组|sets?",
    "kilogram": "千克|公斤|kg|kilograms?",
    "litre": "升|litres?",
    "?": "幢|栋|座|公里|平方公里|吨|度|次|天|小时|头|棵|米",
}
_DIGITS = "零〇一二两三四五六七八九"
_SMALL = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8, "k": 10**3, "m": 10**6}
_UNKNOWN = re.compile("不详|未知|不明|待核|待查|待报|unknown|not known|\\?")
_NONE = re.compile("无|没有|none|no|nil")
_VAGUE = re.compile("数[十百千万]|几[十百千万]|若干|大量|部分|一些|多名|many|several|some")


def _named(words: dict[Qualifier, str], group: str) -> str:
    # In a verbose pattern a bare blank is none.
    return "|".join(f"(?P<{group}_{key}>{text})".replace(" ", r"\ ") for key, text in words.items())


_FIGURE = re.compile(
    rf"""\s*(?:{_named(_BEFORE, "before")})?\s*
    (?P<number>[0-9][0-9,]*(?:\.[0-9]+)?|(?:[{_DIGITS}廿卅十百千万亿]+))\s*
    (?:{_named(_INSIDE, "inside")})?\s*
    (?P<scale>万亿|[万亿百千]|k(?![a-z])|m(?![a-z]))?\s*
    (?:{_named(_INSIDE, "late")})?\s*
    (?P<unit>{"|".join(f"(?P<unit_{n}>{text})" for n, text in enumerate(_UNITS.values()))})?\s*
    (?:{_named(_AFTER, "after")})?\s*""",
    re.VERBOSE,
)
_SEPARATOR = re.compile("[、，;；,/]|and(?![a-z])|和|共")


@dataclass(frozen=True)
class Typed:
    """value none: the text says that it is not known. unit: a code of kernel/units.py."""

    value: int | None
    qualifier: Qualifier
    unit: str


def understand(text: str, units: Sequence[str]) -> list[Typed]:
    """The figures in a text, in order; [] for an empty one. units: those allowed, the first is
    meant where none is typed. Invalid "rescue.figure.…": vague, unclear, negative, wrong_unit,
    not_whole, too_large, twice."""
    text = fold_digits(text).strip().lower()
    if not text or text in {"-", "—"}:
        return []
    if _UNKNOWN.fullmatch(text):
        return [Typed(None, Qualifier.EXACT, units[0])]
    if _NONE.fullmatch(text):
        return [Typed(0, Qualifier.EXACT, units[0])]
    if text.startswith("-"):
        raise _refused(
            "negative", _("A figure is never below zero."), _("Write what is there, not a change.")
        )
    if _VAGUE.search(text):
        raise _refused(
            "vague",
            _("This is no number: how many it is, nobody could say."),
            _("Leave it empty and write it into the text as it was told."),
        )
    found = [_typed(match, units) for match in _matches(text)]
    if len({one.unit for one in found}) < len(found):
        raise _refused(
            "twice",
            _("Two numbers in the same unit stand here."),
            _("Write the one that holds; a range is written as about, over or under."),
        )
    return found


def _matches(text: str) -> list[re.Match[str]]:
    if len(text) > LENGTH_MAX:
        raise _unclear()
    found: list[re.Match[str]] = []
    place = 0
    while place < len(text):
        if found and (gap := _SEPARATOR.match(text, place)):
            place = gap.end()
        match = _FIGURE.match(text, place)
        if match is None or match.end() == place:
            raise _unclear()
        found.append(match)
        place = match.end()
    return found


def _typed(match: re.Match[str], units: Sequence[str]) -> Typed:
    qualifier = Qualifier.EXACT
    for name, text in match.groupdict().items():
        kind, _under, word = name.partition("_")
        if text and kind in {"before", "inside", "late", "after"}:
            qualifier = qualifier.joined(Qualifier(word))
    value = _number(match["number"])
    for letter in match["scale"] or "":
        value *= _SMALL.get(letter) or _BIG[letter]
    if value != value.to_integral_value():
        raise _refused(
            "not_whole",
            _("A figure is a whole number of its unit."),
            _("Count in the smaller unit."),
        )
    if value > VALUE_MAX:
        raise _refused(
            "too_large", _("This figure is too large to be true."), _("Check the number of zeros.")
        )
    return Typed(int(value), qualifier, _unit(match, units))


def _unit(match: re.Match[str], units: Sequence[str]) -> str:
    if not match["unit"]:
        return units[0]
    unit = next(code for place, code in enumerate(_UNITS) if match[f"unit_{place}"] is not None)
    if unit not in units:
        raise _refused(
            "wrong_unit",
            _("This is not counted in the unit “%(unit)s”.") % {"unit": match["unit"]},
            _("Choose another line for it, or write it into the text."),
        )
    return unit


def _number(text: str) -> Decimal:
    """ "1,200", "三百二十", "两千三", "十二", "百" (one hundred), "廿五", "三十万"."""
    if text[0].isascii():
        return Decimal(text.replace(",", ""))
    if not set(text) & {*_SMALL, *_BIG, "廿", "卅"}:
        # read out digit by digit: 二〇
        return Decimal("".join(str(_digit(letter)) for letter in text))
    total = section = digit = 0
    last = 1
    for letter in text.replace("廿", "二十").replace("卅", "三十"):
        if letter in _DIGITS:
            digit = _digit(letter)
        elif letter in _SMALL:
            last = _SMALL[letter]
            section += (digit or 1) * last
            digit = 0
        else:
            total = (total + section + digit or 1) * _BIG[letter]
            section = digit = 0
            last = _BIG[letter]
    # 两千三 is 2,300: the last digit counts in tenths of what stands before it.
    if digit and last > 10 and "零" not in text and "〇" not in text:
        digit *= last // 10
    return Decimal(total + section + digit)


def _digit(letter: str) -> int:
    return {"〇": 0, "两": 2}.get(letter, "零一　二三四五六七八九".replace("　", "").find(letter))


def _unclear() -> Invalid:
    return _refused(
        "unclear",
        _("This could not be read as a figure."),
        _("Write a number and its unit, such as 约30户; leave open what nobody knows."),
    )


def _refused(code: str, sentence: object, hint: object) -> Invalid:
    return Invalid(f"rescue.figure.{code}", sentence, hint, field="figures")  # type: ignore[arg-type]
