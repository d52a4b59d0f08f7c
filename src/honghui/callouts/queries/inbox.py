"""The inbox: what nobody could make out, newest first, with whom it may be from."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from uuid import UUID

from honghui.callouts.forms import SettleForm
from honghui.callouts.queries.desk import INBOX_MAX, Unread, guesses_for, waiting_incomings
from honghui.kernel import subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.sealing import SealBroken
from honghui.messaging.models import Incoming
from honghui.messaging.opening import text_of_reply

_log = logging.getLogger("honghui.callouts")


def inbox_of(by: Actor) -> list[Unread]:
    """Six queries. What can no longer be opened is shown without its text, and still waits."""
    rows = list(waiting_incomings(by).order_by("-received_at", "-id")[:INBOX_MAX])
    guesses = guesses_for(by, rows)
    keys = subject_keys.keys_of({each.person_id for each in rows if each.person_id})
    found = []
    for each in rows:
        text = _text_of(each, keys)
        found.append(Unread(each, text, guesses[each.pk], SettleForm()))
    return found


def persons_in(unread: list[Unread]) -> set[UUID]:
    """Whom the inbox may have to name."""
    guessed = {guess.invitation.person_id for each in unread for guess in each.guesses}
    return guessed | {each.incoming.person_id for each in unread if each.incoming.person_id}


def _text_of(incoming: Incoming, keys: Mapping[UUID, bytes]) -> str | None:
    """None if it cannot be opened: one broken row must not take the inbox away at night."""
    if incoming.person_id is not None and incoming.person_id not in keys:
        return None
    key = keys.get(incoming.person_id) if incoming.person_id else None
    try:
        return text_of_reply(incoming, key)
    except SealBroken:
        _log.error("the text of reply %s cannot be opened", incoming.pk)
        return None
