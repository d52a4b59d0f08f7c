"""When they will be there: so many minutes from now, or a time of day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from honghui.callouts.understanding.numerals import NUMBER, between, number_of

MINUTES_MAX = 2 * 24 * 60
# Before this hour people who were woken speak of the daylight that comes as tomorrow.
NIGHT_ENDS = 5


@dataclass(frozen=True)
class Time:
    """Either `minutes` from now, or `hour` and `minute` of a day, `days` from today; `half` is the
    half of the day where they say it: "am", "pm", or "" (then the next that comes)."""

    minutes: int | None = None
    hour: int = 0
    minute: int = 0
    days: int | None = None
    half: str = ""


@dataclass(frozen=True)
class Found:
    """A time that begins where it was looked for. kind: "T" when they are there, "past" how long
    ago, "leaves" when they set out."""

    end: int
    kind: str
    time: Time | None


_HOURS = r"(?:个?钟头|个?小时|个钟|hours?|hrs?|h(?![a-z]))"
_MINUTES = r"(?:分钟|分(?![之队手])|mins?(?![a-z])|minutes?|m(?![a-z])|['′])"
_DURATIONS = (
    ("half", re.compile(r"半个?(?:小时|钟头|钟|点)")),
    ("halves", re.compile(rf"({NUMBER})个半(?:小时|钟头|钟)")),
    ("odd", re.compile(r"个把(?:小时|钟头)")),
    ("quarters", re.compile(r"([一两三123])刻钟")),
    (
        "hours",
        re.compile(rf"({NUMBER}) *{_HOURS}(?:零|,|又| *and)? *(?:({NUMBER}) *{_MINUTES}?|(半))?"),
    ),
    ("range", re.compile(rf"({NUMBER}) *[-~到至] *({NUMBER}) *({_MINUTES}|{_HOURS})")),
    ("minutes", re.compile(rf"({NUMBER})[来多几]? *{_MINUTES}")),
)
_ABOUT = r"(?:左右|上下|的样子|吧)?"
_AFTER = re.compile(
    rf" *{_ABOUT} *(?:(?P<past>之?前|ago)|(?:之后|以后|后)? *(?P<leaves>(?:才能|再|才|能|就)?"
    rf"(?:出发|动身|出门|走)(?!了))|之后|以后|以?内|后)?{_ABOUT}"
)
_DAY = r"(?P<day>今天|今早|今晚|今夜|明天|明早|明晚|明儿|后天)?"
_PART = r"(?P<part>凌晨|半夜|清早|清晨|早上|早晨|早|上午|中午|下午|午后|傍晚|晚上|晚|夜里)?"
_CLOCKS = (
    re.compile(
        rf"{_DAY}{_PART} *(?P<hour>{NUMBER})[点时](?!间|候)(?:钟|整)?"
        rf"(?:(?P<half>半)|(?P<quarter>[一三13])刻|(?P<minute>{NUMBER})分?)?"
    ),
    re.compile(rf"{_DAY}{_PART} *(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?!\d) *(?P<m>am|pm)?"),
    re.compile(r"(?:at *)?(?P<hour>\d{1,2}) *(?P<m>am|pm)(?![a-z])"),
    re.compile(r"at *(?P<hour>\d{1,2})(?!\d)(?: *o'?clock)?"),
)
_BY = re.compile(r" *(?:左右|之前|以前|前|钟)?")
_MORNING = {"凌晨", "半夜", "清早", "清晨", "早上", "早晨", "早", "上午"}
_AFTERNOON = {"下午", "午后", "傍晚", "晚上", "晚", "中午"}


def find(text: str, start: int) -> Found | None:
    """The time that begins at `start`, or None."""
    for name, pattern in _DURATIONS:
        found = pattern.match(text, start)
        minutes = _minutes_of(name, found) if found else None
        if found and minutes is not None and 0 <= minutes <= MINUTES_MAX:
            after = _AFTER.match(text, found.end())
            assert after is not None
            kind = "past" if after["past"] else "leaves" if after["leaves"] else "T"
            time = Time(minutes=round(minutes)) if kind == "T" else None
            return Found(after.end(), kind, time)
    for pattern in _CLOCKS:
        found = pattern.match(text, start)
        clock = _clock_of(found.groupdict()) if found else None
        if found and clock:
            after = _BY.match(text, found.end())
            assert after is not None
            return Found(after.end(), "T", clock)
    return None


def bare(digits: str) -> Time | None:
    """A number beside a word of coming: minutes, or four digits of a clock. None if neither."""
    if len(digits) == 4 and int(digits[:2]) < 24 and int(digits[2:]) < 60:
        return Time(hour=int(digits[:2]), minute=int(digits[2:]), half="24")
    return Time(minutes=int(digits)) if len(digits) <= 3 and 1 <= int(digits) <= 600 else None


def moment_of(time: Time, now: datetime) -> tuple[datetime, int]:
    """(when, in how many minutes), whole minutes, never before `now`."""
    if time.minutes is not None:
        return now + timedelta(minutes=time.minutes), time.minutes
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days = time.days
    if days == 1 and now.hour < NIGHT_ENDS and time.half == "am":
        days = 0
    hours = [time.hour]
    if time.half in ("", "am") and time.hour == 12 and time.half == "am":
        hours = [0]
    elif time.half == "pm" and time.hour < 12:
        hours = [time.hour + 12]
    elif time.half == "" and 1 <= time.hour <= 12:
        hours = [time.hour % 24, (time.hour + 12) % 24]
    first = 0 if days is None else days
    moments = sorted(
        today + timedelta(days=day, hours=hour, minutes=time.minute)
        for day in ((first, first + 1) if days is None else (first,))
        for hour in hours
    )
    ahead = [each for each in moments if each >= now - timedelta(minutes=1)]
    at = max(ahead[0] if ahead else moments[-1], now)
    return at, round((at - now).total_seconds() / 60)


def _minutes_of(name: str, found: re.Match[str]) -> Fraction | None:
    if name in ("half", "odd"):
        return Fraction(30 if name == "half" else 60)
    first = _amount(found[1])
    if first is None:
        return None
    if name == "halves":
        return first * 60 + 30
    if name == "quarters":
        return first * 15
    if name == "range":
        upper = number_of(found[2])
        is_hours = re.fullmatch(_HOURS, found[3])
        return None if upper is None else upper * (60 if is_hours else 1)
    if name == "hours":
        return first * 60 + (30 if found[3] else _amount(found[2]) or 0)
    return first


def _amount(text: str | None) -> Fraction | None:
    if text is None:
        return None
    exact = number_of(text)
    return between(text) if exact is None else exact


def _clock_of(parts: dict[str, str | None]) -> Time | None:
    hour = number_of(parts["hour"] or "")
    said = parts.get("minute")
    minute = number_of(said) if said else Fraction(0)
    if parts.get("half"):
        minute = Fraction(30)
    if parts.get("quarter"):
        minute = (number_of(parts["quarter"] or "") or 0) * Fraction(15)
    if hour is None or minute is None or hour.denominator > 1 or not 0 <= hour <= 24 or minute > 59:
        return None
    day, part = parts.get("day") or "", parts.get("part") or ""
    half = parts.get("m") or ""
    if part in _MORNING or day in ("明早", "今早"):
        half = "am"
    elif part in _AFTERNOON or day in ("今晚", "明晚", "今夜"):
        half = "pm"
    if not half and (hour > 12 or hour == 0 or (parts["hour"] or "").startswith("0")):
        half = "24"
    if half == "am" and part in ("凌晨", "半夜") and hour == 12:
        hour = Fraction(0)
    days = {"今": 0, "明": 1, "后": 2}.get(day[:1])
    return Time(hour=int(hour) % 24, minute=int(minute), days=days, half=half)
