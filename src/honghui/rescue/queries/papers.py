"""Certificates and insurance that run out soon or have run out, by team and day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.rescue import team_access
from honghui.rescue.models import Insurance, Member, Qualification, Team

WITHIN_DAYS = (30, 60, 90)


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


def endings(members: QuerySet[Member], *, within: int) -> list[Ending]:
    """What runs out within so many days, or did and was not renewed; of current members, once in
    each team of theirs. Only what is needed: a certificate of a skill that the member is known
    for, insurance where the team's service is risky. Four queries."""
    today = clock.today()
    until = today + timedelta(days=within)
    rows = list(
        members.filter(left_on__isnull=True)
        .exclude(team__state=Team.State.DISBANDED)
        .select_related("team__kind", "person")
        .prefetch_related("has_skills__skill")
    )
    people = {row.person_id for row in rows}
    papers = _last(
        Qualification.objects.filter(person__in=people, revoked_on__isnull=True)
        .order_by()
        .values_list("person_id", "skill_id", "expires_on")
    )
    covers = dict(
        Insurance.objects.filter(person__in=people)
        .order_by()
        .values_list("person_id")
        .annotate(last=Max("covers_to"))
    )
    found = []
    for row in rows:
        for one in row.has_skills.all():
            if not one.skill.needs_certificate:
                continue
            last = papers.get((row.person_id, one.skill_id))
            found.append(_ending(row, one.skill_id, last, today))
        if row.team.kind.is_risky:
            found.append(_ending(row, "", covers.get(row.person_id), today))
    due = [one for one in found if one.on != date.max and (one.on is None or one.on <= until)]
    return sorted(due, key=lambda one: one.order)


def _last(rows: Iterable[Any]) -> dict[tuple[UUID, str], date]:
    """The certificate that lasts longest, of each person and skill; one without an end lasts."""
    found: dict[tuple[UUID, str], date] = {}
    for person_id, skill, expires_on in rows:
        key = (person_id, skill)
        found[key] = max(found.get(key, date.min), expires_on or date.max)
    return found


def _ending(member: Member, skill: str, on: date | None, today: date) -> Ending:
    return Ending(member, skill, on, None if on is None else (on - today).days)


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
