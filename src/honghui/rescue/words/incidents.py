"""Words of incidents: causes, states, who asks, levels; and the title that an incident gets by
itself when nobody has the time to write one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from honghui.registry import naming
from honghui.rescue.models import Incident, Requester

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CAUSES: dict[str, _StrOrPromise] = {
    "typhoon": _("Typhoon"),
    "flood": _("Flood"),
    "landslide": _("Landslide"),
    "earthquake": _("Earthquake"),
    "fire": _("Fire"),
    "explosion": _("Explosion"),
    "traffic": _("Traffic accident"),
    "missing_person": _("Missing person"),
    "water": _("Accident on the water"),
    "epidemic": _("Epidemic"),
    "event": _("Event to be covered"),
    "other": pgettext_lazy("a cause", "Other"),
}
# How a state is drawn (ui/figures.KINDS), and its words.
STATES: dict[str, tuple[str, _StrOrPromise]] = {
    "watch": ("half", _("On watch")),
    "open": ("used", pgettext_lazy("an incident", "Open")),
    "closed": ("off", pgettext_lazy("an incident", "Closed")),
}
REQUESTERS: dict[str, _StrOrPromise] = {
    "upper_society": _("The society above us"),
    "sister_team": _("A sister team"),
    "police": _("Police"),
    "fire": _("Fire and rescue service"),
    "emergency_bureau": _("Emergency bureau"),
    "command_post": _("Command post"),
    "government": _("Local government"),
    "hospital": _("Hospital"),
    "citizen": _("A citizen"),
    "own": _("Nobody: we saw it ourselves"),
}
MEANS: dict[str, _StrOrPromise] = {
    "phone": _("By phone"),
    "message": _("By message"),
    "letter": _("In writing"),
    "in_person": _("In person"),
    "other": pgettext_lazy("a way to ask", "Otherwise"),
}
# I is the highest: the numerals are those of the plans.
NUMERALS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}
QUALIFIED: dict[str, _StrOrPromise] = {
    "exact": _("at this time"),
    "about": _("about this time"),
    "over": _("after this time"),
    "under": _("before this time"),
}
assert set(CAUSES) == set(Incident.Cause.values)
assert set(REQUESTERS) == set(Requester.values)


def level_words(level: int | None) -> str:
    """ "Level IV response", or that there is none."""
    if level is None:
        return gettext("No level of response")
    return gettext("Level %(numeral)s response") % {"numeral": NUMERALS[level]}


def requester_words(kind: str, name: str = "") -> str:
    """The name where there is one, else the kind."""
    return name or str(REQUESTERS[kind])


def cause_choices() -> list[tuple[str, _StrOrPromise]]:
    return naming.choices(CAUSES)


# What the title calls the cause; in Chinese it follows the place, in English the other way round.
_TITLES = {
    "typhoon": ("台风灾害", "Typhoon"),
    "flood": ("洪涝灾害", "Flood"),
    "landslide": ("山体滑坡", "Landslide"),
    "earthquake": ("地震", "Earthquake"),
    "fire": ("火灾", "Fire"),
    "explosion": ("爆炸事故", "Explosion"),
    "traffic": ("交通事故", "Traffic accident"),
    "missing_person": ("走失搜寻", "Search for a missing person"),
    "water": ("水上险情", "Accident on the water"),
    "epidemic": ("疫情", "Epidemic"),
    "event": ("活动保障", "Event cover"),
    "other": ("突发事件", "Incident"),
}
assert set(_TITLES) == set(CAUSES)


def made_title(cause: str, place: str, place_en: str) -> tuple[str, str]:
    """(Chinese, English): "温岭市爆炸事故", "Explosion in Wenling City"."""
    word, word_en = _TITLES[cause]
    return f"{place}{word}", f"{word_en} in {place_en}" if place_en else word_en
