"""Who leads the team of somebody who was called: whom to ask about them."""

from __future__ import annotations

from dataclasses import dataclass

from honghui.callouts.models import Invitation
from honghui.registry import identities
from honghui.rescue.models import Member

_FIRST = (Member.Role.LEADER, Member.Role.DEPUTY)


@dataclass(frozen=True)
class Leader:
    """Somebody to call. phone: as it is dialled, "" where none is known."""

    member: Member
    phone: str

    def __repr__(self) -> str:
        return "Leader(…)"


def leading(invitation: Invitation) -> list[Member]:
    """Whoever leads the team; the deputies where nobody does, or where it is the leader who is
    asked about. One query."""
    rows = Member.objects.filter(team=invitation.group, left_on__isnull=True, role__in=_FIRST)
    found = list(rows.exclude(person=invitation.person_id).select_related("person", "team"))
    leaders = [each for each in found if each.role == Member.Role.LEADER]
    return leaders or found


def opened(invitation: Invitation) -> list[Leader]:
    """With their numbers. Only after `show_leader` has recorded who looks and why."""
    return [
        Leader(each, identities.opened(each.person).phone or "") for each in leading(invitation)
    ]
