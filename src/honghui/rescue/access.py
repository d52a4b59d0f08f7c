"""Who may see and do what in rescue.

A society sees its own teams and those of the societies below it, and the incidents that it leads,
that a society below it leads, or that a team of its own was asked to. Whoever leads an incident may
tell where any of its teams is; whoever keeps a team, where theirs is. Names of another society's
people are nobody's business: `may_see_names`.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from honghui.kernel.actors import Actor
from honghui.registry.access import may, not_found, require, societies_where
from honghui.registry.models import Society
from honghui.registry.permissions import (
    CALL_OUT,
    LEAD_MISSIONS,
    RELEASE_RESCUE_REPORTS,
    SEE_RESCUE,
    Permission,
)
from honghui.rescue.models import Incident, Mission, RescueReport, Responder, Task, Team


def _within(path: str, codes: frozenset[str]) -> Q:
    """`path` leads to a society among these, or to one below them."""
    return (
        Q(**{f"{path}__in": codes})
        | Q(**{f"{path}__parent__in": codes})
        | Q(**{f"{path}__parent__parent__in": codes})
    )


def is_within(society: Society, codes: frozenset[str]) -> bool:
    """Whether it is one of these or lies below one. Costs at most two queries."""
    one: Society | None = society
    while one is not None:
        if one.pk in codes:
            return True
        one = one.parent
    return False


def teams(by: Actor) -> QuerySet[Team]:
    found = Team.objects.select_related("society", "kind")
    return found if by.is_system else found.filter(_within("society", _seeing(by)))


def team(by: Actor, team_id: UUID) -> Team:
    found = teams(by).filter(pk=team_id).first()
    if found is None:
        raise not_found()
    return found


def incidents(by: Actor) -> QuerySet[Incident]:
    found = Incident.objects.select_related("society")
    if by.is_system:
        return found
    asked = Mission.objects.filter(incident=OuterRef("pk"), team__society__in=_seeing(by))
    return found.filter(_within("society", _seeing(by)) | Exists(asked))


def incident(by: Actor, incident_id: UUID) -> Incident:
    found = incidents(by).filter(pk=incident_id).first()
    if found is None:
        raise not_found()
    return found


def missions(by: Actor) -> QuerySet[Mission]:
    """All teams of every incident that this actor may see."""
    found = Mission.objects.select_related("incident__society", "team__society", "team__kind")
    return found if by.is_system else found.filter(incident__in=incidents(by))


def mission(by: Actor, mission_id: UUID) -> Mission:
    found = missions(by).filter(pk=mission_id).first()
    if found is None:
        raise not_found()
    return found


def task(by: Actor, task_id: UUID) -> Task:
    found = Task.objects.filter(pk=task_id, mission__in=missions(by)).first()
    if found is None:
        raise not_found()
    return found


def responder(by: Actor, responder_id: UUID) -> Responder:
    """One of a mission that this actor may see; whether by name, `may_see_names` says."""
    found = (
        Responder.objects.filter(pk=responder_id, mission__in=missions(by))
        .select_related("mission__incident", "mission__team__society", "person")
        .first()
    )
    if found is None:
        raise not_found()
    return found


def reports(by: Actor) -> QuerySet[RescueReport]:
    """Of incidents that this actor may see; and who may release those of a society sees them."""
    found = RescueReport.objects.select_related(
        "incident__society", "written_by", "released_by", "withdrawn_by", "corrects"
    )
    if by.is_system:
        return found
    releasing = Q(incident__society__in=societies_where(by, RELEASE_RESCUE_REPORTS))
    return found.filter(Q(incident__in=incidents(by)) | releasing)


def report(by: Actor, report_id: UUID) -> RescueReport:
    found = reports(by).filter(pk=report_id).first()
    if found is None:
        raise not_found()
    return found


def may_lead(by: Actor, of: Mission, permission: Permission = LEAD_MISSIONS) -> bool:
    """Whoever keeps the team, or leads the incident."""
    return may(by, permission, of.team.society_id) or may(by, permission, of.incident.society_id)


def require_leading(by: Actor, of: Mission, permission: Permission = LEAD_MISSIONS) -> None:
    if not may_lead(by, of, permission):
        require(by, permission, of.team.society_id)


def may_call(by: Actor, of: Team) -> bool:
    """One's own team, and those of the societies below: a sister's team is asked, not called."""
    return by.is_system or is_within(of.society, societies_where(by, CALL_OUT))


def require_calling(by: Actor, of: Team) -> None:
    if not may_call(by, of):
        require(by, CALL_OUT, of.society_id)


def may_see_names(by: Actor, of: Team) -> bool:
    """The names of a team's people: their own society's business, and nobody's above it."""
    return may(by, SEE_RESCUE, of.society_id)


def require_names(by: Actor, of: Team) -> None:
    require(by, SEE_RESCUE, of.society_id)


def _seeing(by: Actor) -> frozenset[str]:
    return societies_where(by, SEE_RESCUE)
