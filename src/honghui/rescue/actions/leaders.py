"""Whom to ask about somebody of a team below: its leader, whose number is shown once, for a reason.

The one hard idea: the people of another society stay numbers to whoever called them, also where an
answer cannot be made out and somebody must ask. Their leader knows them. So the leader is named,
and of the person as much as the leader needs to tell them from the others: the end of their number.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from honghui.callouts.models import CallOut, Invitation
from honghui.journal.acting import action, record
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.registry.access import require
from honghui.registry.permissions import CALL_OUT
from honghui.registry.rules import check_reason
from honghui.rescue.models import Incident, Team
from honghui.rescue.queries.leaders import leading
from honghui.rescue.rules.incidents import check_not_closed


@action("rescue.leader.shown")
def show_leader(*, by: Actor, invitation: Invitation, reason: str) -> Team:
    """Allows one look at name and number of whoever leads the team of somebody who was called:
    looking is an act too. `queries.leaders.opened` then gives them. Raises Conflict
    "rescue.leader.unknown" where nobody else leads it."""
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
    members = leading(invitation)
    if not members:
        raise Conflict(
            "rescue.leader.unknown",
            _("Nobody else leads this team."),
            _("Call the office of its society."),
        )
    for each in members:
        record(
            by=by,
            verb="rescue.leader.shown",
            about=each,
            society_code=team.society_id,
            reason=reason,
            after={"call_out": call_out, "asked_about": invitation},
        )
    return team
