"""Words of stand-by: why, when, and what is short, as somebody would say it on the telephone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from honghui.ui.components.text import is_chinese

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

REASONS: dict[str, _StrOrPromise] = {
    "roster": _("Regular roster"),
    "warning": _("A warning was issued"),
    "flood_season": _("Flood season"),
    "request": _("Somebody asked for it"),
    "drill": _("Drill"),
}
TURN_HOURS: dict[str, _StrOrPromise] = {
    "": _("one turn for the whole time"),
    "24": _("turns of 24 hours"),
    "12": _("turns of 12 hours"),
    "8": _("turns of 8 hours"),
}
_DAYTIMES: tuple[tuple[int, _StrOrPromise], ...] = (
    (5, _("%(day)s night")),
    (11, _("%(day)s morning")),
    (13, _("%(day)s noon")),
    (18, _("%(day)s afternoon")),
    (24, _("%(day)s evening")),
)


def moment_words(moment: datetime) -> str:
    """ "周六晚上" or "Saturday evening", as of the hour in China."""
    local = localtime(moment)
    words = next(words for until, words in _DAYTIMES if local.hour < until)
    return str(words) % {"day": weekday(local)}


def weekday(moment: date) -> str:
    """ "周六", "Saturday": of a day, or a moment in its own zone."""
    if is_chinese():
        return f"周{'一二三四五六日'[moment.weekday()]}"
    return date_format(moment, "l")


def short_words(short: int, from_at: datetime) -> str:
    """ "周六晚上的备勤还差 2 人" or "Cover short by 2 on Saturday evening"."""
    return ngettext(
        "Cover short by %(n)s from %(when)s on",
        "Cover short by %(n)s from %(when)s on",
        short,
    ) % {"n": short, "when": moment_words(from_at)}


def period_words(from_at: datetime, until_at: datetime) -> str:
    """ "6月27日08:00 – 6月28日08:00"; the day once when it is the same."""
    chinese = is_chinese()
    one, other = localtime(from_at), localtime(until_at)
    day = "n月j日H:i" if chinese else "j F, H:i"
    end = "H:i" if one.date() == other.date() else day
    return f"{date_format(one, day)} – {date_format(other, end)}"


def hours_words(from_at: datetime, until_at: datetime) -> str:
    """ "08:00 – 周二08:00": within a week a weekday says enough; else the day."""
    one, other = localtime(from_at), localtime(until_at)
    if one.date() == other.date():
        end = ""
    elif other - one < timedelta(days=7):
        end = weekday(other) + ("" if is_chinese() else " ")
    else:
        end = date_format(other, "n月j日" if is_chinese() else "j F, ")
    return f"{one:%H:%M} – {end}{other:%H:%M}"
