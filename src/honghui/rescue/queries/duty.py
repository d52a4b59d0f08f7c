"""Who of many may be sent: the facts of all of them in four queries, the rule for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from honghui.kernel.clock import CHINA
from honghui.rescue.models import (
    Availability,
    Insurance,
    Member,
    MemberSkill,
    Mission,
    Qualification,
    Responder,
)
from honghui.rescue.rules.duty import Certificate, Facts, KnownSkill, Ready, Told, readiness_of

# Somebody in such a state is bound by the mission, until they are back.
BOUND = (
    Responder.State.COMING,
    Responder.State.DEPARTED,
    Responder.State.THERE,
    Responder.State.LEFT,
)
OVER = (
    Mission.State.BACK,
    Mission.State.CLOSED,
    Mission.State.DECLINED,
    Mission.State.CANCELLED,
)

# Of the members asked about: their persons, as a question inside another.
People = QuerySet[Member, Any]


@dataclass(frozen=True)
class Duty(Ready):
    """The rule's answer, and who it is about."""

    member_id: UUID = UUID(int=0)
    person_id: UUID = UUID(int=0)
    team_id: UUID = UUID(int=0)


def duty_of(
    members: QuerySet[Member],
    *,
    at: datetime,
    skill: str | None,
    besides: UUID | None = None,
) -> dict[UUID, Duty]:
    """By member's id. Four queries, whatever their number. `at`: aware; its day is China's.
    `skill`: a code of Skill, none for anything; `besides`: a mission that binds nobody."""
    at = at.astimezone(CHINA)
    if not members.query.is_sliced:
        members = members.order_by()
    rows = list(_members(members, at.date()))
    # As a question inside the next ones: five thousand ids are slow to hand over, each time anew.
    people: People = members.select_related(None).values("person_id")
    skills = _skills(members)
    papers = _certificates(people)
    told = _told(people, at)
    found = {}
    for member_id, person_id, team_id, left_on, state, is_risky, insured, missions in rows:
        facts = Facts(
            team_state=state,
            team_is_risky=is_risky,
            left_on=left_on,
            skills=skills.get(member_id, {}),
            certificates=papers.get(person_id, []),
            insured=insured,
            told=told.get(person_id),
            missions=frozenset(missions),
        )
        ready = readiness_of(facts, at=at, skill=skill, besides=besides)
        found[member_id] = Duty(
            ready.is_ready, ready.reasons, ready.limits, ready.skills, member_id, person_id, team_id
        )
    return found


def _members(members: QuerySet[Member], day: date) -> Any:
    """With whether they are insured that day, and the missions that bind them."""
    covering = Insurance.objects.filter(
        person=OuterRef("person"), covers_from__lte=day, covers_to__gte=day
    )
    binding = (
        Responder.objects.filter(person=OuterRef("person"), state__in=BOUND, back_at__isnull=True)
        .exclude(mission__state__in=OVER)
        .order_by()
        .values("mission_id")
    )
    return (
        members.select_related(None)
        .annotate(insured=Exists(covering), bound=ArraySubquery(binding))
        .values_list(
            "pk",
            "person_id",
            "team_id",
            "left_on",
            "team__state",
            "team__kind__is_risky",
            "insured",
            "bound",
        )
    )


def _skills(members: QuerySet[Member]) -> dict[UUID, dict[str, KnownSkill]]:
    ids = members.select_related(None).values("pk")
    rows = MemberSkill.objects.filter(member__in=ids).values_list(
        "member_id", "skill_id", "skill__needs_certificate", "skill__is_risky"
    )
    found: dict[UUID, dict[str, KnownSkill]] = {}
    for member_id, code, needs, risky in rows:
        found.setdefault(member_id, {})[code] = KnownSkill(needs, risky)
    return found


def _certificates(people: People) -> dict[UUID, list[Certificate]]:
    rows: Any = Qualification.objects.filter(person__in=people).values_list(
        "person_id", "skill_id", "issued_on", "expires_on", "revoked_on"
    )
    found: dict[UUID, list[Certificate]] = {}
    for person_id, *values in rows:
        found.setdefault(person_id, []).append(Certificate(*values))
    return found


def _told(people: People, at: datetime) -> dict[UUID, Told]:
    """What was told last of that moment, of each."""
    rows: Any = (
        Availability.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at))
        .filter(person__in=people, from_at__lte=at)
        .order_by("person_id", "-told_at", "-id")
        .distinct("person_id")
        .values_list("person_id", "state", "until_at")
    )
    return {person_id: Told(state, until) for person_id, state, until in rows}
