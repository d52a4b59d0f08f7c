"""Who may fetch what hangs on a team: members, their papers, turns, gear; and readiness plans.

A team is seen by its own society and by those above it. Its people's names, papers and turns are
its own society's business (`access.may_see_names`); counts are for everybody who sees the team.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from honghui.kernel.actors import Actor
from honghui.registry.access import not_found, require, societies_where
from honghui.registry.permissions import MANAGE_TEAMS, SEE_RESCUE
from honghui.rescue import access
from honghui.rescue.models import (
    CalendarFeed,
    Gear,
    GearIssue,
    Insurance,
    Member,
    Qualification,
    ReadinessPlan,
    StandBy,
    StandByPlace,
    Swap,
    Team,
    Vehicle,
)


def own_teams(by: Actor) -> QuerySet[Team]:
    """Those whose people this actor may see by name."""
    found = Team.objects.select_related("society", "kind")
    return found if by.is_system else found.filter(society__in=_seeing(by))


def own_team(by: Actor, team_id: UUID) -> Team:
    """A team that is seen, and whose people are seen too."""
    team = access.team(by, team_id)
    if not by.is_system:
        access.require_names(by, team)
    return team


def kept_team(by: Actor, team_id: UUID) -> Team:
    """A team that this actor may change."""
    team = access.team(by, team_id)
    require(by, MANAGE_TEAMS, team.society_id)
    return team


def members(by: Actor) -> QuerySet[Member]:
    found = Member.objects.select_related("team__society", "team__kind", "person")
    return found if by.is_system else found.filter(team__society__in=_seeing(by))


def member(by: Actor, member_id: UUID) -> Member:
    found = members(by).filter(pk=member_id).first()
    if found is None:
        raise not_found()
    return found


def kept_member(by: Actor, member_id: UUID) -> Member:
    found = member(by, member_id)
    require(by, MANAGE_TEAMS, found.team.society_id)
    return found


def papers_member(by: Actor, paper: Qualification | Insurance) -> Member:
    """Through which team this actor keeps the paper of a person."""
    through = members(by).filter(person=paper.person_id).order_by("-joined_on", "pk")
    kept = through if by.is_system else through.filter(team__society__in=_keeping(by))
    found = kept.first() or through.first()
    if found is None:
        raise not_found()
    require(by, MANAGE_TEAMS, found.team.society_id)
    return found


def qualification(by: Actor, qualification_id: UUID) -> Qualification:
    found = (
        Qualification.objects.filter(pk=qualification_id, person__in=members(by).values("person"))
        .select_related("person", "skill")
        .first()
    )
    if found is None:
        raise not_found()
    return found


def insurance(by: Actor, insurance_id: UUID) -> Insurance:
    found = (
        Insurance.objects.filter(pk=insurance_id, person__in=members(by).values("person"))
        .select_related("person")
        .first()
    )
    if found is None:
        raise not_found()
    return found


def stand_bys(by: Actor) -> QuerySet[StandBy]:
    found = StandBy.objects.select_related("team__society", "team__kind")
    return found if by.is_system else found.filter(team__in=access.teams(by))


def stand_by(by: Actor, stand_by_id: UUID) -> StandBy:
    found = stand_bys(by).filter(pk=stand_by_id).first()
    if found is None:
        raise not_found()
    return found


def turn(by: Actor, place_id: UUID) -> StandByPlace:
    found = (
        StandByPlace.objects.filter(pk=place_id, member__in=members(by))
        .select_related("member__person", "stand_by__team__society")
        .first()
    )
    if found is None:
        raise not_found()
    return found


def swap(by: Actor, swap_id: UUID) -> Swap:
    found = (
        Swap.objects.filter(pk=swap_id, member__in=members(by))
        .select_related("member__person", "place__member__person", "place__stand_by__team__society")
        .first()
    )
    if found is None:
        raise not_found()
    return found


def gear(by: Actor, gear_id: UUID) -> Gear:
    found = Gear.objects.filter(pk=gear_id, team__in=access.teams(by))
    one = found.select_related("team__society", "team__kind").first()
    if one is None:
        raise not_found()
    return one


def vehicle(by: Actor, vehicle_id: UUID) -> Vehicle:
    found = Vehicle.objects.filter(pk=vehicle_id, team__in=access.teams(by))
    one = found.select_related("team__society", "team__kind").first()
    if one is None:
        raise not_found()
    return one


def gear_issue(by: Actor, issue_id: UUID) -> GearIssue:
    found = GearIssue.objects.filter(pk=issue_id, gear__team__in=access.teams(by))
    one = found.select_related("gear__team__society").first()
    if one is None:
        raise not_found()
    return one


def plans(by: Actor) -> QuerySet[ReadinessPlan]:
    """A society's own plans, those of the societies below, and those that set it a target."""
    found = ReadinessPlan.objects.select_related("society")
    if by.is_system:
        return found
    codes = _seeing(by)
    within = Q(society__in=codes) | Q(society__parent__in=codes)
    within |= Q(society__parent__parent__in=codes)
    return found.filter(within | Q(targets__society__in=codes)).distinct()


def plan(by: Actor, plan_id: UUID) -> ReadinessPlan:
    found = plans(by).filter(pk=plan_id).first()
    if found is None:
        raise not_found()
    return found


def feeds(by: Actor) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(account=by.account_id, revoked_at__isnull=True)


def _seeing(by: Actor) -> frozenset[str]:
    return societies_where(by, SEE_RESCUE)


def _keeping(by: Actor) -> frozenset[str]:
    return societies_where(by, MANAGE_TEAMS)
