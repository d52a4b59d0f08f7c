"""What call-outs tell rescue, handed to its actions. Registered when the app is ready."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from honghui.callouts.models import Answer, Invitation
from honghui.callouts.understanding import DECISIVE
from honghui.kernel import clock
from honghui.kernel.actors import system_actor
from honghui.rescue.actions.calling import note_invited, take_answer
from honghui.rescue.models import Incident, Member, Mission, Team
from honghui.rescue.queries.duty import duty_of


def hear_invited(invitations: Sequence[Invitation]) -> None:
    """callouts.listening.on_invited: teams whose first people were asked."""
    by_call_out = {each.call_out_id: each.call_out for each in invitations}
    for call_out in by_call_out.values():
        if not Incident.objects.filter(pk=call_out.about).exists():
            continue
        groups = {each.group for each in invitations if each.call_out_id == call_out.pk}
        there = Mission.objects.filter(incident=call_out.about).exclude(
            state__in=["declined", "cancelled", "asked"]
        )
        fresh = groups - set(there.values_list("team_id", flat=True))
        for team in Team.objects.filter(pk__in=fresh).select_related("society").order_by("code"):
            note_invited(by=system_actor("honghui call-outs work"), call_out=call_out, team=team)


def not_to_be_asked(invitations: Sequence[Invitation]) -> set[UUID]:
    """callouts.listening.before_inviting: who could be called when the reserve was put in order,
    and cannot by now: away, on a mission, left, without a paper. Five queries."""
    about = {each.call_out.about for each in invitations}
    if not Incident.objects.filter(pk__in=about).exists():
        return set()
    members = Member.objects.filter(
        person__in=[each.person_id for each in invitations],
        team__in={each.group for each in invitations},
        left_on__isnull=True,
    )
    duties = duty_of(members, at=clock.now(), skill=None).values()
    ready = {(one.person_id, one.team_id) for one in duties if one.is_ready}
    return {each.pk for each in invitations if (each.person_id, each.group) not in ready}


def hear_answer(invitation: Invitation, answer: Answer) -> None:
    """callouts.listening.on_answer."""
    if answer.meaning not in DECISIVE or not (answer.counts or answer.is_late):
        return
    if invitation.state == Invitation.State.STOOD_DOWN:  # they were told; no mission begins again
        return
    if Incident.objects.filter(pk=invitation.call_out.about).exists():
        take_answer(by=system_actor("honghui call-outs work"), invitation=invitation, answer=answer)
