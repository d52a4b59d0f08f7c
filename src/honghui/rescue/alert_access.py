"""Who may see which warning. What was published for the public, everybody; what came in, whoever
sees rescue; drafts, whoever sees rescue in the society or above it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from honghui.kernel.actors import Actor
from honghui.registry.access import not_found, societies_where
from honghui.registry.permissions import SEE_RESCUE
from honghui.rescue.models import Alert


def public_alerts() -> QuerySet[Alert]:
    return Alert.objects.filter(
        direction=Alert.Direction.OUT, state=Alert.State.PUBLISHED, scope="Public"
    ).select_related("society", "incident")


def public_alert(alert_id: UUID) -> Alert:
    found = public_alerts().filter(pk=alert_id).first()
    if found is None:
        raise not_found()
    return found


def alerts(by: Actor) -> QuerySet[Alert]:
    found = Alert.objects.select_related("society", "incident", "written_by", "approved_by")
    if by.is_system:
        return found
    codes = societies_where(by, SEE_RESCUE)
    if not codes:
        return found.none()
    ours = (
        Q(society__in=codes) | Q(society__parent__in=codes) | Q(society__parent__parent__in=codes)
    )
    return found.filter(Q(direction=Alert.Direction.IN) | ours)


def alert(by: Actor, alert_id: UUID) -> Alert:
    found = alerts(by).filter(pk=alert_id).first()
    if found is None:
        raise not_found()
    return found
