"""Whom to ask about somebody of a team below: its leader, whose number is shown once, for a reason.

The one hard idea: the people of another society stay numbers to whoever called them, also where an
answer cannot be made out and somebody must ask. Their leader knows them. So the leader is named,
and of the person as much as the leader needs to tell them from the others: the end of their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from honghui.callouts.models import CallOut, Invitation
from honghui.journal.acting import action, record
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.registry import identities
from honghui.registry.access import require
from honghui.registry.permissions import CALL_OUT
from honghui.registry.rules import check_reason
from honghui.rescue.models import Incident, Member, Team
from honghui.rescue.rules.incidents import check_not_closed

_FIRST = (Member.Role.LEADER, Member.Role.DEPUTY)


@dataclass(frozen=True)
class Leader:
    """Somebody to call. phone: as it is dialled, "" where none is known."""

    member: Member
    phone: str

    def __repr__(self) -> str:
        return "Leader(…)"


@action("rescue.leader.shown")
def show_leader(*, by: Actor, invitation: Invitation, reason: str) -> Sequence[Leader]:
    """Name and number of whoever leads the team of somebody who was called; of the deputies where
    nobody leads it, or where it is the leader who is asked about. Raises Conflict
    "rescue.leader.unknown" where the team has neither."""
    call_out = invitation.call_out
    require(by, CALL_OUT, call_out.society_id)
    reason = check_reason(reason)
    if call_out.state == CallOut.State.DRAFT:
        raise Conflict(
            "rescue.leader.not_called",
            _("Nobody of this team was asked yet."),
            _("Send the call-out first."),
        )
    check_not_closed(Incident.objects.get(pk=call_out.about).state)
    team = Team.objects.select_related("society").get(pk=invitation.group)
    members = _leading(team, invitation)
    for each in members:
        record(
            by=by,
            verb="rescue.leader.shown",
            about=each,
            society_code=team.society_id,
            reason=reason,
            after={"call_out": call_out, "asked_about": invitation},
        )
    return [Leader(each, identities.opened(each.person).phone or "") for each in members]


def _leading(team: Team, invitation: Invitation) -> list[Member]:
    rows = Member.objects.filter(team=team, left_on__isnull=True, role__in=_FIRST)
    found = list(rows.exclude(person=invitation.person_id).select_related("person", "team"))
    if not found:
        raise Conflict(
            "rescue.leader.unknown",
            _("Nobody else leads this team."),
            _("Call the office of its society."),
        )
    first = next(role for role in _FIRST if any(each.role == role for each in found))
    return [each for each in found if each.role == first]
