"""Certificates and insurance that run out soon or have run out, by team and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.rescue import team_access
from honghui.rescue.models import Insurance, Member, MemberSkill, Qualification, Team

WITHIN_DAYS = (30, 60, 90)
# More than this on one page helps nobody.
ENDINGS_MAX = 500


@dataclass(frozen=True)
class Ending:
    """One paper of one member that somebody must see to. skill "": the insurance. on none: there
    never was one."""

    member: Member
    skill: str
    on: date | None
    days: int | None

    @property
    def is_over(self) -> bool:
        return self.days is None or self.days < 0

    @property
    def order(self) -> tuple[str, int, str]:
        return self.member.team.name, -1 if self.days is None else self.days, self.skill


# A certificate without an end lasts until then.
FOR_EVER = date.max
# (member, team, skill or "" for the insurance, the last day or none)
Due = tuple[UUID, UUID, str, date | None]


def due(members: QuerySet[Member], *, within: int) -> list[Due]:
    """What runs out within so many days, or did and was not renewed; of current members, once in
    each team of theirs. Only what is needed: a certificate of a skill that the member is known
    for, insurance where the team's service is risky. Two queries."""
    until = clock.today() + timedelta(days=within)
    current = (
        members.filter(left_on__isnull=True)
        .exclude(team__state=Team.State.DISBANDED)
        .select_related(None)
        .order_by()
    )
    return [*_certificates(current, until), *_insurances(current, until)]


def _certificates(current: QuerySet[Member], until: date) -> list[Due]:
    last = (
        Qualification.objects.filter(
            person=OuterRef("member__person"), skill=OuterRef("skill"), revoked_on__isnull=True
        )
        .order_by(F("expires_on").desc(nulls_first=True))
        .values(last=Coalesce("expires_on", Value(FOR_EVER)))[:1]
    )
    rows: Any = (
        MemberSkill.objects.filter(member__in=current.values("pk"), skill__needs_certificate=True)
        .annotate(last=Subquery(last))
        .filter(Q(last__isnull=True) | Q(last__lte=until))
        .values_list("member_id", "member__team_id", "skill_id", "last")
    )
    return list(rows)


def _insurances(current: QuerySet[Member], until: date) -> list[Due]:
    last = (
        Insurance.objects.filter(person=OuterRef("person"))
        .order_by("-covers_to")
        .values("covers_to")[:1]
    )
    rows: Any = (
        current.filter(team__kind__is_risky=True)
        .annotate(last=Subquery(last))
        .filter(Q(last__isnull=True) | Q(last__lte=until))
        .values_list("pk", "team_id", "last")
    )
    return [(pk, team_id, "", day) for pk, team_id, day in rows]


def endings(members: QuerySet[Member], *, within: int) -> list[Ending]:
    """The same with whom it is about, by team and day. Three queries."""
    today = clock.today()
    rows = due(members, within=within)
    found = members.select_related("team__kind", "person").in_bulk({row[0] for row in rows})
    shown = [
        Ending(found[pk], skill, on, None if on is None else (on - today).days)
        for pk, _team, skill, on in rows
    ]
    return sorted(shown, key=lambda one: one.order)


@dataclass(frozen=True)
class TeamEndings:
    team: Team
    endings: Sequence[Ending]

    @property
    def over(self) -> int:
        return sum(one.is_over for one in self.endings)


def endings_by_team(by: Actor, *, within: int) -> list[TeamEndings]:
    """Of the teams whose people this actor may see by name."""
    found: dict[UUID, list[Ending]] = {}
    teams: dict[UUID, Team] = {}
    for one in endings(team_access.members(by), within=within):
        found.setdefault(one.member.team_id, []).append(one)
        teams[one.member.team_id] = one.member.team
    return [TeamEndings(teams[pk], rows) for pk, rows in found.items()]


def first_of(groups: Sequence[TeamEndings]) -> list[TeamEndings]:
    """As many as one page shows, from the front."""
    shown, left = [], ENDINGS_MAX
    for one in groups:
        if left > 0:
            shown.append(TeamEndings(one.team, one.endings[:left]))
            left -= len(one.endings)
    return shown


def counts_by_team(members: QuerySet[Member], *, within: int) -> dict[UUID, tuple[int, int]]:
    """By team: how many papers are due, and how many of them are over. Two queries."""
    today = clock.today()
    found: dict[UUID, tuple[int, int]] = {}
    for _member, team_id, _skill, on in due(members, within=within):
        count, over = found.get(team_id, (0, 0))
        found[team_id] = (count + 1, over + (on is None or on < today))
    return found
