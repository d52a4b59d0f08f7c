"""The report in words, in the language in force: a press note of short exact sentences, and the
one table that the society above asks for. Made from the counts alone, so that it can be made again
by anybody who has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext, pgettext

from honghui.kernel.units import format_scaled
from honghui.rescue.reporting.contents import Carried, Contents, Result, TeamOf, Things, When
from honghui.rescue.rules.board import Number
from honghui.rescue.rules.findings import Finding
from honghui.rescue.words.board import (
    VEHICLES,
    hour_words,
    is_known,
    number_words,
    task_words,
    within,
)
from honghui.rescue.words.incidents import level_words, requester_words
from honghui.rescue.words.measures import measure_words
from honghui.rescue.words.missions import RESULTS
from honghui.rescue.words.reports import Names, finding_words, listed, short_of
from honghui.ui.components.text import is_chinese


@dataclass(frozen=True)
class FindingLine:
    kind: str
    text: str


@dataclass(frozen=True)
class TeamLine:
    """One row of the table; every cell is ready to be read. `code`: of the team."""

    code: str
    name: str
    people: str
    called: str
    departed: str
    arrived: str
    withdrew: str
    back: str
    vehicles: str
    tasks: str
    results: str
    hours: str


@dataclass(frozen=True)
class ReportWords:
    title: str
    headline: str
    began: str
    paragraphs: Sequence[str]
    lines: Sequence[TeamLine]
    total: TeamLine
    findings: Sequence[FindingLine]
    gear: str

    @property
    def text(self) -> str:
        """Plain text, to be copied."""
        return "\n".join([self.title, "", *self.paragraphs])


def report_words(
    contents: Contents, found: Sequence[Finding], names: Names, as_of: datetime
) -> ReportWords:
    lines = [_line(team, contents, names) for team in contents.teams]
    return ReportWords(
        title=title_of(contents),
        headline=headline(contents),
        began=_full(contents.began),
        paragraphs=_paragraphs(contents, names, as_of),
        lines=lines,
        total=_total(contents),
        findings=[FindingLine(one.kind, finding_words(one, names)) for one in found],
        gear=listed(_carried(one) for one in contents.gear),
    )


def title_of(contents: Contents) -> str:
    return (not is_chinese() and contents.title_en) or contents.title


def headline(contents: Contents) -> str:
    """The result, in phrases parted by "|"."""
    facts = {
        "title": title_of(contents),
        "count": len(contents.teams),
        "people": number_words(contents.people),
    }
    if not is_known(contents.people):
        sentence = ngettext(
            "%(title)s:|%(count)s team turned out", "%(title)s:|%(count)s teams turned out",
            len(contents.teams),
        )  # fmt: skip
    else:
        sentence = ngettext(
            "%(title)s:|%(count)s team,|%(people)s turned out",
            "%(title)s:|%(count)s teams,|%(people)s turned out",
            len(contents.teams),
        )
    return sentence % facts


# The note.


def _paragraphs(contents: Contents, names: Names, as_of: datetime) -> list[str]:
    gap = "" if is_chinese() else " "
    first = [_happened(contents), _asked(contents), _turned_out(contents, names)]
    times = [_way(team, contents, names) for team in contents.teams]
    means = [_vehicles(contents, names), _gear(contents), _tasks(contents, names)]
    results = [_results(contents), _hours(contents)]
    last = gettext("As of %(when)s.") % {"when": _full(When(as_of))}
    paragraphs = [gap.join(one for one in each if one) for each in (first, times, means, results)]
    return [*(one for one in paragraphs if one), last]


def _happened(contents: Contents) -> str:
    facts = {"title": title_of(contents), "when": _full(contents.began)}
    sentence = (
        gettext("%(title)s: %(when)s. This was a drill.")
        if contents.is_drill
        else gettext("%(title)s: %(when)s.")
    )
    said = sentence % facts
    if contents.level is None:
        return said
    gap = "" if is_chinese() else " "
    return f"{said}{gap}" + gettext("%(level)s.") % {"level": level_words(contents.level)}


def _asked(contents: Contents) -> str:
    if not contents.requests:
        return ""
    who = listed(
        gettext("%(who)s (%(when)s)")
        % {"who": requester_words(kind), "when": _hour(when, contents)}
        for kind, when in contents.requests
    )
    return gettext("Asked for help: %(who)s.") % {"who": who}


def _turned_out(contents: Contents, names: Names) -> str:
    teams = contents.teams
    if not teams:
        return gettext("No team turned out.")
    if len(teams) == 1:
        facts = {"team": names[teams[0].code].name, "people": number_words(teams[0].people)}
        return gettext("%(team)s turned out with %(people)s.") % facts
    parts = listed(
        gettext("%(team)s %(people)s")
        % {"team": short_of(team.code, names), "people": number_words(team.people)}
        for team in teams
    )
    return gettext(
        "%(count)s Red Cross rescue teams turned out with %(people)s: %(parts)s."
    ) % {"count": len(teams), "people": number_words(contents.people), "parts": parts}  # fmt: skip


def _way(team: TeamOf, contents: Contents, names: Names) -> str:
    """From home to the scene and back, as far as it was told."""
    clauses = []
    if team.called:
        clauses.append(gettext("called %(when)s") % {"when": _hour(team.called, contents)})
    for when in team.times("departed"):
        clauses.append(gettext("left home %(when)s") % {"when": _hour(when, contents)})
    clauses += _arrivals(team, contents)
    for when in team.times("ordered_back"):
        clauses.append(gettext("ordered to withdraw %(when)s") % {"when": _hour(when, contents)})
    for when in team.times("left"):
        clauses.append(gettext("left the scene %(when)s") % {"when": _hour(when, contents)})
    for when in team.times("back"):
        clauses.append(gettext("back home %(when)s") % {"when": _hour(when, contents)})
    if _is_over(contents) and team.times("arrived") and not _withdrew(team):
        clauses.append(gettext("when it withdrew is not told"))
    if not clauses:
        clauses.append(gettext("its times are not told"))
    return gettext("%(team)s: %(clauses)s.") % {
        "team": short_of(team.code, names),
        "clauses": ("，" if is_chinese() else ", ").join(clauses),
    }


def _withdrew(team: TeamOf) -> bool:
    return bool(team.withdrawal or team.times("back"))


def _is_over(contents: Contents) -> bool:
    return contents.is_over or any(team.withdrawal or team.times("back") for team in contents.teams)


def _arrivals(team: TeamOf, contents: Contents) -> list[str]:
    times = team.times("arrived")
    if len(times) < 2:
        return [gettext("arrived %(when)s") % {"when": _hour(when, contents)} for when in times]
    return [
        gettext("batch %(number)s arrived %(when)s")
        % {"number": group.number, "when": _hour(group.told["arrived"], contents)}
        for group in team.groups
        if "arrived" in group.told
    ]


def _vehicles(contents: Contents, names: Names) -> str:
    if not contents.vehicles:
        return ""
    said = gettext("Vehicles and boats: %(list)s, %(total)s together.") % {
        "list": _things(contents.vehicles),
        "total": sum(one.number for one in contents.vehicles),
    }
    silent = [
        short_of(team.code, names)
        for team in contents.teams
        if team.times("arrived") and not team.vehicles
    ]
    if not silent:
        return said
    gap = "" if is_chinese() else " "
    return f"{said}{gap}" + gettext("Those of %(teams)s are not told.") % {"teams": listed(silent)}


def _gear(contents: Contents) -> str:
    if not contents.gear:
        return ""
    return gettext("Gear: %(list)s.") % {"list": listed(_carried(one) for one in contents.gear)}


def _tasks(contents: Contents, names: Names) -> str:
    """Teams with the same tasks stand together."""
    by_tasks: dict[tuple[str, ...], list[str]] = {}
    for team in contents.teams:
        if team.tasks:
            by_tasks.setdefault(team.tasks, []).append(short_of(team.code, names))
    if not by_tasks:
        return ""
    parts = [
        gettext("%(teams)s %(tasks)s") % {"teams": listed(teams), "tasks": task_words(kinds)}
        for kinds, teams in by_tasks.items()
    ]
    joined = ("；" if is_chinese() else "; ").join(parts)
    return gettext("Tasks: %(parts)s.") % {"parts": joined}


def _results(contents: Contents) -> str:
    if not contents.results:
        return ""
    return gettext("Results: %(list)s.") % {"list": _result_list(contents.results)}


def _hours(contents: Contents) -> str:
    if contents.minutes is None:
        return ""
    people = sum(team.hours_of for team in contents.teams)
    return gettext("Hours of service: %(hours)s, of %(people)s.") % {
        "hours": _hour_count(contents.minutes), "people": number_words(Number(people))
    }  # fmt: skip


# The table.


def _line(team: TeamOf, contents: Contents, names: Names) -> TeamLine:
    def times(kind: str) -> str:
        return listed(_hour(when, contents) for when in team.times(kind)) or _untold()

    withdrew = listed(_hour(when, contents) for when in team.withdrawal)
    return TeamLine(
        code=team.code,
        name=names[team.code].name if team.code in names else team.code,
        people=number_words(team.people),
        called=_hour(team.called, contents) if team.called else _untold(),
        departed=times("departed"),
        arrived=listed(_arrivals(team, contents))
        if len(team.times("arrived")) > 1
        else times("arrived"),
        withdrew=withdrew or _untold(),
        back=times("back"),
        vehicles=_things(team.vehicles) or _untold(),
        tasks=task_words(team.tasks) or _untold(),
        results=_result_list(team.results),
        hours=_hour_count(team.minutes) if team.minutes is not None else "",
    )


def _total(contents: Contents) -> TeamLine:
    return TeamLine(
        code="",
        name=gettext("Together"),
        people=number_words(contents.people),
        called="", departed="", arrived="", withdrew="", back="",
        vehicles=_things(contents.vehicles),
        tasks="",
        results=_result_list(contents.results),
        hours=_hour_count(contents.minutes) if contents.minutes is not None else "",
    )  # fmt: skip


# Small words.


def _untold() -> str:
    return pgettext("a time, a thing", "not told")


def _hour(when: When, contents: Contents) -> str:
    return hour_words(when.at, when.qualifier, day_of=contents.began.at)


def _full(when: When) -> str:
    """With its year and day: "2020年6月13日约16:40"."""
    local = localtime(when.at)
    day = date_format(local, "Y年n月j日" if is_chinese() else "j F Y")
    hour = hour_words(when.at, when.qualifier, day_of=when.at)
    return f"{day}{hour}" if is_chinese() else f"{day}, {hour}"


def _things(things: Sequence[Things]) -> str:
    gap = "" if is_chinese() else " "
    counts: dict[str, int] = {}
    for one in things:
        counts[one.kind] = counts.get(one.kind, 0) + one.number
    return listed(f"{VEHICLES.get(kind, kind)}{gap}{count}" for kind, count in counts.items())


def _carried(one: Carried) -> str:
    name = (not is_chinese() and one.name_en) or one.name
    if not is_known(one.number):
        return name
    gap = "" if is_chinese() else " "
    return f"{name}{gap}{number_words(one.number, one.unit)}"


def _result_list(results: Sequence[Result]) -> str:
    gap = "" if is_chinese() else " "
    return listed(
        f"{_measure(one.measure)}{gap}{number_words(one.number, one.unit)}" for one in results
    )


def _measure(code: str) -> str:
    return within(RESULTS.get(code) or measure_words(code))


def _hour_count(minutes: int) -> str:
    """To the half hour: "12.5 hours" of 12 h 40 min would claim too much, so it is rounded down."""
    halves = minutes // 30
    text = format_scaled(halves * 5, 1).removesuffix(".0")
    return gettext("%(n)s h") % {"n": text}
