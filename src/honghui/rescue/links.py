"""Whoever follows the link of their message, without signing in: which responder they are.

The link is the invitation's own token (80 random bits). It opens what concerns that one person in
that one mission, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from honghui.callouts.access import invitation_by_token, may_be_token
from honghui.callouts.models import CallOut, Invitation
from honghui.kernel.errors import NotFound
from honghui.registry.access import not_found
from honghui.rescue.models import Incident, Mission, Responder

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def responder_of(token: str) -> Responder:
    """Raises NotFound for a token that nobody was given, and for somebody who has not answered."""
    found = responder_for(invitation_by_token(token))
    if found is None:
        raise not_found()
    return found


def responder_for(invitation: Invitation) -> Responder | None:
    """This person in their team's mission, however they came to be in it: by an answer to this
    call-out or to another, by hand, or under another name that was found to be theirs."""
    return (
        Responder.objects.filter(
            person=invitation.person_id,
            mission__incident=invitation.call_out.about,
            mission__team=invitation.group,
        )
        .annotate(is_by_it=Q(invitation_id=invitation.pk))
        .select_related("mission__incident", "mission__team__society", "batch", "person")
        .order_by("-is_by_it", "-joined_at", "-pk")
        .first()
    )


def mission_for(invitation: Invitation) -> Mission | None:
    """The mission of the team they were invited with, if it goes on."""
    return (
        Mission.objects.filter(incident=invitation.call_out.about, team=invitation.group)
        .exclude(state__in=["declined", "cancelled"])
        .select_related("incident", "team__society")
        .first()
    )


def on_the_way(invitation: Invitation) -> str:
    """callouts.listening.on_the_way: the responder's own page, if they are one of a mission."""
    if responder_for(invitation) is None:
        return ""
    return reverse("responder", args=[invitation.token])


def of_matter(call_out: CallOut) -> list[tuple[_StrOrPromise, str]]:
    """callouts.listening.of_matter: its incident, and the incident's board. One query."""
    if not Incident.objects.filter(pk=call_out.about).exists():
        return []
    return [
        (_("The incident"), reverse("incident", args=[call_out.about])),
        (_("Board"), reverse("incident_board", args=[call_out.about])),
    ]


def is_good(token: str) -> bool:
    """For sync: whether this link may send photos. One query, and none for what is no token."""
    if not may_be_token(token):
        return False
    try:
        invitation_by_token(token)
    except NotFound:
        return False
    return True
