"""Words of call-outs in templates."""

from __future__ import annotations

from datetime import datetime

from django.template import Library
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from honghui.callouts import words
from honghui.callouts.queries.answer_page import AnswerPage

register = Library()


@register.filter
def minutes_text(minutes: int | None) -> str:
    """45 → 45 min, 60 → 1 h, 90 → 1.5 h."""
    if minutes is None:
        return ""
    if minutes >= 60 and minutes % 30 == 0:
        hours = f"{minutes // 60}" if minutes % 60 == 0 else f"{minutes // 60}.5"
        return _("%(hours)s h") % {"hours": hours}
    return ngettext("%(minutes)s min", "%(minutes)s min", minutes) % {"minutes": minutes}


@register.filter
def clock_text(moment: datetime) -> str:
    return date_format(localtime(moment), "H:i")


@register.filter
def your_answer(page: AnswerPage) -> str:
    """To the person themselves, in their own words."""
    if page.is_stand_by and page.state == "coming":
        return _("You stand by")
    known = {
        "coming": _("You come"),
        "if_short": _("Only if people are short"),
        "declined": _("You cannot"),
    }
    return str(known.get(page.state, words.STATES[page.state]))
