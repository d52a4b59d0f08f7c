"""What a job calls to hear answers: a handler, called when the apps are ready.

    on_answer(handler)       handler(invitation, answer)
    on_invited(handler)      handler(invitations)            who was just asked

Called inside the transaction that writes the answer down, after the invitation has been moved on.
Every answer is told of, also one that changed nothing: `answer.counts` says whether it did.
Whatever a handler raises undoes the answer, which then waits to be taken again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from honghui.callouts.models import Answer, Invitation

Handler = Callable[[Invitation, Answer], None]
InvitedHandler = Callable[[Sequence[Invitation]], None]

_handlers: list[Handler] = []
_invited: list[InvitedHandler] = []


def on_answer(handler: Handler) -> None:
    _handlers.append(handler)


def on_invited(handler: InvitedHandler) -> None:
    _invited.append(handler)


def tell_answer(invitation: Invitation, answer: Answer) -> None:
    for handler in _handlers:
        handler(invitation, answer)


def tell_invited(invitations: Sequence[Invitation]) -> None:
    for handler in _invited if invitations else []:
        handler(invitations)
