"""A sister's team is asked, not called: its own society says yes or no, with a reason."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from honghui.callouts.actions.ending import stand_group_down
from honghui.callouts.models import CallOut, Invitation
from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor, system_actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.access import require
from honghui.registry.permissions import CALL_OUT, LEAD_MISSIONS
from honghui.registry.rules import check_reason
from honghui.rescue import access
from honghui.rescue.following import locked
from honghui.rescue.joining import judge_anew
from honghui.rescue.lines import add_line
from honghui.rescue.models import Incident, Mission, Requester, Team
from honghui.rescue.reaching import tell_out
from honghui.rescue.rules.incidents import check_not_closed
from honghui.rescue.wordings import CALLED_OFF

WANTED_MAX = 1_000


@action("rescue.team.asked")
def ask_team(
    *,
    by: Actor,
    incident: Incident,
    team: Team,
    wanted_people: int | None = None,
    requester: str = Requester.SISTER_TEAM,
    requester_name: str = "",
    source: str = "",
) -> Mission:
    """Any active team may be asked, whosever it is. It waits for their answer."""
    incident = access.incident(by, incident.pk)
    require(by, CALL_OUT, incident.society_id)
    check_not_closed(incident.state)
    if requester not in Requester.values:
        raise Invalid(
            "rescue.mission.requester", _("Who asks?"), _("Choose from the list."),
            field="requester",
        )  # fmt: skip
    if wanted_people is not None and not 1 <= wanted_people <= WANTED_MAX:
        raise Invalid(
            "rescue.mission.wanted",
            _("How many people are wanted? A number from 1 to 1,000."),
            field="wanted_people",
        )
    mission = Mission(
        incident=incident,
        team=_active(team),
        state=Mission.State.ASKED,
        requester=requester,
        requester_name=text.clean_line(requester_name, limit=80, field="requester_name"),
        wanted_people=wanted_people,
        opened_by_id=by.account_id,
        opened_at=clock.now(),
        source=source,
    )
    _save_new(mission)
    people = {"value": wanted_people, "unit": "person"} if wanted_people else None
    add_line(by, incident, "team_asked", mission=mission, people=people, **_names(mission))
    _recorded(by, "rescue.team.asked", mission, incident.society_id)
    return mission


@action("rescue.team.accepted")
def accept_request(*, by: Actor, mission: Mission, reason: str = "") -> Mission:
    """The team comes, says whoever leads it."""
    mission = _answered(by, mission)
    mission.state = Mission.State.CALLED
    mission.reason = text.clean_line(reason, limit=400, field="reason")
    mission.save(update_fields=["state", "reason"])
    add_line(by, mission.incident, "team_accepted", mission=mission, **_names(mission))
    _recorded(by, "rescue.team.accepted", mission, mission.team.society_id, mission.reason)
    return mission


@action("rescue.team.declined")
def decline_request(*, by: Actor, mission: Mission, reason: str) -> Mission:
    """The team does not come. It may be asked again."""
    mission = _answered(by, mission)
    mission.reason = check_reason(reason)
    mission.state = Mission.State.DECLINED
    mission.save(update_fields=["state", "reason"])
    add_line(
        by, mission.incident, "team_declined", mission=mission, reason=mission.reason,
        **_names(mission),
    )  # fmt: skip
    _recorded(by, "rescue.team.declined", mission, mission.team.society_id, mission.reason)
    return mission


@action("rescue.mission.cancelled")
def cancel_mission(*, by: Actor, mission: Mission, reason: str) -> Mission:
    """Nobody went, and nobody is to go: who said that they come is told, and nobody of the team is
    asked any more; others are, in their place. Who is on the way is ordered back instead."""
    mission = access.mission(by, mission.pk)
    access.require_leading(by, mission, CALL_OUT)
    calling = _call_outs_of(mission)  # before the mission, as an answer locks them
    mission = locked(mission)
    if mission.state not in (Mission.State.ASKED, Mission.State.CALLED):
        raise Conflict(
            "rescue.mission.under_way",
            _("This team is on its way, or the mission is over."),
            _("Order it back, and everybody gets a message."),
        )
    mission.reason = check_reason(reason)
    mission.state = Mission.State.CANCELLED
    mission.save(update_fields=["state", "reason"])
    tell_out(by, mission, CALLED_OFF)
    worker = system_actor("honghui call-outs work")
    for each in calling:
        stand_group_down(by=worker, call_out=each, group=mission.team_id)
    judge_anew(mission.responders.values_list("person_id", flat=True))
    add_line(
        by, mission.incident, "mission_cancelled", mission=mission, reason=mission.reason,
        **_names(mission),
    )  # fmt: skip
    _recorded(by, "rescue.mission.cancelled", mission, mission.team.society_id, mission.reason)
    return mission


def _call_outs_of(mission: Mission) -> list[CallOut]:
    """Those not ended yet in which people of this team are asked, locked."""
    asked = Invitation.objects.filter(group=mission.team_id).values("call_out")
    rows = CallOut.objects.select_for_update().filter(
        about=mission.incident_id, pk__in=asked, state__in=["draft", "open"]
    )
    return list(rows.order_by("drafted_at", "id"))


def _active(team: Team) -> Team:
    found = Team.objects.select_related("society").filter(pk=team.pk).first()
    if found is None or found.state != Team.State.ACTIVE:
        raise Conflict(
            "rescue.team.not_active",
            _("This team is suspended or disbanded."),
            _("Choose another team."),
            field="team",
        )
    return found


def _save_new(mission: Mission) -> None:
    try:
        with transaction.atomic():
            mission.save(force_insert=True)
    except IntegrityError as error:
        if "team_is_in_an_incident_once" not in str(error):
            raise
        raise Conflict(
            "rescue.mission.known",
            _("This team is in this incident already."),
            _("Open its mission instead."),
        ) from error


def _answered(by: Actor, mission: Mission) -> Mission:
    """Locked, for whoever leads the team itself: the one who asked does not answer."""
    mission = access.mission(by, mission.pk)
    require(by, LEAD_MISSIONS, mission.team.society_id)
    mission = locked(mission)
    if mission.state != Mission.State.ASKED:
        raise Conflict(
            "rescue.mission.answered",
            _("This was answered already, or the team is on its way."),
            _("Open the mission to see what was decided."),
        )
    return mission


def _names(mission: Mission) -> dict[str, Any]:
    return {"team": mission.team.name, "team_en": mission.team.name_en}


def _recorded(by: Actor, verb: str, mission: Mission, society: str, reason: str = "") -> None:
    record(
        by=by,
        verb=verb,
        about=mission,
        society_code=society,
        reason=reason,
        after={"incident": mission.incident, "team": mission.team, "state": mission.state},
    )
