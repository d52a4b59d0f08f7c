"""Delivery reports: every one is kept, and changes a message's state only forward."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.messaging import access
from honghui.messaging.models import Handover, Message, Receipt
from honghui.messaging.reading import ToldReceipt
from honghui.messaging.rules.reasons import reason_of
from honghui.messaging.rules.states import after_receipt
from honghui.messaging.sending import tell_failed


@action("messaging.receipts.kept")
def keep_receipts(*, by: Actor, told: Sequence[ToldReceipt], received_at: datetime) -> None:
    """Four queries to find what they are about, whatever their number."""
    access.require_system(by)
    messages = _messages_of(told)
    known = _known(messages)
    rows, changed = [], Counter[str]()
    failed: list[Message] = []
    for each in told:
        message = _message_for(each, messages)
        key = (message.pk if message else None, each.code, each.told_at)
        is_repeat = message is not None and key in known
        known.add(key)
        state = after_receipt(message.state, is_delivered=each.is_delivered) if message else None
        if message and state:
            _change(message, state, each)
            changed[state] += 1
            if state == Message.State.FAILED:
                failed.append(message)
        rows.append(
            Receipt(
                message=message, out_id=each.out_id, biz_id=each.biz_id,
                is_delivered=each.is_delivered, told_code=each.code, parts=each.parts,
                told_at=each.told_at, received_at=received_at, is_repeat=is_repeat,
                changed_state=bool(state),
            )
        )  # fmt: skip
    Receipt.objects.bulk_create(rows)
    # One may have failed and been delivered within the same post.
    tell_failed([each for each in failed if each.state == Message.State.FAILED])
    record(
        by=by,
        verb="messaging.receipts.kept",
        after={"receipts": len(rows), **{f"became_{key}": n for key, n in changed.items()}},
    )


Found = dict[str, list[Message]]


def _messages_of(told: Sequence[ToldReceipt]) -> Found:
    """The messages of each hand-over that is named, by its out_id and its biz_id; locked."""
    out_ids = {each.out_id for each in told if each.out_id}
    biz_ids = {each.biz_id for each in told if each.biz_id}
    handovers = list(Handover.objects.filter(Q(out_id__in=out_ids) | Q(biz_id__in=biz_ids)))
    ids = {each for one in handovers for each in one.message_ids}
    rows = Message.objects.select_for_update(of=("self",)).select_related("person")
    by_id = {each.pk: each for each in rows.filter(pk__in=ids).order_by("id")}
    found: Found = defaultdict(list)
    for one in handovers:
        theirs = [by_id[each] for each in one.message_ids if each in by_id]
        found[one.out_id] = theirs
        if one.biz_id:
            found[one.biz_id] = theirs
    return found


def _message_for(told: ToldReceipt, messages: Found) -> Message | None:
    those = messages.get(told.out_id) or messages.get(told.biz_id) or []
    for each in those:
        phone = each.person.phone_hash
        if phone is not None and bytes(phone) in told.hashes:
            return each
    # Somebody got another number since; alone in its request there is no doubt.
    return those[0] if len(those) == 1 else None


def _known(messages: Found) -> set[tuple[UUID | None, str, datetime | None]]:
    ids = {each.pk for those in messages.values() for each in those}
    rows = Receipt.objects.filter(message__in=ids)
    return set(rows.values_list("message_id", "told_code", "told_at"))


def _change(message: Message, state: str, told: ToldReceipt) -> None:
    message.state = Message.State(state)
    message.ended_at = clock.now()
    message.handed_at = message.handed_at or message.ended_at
    if state == Message.State.FAILED:
        message.reason = reason_of(told.code)
        message.cost_fen = 0
    else:
        message.reason = ""
        if message.channel == "sms":
            message.parts = told.parts or message.parts
            message.cost_fen = message.parts * settings.SMS_PART_FEN
    message.save(update_fields=["state", "ended_at", "handed_at", "reason", "parts", "cost_fen"])
