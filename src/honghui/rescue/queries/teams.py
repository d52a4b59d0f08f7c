"""Teams as the desk shows them: the list with who is ready, one team, one member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.registry.naming import local_name
from honghui.rescue import access
from honghui.rescue.models import (
    Availability,
    Incident,
    Insurance,
    Member,
    Mission,
    Qualification,
    RosterImport,
    StandBy,
    Team,
    Vehicle,
)
from honghui.rescue.queries import rosters
from honghui.rescue.queries.duty import Duty, duty_of
from honghui.rescue.rules import rosters as roster_rules
from honghui.rescue.words.gear import BOATS
from honghui.rescue.words.places import place_names

MISSIONS_SHOWN = 6
TOLD_SHOWN = 6


@dataclass
class TeamRow:
    """One team in numbers. `cover`: how many must stay at home now."""

    team: Team
    place: str = ""
    members: int = 0
    ready: int = 0
    if_short: int = 0
    on_stand_by: int = 0
    cover: int = 0
    boats: int = 0
    vehicles: int = 0

    @property
    def may_go(self) -> int:
        return max(0, self.ready - self.cover)

    @property
    def is_short(self) -> bool:
        return self.team.state == Team.State.ACTIVE and self.may_go == 0


@dataclass(frozen=True)
class TeamList:
    """All teams that fit, with what they can be narrowed to. `cities`: code -> name."""

    rows: Sequence[TeamRow]
    kinds: Mapping[str, str]
    cities: Mapping[str, str]
    at: datetime

    @property
    def total(self) -> dict[str, int]:
        """Teams are counted once; people in two teams are counted in each."""
        names = ("members", "ready", "on_stand_by", "boats", "vehicles")
        return {name: sum(getattr(row, name) for row in self.rows) for name in names}


def team_list(
    by: Actor, *, kind: str = "", state: str = "", place: str = "", ready: str = "", q: str = ""
) -> TeamList:
    """place: a city's code. ready: "yes" some may go, "no" nobody may. Nine queries."""
    now = clock.now()
    teams = list(access.teams(by).order_by("society__code", "kind__place", "code"))
    names = place_names({code for team in teams for code in (_place(team), _city(team))})
    rows = team_rows(teams, now)
    for row in rows:
        row.place = names[_place(row.team)].local
    fitting = [
        row
        for row in rows
        if (not kind or row.team.kind_id == kind)
        and (row.team.state == state if state else row.team.state != Team.State.DISBANDED)
        and (not place or row.team.society_id[:4] == place[:4])
        and (not ready or (row.may_go > 0) == (ready == "yes"))
        and (not q or _named(row.team, q))
    ]
    kinds = {team.kind_id: local_name(team.kind) for team in teams}
    cities = {_city(team): names[_city(team)].local for team in teams}
    return TeamList(fitting, kinds, dict(sorted(cities.items())), now)


def team_rows(teams: Sequence[Team], at: datetime) -> list[TeamRow]:
    """Each team with its numbers, in the order given; without its place. Seven queries."""
    rows = {team.pk: TeamRow(team) for team in teams}
    members = Member.objects.filter(team__in=teams, left_on__isnull=True)
    for duty in duty_of(members, at=at, skill=None).values():
        row = rows[duty.team_id]
        row.members += 1
        row.ready += duty.is_ready and not duty.only_if_short
        row.if_short += duty.is_ready and duty.only_if_short
    for team_id, people in rosters.people_on_stand_by(rows, at).items():
        rows[team_id].on_stand_by = len(people)
    for team_id, needed in rosters.cover_of(teams, at).items():
        rows[team_id].cover = needed
    for team_id, boats, others in fit_vehicles(teams):
        rows[team_id].boats, rows[team_id].vehicles = boats, others
    return list(rows.values())


def fit_vehicles(teams: Iterable[Team]) -> list[tuple[UUID, int, int]]:
    """(team, boats, other vehicles) that may go out. One query."""
    boat = Q(kind__in=BOATS)
    rows: Any = (
        Vehicle.objects.filter(team__in=list(teams), retired_on__isnull=True, is_fit=True)
        .order_by()
        .values_list("team_id")
        .annotate(boats=Count("pk", filter=boat), others=Count("pk", filter=~boat))
    )
    return list(rows)


def _place(team: Team) -> str:
    return team.place_code or team.society_id


def _city(team: Team) -> str:
    return f"{team.society_id[:4]}00"


def _named(team: Team, q: str) -> bool:
    names = (team.name, team.name_en, team.code, *team.aliases)
    return any(q.casefold() in name.casefold() for name in names)


@dataclass(frozen=True)
class MemberRow:
    """One person of a team. `others`: the names of the other teams they are in."""

    member: Member
    duty: Duty
    on_stand_by: bool
    others: Sequence[str] = ()


@dataclass(frozen=True)
class TeamPage:
    """What the page of a team shows. members: none for whoever may not see names."""

    row: TeamRow
    members: Sequence[MemberRow] = ()
    missions: Sequence[Mission] = ()
    stand_bys: Sequence[StandBy] = ()
    vehicles: Sequence[Vehicle] = ()
    gear: Mapping[str, int] = field(default_factory=dict)
    last_drill: Mission | None = None


def team_page(by: Actor, team: Team) -> TeamPage:
    """Eleven queries; one more while a stand-by runs, and where the base lies elsewhere; one less
    for whoever may not see the names."""
    now = clock.now()
    running = Member.objects.filter(team=team, left_on__isnull=True)
    duty = duty_of(running, at=now, skill=None)
    stand_bys = list(rosters.coming(StandBy.objects.filter(team=team), now))
    promised = [one.minimum_people for one in stand_bys if one.from_at <= now]
    standing = set()
    if promised:
        standing = rosters.people_on_stand_by([team.pk], now).get(team.pk, set())
    vehicles = list(team.vehicles.filter(retired_on__isnull=True))
    fit = [one for one in vehicles if one.is_fit]
    boats = sum(one.kind in BOATS for one in fit)
    ready = [one for one in duty.values() if one.is_ready]
    row = TeamRow(
        team,
        place=_place_name(team),
        members=len(duty),
        ready=sum(not one.only_if_short for one in ready),
        if_short=sum(one.only_if_short for one in ready),
        on_stand_by=len(standing),
        cover=roster_rules.required_cover(team.minimum_cover, promised),
        boats=boats,
        vehicles=len(fit) - boats,
    )
    people = _people(running, duty, standing) if access.may_see_names(by, team) else []
    missions = list(team.missions.select_related("incident")[:])
    missions.sort(key=lambda one: one.opened_at, reverse=True)
    return TeamPage(
        row=row,
        members=people,
        missions=[one for one in missions if not one.incident.is_drill][:MISSIONS_SHOWN],
        stand_bys=stand_bys,
        vehicles=vehicles,
        gear=_gear(team),
        last_drill=next((one for one in missions if one.incident.is_drill), None),
    )


def _named_locally() -> Any:
    if get_language() == "en":
        return Coalesce(NullIf("team__name_en", Value("")), "team__name")
    return F("team__name")


def _place_name(team: Team) -> str:
    """No query where the base lies at the society's own place."""
    society, place = team.society, _place(team)
    if place == society.pk:
        return society.place_name_en if get_language() == "en" else society.place_name
    return place_names([place])[place].local


def _people(
    running: QuerySet[Member], duty: Mapping[UUID, Duty], standing: set[UUID]
) -> list[MemberRow]:
    """Leaders first, then by name. One query."""
    elsewhere = (
        Member.objects.filter(person=OuterRef("person"), left_on__isnull=True)
        .exclude(team=OuterRef("team"))
        .exclude(team__state=Team.State.DISBANDED)
        .values(name=_named_locally())
    )
    rows = running.select_related("person").annotate(others=ArraySubquery(elsewhere))
    order = {Member.Role.LEADER: 0, Member.Role.DEPUTY: 1, Member.Role.MEMBER: 2}
    found = sorted(rows, key=lambda one: (order[Member.Role(one.role)], one.person.name_key))
    return [
        MemberRow(
            one,
            duty[one.pk],
            one.person_id in standing,
            one.others,
        )
        for one in found
        if one.pk in duty
    ]


def _gear(team: Team) -> dict[str, int]:
    """Kinds, how many of them unfit, how many with an inspection overdue. One query."""
    late = Q(inspection_due_on__lt=clock.today())
    return team.gear.aggregate(
        kinds=Count("pk"), unfit=Count("pk", filter=Q(is_fit=False)), late=Count("pk", filter=late)
    )


@dataclass(frozen=True)
class MemberPage:
    member: Member
    duty: Duty
    skills: Sequence[str]
    qualifications: Sequence[Qualification]
    insurances: Sequence[Insurance]
    told: Sequence[Availability]
    others: Sequence[Member]
    hours: int
    responses: int


def member_page(by: Actor, member: Member) -> MemberPage:
    """Eleven queries."""
    now = clock.now()
    duty = duty_of(Member.objects.filter(pk=member.pk), at=now, skill=None)[member.pk]
    person = member.person
    minutes = list(
        person.rescue_responses.exclude(hours__isnull=True).values_list("hours__minutes", flat=True)
    )
    return MemberPage(
        member=member,
        duty=duty,
        skills=list(member.has_skills.values_list("skill_id", flat=True)),
        qualifications=list(
            person.rescue_qualifications.select_related("skill").order_by("skill", "-issued_on")
        ),
        insurances=list(person.rescue_insurances.order_by("-covers_to")),
        told=list(person.rescue_availability.order_by("-told_at", "-pk")[:TOLD_SHOWN]),
        others=list(
            person.rescue_members.filter(left_on__isnull=True)
            .exclude(pk=member.pk)
            .select_related("team")
        ),
        hours=sum(minutes) // 60,
        responses=len(minutes),
    )


def imports_of(team: Team) -> list[RosterImport]:
    return list(team.imports.all()[:5])


def drills_of(teams: Iterable[Team]) -> dict[UUID, Incident]:
    """The last drill of each team that had one. One query."""
    rows = (
        Mission.objects.filter(team__in=list(teams), incident__is_drill=True)
        .exclude(state__in=[Mission.State.DECLINED, Mission.State.CANCELLED])
        .order_by("team_id", "-opened_at")
        .distinct("team_id")
        .select_related("incident")
    )
    return {one.team_id: one.incident for one in rows}
