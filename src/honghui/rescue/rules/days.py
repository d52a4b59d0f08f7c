"""When somebody can come, as they write it: "这周末不在", "请假三天", "away until 28 June". Pure.

    text → normalise → tokens (every word known, or nothing is understood) → one state, one time

The one hard idea: the whole text must be made of words that stand in a table below. A hedge, a
condition, a question, a name, an hour, a feast day: none of them stands there, so none can turn
what is understood into something else; such a text goes to a person. So does whatever can be read
in two ways: "28号回来", "周三" said on a Wednesday, "next weekend". Scored in bench/results.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from honghui.callouts.understanding.codes import split_code
from honghui.callouts.understanding.normalising import normalised
from honghui.callouts.understanding.numerals import number_of

CHARACTERS_MAX = 200
AHEAD_MAX = timedelta(days=180)
LONGEST = timedelta(days=92)
# A day of the month that is over means the next month only shortly before its end.
_NEXT_MONTH_WITHIN = timedelta(days=14)
_WEEKDAYS = {name: day for day, names in enumerate(
    ("一 monday mon", "二 tuesday tue", "三 wednesday wed", "四 thursday thu", "五 friday fri",
     "六 saturday sat", "日 天 sunday sun")
) for name in names.split()}  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(
    ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
     "august aug", "september sept sep", "october oct", "november nov", "december dec"), start=1
) for name in names.split()}  # fmt: skip
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}


@dataclass(frozen=True)
class Heard:
    """state: of Availability. from_on: None, from now on; until_on: the last day, None without an
    end. names_days: they spoke of days, and not only of how it is now."""

    state: str
    from_on: date | None = None
    until_on: date | None = None
    names_days: bool = False


@dataclass(frozen=True)
class _Day:
    """A day as it was named, to be found from a day on. `is_weekday`, `is_number`: only that was
    said, so after another day it is the next such one."""

    on: date
    weekday: int | None = None
    number: int | None = None


Span = tuple[date, date]
_Token = tuple[str, object]

_N = "(?:\\d{1,2}|[一二两三四五六七八九十]{1,3})"
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NAMED = "|".join(name for name in sorted(_WEEKDAYS, key=len, reverse=True) if name.isascii())
_TO = "(?:到|至|-|~|to|until)"
_STATES = {
    "away": """不在(?:家|本地)? 请假 休假 外出 (?:在|正在|要)?出差 (?:人?在)?外地 [来去]不了
        不能(?:来|去|参加|出勤|备勤) 没有?空 没有?时间 away on_leave out_of_town not_available
        unavailable on_(?:holiday|vacation) (?:can't|cannot)_come""",
    "if_short": """(?:缺人|人[手员]?不够|不够)(?:了|的话|时)?[再就]?[叫喊找]我?
        (?:only_)?if_(?:you_are_|you're_)?short only_if_needed""",
    # Says how it is now, and of days as well.
    "available": """(?:可以|能|已经?)?备勤[中了]? 待命 (?:可以|能)出勤了? 销假 available(?:_again)?
        (?:on_)?stand[-_]*by""",
    # How it is now, and nothing of days: who says when they come back leaves the day itself open.
    "back": """(?:出差|休假|外出|探亲)?(?:已经?)?回来了 已经?回来 (?:i'm|i_am)_back back_again
        back(?=_and)""",
    # Of days only; by itself it may be an answer to anything.
    "free": "可以(?:来|参加)?了? 能(?:来|参加)了? 有空 在家",
}
_FILLERS = """我 本人 队长 你好 您好 大家好? 好 领导 抱歉 不好意思 对不起 谢谢 麻烦 报告 告知
    了 要 都 均 将 会 需要? 因 的 啊 哦 家里?有事 有点?事 回老家 旅游 探亲 体检 住院 生病 i'm i_am i
    i'll_be i_will_be will_be am be sorry hi hello thanks thank_you note on and the"""


def understand_days(text: str, *, today: date, code: str = "") -> Heard | None:
    """None: a person reads it. today: the day on which it was written. code: of the message that it
    came in the wake of, which may stand in it."""
    plain = normalised(text[:CHARACTERS_MAX])
    if code:
        plain = split_code(plain, [code])[0]
    tokens = list(_tokens(plain, today)) if len(text) <= CHARACTERS_MAX else []
    if not tokens or any(kind == "unknown" for kind, _value in tokens):
        return None
    states = {kind for kind, _value in tokens if kind in _STATES}
    said = {"available" if kind in ("back", "free") else kind for kind in states}
    times = [(kind, value) for kind, value in tokens if kind in _TIMES]
    if len(said) != 1:
        return None
    state = said.pop()
    if not times:
        return Heard(state) if states & {"available", "back"} else None
    # 到28号可以: up to that day, or not before it.
    is_open = "back" in states or ("free" in states and times[0][0] == "t")
    span = None if is_open else _span_of(times, today)
    if span is None or not _is_sensible(span, today):
        return None
    begins, ends = span
    return Heard(state, begins if begins > today else None, ends, names_days=True)


# ── what the times say together ──────────────────────────────────────────────────────────────


def _span_of(times: list[_Token], today: date) -> tuple[date, date | None] | None:
    """d day, s several days, n so many days, f from, t to."""
    shape = "".join(kind for kind, _value in times)
    values = [value for kind, value in times if kind in "dsn"]
    if shape == "s":
        return values[0]  # type: ignore[return-value]
    if shape == "n":
        days = int(values[0])  # type: ignore[call-overload]
        # One day, said at night, may be tomorrow.
        return (today, today + timedelta(days=days - 1)) if days > 1 else None
    days_named = [value for value in values if isinstance(value, _Day)]
    if not days_named:
        return None
    first = days_named[0].on
    if shape == "d":
        return first, first
    if shape in ("df", "fd", "fdf"):
        return first, None
    if shape in ("dfn", "fdn", "fdfn"):
        return first, first + timedelta(days=int(values[1]) - 1)  # type: ignore[call-overload]
    if shape == "td":
        return today, first
    if shape in ("dtd", "fdtd", "dd"):
        last = _after(first, days_named[1])
        if shape == "dd" and last != first + timedelta(days=1):
            return None
        return first, last
    return None


def _after(first: date, day: _Day) -> date:
    """周五到周日, 7月1日到5日: the second is the next such day after the first."""
    if day.weekday is not None:
        return first + timedelta(days=(day.weekday - first.weekday()) % 7)
    if day.number is not None:
        found = _date(first.year, first.month, day.number)
        return found or first - timedelta(days=1)
    return day.on


def _is_sensible(span: tuple[date, date | None], today: date) -> bool:
    begins, ends = span
    if begins > today + AHEAD_MAX or begins < today:
        return False
    return ends is None or begins <= ends <= begins + LONGEST


# ── tokens ───────────────────────────────────────────────────────────────────────────────────


def _tokens(text: str, today: date) -> Iterator[_Token]:
    place = 0
    while place < len(text):
        blank = _BETWEEN.match(text, place)
        if blank:
            place = blank.end()
            continue
        best: tuple[int, str, re.Match[str]] | None = None
        for kind, pattern in _PATTERNS:
            found = pattern.match(text, place)
            if found and found.end() > place and (best is None or found.end() > best[0]):
                best = found.end(), kind, found
        if best is None:
            yield "unknown", None
            return
        place, kind, found = best
        yield from _read(kind, found, today)


def _read(kind: str, found: re.Match[str], today: date) -> Iterator[_Token]:
    if kind in _READERS:
        letter, reader = _READERS[kind]
        value = reader(found, today)
        yield (letter, value) if value is not None else ("unknown", None)
    elif kind == "leave":
        yield "away", None
        yield "n", _length(found, today)
    else:
        yield kind, None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str) -> int:
    if text in _COUNTS:
        return _COUNTS[text]
    found = number_of(text)
    return int(found) if found is not None else 0


def _of_month(month: int, day: int, today: date) -> date | None:
    """This year's, or next year's where this one's is long over. One that was lately is none."""
    found = _date(today.year, month, day)
    if found is None or found >= today:
        return found
    return _date(today.year + 1, month, day) if today - found > AHEAD_MAX else None


def _month_day(found: re.Match[str], today: date) -> _Day | None:
    names = found.groupdict()
    month = _MONTHS.get(names["month"]) or _number(names["month"])
    on = _of_month(month, _number(names["day"]), today)
    return None if on is None else _Day(on)


def _day_number(found: re.Match[str], today: date) -> _Day | None:
    number = _number(found["day"])
    on = _date(today.year, today.month, number)
    if on is None or on < today:
        month = today.month % 12 + 1
        on = _date(today.year + (month == 1), month, number)
        if on is None or on - today > _NEXT_MONTH_WITHIN:
            # After another day (7月1日到5日) it is found from there.
            return _Day(today - timedelta(days=1), number=number)
    return _Day(on, number=number)


def _relative(found: re.Match[str], today: date) -> _Day:
    days = {"今": 0, "明": 1, "后": 2, "大": 3, "t": 0}[found[0][0]]
    return _Day(today + timedelta(days=1 if found[0] == "tomorrow" else days))


def _weekday(found: re.Match[str], today: date) -> _Day:
    wanted, which = _WEEKDAYS[found["name"]], found["which"] or ""
    if which:
        monday = today - timedelta(days=today.weekday())
        return _Day(monday + timedelta(days=wanted + (7 if which == "下" else 0)))
    ahead = (wanted - today.weekday()) % 7
    # Said on that very day it may be this one or the next. After another day, it is found there.
    return _Day(today + timedelta(days=ahead or -1), weekday=wanted)


def _week(found: re.Match[str], today: date) -> Span:
    monday = today - timedelta(days=today.weekday())
    first = monday + timedelta(days=7) if found["which"] in ("下", "next") else monday
    begins = first + timedelta(days=5) if "末" in found[0] or "end" in found[0] else first
    begins = first + timedelta(days=5) if "双休" in found[0] else begins
    return max(begins, today), first + timedelta(days=6)


def _length(found: re.Match[str], _today: date) -> int | None:
    count = _number(found["count"])
    is_weeks = found["unit"][0] in "周星礼个w"
    return count * (7 if is_weeks else 1) or None


def _range(found: re.Match[str], today: date) -> Span | None:
    """25-28号, 6月25-28日, 25 to 28 june, june 25 to 28."""
    names = found.groupdict()
    named = names.get("month")
    first, last = _number(names["first"]), _number(names["last"])
    if named is None:
        begins = _date(today.year, today.month, first)
        if begins is None or begins < today:
            return None
    else:
        begins = _of_month(_MONTHS.get(named) or _number(named), first, today)
    ends = _date(begins.year, begins.month, last) if begins else None
    return (begins, ends) if begins and ends and begins < ends else None


_Reader = Callable[[re.Match[str], date], object]
_READERS: dict[str, tuple[str, _Reader]] = {
    "month_day": ("d", _month_day),
    "day_number": ("d", _day_number),
    "relative": ("d", _relative),
    "weekday": ("d", _weekday),
    "week": ("s", _week),
    "length": ("n", _length),
    "range": ("s", _range),
}
_TIMES = frozenset("dsnft")
_TH = "(?:st|nd|rd|th)?"
_UNIT = "(?P<unit>天|周|个?星期|个?礼拜)"
_BETWEEN = re.compile(r"[\s,.!:;]+")


def _words(block: str) -> str:
    return "|".join(each.replace("[-_]*", "[- ]*").replace("_", " +") for each in block.split())


def _pattern(text: str) -> re.Pattern[str]:
    """A Latin word ends where it ends."""
    return re.compile(rf"(?:{text})(?<![a-z'](?=[a-z']))")


_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    *((kind, _pattern(_words(block))) for kind, block in _STATES.items()),
    ("filler", _pattern(_words(_FILLERS))),
    ("leave", _pattern(rf"请(?P<count>{_N}){_UNIT}的?假")),
    ("length", _pattern(rf"(?P<count>{_N}){_UNIT}")),
    (
        "length",
        _pattern(rf"(?:for +)?(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)}) +(?P<unit>days?|weeks?)"),
    ),
    ("month_day", _pattern(rf"(?P<month>{_N})月(?P<day>{_N})[日号]?")),
    ("month_day", _pattern(r"(?P<month>\d{1,2})[./](?P<day>\d{1,2})(?!\d)")),
    ("month_day", _pattern(rf"(?P<day>\d{{1,2}}){_TH} +(?:of +)?(?P<month>{_MONTH})")),
    ("month_day", _pattern(rf"(?P<month>{_MONTH}) +(?P<day>\d{{1,2}}){_TH}(?!\d)")),
    ("day_number", _pattern(rf"(?P<day>{_N})[日号]")),
    ("relative", _pattern("今[天日]|明[天日]|大?后天|today|tomorrow")),
    ("weekday", _pattern(r"(?P<which>[这本下])?个?(?:周|星期|礼拜)(?P<name>[一二三四五六日天])")),
    ("weekday", _pattern(rf"(?P<which>(?!))?(?P<name>{_NAMED})")),
    (
        "week",
        _pattern(r"(?P<which>[这本下])个?(?:周末|(?:周|星期|礼拜)(?![一二三四五六日天末]))"),
    ),
    ("week", _pattern(r"(?P<which>(?!))?(?:周末|双休日)")),
    ("week", _pattern(r"(?P<which>this|next(?= +week(?!end))) +week(?:end)?")),
    ("range", _pattern(rf"(?P<first>{_N}) *{_TO} *(?P<last>{_N})[日号]")),
    ("range", _pattern(rf"(?P<month>{_N})月(?P<first>{_N})[日号]? *{_TO} *(?P<last>{_N})[日号]")),
    (
        "range",
        _pattern(
            rf"(?P<first>\d{{1,2}}){_TH} *{_TO} *(?P<last>\d{{1,2}}){_TH} +(?P<month>{_MONTH})"
        ),
    ),
    (
        "range",
        _pattern(
            rf"(?P<month>{_MONTH}) +(?P<first>\d{{1,2}}){_TH} *{_TO} *"
            rf"(?P<last>\d{{1,2}}){_TH}(?!\d)"
        ),
    ),
    ("f", _pattern("起|开始|从|自|from|starting")),
    ("t", _pattern("到|至|-|~|until|till|to|through")),
)
