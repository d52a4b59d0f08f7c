"""What a job calls to follow a merge: a handler, called when the apps are ready.

    on_merge(handler)        handler(kept, dropped)

Called inside the merge's own transaction, once both rows are locked and the kept one has inherited
what only the other knew. `resealed`: what was sealed under the dropped person's key.
"""

from __future__ import annotations

from collections.abc import Callable

from honghui.kernel import subject_keys
from honghui.registry.models import Person

Handler = Callable[[Person, Person], None]

_handlers: list[Handler] = []


def on_merge(handler: Handler) -> None:
    _handlers.append(handler)


def tell_merged(kept: Person, dropped: Person) -> None:
    for handler in _handlers:
        handler(kept, dropped)


def resealed(
    kept: Person, dropped: Person, sealed: bytes | memoryview | None, context: str
) -> bytes | None:
    """The same text under the kept person's key; None where there is none, or none any more."""
    text = subject_keys.open_for(dropped.pk, sealed, context) if sealed else None
    return None if text is None else subject_keys.seal_for(kept.pk, text, context)
