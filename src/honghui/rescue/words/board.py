"""What the board and the report call steps, kinds, flags, numbers and hours, in the reader's
language."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from honghui.kernel.measures import Qualifier
from honghui.kernel.units import UNITS, format_scaled
from honghui.registry.naming import local_name
from honghui.rescue.rules.board import Number, Told
from honghui.rescue.words.missions import FLAGS, RESPONDER_FLAGS, TASKS
from honghui.ui.components.text import is_chinese

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

STEPS: dict[str, _StrOrPromise] = {
    "called": pgettext_lazy("step of a team", "Called"),
    "departed": pgettext_lazy("step of a team", "Left home"),
    "there": pgettext_lazy("step of a team", "There"),
    "leaving": pgettext_lazy("step of a team", "Withdrawing"),
    "back": pgettext_lazy("step of a team", "Back home"),
}
# A shape and a word for each of STEPS; "asked" stands before them.
STANDING: dict[str, tuple[str, _StrOrPromise]] = {
    "asked": ("off", _("Asked, no answer yet")),
    "called": ("held", _("Getting ready")),
    "departed": ("way", _("On the way there")),
    "there": ("used", _("On the scene")),
    "ordered_back": ("used", _("Ordered to withdraw")),
    "leaving": ("way", _("On the way home")),
    "back": ("half", pgettext_lazy("a team", "Back home")),
}
VEHICLES: dict[str, _StrOrPromise] = {
    "rescue": _("rescue vehicles"),
    "ambulance": _("ambulances"),
    "equipment": _("equipment vehicles"),
    "truck": _("trucks"),
    "command": _("command vehicles"),
    "bus": _("buses"),
    "car": _("cars"),
    "boat": _("boats"),
    "raft": _("rafts"),
    "other": _("other vehicles"),
}


def number_words(number: Number, unit: str = "person") -> str:
    """ "约400人", "about 400 people"; "未载", "not told" for what nobody told."""
    if number.value is None or not is_known(number):
        return gettext("not told")
    word = Qualifier(number.qualifier).word("zh" if is_chinese() else "en")
    gap = "" if is_chinese() else " "
    name = unit_words(unit, number.value)
    return gap.join(one for one in (word, format_scaled(number.value, 0), name) if one)


def unit_words(unit: str, count: int) -> str:
    """A unit's word, by its code or as somebody typed it (人, 人次)."""
    if unit == "day":
        return ngettext("day", "days", count)
    if unit == "night":
        return ngettext("night", "nights", count)
    known = UNITS.get(unit) or next((one for one in UNITS.values() if one.name_zh == unit), None)
    return known.name("zh" if is_chinese() else "en", count=count) if known else unit


def figure_words(number: Number) -> str:
    """Digits and qualifier alone: for a number as large as a hand."""
    return number_words(number, "") if is_known(number) else "—"


def is_known(number: Number) -> bool:
    """ "More than none" is nothing that a large figure could say."""
    return number.value is not None and number != Number(0, "over")


def hour_words(at: datetime, qualifier: str, *, day_of: datetime | None = None) -> str:
    """ "约17:00", "about 17:00"; with its day where that is not `day_of`'s.

    Something told of a day and no hour is kept as "over" (after) its first minute."""
    local = localtime(at)
    zh = is_chinese()
    day = date_format(local, "n月j日" if zh else "j F")
    if qualifier == "over" and local.time() == time():
        return gettext("%(day)s, hour not told") % {"day": day}
    clock = f"{local:%H:%M}"
    said = {
        "exact": clock,
        "about": gettext("about %(clock)s") % {"clock": clock},
        "over": gettext("after %(clock)s") % {"clock": clock},
        "under": gettext("before %(clock)s") % {"clock": clock},
    }[qualifier]
    if day_of is not None and localtime(day_of).date() == local.date():
        return said
    return f"{day}{said}" if zh else f"{day}, {said}"


def told_words(told: Told, day_of: datetime | None = None) -> str:
    return hour_words(told.at, told.qualifier, day_of=day_of)


def elapsed_words(since: datetime, moment: datetime) -> str:
    """Hours and minutes, "6:50"; days in front where there are any."""
    minutes = max(0, int((moment - since).total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    clock = f"{rest // 60}:{rest % 60:02d}"
    return gettext("%(days)s d %(clock)s") % {"days": days, "clock": clock} if days else clock


def flag_words(flag: str) -> str:
    """What does not fit in a telling, or must be looked at in a responder."""
    return within(FLAGS.get(flag) or RESPONDER_FLAGS.get(flag) or flag)


def within(word: _StrOrPromise) -> str:
    """A word as it stands within a sentence: in English without its capital."""
    said = str(word)
    return said if is_chinese() or said[:2].isupper() else said[:1].lower() + said[1:]


def vehicle_words(vehicles: dict[str, int] | Any) -> str:
    """ "装备车1、货车2"; "equipment vehicles 1, trucks 2"."""
    joiner = "、" if is_chinese() else ", "
    gap = "" if is_chinese() else " "
    return joiner.join(
        f"{VEHICLES.get(kind, kind)}{gap}{count}" for kind, count in vehicles.items() if count
    )


def task_words(kinds: Any) -> str:
    joiner = "、" if is_chinese() else ", "
    return joiner.join(within(TASKS.get(kind, kind)) for kind in kinds)


class Placed(Protocol):
    """A society, or its node in the tree."""

    @property
    def place_name(self) -> str: ...
    @property
    def place_name_en(self) -> str: ...


def short_place(society: Placed) -> str:
    """ "温岭", "Wenling": where there is no room for what kind of place it is."""
    if not is_chinese():
        name = society.place_name_en
        for kind in (" District", " County", " City", " Province", " She Autonomous"):
            name = name.removesuffix(kind)
        return name
    name = society.place_name.removesuffix("畲族自治县")
    return name[:-1] if len(name) > 2 and name[-1] in "省市区县" else name


def short_team(team: Any, several: Collection[str]) -> str:
    """Where there is no room: its society's place; in a society of `several` here, what it is
    called itself, "绍兴医疗", "Shaoxing Medical"."""
    if team.society_id not in several:
        return short_place(team.society)
    name = local_name(team)
    for sample in ("（示例）", " (sample)"):
        name = name.removesuffix(sample)
    for tail in ("救援队", " Rescue Team", " Team"):
        name = name.removesuffix(tail) or name
    return name


def place_words(incident: Any) -> str:
    if not is_chinese() and incident.place_text_en:
        return str(incident.place_text_en)
    return str(incident.place_text)


def title_words(incident: Any) -> str:
    if not is_chinese() and incident.title_en:
        return str(incident.title_en)
    return str(incident.title)


def team_words(team: Any) -> str:
    return local_name(team)
