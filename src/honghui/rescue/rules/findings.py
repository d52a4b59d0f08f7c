"""What does not add up, what does, and what nobody told: found in the counts of a report, and
shown beside them. Nothing is repaired. Pure functions over `reporting.contents`.

The one hard idea: a published number that differs from ours is not wrong for that. It may count
other kinds as well: so small sets of what was counted are tried, and whichever comes to the
published number is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Any

import msgspec
from django.utils.timezone import localtime

from honghui.rescue.reporting.contents import Contents, GroupOf, Published, TeamOf, When
from honghui.rescue.rules.board import Number

# A set of more than so many groups explains nothing to anybody.
SUBSET_MAX, READINGS_MAX = 4, 3
_TENTH = 10
# Which time cannot come before which.
_ORDER = (
    ("departed", "arrived"),
    ("arrived", "ordered_back"),
    ("arrived", "left"),
    ("departed", "back"),
    ("left", "back"),
)
Piece = tuple[str, str, int]


class Finding(msgspec.Struct, frozen=True):
    """`kind`: "holds", "differs" or "silent" (nobody told). `values`: codes and numbers; the words
    are in words/reports.py."""

    code: str
    kind: str
    values: dict[str, Any]


def findings(contents: Contents) -> list[Finding]:
    """In the order in which a reader asks: the people, the vehicles, the times, what is missing."""
    return [
        *_people(contents),
        *_batches(contents),
        *_vehicles(contents),
        *_results(contents),
        *_times(contents),
        *_durations(contents),
        *_silent(contents),
    ]


def as_json(found: Iterable[Finding]) -> list[Any]:
    built: list[Any] = msgspec.json.decode(msgspec.json.encode(list(found)))
    return built


def from_json(built: Any) -> list[Finding]:
    return msgspec.convert(built, list[Finding])


# People.


def _people(contents: Contents) -> Iterator[Finding]:
    told = [team for team in contents.teams if team.people.value is not None]
    parts = [(team.code, team.people) for team in told]
    for claim in _claims(contents, "people"):
        values = {"parts": parts, "ours": contents.people, **_of(claim)}
        if len(told) < len(contents.teams):
            yield Finding("people.incomplete", "silent", values)
        else:
            holds = agrees(claim.number, contents.people)
            yield Finding("people.total", "holds" if holds else "differs", values)
    for claim in _claims(contents, "teams"):
        ours = Number(len(contents.teams))
        holds = agrees(claim.number, ours)
        yield Finding("teams.total", "holds" if holds else "differs", {"ours": ours, **_of(claim)})
    for team in contents.teams:
        if team.registered and team.people.value not in (None, team.registered):
            yield Finding(
                "people.registered", "differs",
                {"team": team.code, "told": team.people, "registered": team.registered},
            )  # fmt: skip


def _batches(contents: Contents) -> Iterator[Finding]:
    for team in contents.teams:
        if len(team.groups) < 2:
            continue
        labels: dict[str, list[int]] = defaultdict(list)
        for group in team.groups:
            if group.told_as:
                labels[group.told_as].append(group.number)
        for label, numbers in labels.items():
            if len(numbers) > 1:
                yield Finding(
                    "batches.same_label", "differs",
                    {"team": team.code, "label": label, "numbers": numbers},
                )  # fmt: skip
        parts = [group.people for group in team.groups]
        if any(part.value is None for part in parts):
            yield Finding("batches.not_split", "silent", {"team": team.code, "batches": len(parts)})
            continue
        total = sum(part.value or 0 for part in parts)
        if team.people.value is not None:
            exact = all(part.qualifier == "exact" for part in (*parts, team.people))
            holds = total == team.people.value or not exact
            values = {"team": team.code, "parts": parts, "total": total, "told": team.people}
            yield Finding("batches.total", "holds" if holds else "differs", values)


# Vehicles: what is counted by kind, beside what was published.


def _vehicles(contents: Contents) -> Iterator[Finding]:
    claims = [one for one in contents.claims if one.measure.startswith("vehicle.")]
    pieces = _pieces(contents)
    kinds = {one.measure.removeprefix("vehicle."): one for one in claims}
    settled = {kind for kind, one in kinds.items() if _counted(pieces, kind) == one.number.value}
    for kind, claim in kinds.items():
        ours = _counted(pieces, kind)
        values: dict[str, Any] = {"vehicle": kind, "ours": ours, **_of(claim)}
        if kind in settled:
            yield Finding("vehicles.agrees", "holds", values)
            continue
        readings = _readings(pieces, kind, claim.number.value or 0, settled)
        code = "vehicles.only_if" if readings else "vehicles.no_reading"
        yield Finding(code, "differs", {**values, "readings": readings})
    counted = sum(count for _team, _kind, count in pieces)
    together = [*_claims(contents, "vehicles")]
    for claim in together:
        holds = agrees(claim.number, Number(counted))
        values = {"ours": counted, **_of(claim)}
        yield Finding("vehicles.total", "holds" if holds else "differs", values)
    if len(kinds) > 1 and not together:
        said = [one.number.value or 0 for one in kinds.values()]
        values = {"ours": counted, "parts": said, "said": sum(said)}
        yield Finding("vehicles.sum", "holds" if sum(said) == counted else "differs", values)


def _pieces(contents: Contents) -> list[Piece]:
    """Team, kind, how many: what can be counted in or left out as one."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for team in contents.teams:
        for one in team.vehicles:
            counts[team.code, one.kind] += one.number
    return [(team, kind, count) for (team, kind), count in counts.items()]


def _counted(pieces: Iterable[Piece], kind: str) -> int:
    return sum(count for _team, of, count in pieces if of == kind)


def _readings(
    pieces: Sequence[Piece], kind: str, claimed: int, settled: set[str]
) -> list[dict[str, Any]]:
    """What else must be counted as of this kind, or what of it must not, for the claim to hold:
    every smallest set. What another claim accounts for already is not taken twice."""
    missing = claimed - _counted(pieces, kind)
    if missing > 0:
        pool = [one for one in pieces if one[1] != kind and one[1] not in settled]
    else:
        pool = [one for one in pieces if one[1] == kind]
    for size in range(1, min(SUBSET_MAX, len(pool)) + 1):
        found = [
            {"with": list(each)} if missing > 0 else {"without": list(each)}
            for each in combinations(pool, size)
            if sum(count for _team, _kind, count in each) == abs(missing)
        ]
        if found:
            return found[:READINGS_MAX]
    return []


def _results(contents: Contents) -> Iterator[Finding]:
    units: dict[str, list[str]] = defaultdict(list)
    for one in contents.results:
        units[one.measure].append(one.unit)
    for measure, several in units.items():
        if len(several) > 1:
            yield Finding("results.two_units", "holds", {"measure": measure, "units": several})
        for claim in _claims(contents, measure):
            ours = next((r.number for r in contents.results
                         if (r.measure, r.unit) == (measure, claim.unit)), None)  # fmt: skip
            if ours is not None:
                holds = agrees(claim.number, ours)
                values = {"measure": measure, "ours": ours, **_of(claim)}
                yield Finding("results.claim", "holds" if holds else "differs", values)


# Times.


def _times(contents: Contents) -> Iterator[Finding]:
    for team in contents.teams:
        for group in team.groups:
            for before, after in _ORDER:
                if _is_reversed(group.told.get(before), group.told.get(after)):
                    yield Finding(
                        "times.reversed", "differs",
                        {
                            "team": team.code, "group": _number(team, group),
                            "first": before, "first_at": group.told[before],
                            "then": after, "then_at": group.told[after],
                        },
                    )  # fmt: skip


def _is_reversed(first: When | None, then: When | None) -> bool:
    """Not where one of them is only known to within a bound that allows the right order."""
    if first is None or then is None or then.at >= first.at:
        return False
    return then.qualifier != "over" and first.qualifier != "under"


def _number(team: TeamOf, group: GroupOf) -> int | None:
    return group.number if len(team.groups) > 1 else None


def _durations(contents: Contents) -> Iterator[Finding]:
    for team in contents.teams:
        out, there, back = team.times("departed"), team.times("arrived"), team.times("back")
        for claim in _claims(contents, "travel.hours"):
            if out and there:
                minutes = int((there[0].at - out[0].at) / timedelta(minutes=1))
                holds = abs(minutes - (claim.number.value or 0) * 60) * _TENTH <= minutes
                values = {"team": team.code, "minutes": minutes, "from": out[0], "to": there[0]}
                yield Finding(
                    "travel.hours", "holds" if holds else "differs", {**values, **_of(claim)}
                )
        if out and back:
            yield from _days(contents, team, out[0], back[-1])


def _days(contents: Contents, team: TeamOf, out: When, back: When) -> Iterator[Finding]:
    """Days as people count them, each begun one whole, and the hours that the clock gives."""
    days = _claims(contents, "duration.days")
    nights = _claims(contents, "duration.nights")
    if not days and not nights:
        return
    between = (localtime(back.at).date() - localtime(out.at).date()).days
    least = int((back.at - out.at) / timedelta(minutes=1))
    # Of a day without an hour: at any minute of it.
    most = least + 24 * 60 if _is_day(back) else least
    # "Nearly six days" is said of six begun ones.
    holds = all(one.number.value == between + 1 for one in days) and all(
        one.number.value == between for one in nights
    )
    yield Finding(
        "duration", "holds" if holds else "differs",
        {
            "team": team.code, "days": between + 1, "nights": between, "least": least, "most": most,
            "from": out, "to": back, "claims": [_of(one)["claim"] for one in (*days, *nights)],
            "told_as": list(dict.fromkeys(one.told_as for one in (*days, *nights))),
        },
    )  # fmt: skip


def _is_day(when: When) -> bool:
    local = localtime(when.at)
    return when.qualifier == "over" and (local.hour, local.minute) == (0, 0)


# What nobody told.


def _silent(contents: Contents) -> Iterator[Finding]:
    there = [team for team in contents.teams if team.times("arrived")]
    gone = any(team.withdrawal or team.times("back") for team in contents.teams)
    over = contents.is_over or gone
    asked = (
        ("silent.people", [one for one in contents.teams if one.people.value is None]),
        ("silent.departure", [one for one in there if not one.times("departed")]),
        ("silent.withdrawal", [one for one in there if over and not _withdrew(one)]),
        ("silent.return", [one for one in there if over and not one.times("back")]),
        ("silent.vehicles", [one for one in there if not one.vehicles]),
    )
    for code, teams in asked:
        if teams:
            yield Finding(code, "silent", {"teams": [team.code for team in teams]})


def _withdrew(team: TeamOf) -> bool:
    return bool(team.withdrawal or team.times("back"))


# Claims.


def _claims(contents: Contents, measure: str) -> list[Published]:
    return [one for one in contents.claims if one.measure == measure]


def _of(claim: Published) -> dict[str, Any]:
    return {
        "claim": claim.number, "unit": claim.unit, "told_as": claim.told_as, "source": claim.source
    }  # fmt: skip


def agrees(claimed: Number, ours: Number) -> bool:
    """Whether the two can both be true: "about" lets a tenth pass, a bound its own side."""
    if claimed.value is None or ours.value is None:
        return False
    if "about" in (claimed.qualifier, ours.qualifier):
        return abs(claimed.value - ours.value) * _TENTH <= max(claimed.value, ours.value)
    if claimed.qualifier == ours.qualifier:
        return claimed.qualifier != "exact" or claimed.value == ours.value
    if claimed.qualifier == "exact" or ours.qualifier != "exact":
        exact, bound = claimed, ours
    else:
        exact, bound = ours, claimed
    if exact.qualifier != "exact":  # over the one, under the other: something lies between
        low, high = (exact, bound) if exact.qualifier == "over" else (bound, exact)
        return (low.value or 0) + 1 < (high.value or 0)
    if bound.qualifier == "over":
        return exact.value > (bound.value or 0)  # type: ignore[operator]
    return exact.value < (bound.value or 0)  # type: ignore[operator]
