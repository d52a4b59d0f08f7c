"""Where jobs say which forms of phones they take, and what they do with one.

    sync.handling.accept("rescue.arrived", take_arrival)      # in the job's apps.ready()

The handler gets who sent it and the form, calls one action, and returns what it made. It runs
inside the transaction that keeps the form's number: what it raises undoes all, and a Refused is
told to the person, whose phone keeps the form to be corrected.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid

if TYPE_CHECKING:
    from django.db import models


@dataclass(frozen=True)
class Form:
    """What somebody wrote down on a phone.

    made_at: by the phone's clock, which may be wrong. happened_at: by ours (and by a pinned
    world's), as far as it can be known: now less the time that the phone says went by. Use that
    one. flags: what cannot be right of its times (rules.Flag). link: the token of the address it
    was made at, "" for whoever was signed in; a handler that takes links checks it itself.
    fields: the values by name; of several values of one name, one a line.
    """

    id: UUID
    kind: str
    made_at: datetime
    fields: dict[str, str]
    link: str
    attachments: tuple[UUID, ...]
    sent_at: datetime | None = None
    received_at: datetime | None = None
    at_by_us: datetime | None = None
    offset_seconds: int = 0
    flags: tuple[str, ...] = ()

    @property
    def happened_at(self) -> datetime:
        return self.at_by_us or self.made_at


@dataclass(frozen=True)
class Owner:
    """Whose forms and photos: an account's, or whoever's holds a link. Never both."""

    account_id: UUID | None
    link_hash: bytes | None

    @property
    def key(self) -> str:
        """A name of it for folders: tells nothing of either."""
        text = str(self.account_id) if self.account_id else (self.link_hash or b"").hex()
        return hashlib.sha256(text.encode()).hexdigest()[:32]


Handler = Callable[[Actor, Form], "models.Model | None"]
LinkCheck = Callable[[str], bool]

_handlers: dict[str, Handler] = {}
_link_checks: list[LinkCheck] = []


def accept(kind: str, handler: Handler) -> None:
    """From now on forms of this kind are handed to `handler`, one at a time."""
    assert kind not in _handlers, f"{kind} has a handler"
    _handlers[kind] = handler


def accept_links(check: LinkCheck) -> None:
    """Whoever gives out links says which are good: only with one that is may somebody who is not
    signed in send photos. (Their forms are checked by the handler.)"""
    _link_checks.append(check)


def is_good_link(link: str) -> bool:
    return any(check(link) for check in _link_checks)


def handler_of(kind: str) -> Handler:
    """Raises Invalid if nobody takes such forms."""
    if kind not in _handlers:
        raise Invalid(
            "sync.kind.unknown",
            _("Nobody here takes this kind of form any more."),
            _("Open the page anew while there is a signal, and enter it again."),
        )
    return _handlers[kind]


def owner_of(by: Actor, link: str) -> Owner:
    """With a link it is the link's, whoever is signed in: a link carries no one's session."""
    if link:
        return Owner(None, hashlib.sha256(link.encode()).digest())
    return Owner(by.account_id, None)
