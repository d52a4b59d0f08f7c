"""What a job calls to hear answers: a handler, called when the apps are ready.

    on_answer(handler)       handler(invitation, answer)
    on_invited(handler)      handler(invitations)            who was just asked
    before_inviting(handler) handler(invitations)            ids of a reserve not to be asked now
    on_the_way(address)      address(invitation)             where they say how far they are, or ""
    of_matter(links)         links(call_out)                 words, address: what it is about

Called inside the transaction that writes the answer down, after the invitation has been moved on.
Every answer is told of, also one that changed nothing: `answer.counts` says whether it did.
Whatever a handler raises undoes the answer, which then waits to be taken again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from honghui.callouts.models import Answer, CallOut, Invitation

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Handler = Callable[[Invitation, Answer], None]
InvitedHandler = Callable[[Sequence[Invitation]], None]
Fitness = Callable[[Sequence[Invitation]], Collection[UUID]]
Address = Callable[[Invitation], str]
Links = Callable[[CallOut], "list[tuple[_StrOrPromise, str]]"]

_handlers: list[Handler] = []
_invited: list[InvitedHandler] = []
_fitness: list[Fitness] = []
_addresses: list[Address] = []
_matters: list[Links] = []


def on_answer(handler: Handler) -> None:
    _handlers.append(handler)


def on_invited(handler: InvitedHandler) -> None:
    _invited.append(handler)


def on_the_way(address: Address) -> None:
    _addresses.append(address)


def address_on_the_way(invitation: Invitation) -> str:
    """The page on which whoever comes tells that they set out, arrived, are home; "" if none."""
    return next((found for each in _addresses if (found := each(invitation))), "")


def of_matter(links: Links) -> None:
    _matters.append(links)


def links_of_matter(call_out: CallOut) -> list[tuple[_StrOrPromise, str]]:
    """Pages of the incident, or of whatever else somebody was called for: (words, address)."""
    return [link for each in _matters for link in each(call_out)]


def before_inviting(handler: Fitness) -> None:
    _fitness.append(handler)


def passed_over(invitations: Sequence[Invitation]) -> set[UUID]:
    """Those of a reserve who may not be asked now."""
    return {one for handler in _fitness if invitations for one in handler(invitations)}


def tell_answer(invitation: Invitation, answer: Answer) -> None:
    for handler in _handlers:
        handler(invitation, answer)


def tell_invited(invitations: Sequence[Invitation]) -> None:
    for handler in _invited if invitations else []:
        handler(invitations)
