"""Text from people: cleaned before it is kept, and cut into tokens so that it can be found.

Cleaning: names look equal only if they are equal, so look-alike blanks are folded and invisible
troublemakers refused or dropped. Rare characters of names (䶮, 𬭎, all of Extensions A to H) are
kept; whatever Python's Unicode tables do not know yet is kept too.

Finding: PostgreSQL's parsers know no Chinese, so words are cut here, the same way for what is
stored and what is asked: single characters, pairs (张伟 → 张, 伟, 张伟), Latin words, and pinyin.
The pinyin of every *ending* of a text is stored, in full and as initials (绍兴 → shaoxing, xing,
sx); a Latin query is a prefix search, so "zhangw", "xing", "sx" and "hongshizi" all find.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

READINGS_MAX = 16
"""How many pinyin spellings of one stretch of Chinese are kept at most."""
_ALTERNATIVES_CHARACTERS_MAX = 8
_SYLLABLES_MAX = 12
_TOKENS_MAX = 4_000
_TOKEN_CHARACTERS_MAX = 64
# PostgreSQL keeps no positions beyond this.
_POSITION_MAX = 16_383

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")

# Arrive by pasting, show as nothing, and would make equal names differ.
_DROPPED = re.compile("[\u00ad\u180e\u200b\u200e\u200f\u2060\ufeff]")
_JOINERS = re.compile("[\u200c\u200d]")
_BLANKS = re.compile(r"[\t\x0b\x0c\x85\u2028\u2029\s]+")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_REFUSED = {
    "control": re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"),
    "direction": re.compile("[\u202a-\u202e\u2066-\u2069]"),
    "surrogate": re.compile("[\ud800-\udfff]"),
    "private": re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]"),
    "damaged": re.compile("[\ufffc-\uffff\ufdd0-\ufdef\U000e0000-\U000e007f]"),
}
_WHY = {
    "control": (
        _("The text contains an invisible control character."),
        _("Type it again instead of pasting it."),
    ),
    "direction": (
        _("The text contains a character that reverses the reading direction."),
        _("Type it again instead of pasting it."),
    ),
    "surrogate": (_("The text was damaged on its way here."), _("Type it again.")),
    "private": (
        _("The text contains a character that only some computers know."),
        _("Old systems stored rare characters this way. Type the character itself."),
    ),
    "damaged": (_("The text was damaged on its way here."), _("Type it again.")),
}


def _table(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


# Surnames read otherwise than the same character elsewhere; tones as digits.
_SURNAMES = _table("""
    单=shan4 曾=zeng1 解=xie4 仇=qiu2 乐=yue4 查=zha1 盖=ge3 区=ou1 朴=piao2 任=ren2 华=hua4 尉=wei4
    覃=qin2 翟=zhai2 缪=miao4 宓=mi4 员=yun4 冼=xian3 繁=po2 召=shao4 黑=he4 晟=cheng2 瞿=qu2
    柏=bai3 秘=bi4 折=she2 种=chong2 祭=zhai4 乜=nie4 逄=pang2 郇=xun2 那=na1 能=nai4 宁=ning4
    於=yu1 纪=ji3 叶=ye4 阚=kan4 隗=wei3 谌=chen2 盛=sheng4 殷=yin1 牟=mou2 哈=ha3 过=guo1 么=yao1
    葛=ge3 都=du1 卜=bu3 洗=xian3 令=ling2 车=che1 燕=yan1 应=ying1 相=xiang4 干=gan1 佴=nai4
    适=kuo4 不=fou3 重=chong2 长=chang2 藏=zang1
    尉迟=yu4.chi2 万俟=mo4.qi2 长孙=zhang3.sun1 澹台=tan2.tai2 单于=chan2.yu2 令狐=ling2.hu2
    鲜于=xian1.yu2
""")

# Places that pypinyin's dictionary reads wrongly or may come to; all of Zhejiang was checked.
_PLACES = _table("""
    莲都=lian2.du1 丽水=li2.shui3 台州=tai1.zhou1 天台=tian1.tai1 乐清=yue4.qing1 嵊州=sheng4.zhou1
    鄞州=yin2.zhou1 缙云=jin4.yun2 会稽=kuai4.ji1 朝阳区=chao2.yang2.qu1 朝阳市=chao2.yang2.shi4
    黄陂=huang2.pi2 单县=shan4.xian4 解州=xie4.zhou1 涡阳=guo1.yang2 什邡=shi2.fang1
    浚县=xun4.xian4 尉犁=yu4.li2 繁峙=fan2.shi4 洪洞=hong2.tong2 蔚县=yu4.xian4 莘县=shen1.xian4
    筠连=jun1.lian2 六合=lu4.he2 浒墅关=xu3.shu4.guan1 甪直=lu4.zhi2
""")


def clean_line(text: str, *, limit: int, field: str) -> str:
    """One line as it will be kept: NFC, blanks folded to single spaces, ends stripped.

    limit: characters (code points) after cleaning. May return "". Raises Invalid "text.…":
    control, direction, surrogate, private, damaged, too_long.
    """
    _check(text, limit, field)
    kept = _JOINERS.sub("", _DROPPED.sub("", text))
    return _within(_BLANKS.sub(" ", unicodedata.normalize("NFC", kept)).strip(), limit, field)


def name_line(text: str, *, limit: int, field: str = "name") -> str:
    """A name: as `clean_line`, and not empty."""
    name = clean_line(text, limit=limit, field=field)
    if not name:
        raise Invalid(
            "text.empty", _("A name is missing."), _("Type at least one character."), field=field
        )
    return name


def clean_text(text: str, *, limit: int, field: str) -> str:
    """Several lines as they will be kept: each cleaned, at most one empty line in a row.

    Joined emoji survive here. limit and errors as for clean_line.
    """
    _check(text, limit, field)
    kept = unicodedata.normalize("NFC", _DROPPED.sub("", _LINE_ENDS.sub("\n", text)))
    lines = "\n".join(_BLANKS.sub(" ", line).strip() for line in kept.split("\n"))
    return _within(re.sub("\n{3,}", "\n\n", lines).strip("\n"), limit, field)


_FOLDED = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {
    ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
}
_FOLDED[0x3000] = " "


def fold_digits(text: str) -> str:
    """Full-width digits, letters and punctuation to ASCII, every dash and minus to "-".

    Narrower than NFKC on purpose: ① and ² are not digits of an identifier or an amount.
    """
    return text.translate(_FOLDED)


def search_tokens(text: str) -> list[str]:
    """What a text is found by, in order, each once: Latin words, characters, pairs of them."""
    tokens: list[str] = []
    for run in _runs(text):
        if _HAN_RUN.match(run):
            tokens += run
            tokens += _pairs(run)
        else:
            tokens.append(run)
    return _unique(tokens)


def pinyin_tokens(text: str) -> list[str]:
    """What the Chinese in a text is found by in Latin letters: 张伟 → zhangwei, wei, zw, zhang.

    Every syllable, every ending spelt out and as initials. Up to READINGS_MAX spellings of a
    stretch: readings as surname and in place names (单 shan, 乐清 yueqing), ü as v, u and yu.
    """
    tokens: list[str] = []
    for run in _runs(text):
        if _HAN_RUN.match(run):
            for syllables in _spellings(run):
                tokens += _endings(syllables)
    return _unique(tokens)


def query_tokens(text: str) -> list[str]:
    """What a query asks for; a text matches when it has them all (Latin ones as prefixes).

    "张伟" → [张伟]; "王秀英" → [王秀, 秀英]; "zhang wei" → [zhang, wei]; "张w" → [张, w].
    """
    tokens: list[str] = []
    for run in _runs(text):
        tokens += _pairs(run) if _HAN_RUN.match(run) and len(run) > 1 else [run]
    return _unique(tokens)


def tsvector_text(tokens: Iterable[str]) -> str:
    """A PostgreSQL tsvector literal, to be passed as a parameter and cast: `%s::tsvector`."""
    quoted = _unique(map(_quotable, tokens))
    return " ".join(
        f"{_quoted(token)}:{min(position, _POSITION_MAX)}"
        for position, token in enumerate(quoted, start=1)
    )


def tsquery_text(tokens: Iterable[str]) -> str:
    """A PostgreSQL tsquery literal for `%s::tsquery`: all tokens, those in ASCII as prefixes.

    "" when nothing is left to ask for: cast to tsquery, it matches nothing.
    """
    return " & ".join(
        _quoted(token) + (":*" if token.isascii() else "")
        for token in _unique(map(_quotable, tokens))
    )


def sort_key(text: str, *, person: bool = False) -> str:
    """A key for `ORDER BY … COLLATE "C"`: digits by value, Latin, then Chinese by pinyin and tone.

    person: read the first character as a surname (单 under shan, not dan).
    """
    key: list[str] = []
    for index, part in enumerate(re.findall(rf"[{_HAN}]+|[0-9]+|[^{_HAN}0-9]+", _folded(text))):
        if part[0].isascii() and part.isdigit():
            # Digits are compared as a number of that many digits: 第2队 before 第10队.
            number = part.lstrip("0")
            key.append(f"{min(len(number), 99):02d}{number}")
        elif _HAN_RUN.match(part):
            surname = _surname(part) if person and index == 0 else ()
            spoken = [*surname, *_spoken(part)[len(surname) :]]
            # "~" sorts after every Latin letter, and a tone's digit before every letter.
            key += [f"~{said or '~'}{each}" for said, each in zip(spoken, part, strict=True)]
        else:
            key.append(part)
    return "".join(key)


def _check(text: str, limit: int, field: str) -> None:
    # Before any work on it: a text far too long is not worth normalising.
    if len(text) > 4 * limit + 1_000:
        raise _too_long(limit, field)
    for code, pattern in _REFUSED.items():
        if pattern.search(text):
            sentence, hint = _WHY[code]
            raise Invalid(f"text.{code}", sentence, hint, field=field)


def _within(text: str, limit: int, field: str) -> str:
    if len(text) > limit:
        raise _too_long(limit, field)
    return text


def _too_long(limit: int, field: str) -> Invalid:
    sentence: _StrOrPromise = _("The text is longer than %(limit)s characters.") % {"limit": limit}
    return Invalid("text.too_long", sentence, _("Shorten it."), field=field)


def _folded(text: str) -> str:
    """NFKC, lower case, accents off Latin letters; ü after l or n becomes v, as it is typed."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = unicodedata.normalize("NFD", folded)
    folded = re.sub("([ln])u((?:[\u0300-\u036f])*?)\u0308", r"\1v\2", folded)
    folded = re.sub("(?<=[a-z])[\u0300-\u036f]+", "", folded)
    return unicodedata.normalize("NFC", folded)


def _runs(text: str) -> list[str]:
    """Stretches of Chinese, and words of any other script, folded; punctuation falls away."""
    return _RUNS.findall(_folded(text))


def _pairs(run: str) -> list[str]:
    return [first + second for first, second in pairwise(run)]


def _endings(syllables: tuple[str, ...]) -> Iterator[str]:
    for start, syllable in enumerate(syllables):
        ending = syllables[start : start + _SYLLABLES_MAX]
        yield "".join(ending)
        # One initial alone would only repeat what a prefix of the syllable finds.
        if len(ending) > 1:
            yield "".join(each[:1] for each in ending)
        yield syllable


def _spellings(run: str) -> list[tuple[str, ...]]:
    """Likely spellings first. Alternatives only for short stretches: names and places."""
    likely = tuple(_toneless(_spoken(run)))
    spellings = [likely]
    surname = tuple(_toneless(_surname(run)))
    if surname:
        spellings.append(surname + likely[len(surname) :])
    if len(run) <= _ALTERNATIVES_CHARACTERS_MAX:
        choices = [_readings(each, said) for each, said in zip(run, likely, strict=True)]
        # What differs from a spelling above in one place, then what differs in two.
        for count, base in product((1, 2), tuple(spellings)):
            spellings += _varied(base, choices, count)
    return list(dict.fromkeys(spellings))[:READINGS_MAX]


def _varied(
    base: tuple[str, ...], choices: list[list[str]], count: int
) -> Iterator[tuple[str, ...]]:
    for places in combinations(range(len(base)), count):
        for others in product(*(choices[place] for place in places)):
            changed = dict(zip(places, others, strict=True))
            yield tuple(changed.get(place, said) for place, said in enumerate(base))


def _surname(run: str) -> list[str]:
    """The toned reading of the surname a stretch begins with, where it needs telling."""
    reading = _SURNAMES.get(run[:2]) or _SURNAMES.get(run[:1]) or ""
    return reading.split(".") if reading else []


def _readings(character: str, likely: str) -> list[str]:
    """All syllables of one character, the likely one first, with the spellings of ü."""
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors=_unknown)[0]
    spelt = [likely, *found]
    spelt += [each.replace("v", other) for each in spelt for other in ("u", "yu") if "v" in each]
    return list(dict.fromkeys(spelt))


def _spoken(run: str) -> list[str]:
    """One syllable a character as read in this context: "zhang1"; "" where unknown."""
    # Imported late: its tables take 0.2 s to load, and most commands never search.
    from pypinyin import Style, pinyin

    found = [each[0] for each in pinyin(run, style=Style.TONE3, errors=_unknown)]
    assert len(found) == len(run), "one reading a character"
    for place, reading in _PLACES.items():
        start = run.find(place)
        while start >= 0:
            found[start : start + len(place)] = reading.split(".")
            start = run.find(place, start + 1)
    return found


def _toneless(syllables: Iterable[str]) -> list[str]:
    return [syllable.rstrip("12345") for syllable in syllables]


def _unknown(characters: str) -> Any:
    """One empty reading a character. A list works, though pypinyin's annotation says text."""
    return [""] * len(characters)


def _unique(tokens: Iterable[str]) -> list[str]:
    """In order, each once, none empty, none too long; at most _TOKENS_MAX of them."""
    short = (token[:_TOKEN_CHARACTERS_MAX] for token in tokens)
    return list(dict.fromkeys(token for token in short if token))[:_TOKENS_MAX]


def _quotable(token: str) -> str:
    """Without what PostgreSQL cannot store at all: NUL and lone surrogates."""
    return re.sub("[\x00\ud800-\udfff]", "", token)


def _quoted(token: str) -> str:
    """Quoted as tsvector and tsquery input read it: inside '…' only ' and \\ are special."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
