"""What a report holds: numbers, times and codes, and nothing from which a person could be known.

It is frozen as JSON when it is counted; the words of either language are made from it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from honghui.rescue.rules.board import UNTOLD, Number


class When(NamedTuple):
    """A moment as it was told. Of a day without an hour: "over" its first minute."""

    at: datetime
    qualifier: str = "exact"


class Things(NamedTuple):
    """So many vehicles of a kind; `told_as`: the source's own word."""

    kind: str
    number: int
    told_as: str = ""


class Result(NamedTuple):
    """What came of tasks. 人 and 人次 are two units, and two results."""

    measure: str
    unit: str
    number: Number


class Carried(NamedTuple):
    """Gear: what it is called, how many. ("over", 0): named, and not counted."""

    name: str
    name_en: str
    number: Number
    unit: str


class GroupOf(msgspec.Struct, frozen=True, omit_defaults=True):
    """A batch, or the whole team. `told`: when, by kind of telling."""

    number: int
    told_as: str = ""
    people: Number = UNTOLD
    told: dict[str, When] = {}


class TeamOf(msgspec.Struct, frozen=True, omit_defaults=True):
    """One team. `registered`: people who are known one by one. `minutes`: their hours together."""

    code: str
    society: str
    people: Number = UNTOLD
    registered: int = 0
    called: When | None = None
    groups: tuple[GroupOf, ...] = ()
    ordered_by: tuple[str, ...] = ()
    vehicles: tuple[Things, ...] = ()
    gear: tuple[Carried, ...] = ()
    tasks: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    minutes: int | None = None
    hours_of: int = 0

    def times(self, kind: str) -> list[When]:
        """Of all its groups, the earliest first, each once."""
        return sorted({group.told[kind] for group in self.groups if kind in group.told})

    @property
    def withdrawal(self) -> list[When]:
        """When it was ordered back, else when it left."""
        return self.times("ordered_back") or self.times("left")


class Published(msgspec.Struct, frozen=True, omit_defaults=True):
    """A number that somebody published."""

    measure: str
    number: Number
    unit: str
    told_as: str
    source: str


class Contents(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that a report says, as of a moment. `is_over`: nobody is expected to do more."""

    number: str
    society: str
    cause: str
    title: str
    title_en: str
    place_code: str
    place: str
    place_en: str
    known: When
    happened: When | None = None
    level: int | None = None
    is_drill: bool = False
    is_over: bool = False
    requests: tuple[tuple[str, When], ...] = ()
    teams: tuple[TeamOf, ...] = ()
    people: Number = UNTOLD
    vehicles: tuple[Things, ...] = ()
    gear: tuple[Carried, ...] = ()
    results: tuple[Result, ...] = ()
    minutes: int | None = None
    claims: tuple[Published, ...] = ()

    @property
    def began(self) -> When:
        return self.happened or self.known


def as_json(contents: Contents) -> dict[str, Any]:
    """For a JSON column: the same contents, the same JSON."""
    built: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(contents))
    return built


def from_json(built: Any) -> Contents:
    return msgspec.convert(built, Contents)


def texts_of(contents: Contents) -> list[str]:
    """Every text in it that somebody typed."""
    typed = [
        contents.title, contents.title_en, contents.place, contents.place_en,
        *(claim.told_as for claim in contents.claims),
        *(claim.source for claim in contents.claims),
    ]  # fmt: skip
    for team in contents.teams:
        typed += [group.told_as for group in team.groups]
        typed += team.ordered_by
        typed += [one.told_as for one in team.vehicles]
        typed += [text for one in team.gear for text in (one.name, one.name_en)]
    return [text for text in typed if text]
