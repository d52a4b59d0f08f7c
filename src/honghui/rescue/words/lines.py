"""What a line of the incident's log says, by its kind. Values are named as `add_line` gets them.

The one hard idea: a line keeps codes and numbers, and is put into words when it is read. `SPOKEN`
says how a value of that name is read out; whatever is not in it is read out as it stands, in the
reader's language where there is a value of the same name with `_en`. A figure is a dict with
value, unit and qualifier; a name that ends in `_at` is a moment (ISO 8601).

Kinds are kept in the order of an incident's life, a block a part of the house. A kind without
words is shown as its code, and a test fails on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from honghui.registry.naming import local_text
from honghui.rescue.models import LogLine
from honghui.rescue.words.incidents import CAUSES, NUMERALS, REQUESTERS
from honghui.rescue.words.measures import figure_text, measure_words
from honghui.rescue.words.missions import TELLINGS, told_tail
from honghui.ui.components.text import is_chinese

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LINES: dict[str, _StrOrPromise] = {
    # incidents
    "watch_opened": _("On watch: %(cause)s"),
    "incident_opened": _("Incident opened: %(cause)s"),
    "incident_begun": _("No longer only on watch: the incident is open. %(reason)s"),
    "incident_changed": _("What is known of the incident was changed: %(changed)s"),
    "request_heard": _("%(requester)s asked for help. %(wanted)s"),
    "level_opened": _("Level %(level)s response opened. %(reason)s"),
    "level_raised": _("Response raised from level %(before)s to %(level)s. %(reason)s"),
    "level_lowered": _("Response lowered from level %(before)s to %(level)s. %(reason)s"),
    "level_ended": _("Level %(before)s response ended. %(reason)s"),
    "incident_closed": _("Incident closed. %(reason)s"),
    "incident_reopened": _("Incident opened again. %(reason)s"),
    "note": "%(text)s",
    "correction": _("Correction: %(text)s"),
    # situation, needs, warnings
    "situation_reported": _("Situation report no. %(number)s, as of %(as_of_at)s"),
    "situation_corrected": _(
        "Situation report no. %(number)s puts no. %(corrected)s right. %(reason)s"
    ),
    "figure_lowered": _("%(measure)s: now %(figure)s, before %(before_figure)s. %(reason)s"),
    "need_told": _("Needed: %(what)s %(figure)s"),
    "need_changed": _("Need of %(what)s: %(figure)s met"),
    "need_closed": _("No longer needed: %(what)s"),
    "alert_published": _("Warning published: %(headline)s"),
    "alert_cancelled": _("Warning cancelled: %(headline)s"),
    "alert_read": _("A warning was the reason: %(headline)s"),
    # missions
    "team_asked": _("%(team)s was asked to come. %(people)s"),
    "team_accepted": _("%(team)s comes"),
    "team_declined": _("%(team)s does not come. %(reason)s"),
    "team_called": _("%(team)s was called out"),
    "mission_cancelled": _("%(team)s was called off. %(reason)s"),
    "told_departed": _("%(team)s set out%(tail)s"),
    "told_arrived": _("%(team)s arrived%(tail)s"),
    "told_ordered_back": _("%(team)s was ordered back%(tail)s"),
    "told_left": _("%(team)s left for home%(tail)s"),
    "told_back": _("%(team)s is back home%(tail)s"),
    "voided_telling": _("A report of %(team)s was found wrong: %(telling)s%(tail)s"),
    "settled_telling": _("A report of %(team)s was looked at and stands: %(telling)s%(tail)s"),
    "task_given": _("%(team)s: %(task)s%(tail)s"),
    "task_done": _("%(team)s has finished: %(task)s. %(result)s"),
    "mission_closed": _("%(team)s: mission closed. %(reason)s"),
    # the report and the public page
    "report_released": _("Report no. %(number)s released"),
    "report_withdrawn": _("Report no. %(number)s withdrawn"),
}


def _moment(value: str) -> str:
    moment = localtime(datetime.fromisoformat(value))
    return date_format(moment, "n月j日H:i" if is_chinese() else "j F, H:i")


def _figure(value: Mapping[str, Any]) -> str:
    return figure_text(value["value"], value["unit"], value.get("qualifier", "exact"))


def _numeral(value: int | None) -> str:
    return NUMERALS[value] if value else ""


SPOKEN: dict[str, Callable[[Any], Any]] = {
    "tail": told_tail,
    "telling": lambda code: TELLINGS.get(code, code),
    "cause": lambda code: CAUSES.get(code, code),
    "level": _numeral,
    "before": _numeral,
    "measure": measure_words,
    "changed": lambda codes: ("、" if is_chinese() else ", ").join(
        str(CHANGED.get(code, code)) for code in codes
    ),
}
CHANGED: dict[str, _StrOrPromise] = {
    "title": _("title"),
    "place": _("place"),
    "point": _("point on the map"),
    "happened_at": _("when it happened"),
}


def say(line: LogLine) -> str:
    """The line in the reader's language."""
    text = local_text(line.text, line.text_en)
    words = LINES.get(line.kind)
    if words is None:
        return text or line.kind
    values = dict(line.values)
    said = _Said({name: _spoken(name, value, values) for name, value in values.items()}, text=text)
    sentence = (str(words) % said).strip()
    return sentence if "%(text)s" in str(words) or not text else f"{sentence} {text}"


def _spoken(name: str, value: Any, values: Mapping[str, Any]) -> str:
    if value is None:
        return ""
    if name == "requester":
        own_name = values.get("requester_name")
        return _local("requester_name", values) if own_name else str(REQUESTERS.get(value, value))
    if name in SPOKEN:
        return str(SPOKEN[name](value))
    if isinstance(value, Mapping) and "unit" in value:
        return _figure(value)
    if name.endswith("_at") and isinstance(value, str):
        return _moment(value)
    return _local(name, values)


def _local(name: str, values: Mapping[str, Any]) -> str:
    return local_text(str(values[name]), str(values.get(f"{name}_en") or ""))


class _Said(dict[str, str]):
    """A value that an old line does not have leaves its place empty."""

    def __missing__(self, name: str) -> str:
        return ""
