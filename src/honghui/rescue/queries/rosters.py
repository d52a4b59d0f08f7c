"""Stand-by: what must stay at home, who has which turn, where cover is short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from honghui.kernel import clock
from honghui.kernel.clock import CHINA
from honghui.rescue.models import StandBy, StandByPlace, Swap, Team
from honghui.rescue.rules import rosters as rules

TAKEN = Count("places", filter=Q(places__given_up_at__isnull=True))
SHORT_WITHIN = timedelta(days=7)


def taken_of(one: StandBy) -> int:
    """How many turns of it are taken: only on a row that was asked with TAKEN."""
    row: Any = one
    return int(row.taken)


def turns_of(one: StandBy) -> list[StandByPlace]:
    """Who has a turn of it: only on a row of `with_places`."""
    row: Any = one
    return list(row.turns)


def running(at: datetime) -> Q:
    """The condition on StandBy for being in force at that moment."""
    return Q(cancelled_at__isnull=True, from_at__lte=at, until_at__gt=at)


def cover_needed(team_ids: Iterable[UUID], at: datetime) -> dict[UUID, int]:
    """How many people of each team must stay at home at that moment, whoever calls: its minimum
    cover, or more while a stand-by of it promises more. Two queries."""
    ids = list(team_ids)
    promised = _promised(ids, at)
    own = Team.objects.filter(pk__in=ids).order_by().values_list("pk", "minimum_cover")
    return {pk: rules.required_cover(cover, promised.get(pk, [])) for pk, cover in own}


def cover_of(teams: Sequence[Team], at: datetime) -> dict[UUID, int]:
    """The same, of teams at hand. One query."""
    promised = _promised([team.pk for team in teams], at)
    return {
        team.pk: rules.required_cover(team.minimum_cover, promised.get(team.pk, []))
        for team in teams
    }


def _promised(ids: Sequence[UUID], at: datetime) -> dict[UUID, list[int]]:
    found: dict[UUID, list[int]] = {}
    rows = StandBy.objects.filter(running(at), team__in=ids).order_by()
    for team_id, minimum in rows.values_list("team_id", "minimum_people"):
        found.setdefault(team_id, []).append(minimum)
    return found


def people_on_stand_by(team_ids: Iterable[UUID], at: datetime) -> dict[UUID, set[UUID]]:
    """By team: the persons who have a turn at that moment. One query."""
    rows = StandByPlace.objects.filter(
        given_up_at__isnull=True,
        stand_by__cancelled_at__isnull=True,
        stand_by__from_at__lte=at,
        stand_by__until_at__gt=at,
        stand_by__team__in=list(team_ids),
    ).values_list("stand_by__team_id", "member__person_id")
    found: dict[UUID, set[UUID]] = {}
    for team_id, person_id in rows:
        found.setdefault(team_id, set()).add(person_id)
    return found


def stand_bys_of(team: Team) -> QuerySet[StandBy]:
    return StandBy.objects.filter(team=team).select_related("team__society")


def with_places(found: QuerySet[StandBy]) -> QuerySet[StandBy]:
    """With who has which turn, and with swaps that were asked for. Two queries more."""
    places = (
        StandByPlace.objects.filter(given_up_at__isnull=True)
        .select_related("member__person")
        .prefetch_related(
            Prefetch(
                "swaps",
                Swap.objects.filter(state=Swap.State.ASKED).select_related("member__person"),
                to_attr="asked",
            )
        )
        .order_by("member__person__name_key", "pk")
    )
    return found.prefetch_related(Prefetch("places", places, to_attr="turns"))


@dataclass(frozen=True)
class Day:
    """One day of one team in the week: its stand-bys, and the worst that is short."""

    on: date
    stand_bys: Sequence[StandBy]
    short: int

    @property
    def taken(self) -> int:
        return sum(map(taken_of, self.stand_bys))

    @property
    def wanted(self) -> int:
        return sum(one.minimum_people for one in self.stand_bys)


@dataclass(frozen=True)
class WeekOfTeam:
    team: Team
    days: Sequence[Day]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def in_week(found: QuerySet[StandBy], monday: date) -> QuerySet[StandBy]:
    """The stand-bys that touch the seven days from `monday`, with how many turns are taken."""
    begin = begin_of(monday)
    touching = found.filter(
        cancelled_at__isnull=True, from_at__lt=begin + timedelta(days=7), until_at__gt=begin
    )
    return touching.annotate(taken=TAKEN).order_by("from_at", "id")


def week_of(teams: Sequence[Team], monday: date) -> list[WeekOfTeam]:
    """Seven days of each team. One query."""
    by_team: dict[UUID, list[StandBy]] = {}
    for each in in_week(StandBy.objects.filter(team__in=teams), monday):
        by_team.setdefault(each.team_id, []).append(each)
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    return [
        WeekOfTeam(team, [_day(day, by_team.get(team.pk, [])) for day in days]) for team in teams
    ]


def _day(on: date, stand_bys: Sequence[StandBy]) -> Day:
    """Those that begin on that day or run at its noon: a night is its evening's."""
    begin = begin_of(on)
    noon = begin + timedelta(hours=12)
    tomorrow = begin + timedelta(days=1)
    those = [
        one
        for one in stand_bys
        if begin <= one.from_at < tomorrow or one.from_at <= noon < one.until_at
    ]
    short = max([_short(one) for one in those], default=0)
    return Day(on, those, short)


def _short(one: StandBy) -> int:
    return rules.shortage(one.minimum_people, taken_of(one))


def coming(found: QuerySet[StandBy], at: datetime) -> QuerySet[StandBy]:
    """Running at that moment, or beginning within a week of it, with how many turns are taken."""
    those = found.filter(cancelled_at__isnull=True, until_at__gt=at, from_at__lt=at + SHORT_WITHIN)
    return those.annotate(taken=TAKEN).order_by("from_at", "id")


def short_soon(found: QuerySet[StandBy]) -> list[StandBy]:
    """Running now or beginning within a week, with fewer people than promised. One query."""
    now = clock.now()
    rows = (
        found.filter(cancelled_at__isnull=True, until_at__gt=now, from_at__lt=now + SHORT_WITHIN)
        .annotate(taken=TAKEN)
        .select_related("team")
        .order_by("from_at", "id")
    )
    return [one for one in rows if _short(one)]
