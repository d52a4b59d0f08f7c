"""What a finding says, and what published numbers and tasks' results are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from honghui.rescue.reporting.contents import When
from honghui.rescue.rules.board import Number
from honghui.rescue.rules.findings import Finding
from honghui.rescue.words.board import VEHICLES, hour_words, number_words, unit_words
from honghui.rescue.words.measures import measure_words
from honghui.ui.components.text import is_chinese

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# What can be claimed: a code, its words, the unit it is counted in.
CLAIMS: dict[str, tuple[_StrOrPromise, str]] = {
    "people": (_("People of all teams"), "person"),
    "teams": (_("Teams"), "team"),
    "vehicles": (_("Vehicles and boats together"), "vehicle"),
    **{f"vehicle.{kind}": (words, "vehicle") for kind, words in VEHICLES.items()},
    "gear": (_("Gear that is named"), "item"),
    "moved": (_("Moved to safety"), "person"),
    "found": (_("Found or rescued"), "person"),
    "treated": (_("Treated on the spot"), "person"),
    "travel.hours": (_("Hours on the road"), "hour"),
    "duration.days": (_("Days it took"), "day"),
    "duration.nights": (_("Nights it took"), "night"),
}
CORRECTIONS: dict[str, _StrOrPromise] = {
    "amount": _("a wrong number"),
    "day": _("a wrong time"),
    "place": _("a wrong place"),
    "late": _("told late"),
    "omitted": _("left out"),
    "typing": _("a slip of the pen"),
    "other": _("another reason"),
}
STATES: dict[str, tuple[str, _StrOrPromise]] = {
    "draft": ("half", _("Waiting for a second pair of eyes")),
    "released": ("used", _("Released")),
    "withdrawn": ("cover", _("Taken down")),
}
# How a finding is drawn: it holds, it differs, nobody told.
KINDS: dict[str, tuple[str, _StrOrPromise]] = {
    "holds": ("used", _("agrees")),
    "differs": ("cover", _("differs")),
    "silent": ("off", _("not told")),
}


@dataclass(frozen=True)
class TeamName:
    """`short`: by its place, where no other team of the report has the same."""

    name: str
    short: str


Names = Mapping[str, TeamName]


def listed(parts: Iterable[str]) -> str:
    return ("、" if is_chinese() else ", ").join(parts)


def short_of(code: str, names: Names) -> str:
    return names[code].short if code in names else code


def finding_words(found: Finding, names: Names) -> str:
    """One sentence, or two, in the reader's language."""
    return _SAY[found.code](found.values, names)


def _n(value: Any) -> Number:
    return Number(*value)


def _when(value: Any) -> str:
    when = msgspec.convert(value, When)
    return hour_words(when.at, when.qualifier)


def _claimed(values: Mapping[str, Any]) -> dict[str, Any]:
    """What every sentence about a published number names."""
    return {
        "claim": number_words(_n(values["claim"]), values["unit"]),
        "told_as": values["told_as"],
        "source": values["source"],
    }


def _people_total(values: Mapping[str, Any], names: Names) -> str:
    parts = " + ".join(str(_n(number).value) for _team, number in values["parts"])
    ours = number_words(_n(values["ours"]))
    facts = {**_claimed(values), "parts": parts, "ours": ours}
    if len(values["parts"]) == 1:
        return gettext("Published “%(told_as)s” (%(source)s); counted: %(ours)s.") % facts
    if _n(values["claim"]) == _n(values["ours"]):
        return gettext("Published “%(told_as)s” (%(source)s): %(parts)s is %(ours)s.") % facts
    return (
        gettext(
            "Published “%(told_as)s” (%(source)s); the teams together, %(parts)s, are %(ours)s."
        )
        % facts
    )


def _people_incomplete(values: Mapping[str, Any], names: Names) -> str:
    return gettext(
        "Published “%(told_as)s” (%(source)s) cannot be checked: the people of a team are not told."
    ) % _claimed(values)


def _teams_total(values: Mapping[str, Any], names: Names) -> str:
    facts = {**_claimed(values), "ours": number_words(_n(values["ours"]), "team")}
    return gettext("Published “%(told_as)s” (%(source)s); counted: %(ours)s.") % facts


def _people_registered(values: Mapping[str, Any], names: Names) -> str:
    return gettext(
        "%(team)s: told %(told)s, and %(registered)s are known one by one."
    ) % {
        "team": short_of(values["team"], names),
        "told": number_words(_n(values["told"])),
        "registered": number_words(Number(values["registered"])),
    }  # fmt: skip


def _same_label(values: Mapping[str, Any], names: Names) -> str:
    return gettext(
        "The source calls %(count)s batches of %(team)s by one name, “%(label)s”. "
        "Here they are numbered as they arrived."
    ) % {
        "count": len(values["numbers"]),
        "team": short_of(values["team"], names),
        "label": values["label"],
    }  # fmt: skip


def _not_split(values: Mapping[str, Any], names: Names) -> str:
    return gettext("How many of %(team)s came in each batch is not told.") % {
        "team": short_of(values["team"], names)
    }


def _batches_total(values: Mapping[str, Any], names: Names) -> str:
    facts = {
        "team": short_of(values["team"], names),
        "parts": " + ".join(str(_n(part).value) for part in values["parts"]),
        "total": values["total"],
        "told": number_words(_n(values["told"])),
    }
    if values["total"] == _n(values["told"]).value:
        return gettext("%(team)s: the batches, %(parts)s, are the team's %(told)s.") % facts
    return gettext("%(team)s: the batches, %(parts)s = %(total)s; told %(told)s.") % facts


def _vehicles_agree(values: Mapping[str, Any], names: Names) -> str:
    facts = {**_claimed(values), "ours": values["ours"], "vehicle": VEHICLES[values["vehicle"]]}
    return gettext("Published “%(told_as)s” (%(source)s); counted %(vehicle)s: %(ours)s.") % facts


def _vehicles_only_if(values: Mapping[str, Any], names: Names) -> str:
    """ "5 holds only if Wenling's 1 equipment vehicle and 2 trucks are counted too"."""
    facts = {
        **_claimed(values),
        "value": _n(values["claim"]).value,
        "ours": values["ours"],
        "vehicle": VEHICLES[values["vehicle"]],
    }
    begin = gettext("Published “%(told_as)s” (%(source)s); counted %(vehicle)s: %(ours)s.") % facts
    said = []
    for reading in values["readings"]:
        pieces = reading.get("with") or reading["without"]
        more = [
            pgettext("vehicles of a team", "%(team)s: %(vehicle)s %(count)s")
            % {"team": short_of(team, names), "vehicle": VEHICLES[kind], "count": count}
            for team, kind, count in pieces
        ]
        sentence = (
            gettext("%(value)s holds only if these count as %(vehicle)s too: %(pieces)s.")
            if "with" in reading
            else gettext("%(value)s holds only if these do not count as %(vehicle)s: %(pieces)s.")
        )
        said.append(sentence % {**facts, "pieces": listed(more)})
    return ("" if is_chinese() else " ").join([begin, *said])


def _vehicles_no_reading(values: Mapping[str, Any], names: Names) -> str:
    facts = {**_claimed(values), "ours": values["ours"], "vehicle": VEHICLES[values["vehicle"]]}
    return (
        gettext(
            "Published “%(told_as)s” (%(source)s); counted %(vehicle)s: %(ours)s. "
            "No way of counting other kinds comes to that number."
        )
        % facts
    )


def _vehicles_total(values: Mapping[str, Any], names: Names) -> str:
    facts = {**_claimed(values), "ours": values["ours"]}
    return gettext("Published “%(told_as)s” (%(source)s); counted together: %(ours)s.") % facts


def _vehicles_sum(values: Mapping[str, Any], names: Names) -> str:
    return gettext("Vehicles published: %(parts)s = %(said)s; counted: %(ours)s.") % {
        "parts": " + ".join(str(part) for part in values["parts"]),
        "said": values["said"],
        "ours": values["ours"],
    }


def _two_units(values: Mapping[str, Any], names: Names) -> str:
    return gettext("%(measure)s is told in %(units)s: these are not added.") % {
        "measure": measure_words(values["measure"]),
        "units": listed(unit_words(unit, 2) for unit in values["units"]),
    }


def _results_claim(values: Mapping[str, Any], names: Names) -> str:
    facts = {**_claimed(values), "ours": number_words(_n(values["ours"]), values["unit"])}
    return gettext("Published “%(told_as)s” (%(source)s); counted: %(ours)s.") % facts


_TELLINGS: dict[str, Callable[[], str]] = {
    "departed": lambda: pgettext("a telling", "leaving home"),
    "arrived": lambda: pgettext("a telling", "arriving"),
    "ordered_back": lambda: pgettext("a telling", "the order to withdraw"),
    "left": lambda: pgettext("a telling", "leaving the scene"),
    "back": lambda: pgettext("a telling", "coming home"),
}


def _reversed(values: Mapping[str, Any], names: Names) -> str:
    team = short_of(values["team"], names)
    if values["group"] is not None:
        team = gettext("%(team)s, batch %(batch)s") % {"team": team, "batch": values["group"]}
    return gettext(
        "%(team)s: %(then)s is told at %(then_at)s, before %(first)s at %(first_at)s."
    ) % {
        "team": team,
        "first": _TELLINGS[values["first"]](),
        "first_at": _when(values["first_at"]),
        "then": _TELLINGS[values["then"]](),
        "then_at": _when(values["then_at"]),
    }  # fmt: skip


def _span(minutes: int) -> str:
    """ "4 days 7 hours", "16 hours"."""
    days, rest = divmod(minutes, 24 * 60)
    said = []
    if days:
        said.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
    hours, left = divmod(rest, 60)
    if hours or not said and not left:
        said.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if left:
        said.append(ngettext("%(n)s minute", "%(n)s minutes", left) % {"n": left})
    return ("" if is_chinese() else " ").join(said)


def _travel(values: Mapping[str, Any], names: Names) -> str:
    facts = {
        **_claimed(values),
        "team": short_of(values["team"], names),
        "from": _when(values["from"]),
        "to": _when(values["to"]),
        "span": _span(values["minutes"]),
    }
    return (
        gettext(
            "Published “%(told_as)s” (%(source)s); "
            "%(team)s left %(from)s and arrived %(to)s: %(span)s."
        )
        % facts
    )


def _duration(values: Mapping[str, Any], names: Names) -> str:
    facts = {
        "told_as": listed(values["told_as"]),
        "team": short_of(values["team"], names),
        "from": _when(values["from"]),
        "to": _when(values["to"]),
        "days": values["days"],
        "nights": values["nights"],
        "least": _span(values["least"]),
        "most": _span(values["most"]),
    }
    days = gettext(
        "Published “%(told_as)s”; %(team)s left %(from)s and was back %(to)s: each day begun is "
        "counted whole, %(days)s days and %(nights)s nights."
    )
    hours = (
        gettext("By the clock %(least)s.")
        if values["least"] == values["most"]
        else gettext("By the clock more than %(least)s and less than %(most)s.")
    )
    return f"{days}{'' if is_chinese() else ' '}{hours}" % facts


def _silence(sentence: Callable[[], str]) -> Callable[[Mapping[str, Any], Names], str]:
    def say(values: Mapping[str, Any], names: Names) -> str:
        return sentence() % {"teams": listed(short_of(code, names) for code in values["teams"])}

    return say


_SAY: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "people.total": _people_total,
    "people.incomplete": _people_incomplete,
    "teams.total": _teams_total,
    "people.registered": _people_registered,
    "batches.same_label": _same_label,
    "batches.not_split": _not_split,
    "batches.total": _batches_total,
    "vehicles.agrees": _vehicles_agree,
    "vehicles.only_if": _vehicles_only_if,
    "vehicles.no_reading": _vehicles_no_reading,
    "vehicles.total": _vehicles_total,
    "vehicles.sum": _vehicles_sum,
    "results.two_units": _two_units,
    "results.claim": _results_claim,
    "times.reversed": _reversed,
    "travel.hours": _travel,
    "duration": _duration,
    "silent.people": _silence(lambda: gettext("How many people: not told of %(teams)s.")),
    "silent.departure": _silence(lambda: gettext("When they left home: not told of %(teams)s.")),
    "silent.withdrawal": _silence(lambda: gettext("When they withdrew: not told of %(teams)s.")),
    "silent.return": _silence(lambda: gettext("When they were back home: not told of %(teams)s.")),
    "silent.vehicles": _silence(lambda: gettext("Which vehicles: not told of %(teams)s.")),
}
