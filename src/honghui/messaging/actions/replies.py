"""Answers: kept once, sealed, put to the message they belong to, offered to the jobs; or "leave me
in peace", which is done at once. What nobody can place waits for a person."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, sealing, subject_keys
from honghui.kernel.actors import Actor, system_actor
from honghui.kernel.errors import Conflict
from honghui.messaging import access
from honghui.messaging.actions.preferences import stop_messages
from honghui.messaging.declaring import DECLARED
from honghui.messaging.models import Handover, Incoming, Message
from honghui.messaging.opening import TEXT_CONTEXT, own_key
from honghui.messaging.reading import ToldReply
from honghui.messaging.receiving import offer, offer_unasked
from honghui.messaging.rules.codes import CODE_DAYS
from honghui.messaging.rules.replies import Match, is_stop, match
from honghui.registry.access import require
from honghui.registry.models import Affiliation, Person
from honghui.registry.permissions import SETTLE_MESSAGES
from honghui.registry.rules import check_reason

_LOOKED_AT_MAX = 200
_HANDED = ("sending", "unsure", "sent", "delivered", "failed")
_log = logging.getLogger("honghui.messaging")


@dataclass(frozen=True)
class _Sender:
    """persons: whose number it is, none when nobody's here. messages: to that number lately,
    newest first. rows_of: who is who by now, by every id that a message may name."""

    persons: Sequence[Person]
    messages: Sequence[Message]
    rows_of: Mapping[UUID, Person] = field(default_factory=dict)


@action("messaging.reply.kept")
def keep_reply(*, by: Actor, told: ToldReply, received_at: datetime) -> Incoming:
    """Told again, it is the one that is there already."""
    access.require_system(by)
    there = Incoming.objects.filter(told_id=told.told_id).first()
    if there is None:
        there = _kept(told, received_at)
    record(
        by=by,
        verb="messaging.reply.kept",
        about=there,
        society_code=there.society_id,
        after={
            "channel": there.channel,
            "state": there.state,
            "matched_by": there.matched_by,
            "is_stop": there.is_stop,
        },
    )
    return there


@action("messaging.reply.settled")
def settle_reply(*, by: Actor, incoming: Incoming, reason: str) -> Incoming:
    """Somebody has read it and seen to it, and says how."""
    found = access.incoming_one(by, incoming.pk)
    require(by, SETTLE_MESSAGES, found.society_id)
    found = Incoming.objects.select_for_update().get(pk=found.pk)
    if found.state not in (Incoming.State.UNCLEAR, Incoming.State.UNKNOWN):
        raise Conflict(
            "messages.reply.settled_already",
            _("This answer has been seen to already."),
            _("Look at what became of it."),
        )
    found.settled_reason = check_reason(reason)
    found.settled_at = clock.now()
    found.settled_by_id = by.account_id
    found.state = Incoming.State.SETTLED
    found.save(update_fields=["settled_reason", "settled_at", "settled_by", "state"])
    record(
        by=by,
        verb="messaging.reply.settled",
        about=found,
        society_code=found.society_id,
        reason=found.settled_reason,
    )
    return found


def _kept(told: ToldReply, received_at: datetime) -> Incoming:
    sender = _sender_of(told)
    found = _match(told, sender)
    message = found.message
    person = next(iter(sender.persons), None)
    if message is not None:
        person = sender.rows_of.get(message.person_id, message.person)
    row = Incoming(
        channel=told.channel,
        told_id=told.told_id,
        society_id=_society_of(message, sender),
        person=person,
        persons=[each.pk for each in sender.persons],
        sender_hash=told.hashes[0] if told.hashes and not sender.persons else None,
        message=message,
        matched_by=found.by,
        text_sealed=_sealed(person, told.text),
        is_stop=is_stop(told.text, [each.code for each in sender.messages]),
        told_at=told.told_at,
        received_at=received_at,
    )
    row.save(force_insert=True)
    row.state = Incoming.State(_state_of(row, told, sender))
    row.save(update_fields=["state", "message", "matched_by"])
    if row.state == Incoming.State.TAKEN and row.message_id is not None and not row.is_stop:
        Message.objects.filter(pk=row.message_id).update(answered_at=clock.now())
    return row


def _state_of(row: Incoming, told: ToldReply, sender: _Sender) -> str:
    if not sender.persons:
        return Incoming.State.UNKNOWN
    if row.is_stop:
        stop_messages(by=_worker(), persons=sender.persons, society_code=row.society_id)
        return Incoming.State.TAKEN
    try:
        with transaction.atomic():
            return _heard(row, told.text)
    except DatabaseError:
        raise
    except Exception as error:
        # A job that stumbles over one answer: a person reads it, and the next answers are heard.
        _log.error("a handler of answers failed: %s", type(error).__name__)
        return Incoming.State.UNCLEAR


def _heard(row: Incoming, text: str) -> str:
    """What was taken as unasked answers no message: the one in whose wake it came waits on."""
    unasked = offer_unasked(row, text)
    if unasked == "taken":
        row.message, row.matched_by = None, ""
        return Incoming.State.TAKEN
    if unasked or row.message_id is None:
        return Incoming.State.UNCLEAR
    return offer(row, text)


def _worker() -> Actor:
    return system_actor("honghui messages work")


def _sender_of(told: ToldReply) -> _Sender:
    if not told.hashes:
        return _Sender((), ())
    persons, rows_of = _persons_with(told.hashes)
    if not persons:
        return _Sender((), ())
    answerable = [code for code, each in DECLARED.items() if each.wants_answer]
    rows = Message.objects.filter(
        person__in=list(rows_of),
        template__in=answerable,
        state__in=_HANDED,
        handover__isnull=False,
        queued_at__gt=clock.now() - CODE_DAYS,
    )
    rows = rows.select_related("person").order_by("-queued_at", "-id")
    return _Sender(persons, list(rows[:_LOOKED_AT_MAX]), rows_of)


def _persons_with(hashes: Sequence[bytes]) -> tuple[list[Person], dict[UUID, Person]]:
    """Whose number it is, and under every row that each of them has had: somebody was written down
    twice, and got messages under both."""
    known = Person.objects.filter(erased_at=None)
    kept: dict[UUID, Person] = {}
    for one in known.filter(phone_hash__in=hashes).select_related("merged_into"):
        while one.merged_into is not None:
            one = one.merged_into
        kept[one.pk] = one
    persons = sorted(
        (one for one in kept.values() if one.erased_at is None),
        key=lambda one: (one.registered_at, one.pk),
    )
    rows_of = {one.pk: one for one in persons}
    while fresh := list(known.filter(merged_into__in=list(rows_of)).exclude(pk__in=list(rows_of))):
        rows_of |= {each.pk: rows_of[each.merged_into_id] for each in fresh if each.merged_into_id}
    return persons, rows_of


def _match(told: ToldReply, sender: _Sender) -> Match[Message]:
    if told.channel != "voice":
        return match(sender.messages, extension=told.extension, text=told.text)
    # A key is pressed in one call, which the gateway names.
    ids = _ids_of_handover(told.out_id)
    message = next((each for each in sender.messages if each.pk in ids), None)
    return Match(message, "call" if message else "")


def _ids_of_handover(out_id: str) -> set[UUID]:
    found = Handover.objects.filter(out_id=out_id).first() if out_id else None
    return set(found.message_ids) if found else set()


def _society_of(message: Message | None, sender: _Sender) -> str:
    if message is not None:
        return message.society_id
    if sender.messages:
        return sender.messages[0].society_id
    theirs = Affiliation.objects.filter(person__in=sender.persons, ended_on=None)
    first = theirs.order_by("began_on", "id").values_list("society_id", flat=True).first()
    return first or access.top_society().code


def _sealed(person: Person | None, text: str) -> bytes:
    # An empty text is an answer too: somebody pressed "send".
    if person is None:
        return sealing.seal(own_key(), text, TEXT_CONTEXT)
    return subject_keys.seal_for(person.pk, text, TEXT_CONTEXT)
