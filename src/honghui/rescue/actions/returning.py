"""The way home: ordered back, everybody told so; the mission closed once its gear is counted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.registry.rules import check_reason
from honghui.rescue import access
from honghui.rescue.actions.tellings import tell
from honghui.rescue.following import follow, locked
from honghui.rescue.joining import judge_anew
from honghui.rescue.lines import add_line
from honghui.rescue.models import GearIssue, Mission, Telling
from honghui.rescue.reaching import tell_out
from honghui.rescue.rules.missions import REPEATED
from honghui.rescue.wordings import ORDERED_BACK


@action("rescue.mission.ordered_back")
def order_back(
    *,
    by: Actor,
    mission: Mission,
    at: datetime,
    at_qualifier: str = "exact",
    ordered_by: str = "",
    client_id: UUID | None = None,
    source: str = "",
) -> Telling:
    """The team withdraws on order: told, and everybody of it who is out gets a message. What was
    told before sends nothing again."""
    telling = tell(
        by=by.with_once(""),
        mission=mission,
        kind="ordered_back",
        at=at,
        at_qualifier=at_qualifier,
        ordered_by=ordered_by,
        client_id=client_id,
        source=source,
    )
    told = 0
    if REPEATED not in telling.flags:
        told = tell_out(by, access.mission(by, mission.pk), ORDERED_BACK)
    record(
        by=by,
        verb="rescue.mission.ordered_back",
        about=telling,
        society_code=telling.mission.team.society_id,
        after={"mission": telling.mission, "told": told},
    )
    return telling


@action("rescue.mission.closed")
def close_mission(*, by: Actor, mission: Mission, reason: str = "") -> Mission:
    """Everything counted: gear to the last piece. Where people were is forgotten. A team whose
    return nobody told needs a reason."""
    mission = access.mission(by, mission.pk)
    access.require_leading(by, mission)
    mission = locked(mission)
    if mission.state in (Mission.State.CLOSED, Mission.State.DECLINED, Mission.State.CANCELLED):
        raise Conflict(
            "rescue.mission.over", _("This mission is over."), _("Nothing needs to be done.")
        )
    if mission.state != Mission.State.BACK:
        mission.reason = check_reason(reason)
    out = GearIssue.objects.filter(mission=mission, returned_at__isnull=True).count()
    if out:
        raise Conflict(
            "rescue.mission.gear_out",
            _("Gear of this mission is not counted back yet: %(out)s kinds.") % {"out": out},
            _("Count it: back, damaged, lost or used up. Then close."),
        )
    follow(mission)
    mission.state, mission.closed_at = Mission.State.CLOSED, clock.now()
    mission.save(update_fields=["state", "closed_at", "reason"])
    judge_anew(mission.responders.values_list("person_id", flat=True))
    forgotten = mission.positions.all().delete()[0]
    add_line(
        by, mission.incident, "mission_closed", mission=mission, reason=mission.reason,
        team=mission.team.name, team_en=mission.team.name_en,
    )  # fmt: skip
    record(
        by=by,
        verb="rescue.mission.closed",
        about=mission,
        society_code=mission.team.society_id,
        reason=mission.reason,
        after={"positions_forgotten": forgotten},
    )
    return mission
