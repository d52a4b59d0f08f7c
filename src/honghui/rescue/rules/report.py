"""What may be said in public of a rescue: pure functions, no database, no clock.

The one hard idea: nobody is known from a report. Names, numbers of phones and cards, and points on
a map do not belong into it, whoever typed them; and so few people that they could be known are
told as "under so many", in every number that they are part of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

from msgspec.structs import replace

from honghui.kernel.text import fold_digits
from honghui.record.commitments import public_count
from honghui.record.values import Qualifier
from honghui.rescue.reporting.contents import Contents, GroupOf, Result, TeamOf
from honghui.rescue.rules.board import Number, known

# How few are told as "under so many", where a society has said nothing else (record/references).
COUNT_MIN = 10
_PEOPLE_UNITS = {"person", "person_time", "household", "人", "人次", "户"}
# A name of one character, or one that is a word of any sentence, proves nothing.
_NAME_MIN = 2

_PRIVATE = {
    "phone": re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)"),
    "landline": re.compile(r"(?<!\d)0\d{2,3}[\s-]\d{7,8}(?!\d)"),
    "resident_id": re.compile(r"(?<![0-9A-Za-z])\d{6}(?:18|19|20)\d{9}[\dXx](?![0-9A-Za-z])"),
    "plate": re.compile(r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-Z]"
                        r"[\s·]?[0-9A-Z]{5,6}"),
    "point": re.compile(r"(?<!\d)\d{2,3}\.\d{4,}(?!\d)"),
    "mail": re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}"),
}  # fmt: skip


def private_in(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """Kinds of what should not stand there: "name", "phone", "resident_id", "plate", …; never
    what it was. `names`: of everybody who took part."""
    whole = "\n".join(texts)
    folded = fold_digits(whole)
    found = [kind for kind, pattern in _PRIVATE.items() if pattern.search(folded)]
    bare = re.sub(r"\s", "", whole)
    if any(len(name) >= _NAME_MIN and re.sub(r"\s", "", name) in bare for name in names):
        found.insert(0, "name")
    return found


def in_public(contents: Contents, count_min: int) -> Contents:
    """The same report as everybody may read it. Sums are made anew from what is told, so that no
    small number can be worked out from them."""
    teams = tuple(_team(team, count_min) for team in contents.teams)
    hours = [team.minutes for team in teams if team.minutes is not None]
    return replace(
        contents,
        teams=teams,
        people=known(team.people for team in teams),
        results=_added(one for team in teams for one in team.results),
        minutes=sum(hours) if hours else None,
    )


def _team(team: TeamOf, count_min: int) -> TeamOf:
    # Hours of a handful of people would be theirs.
    few = team.hours_of < count_min
    return replace(
        team,
        people=told(team.people, count_min),
        registered=0,
        groups=tuple(_group(group, count_min) for group in team.groups),
        results=tuple(_result(one, count_min) for one in team.results),
        minutes=None if few else team.minutes,
        hours_of=0 if few else team.hours_of,
    )


def _group(group: GroupOf, count_min: int) -> GroupOf:
    return replace(group, people=told(group.people, count_min))


def _result(one: Result, count_min: int) -> Result:
    return one._replace(number=told(one.number, count_min)) if is_of_people(one) else one


def is_of_people(one: Result) -> bool:
    return one.unit in _PEOPLE_UNITS


def told(number: Number, count_min: int) -> Number:
    """A number of people as it may be told."""
    if not number.value:
        return number
    count = public_count(number.value, cast(Qualifier, number.qualifier), count_min)
    return Number(count.value, count.qualifier)


def _added(results: Iterable[Result]) -> tuple[Result, ...]:
    found: dict[tuple[str, str], Number] = {}
    for one in results:
        key = (one.measure, one.unit)
        found[key] = found[key] + one.number if key in found else one.number
    return tuple(Result(*key, number) for key, number in found.items())
