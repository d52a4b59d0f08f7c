"""Where a team stands at a moment, from what was told of it: pure functions over plain values.

The one hard idea: a team travels in groups (batches, or all of it at once), and each group has
come as far as the furthest thing told of it by then. Nothing is filled in: a group that was told
to have arrived had left home, but when it left stays unknown until somebody tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from honghui.kernel.measures import Qualifier

# The five steps that a board shows; 应召 出发 到场 撤离 归建.
STEPS = ("called", "departed", "there", "leaving", "back")
_STEP_OF = {"departed": 1, "arrived": 2, "ordered_back": 3, "left": 3, "back": 4}
# How long a team works before others should take over: our own default, for want of a rule.
RELIEF_AFTER = timedelta(hours=8)
# Somebody who is later than they said by so much is asked about.
LATE_AFTER = timedelta(minutes=15)


class Number(NamedTuple):
    """A count of people or things as it was told. value None: not told."""

    value: int | None
    qualifier: str = "exact"

    def __add__(self, other: object) -> Number:
        assert isinstance(other, Number), "a number is added to a number"
        if self.value is None or other.value is None:
            return UNTOLD
        joined = Qualifier(self.qualifier).joined(Qualifier(other.qualifier))
        return Number(self.value + other.value, joined.value)


NOTHING, UNTOLD = Number(0), Number(None)


def added(numbers: Iterable[Number]) -> Number:
    """The sum, no more certain than its parts; one that is not known makes it not known."""
    total = NOTHING
    for one in numbers:
        total = total + one
    return total


def known(numbers: Iterable[Number]) -> Number:
    """The sum of what is known: at least so many, where one of them is not."""
    listed = list(numbers)
    told = [one for one in listed if one.value is not None]
    total = added(told)
    if len(told) == len(listed):
        return total
    if not told:
        return UNTOLD
    return Number(total.value, Qualifier(total.qualifier).joined(Qualifier.OVER).value)


@dataclass(frozen=True)
class Told:
    """One telling. `group`: the batch that it speaks of; None, of the whole team. `people`: as
    many as it says."""

    kind: str
    at: datetime
    qualifier: str = "exact"
    group: UUID | None = None
    ordered_by: str = ""
    people: Number = UNTOLD


@dataclass(frozen=True)
class Person:
    """A responder's own times, and when they said they would be there."""

    state: str
    eta_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    back_at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """People who travel together, and the first telling of each kind of them."""

    id: UUID | None
    number: int
    told_as: str
    people: Number
    told: Mapping[str, Told] = field(default_factory=dict)

    def time(self, kind: str) -> Told | None:
        return self.told.get(kind)

    @property
    def step(self) -> int:
        """How far along STEPS."""
        return max((_STEP_OF[kind] for kind in self.told), default=0)

    @property
    def is_there(self) -> bool:
        return "arrived" in self.told and not {"left", "back"} & self.told.keys()


def groups_of(
    batches: Sequence[Group], told: Iterable[Told], people: Number, moment: datetime
) -> list[Group]:
    """The batches, or the whole team as one group where it has none, each with what was told of
    it by `moment`. A telling of the whole team speaks of each batch that has none of its own."""
    groups = list(batches) or [Group(None, 1, "", people)]
    if len(groups) == 1 and groups[0].people.value is None:
        groups = [Group(groups[0].id, groups[0].number, groups[0].told_as, people)]
    own: dict[tuple[UUID | None, str], Told] = {}
    for one in sorted(told, key=lambda each: each.at):
        if one.at <= moment:
            own.setdefault((one.group, one.kind), one)
    kinds = {kind for _group, kind in own}
    return [
        _with(
            group,
            {
                kind: told_of
                for kind in kinds
                if (told_of := own.get((group.id, kind)) or own.get((None, kind)))
            },
            alone=len(groups) == 1,
        )
        for group in groups
    ]


def _with(group: Group, told: dict[str, Told], *, alone: bool) -> Group:
    """How many it is: as its batch says, else as the last telling that speaks of it says."""
    people = group.people
    if people.value is None:
        said = [
            one.people
            for one in sorted(told.values(), key=lambda each: each.at)
            if one.people.value is not None and (alone or one.group == group.id)
        ]
        people = said[-1] if said else UNTOLD
    return Group(group.id, group.number, group.told_as, people, told)


class Heads(NamedTuple):
    """People of one team: on the scene, on their way, coming and not gone yet, come home."""

    there: Number
    way: Number
    coming: Number
    home: Number


def heads(
    groups: Sequence[Group], people: Sequence[Person], total: Number, moment: datetime
) -> Heads:
    """Told numbers where somebody told some; else whoever answered is counted one by one.

    Where a team is in two places and nobody told how many are where, neither is made up."""
    where = [_where(person, moment) for person in people]
    told = total.value is not None or any(group.people.value is not None for group in groups)
    found = []
    for place in Heads._fields:
        here = [group for group in groups if _place(group) == place]
        if told:
            whole = len(here) == len(groups) and total.value is not None
            found.append(total if whole else known(group.people for group in here))
        elif people:
            found.append(Number(where.count(place)))
        else:
            found.append(UNTOLD if here and place != "coming" else NOTHING)
    return Heads(*found)


def _place(group: Group) -> str:
    """On the scene; out and not there (on the way, or home); not gone yet; come home."""
    if group.is_there:
        return "there"
    if group.step == 4:
        return "home"
    return "way" if group.step else "coming"


def _where(person: Person, moment: datetime) -> str:
    """By their times rather than by their state, so that it holds at any earlier moment."""

    def by_then(at: datetime | None) -> bool:
        return at is not None and at <= moment

    if by_then(person.back_at):
        return "home"
    if by_then(person.left_at):
        return "way"
    if by_then(person.arrived_at):
        return "there"
    if by_then(person.departed_at):
        return "way"
    return "coming" if person.state not in {"declined", "if_short"} else ""


class Expected(NamedTuple):
    """People who said that they will be there at `at`; `is_late`: and are not."""

    at: datetime
    people: int
    is_late: bool


def expected(people: Iterable[Person], moment: datetime) -> list[Expected]:
    """Who comes next, the earliest first."""
    waited: dict[datetime, int] = {}
    for person in people:
        if person.eta_at and _where(person, moment) in {"coming", "way"} and not (
            person.left_at and person.left_at <= moment
        ):  # fmt: skip
            waited[person.eta_at] = waited.get(person.eta_at, 0) + 1
    return [Expected(at, count, at + LATE_AFTER < moment) for at, count in sorted(waited.items())]


def relief_at(groups: Iterable[Group]) -> tuple[Group, datetime] | None:
    """The group on the scene that is to be relieved first, and when; not one that may leave."""
    there = [
        (group, group.told["arrived"].at)
        for group in groups
        if group.is_there and "ordered_back" not in group.told
    ]
    first = min(there, key=lambda each: each[1], default=None)
    return (first[0], first[1] + RELIEF_AFTER) if first else None


def times_of(groups: Sequence[Group]) -> list[list[Told]]:
    """For each of STEPS what was told of it, the earliest first, each telling once."""
    steps: list[list[Told]] = [[] for _step in STEPS]
    for group in groups:
        for kind, told in group.told.items():
            here = steps[_STEP_OF[kind]]
            if told not in here:
                here.append(told)
    return [sorted(step, key=lambda told: told.at) for step in steps]


def asked_moment(text: str, now: datetime) -> tuple[datetime | None, bool]:
    """What somebody asks to see: an earlier moment, None for now; and whether it could be read.
    A time without a zone is `now`'s."""
    if not text:
        return None, True
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    except ValueError:
        return None, False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return (moment if moment < now else None), True
