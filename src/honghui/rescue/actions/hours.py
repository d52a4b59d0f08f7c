"""Hours that people gave: worked out of what was told (following.py), confirmed by a person."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.access import require
from honghui.registry.permissions import LEAD_MISSIONS
from honghui.registry.rules import check_reason
from honghui.rescue import access
from honghui.rescue.models import Hours, Mission
from honghui.rescue.rules.hours import LONGEST


@action("rescue.hours.confirmed")
def confirm_hours(*, by: Actor, mission: Mission) -> Mission:
    """All of this mission that are not confirmed yet, but one's own: those somebody else confirms.
    Raises Conflict when there are none."""
    mission = access.mission(by, mission.pk)
    require(by, LEAD_MISSIONS, mission.team.society_id)
    rows = Hours.objects.select_for_update(of=("self",)).filter(
        responder__mission=mission, confirmed_at__isnull=True
    )
    if by.person_id is not None:
        rows = rows.exclude(responder__person=by.person_id)
    ids = [each.pk for each in rows]
    if not ids:
        raise Conflict(
            "rescue.hours.none",
            _("There are no hours here for you to confirm."),
            _("Your own hours are confirmed by a colleague."),
        )
    Hours.objects.filter(pk__in=ids).update(confirmed_by=by.account_id, confirmed_at=clock.now())
    record(
        by=by,
        verb="rescue.hours.confirmed",
        about=mission,
        society_code=mission.team.society_id,
        after={"people": len(ids)},
    )
    return mission


@action("rescue.hours.corrected")
def correct_hours(
    *, by: Actor, hours: Hours, from_at: datetime, until_at: datetime, reason: str
) -> Hours:
    """Somebody knows better than what was told; they vouch for it, so it is confirmed with it."""
    mission = access.mission(by, hours.responder.mission_id)
    require(by, LEAD_MISSIONS, mission.team.society_id)
    reason = check_reason(reason)
    if hours.responder.person_id == by.person_id:
        raise Conflict(
            "rescue.hours.own",
            _("Nobody confirms their own hours."),
            _("A colleague who leads in this society does it."),
        )
    if until_at < from_at or until_at - from_at > LONGEST:
        raise Invalid(
            "rescue.hours.span",
            _("From leaving to being back: the end after the beginning, at most 14 days."),
            _("Check both times."),
            field="until_at",
        )
    row = Hours.objects.select_for_update(of=("self",)).get(pk=hours.pk)
    before = {"minutes": row.minutes, "is_estimated": row.is_estimated}
    row.from_at, row.until_at = from_at, until_at
    row.minutes = int((until_at - from_at).total_seconds()) // 60
    row.is_estimated = row.is_capped = False
    row.confirmed_by_id, row.confirmed_at = by.account_id, clock.now()
    row.save()
    record(
        by=by,
        verb="rescue.hours.corrected",
        about=row,
        society_code=mission.team.society_id,
        reason=reason,
        before=before,
        after={"minutes": row.minutes},
    )
    return row
