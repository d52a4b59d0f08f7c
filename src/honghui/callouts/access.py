"""Who may see and answer what in call-outs.

Whoever sees rescue in a society sees its call-outs. Names are those of one's own people: whoever
calls the teams of societies below sees numbers in their place. An
invitation is also opened by its token: whoever has the link may answer, and see no more than that.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from honghui.callouts.models import CallOut, Invitation
from honghui.callouts.tokens import TOKEN_LENGTH, hashes_of
from honghui.kernel.actors import Actor
from honghui.kernel.ids import CODE_ALPHABET
from honghui.messaging.models import Incoming
from honghui.registry.access import not_found, people, require, societies_where
from honghui.registry.permissions import CALL_OUT as CALL
from honghui.registry.permissions import SEE_RESCUE


def call_outs(by: Actor) -> QuerySet[CallOut]:
    found = CallOut.objects.select_related("society")
    return found if by.is_system else found.filter(society__in=societies_where(by, SEE_RESCUE))


def call_out(by: Actor, call_out_id: UUID) -> CallOut:
    found = call_outs(by).filter(pk=call_out_id).first()
    if found is None:
        raise not_found()
    return found


def known_people(by: Actor, of: Iterable[UUID]) -> frozenset[UUID]:
    """Who of these persons may be named to this actor. One query."""
    return frozenset(people(by).filter(pk__in=list(of)).values_list("pk", flat=True))


def invitation(by: Actor, of: CallOut, invitation_id: UUID) -> Invitation:
    found = of.invitations.filter(pk=invitation_id).select_related("person").first()
    if found is None:
        raise not_found()
    found.call_out = of
    return found


def any_invitation(by: Actor, invitation_id: UUID) -> Invitation:
    """Of any call-out that this actor may see."""
    found = (
        Invitation.objects.filter(pk=invitation_id, call_out__in=call_outs(by))
        .select_related("person", "call_out__society")
        .first()
    )
    if found is None:
        raise not_found()
    return found


def invitation_by_token(token: str) -> Invitation:
    """Whoever has it may answer. Forged, mistyped and never given are the same; so is the link of
    somebody who was erased, for whom nothing can be written down any more."""
    if not may_be_token(token):
        raise not_found()
    rows = Invitation.objects.select_related("call_out__society", "person")
    found = rows.filter(token_hash__in=hashes_of(token)).first()
    if found is None or found.call_out.state == CallOut.State.DRAFT:
        raise not_found()
    found = invitation_now(found)
    if found.person.erased_at is not None:
        raise not_found()
    return found


def invitation_now(one: Invitation) -> Invitation:
    """The one that goes on: whoever follows the link of a person that was merged into another
    answers for the one that was kept, who may stand in the same call-out."""
    if one.person.merged_into_id is None:
        return one
    twins = Invitation.objects.select_related("call_out__society", "person")
    found = twins.filter(call_out=one.call_out_id, person=one.person.merged_into_id).first()
    return one if found is None else invitation_now(found)


def may_be_token(token: str) -> bool:
    return len(token) == TOKEN_LENGTH and set(token) <= set(CODE_ALPHABET)


def incomings(by: Actor) -> QuerySet[Incoming]:
    """What came in, to one of the societies in which this actor calls out."""
    found = Incoming.objects.select_related("society", "message", "person")
    return found if by.is_system else found.filter(society__in=societies_where(by, CALL))


def incoming(by: Actor, incoming_id: UUID) -> Incoming:
    found = incomings(by).filter(pk=incoming_id).first()
    if found is None:
        raise not_found()
    return found


def require_system(by: Actor) -> None:
    """The worker's own steps: nobody holds a role in no society."""
    if not by.is_system:
        require(by, CALL, "")
