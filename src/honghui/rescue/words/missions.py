"""Words of missions: states, steps, flags, tasks, and why somebody is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from honghui.rescue.rules.proposing import Reason
from honghui.rescue.words.measures import figure_text
from honghui.ui.components.text import is_chinese

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# State -> how it is drawn (ui/figures.KINDS), and its words.
STATES: dict[str, tuple[str, _StrOrPromise]] = {
    "asked": ("half", pgettext_lazy("a team", "Asked")),
    "called": ("held", pgettext_lazy("a team", "Called out")),
    "departed": ("way", pgettext_lazy("a team", "On the way")),
    "there": ("used", pgettext_lazy("a team", "There")),
    "ordered_back": ("half", pgettext_lazy("a team", "Ordered back")),
    "returning": ("way", pgettext_lazy("a team", "On the way home")),
    "back": ("cover", pgettext_lazy("a team", "Back")),
    "closed": ("cover", pgettext_lazy("a mission", "Closed")),
    "declined": ("off", pgettext_lazy("a team", "Declined")),
    "cancelled": ("off", pgettext_lazy("a mission", "Called off")),
}
RESPONDER_STATES: dict[str, tuple[str, _StrOrPromise]] = {
    "coming": ("held", pgettext_lazy("a person", "Coming")),
    "if_short": ("half", pgettext_lazy("a person", "Only if short")),
    "declined": ("off", pgettext_lazy("a person", "Cannot")),
    "departed": ("way", pgettext_lazy("a person", "On the way")),
    "there": ("used", pgettext_lazy("a person", "There now")),
    "left": ("way", pgettext_lazy("a person", "On the way home")),
    "back": ("cover", pgettext_lazy("a person", "Home")),
}
# What is told of the way: as a past fact on the desk, as a thumb's button on the phone.
TELLINGS: dict[str, _StrOrPromise] = {
    "departed": pgettext_lazy("told of a team", "Departed"),
    "arrived": pgettext_lazy("told of a team", "Arrived"),
    "ordered_back": pgettext_lazy("told of a team", "Ordered back"),
    "left": pgettext_lazy("told of a team", "Left for home"),
    "back": pgettext_lazy("told of a team", "Back home"),
}
BUTTONS: dict[str, _StrOrPromise] = {
    "departed": _("We set out"),
    "arrived": _("We are all there"),
    "ordered_back": pgettext_lazy("a button", "Ordered to withdraw"),
    "left": _("We leave for home"),
    "back": _("We are home"),
}
OWN_BUTTONS: dict[str, _StrOrPromise] = {
    "departed": _("I have left"),
    "arrived": _("I am there"),
    "left": _("I am on my way home"),
    "back": _("I am home, and well"),
}
FLAGS: dict[str, _StrOrPromise] = {
    "in_the_future": _("The time lies in the future"),
    "long_ago": _("The time lies more than a month back"),
    "before_departure": _("Arrived before leaving"),
    "before_arrival": _("Before the arrival"),
    "before_leaving": _("Home before leaving"),
    "before_incident": _("Before the incident was known"),
    "contradicts": _("Two reports contradict each other"),
    "people_differ": _("The number of people differs"),
    "repeated": _("Told again"),
    "after_closing": _("Told after the mission was closed"),
}
RESPONDER_FLAGS: dict[str, _StrOrPromise] = {
    "certificate_expired": _("a certificate has run out"),
    "no_certificate": _("a certificate is missing"),
    "uninsured": _("no accident insurance today"),
    "in_two_missions": _("in two missions at once"),
    "said_away": _("had said they are away"),
    "not_a_member": _("not in the team"),
    "answered_late": _("answered after the end of the call"),
    "declined_on_the_way": _("wrote “cannot” while under way"),
    "changed_mind": _("changed their answer"),
}
# These do not stop anybody; they are shown before the wheels turn, in vermilion.
GRAVE = frozenset({"certificate_expired", "no_certificate", "uninsured", "in_two_missions"})
POSITION_FLAGS: dict[str, _StrOrPromise] = {
    "another_country": _("in another country"),
    "far_from_incident": _("far from the incident"),
    "impossible_speed": _("faster than anybody travels"),
    "poor_accuracy": _("only roughly known"),
}
TASKS: dict[str, _StrOrPromise] = {
    "search": pgettext_lazy("a task", "Search"),
    "rescue": pgettext_lazy("a task", "Rescue"),
    "medical": _("Medical help"),
    "escort": _("Hospital escort"),
    "traffic": _("Directing traffic"),
    "evacuation": _("Moving people to safety"),
    "supply": _("Carrying supplies"),
    "water": _("Water supply"),
    "stand_by": _("Standing by"),
    "shelter": pgettext_lazy("a task", "Shelter"),
    "psychological": _("Psychological support"),
    "disinfection": _("Disinfection"),
    "other": pgettext_lazy("a task", "Other"),
}
# What came of a task, and in which units it may be counted.
RESULTS: dict[str, _StrOrPromise] = {
    "moved": _("Moved to safety"),
    "found": _("Found or rescued"),
    "treated": _("Treated on the spot"),
    "escorted": _("Brought to hospital"),
    "served": _("Served"),
    "carried": _("Carried"),
}
RESULT_UNITS = ("person", "person_time", "household", "item", "box", "vehicle")
QUALIFIED: dict[str, _StrOrPromise] = {
    "exact": _("exactly"),
    "about": _("about"),
    "over": _("over"),
    "under": _("under"),
}
INJURY_STATES: dict[str, tuple[str, _StrOrPromise]] = {
    "open": ("now", pgettext_lazy("an injury", "Nobody looks after it yet")),
    "in_care": ("half", pgettext_lazy("an injury", "In care")),
    "ended": ("used", pgettext_lazy("an injury", "Ended")),
}
# Why a person or a team is proposed, in the words of a list that is read aloud.
REASONS: dict[str, _StrOrPromise] = {
    "stands_by": _("stands by"),
    "free": _("is free"),
    "has_skill": _("can do it, papers in force"),
    "leader": _("leader"),
    "deputy": _("deputy leader"),
    "if_short": _("said: only if short"),
    "with_another_team": _("goes with another team"),
    "stays_for_cover": _("stays as cover"),
    "in_reserve": _("in reserve"),
    "asked_already": _("was asked already"),
    "asked_elsewhere": _("is being asked for another incident"),
    "left": _("has left the team"),
    "team_suspended": _("the team is suspended"),
    "team_disbanded": _("the team is disbanded"),
    "lacks_skill": _("cannot do this"),
    "no_certificate": _("no certificate on file"),
    "certificate_expired": _("certificate has run out"),
    "certificate_revoked": _("certificate was revoked"),
    "uninsured": _("no accident insurance today"),
    "away": _("is away"),
    "on_mission": _("is on another mission"),
    "is_there": _("is in this incident already"),
    "team_stands_by": _("%(people)s stand by"),
    "distance": _("%(km)s km by road, about %(minutes)s minutes"),
    "same_county": _("of the same county, distance not known"),
    "same_city": _("of the same city, distance not known"),
    "distance_unknown": _("distance not known"),
    "can_spare": _("can spare %(spare)s of %(able)s who could go"),
    "keeps_cover": _("keeps %(cover)s of %(ready)s at home"),
}


def batch_words(number: int | None) -> str:
    """ "batch 2", "第2批"; nothing for the whole team."""
    return gettext("batch %(number)s") % {"number": number} if number else ""


def told_tail(told: Mapping[str, Any]) -> str:
    """ " (batch 1, about 12 people)", "（第1批，约12人）": what else was told. Or nothing."""
    people = told.get("people")
    parts = [
        batch_words(told.get("batch")),
        figure_text(people["value"], people["unit"], people["qualifier"]) if people else "",
        gettext("by order of %(who)s") % {"who": told["ordered_by"]}
        if told.get("ordered_by")
        else "",
    ]
    said = [each for each in parts if each]
    if not said:
        return ""
    return f"（{'，'.join(said)}）" if is_chinese() else f" ({', '.join(said)})"


def reason_words(reason: Reason) -> str:
    return str(REASONS[reason.code]) % dict(reason.values)


def reasons_in_both(reasons: Sequence[Reason]) -> tuple[list[str], list[str]]:
    """In Chinese, and in English: for what is kept and read in either language."""
    said = []
    for language in ("zh-hans", "en"):
        with override(language):
            said.append([reason_words(each) for each in reasons])
    return said[0], said[1]
