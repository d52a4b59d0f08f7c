"""Who may see messages: those of one's own societies. What nobody can place is the province's."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotAllowed
from honghui.messaging.models import Incoming, Message, Template
from honghui.registry.access import (
    not_found,
    people,
    person,
    require_somewhere,
    societies_where,
)
from honghui.registry.models import Person, Society
from honghui.registry.permissions import SEE_MESSAGES, SETTLE_MESSAGES, Permission


def require_system(by: Actor) -> None:
    """What a gateway told is believed from the worker, and from nobody else."""
    if not by.is_system:
        raise NotAllowed("access.system_only", _("Only the system itself does this."))


def top_society() -> Society:
    return Society.objects.filter(parent=None).order_by("code")[0]


def known_people(by: Actor, of: Iterable[UUID | None]) -> frozenset[UUID]:
    """Who of these may be named to this actor: whoever calls the people of other societies sees
    that a message went, and not to whom. One query."""
    return frozenset(
        people(by).filter(pk__in={each for each in of if each}).values_list("pk", flat=True)
    )


def messages(by: Actor) -> QuerySet[Message]:
    codes = societies_where(by, SEE_MESSAGES)
    return Message.objects.filter(society__in=codes).select_related("person", "society")


def message(by: Actor, message_id: UUID) -> Message:
    found = messages(by).select_related("handover").filter(pk=message_id).first()
    if found is None:
        raise not_found()
    return found


def incoming(by: Actor) -> QuerySet[Incoming]:
    codes = societies_where(by, SEE_MESSAGES)
    return Incoming.objects.filter(society__in=codes).select_related(
        "person", "society", "message", "settled_by"
    )


def incoming_one(by: Actor, incoming_id: UUID) -> Incoming:
    found = incoming(by).filter(pk=incoming_id).first()
    if found is None:
        raise not_found()
    return found


def templates(by: Actor) -> QuerySet[Template]:
    """They are the installation's, so whoever sees messages anywhere sees them."""
    require_somewhere(by, SEE_MESSAGES)
    return Template.objects.all()


def person_to_reach(by: Actor, person_id: UUID, permission: Permission) -> tuple[Person, str]:
    """The person, and a society that knows them in which `by` holds the permission."""
    found = person(by, person_id)
    if by.is_system:
        return found, ""
    codes = set(found.affiliations.values_list("society_id", flat=True))
    theirs = sorted(codes & societies_where(by, permission))
    if not theirs:
        raise not_found()
    return found, theirs[0]


def may_settle(by: Actor, society_code: str) -> bool:
    return by.is_system or society_code in societies_where(by, SETTLE_MESSAGES)
