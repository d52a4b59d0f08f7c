"""What a job calls to hear answers: a handler for each reply that belongs to a message.

    def handle(incoming: Incoming, text: str) -> str:      # "taken" or "unclear"
    on_incoming(handle)

    def take(incoming: Incoming, text: str) -> str:        # "taken", "person" or ""
    on_unasked(take)

The first hears replies that belong to a message. The second hears every reply before that, and
takes one that answers no message, though it may come in the wake of one; or says that a person is
to read it. "": it is none of its business.

Called by the worker inside the transaction that writes the reply down. "unclear" puts it before a
person; so does an exception, after a few tries.
"""

from __future__ import annotations

from collections.abc import Callable

from honghui.messaging.models import Incoming

Handler = Callable[[Incoming, str], str]

_handlers: list[Handler] = []
_unasked: list[Handler] = []


def on_incoming(handler: Handler) -> None:
    """Registers a job's handler; called when the apps are ready. The first that takes it has it."""
    _handlers.append(handler)


def on_unasked(handler: Handler) -> None:
    """Registers a job that hears what nobody asked for."""
    _unasked.append(handler)


def offer_unasked(incoming: Incoming, text: str) -> str:
    """ "taken", "person", or "" where it is nobody's."""
    for handler in _unasked:
        said = handler(incoming, text)
        assert said in ("taken", "person", ""), "taken, for a person, or none of its business"
        if said:
            return said
    return ""


def offer(incoming: Incoming, text: str) -> str:
    """What became of it: "taken" by one of the handlers, else "unclear"."""
    for handler in _handlers:
        state = handler(incoming, text)
        assert state in ("taken", "unclear"), "a handler takes a reply or leaves it unclear"
        if state == "taken":
            return state
    return "unclear"
