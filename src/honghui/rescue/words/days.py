"""What was understood of somebody's days, said back to them: in the language they prefer, whatever
page or worker says it."""

from __future__ import annotations

from datetime import date

from honghui.rescue.rules.days import Heard

_STATES = {
    "zh": {"away": "不在", "available": "可以出勤", "if_short": "人手不够时再叫"},
    "en": {"away": "away", "available": "available", "if_short": "on call if short"},
}
_MONTHS = "Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec".split()  # noqa: SIM905


def days_said(heard: Heard, language: str) -> str:
    """For a text message: at most 35 characters, no link, no bracket."""
    state, begins, ends = _STATES[language][heard.state], heard.from_on, heard.until_on
    return (
        _in_english(state, begins, ends) if language == "en" else _in_chinese(state, begins, ends)
    )


def _in_chinese(state: str, begins: date | None, ends: date | None) -> str:
    first = _chinese(begins) if begins else "现在"
    if ends is None:
        return f"{first}起{state}"
    return f"{first}{state}" if begins == ends else f"{first}到{_chinese(ends)}{state}"


def _in_english(state: str, begins: date | None, ends: date | None) -> str:
    first = _english(begins) if begins else "now"
    if ends is None:
        return f"{state} from {first}"
    if begins is None:
        return f"{state} until {_english(ends)}"
    return f"{state} on {first}" if begins == ends else f"{state} {first} to {_english(ends)}"


def _chinese(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _english(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"
