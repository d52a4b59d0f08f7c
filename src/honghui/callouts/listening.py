"""What a job calls to hear answers: a handler, called when the apps are ready.

    on_answer(handler)       handler(invitation, answer)
    on_invited(handler)      handler(invitations)            who was just asked
    on_the_way(address)      address(invitation)             where they say how far they are, or ""

Called inside the transaction that writes the answer down, after the invitation has been moved on.
Every answer is told of, also one that changed nothing: `answer.counts` says whether it did.
Whatever a handler raises undoes the answer, which then waits to be taken again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from honghui.callouts.models import Answer, Invitation

Handler = Callable[[Invitation, Answer], None]
InvitedHandler = Callable[[Sequence[Invitation]], None]
Address = Callable[[Invitation], str]

_handlers: list[Handler] = []
_invited: list[InvitedHandler] = []
_addresses: list[Address] = []


def on_answer(handler: Handler) -> None:
    _handlers.append(handler)


def on_invited(handler: InvitedHandler) -> None:
    _invited.append(handler)


def on_the_way(address: Address) -> None:
    _addresses.append(address)


def address_on_the_way(invitation: Invitation) -> str:
    """The page on which whoever comes tells that they set out, arrived, are home; "" if none."""
    return next((found for each in _addresses if (found := each(invitation))), "")


def tell_answer(invitation: Invitation, answer: Answer) -> None:
    for handler in _handlers:
        handler(invitation, answer)


def tell_invited(invitations: Sequence[Invitation]) -> None:
    for handler in _invited if invitations else []:
        handler(invitations)
