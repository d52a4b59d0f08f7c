"""Handing over: begun and committed before the gateway is spoken to; what came of it; what is put
off, and what ends here. All of it the worker's, who holds the locks of the messages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.ids import new_id, new_public_id
from honghui.messaging import access
from honghui.messaging.channels.base import Accepted, Busy, Refused, Result, Unsure
from honghui.messaging.models import Handover, Message, PushSubscription
from honghui.messaging.queries.work import UNDER_WAY, WAITING
from honghui.messaging.rules.reasons import reason_of
from honghui.messaging.sending import tell_failed

LEASE = timedelta(seconds=30)
"""Longer than a request may take: whoever has not said by then what came of it is dead."""
FIRST_ASK = timedelta(seconds=2)


@action("messaging.handover.begun")
def begin_handover(*, by: Actor, messages: Sequence[Message]) -> Handover:
    """From here on nobody else takes these messages; if we die, the gateway is asked."""
    access.require_system(by)
    now = clock.machine_now()
    handover = Handover.objects.create(
        id=new_id(),
        out_id=new_public_id(),
        channel=messages[0].channel,
        message_ids=[each.pk for each in messages],
        begun_at=now,
        next_ask_at=now + LEASE,
    )
    Message.objects.filter(pk__in=handover.message_ids).update(
        state=Message.State.SENDING, handover=handover, tries=F("tries") + 1
    )
    record(
        by=by,
        verb="messaging.handover.begun",
        about=handover,
        after={"channel": handover.channel, "messages": len(messages)},
    )
    return handover


@action("messaging.handover.answered")
def note_result(*, by: Actor, handover: Handover, result: Result) -> Handover:
    """What the gateway answered. A receipt may have been quicker: only what still waits for this
    very answer changes."""
    access.require_system(by)
    handover.answered_at = clock.machine_now()
    handover.outcome = "OK" if isinstance(result, Accepted) else result.code[:60]
    handover.next_ask_at = None
    waiting = Message.objects.filter(handover=handover, state__in=UNDER_WAY)
    match result:
        case Accepted():
            handover.biz_id = result.biz_id
            _accepted(waiting, result)
        case Refused():
            _failed(waiting, reason_of(result.code))
        case Busy():
            due = handover.answered_at + timedelta(seconds=result.wait_seconds)
            waiting.update(state=Message.State.QUEUED, due_at=due)
        case Unsure():
            handover.next_ask_at = handover.answered_at + FIRST_ASK
            waiting.update(state=Message.State.UNSURE)
    if isinstance(result, Accepted | Refused) and result.ended:
        _end_browsers(result.ended)
    handover.save(update_fields=["answered_at", "outcome", "biz_id", "next_ask_at"])
    record(
        by=by,
        verb="messaging.handover.answered",
        about=handover,
        after={"outcome": handover.outcome},
    )
    return handover


@action("messaging.handover.asked")
def note_asked(
    *, by: Actor, handover: Handover, found: Mapping[UUID, Result], ask_again: timedelta | None
) -> Handover:
    """What the gateway says of each message when asked; those it does not know are asked about
    again, or were never there and wait to be sent."""
    access.require_system(by)
    counts: Counter[str] = Counter()
    later = 0
    for message_id, result in found.items():
        one = Message.objects.filter(pk=message_id, handover=handover, state__in=UNDER_WAY)
        counts[type(result).__name__] += 1
        if isinstance(result, Accepted):
            _accepted(one, result)
        elif isinstance(result, Refused):
            _failed(one, reason_of(result.code))
        elif isinstance(result, Unsure) and ask_again is None:
            one.update(state=Message.State.QUEUED, due_at=clock.machine_now())
        else:
            later += one.update(state=Message.State.UNSURE)
    handover.asks += 0 if counts.get("Busy") else 1
    wait = ask_again or timedelta(seconds=5)
    handover.next_ask_at = clock.machine_now() + wait if later else None
    handover.outcome = handover.outcome or "asked"
    handover.save(update_fields=["asks", "next_ask_at", "outcome"])
    record(by=by, verb="messaging.handover.asked", about=handover, after=dict(counts))
    return handover


@action("messaging.messages.ended")
def end_messages(*, by: Actor, state: str, reason: str, messages: Sequence[Message]) -> None:
    """They end here without a gateway: they lie in the outbox, the person wants none, nobody can
    be reached so, or another way shall be tried."""
    access.require_system(by)
    ids = [each.pk for each in messages]
    waiting = Message.objects.filter(pk__in=ids, state__in=WAITING)
    if state == Message.State.FAILED:
        _failed(waiting, reason)
    else:
        rows = list(waiting)
        waiting.update(state=state, reason=reason, ended_at=clock.now(), cost_fen=0)
        if state == Message.State.STOPPED:
            tell_failed(_as_now(rows))
    record(
        by=by,
        verb="messaging.messages.ended",
        after={"state": str(state), "reason": reason, "messages": len(ids)},
    )


@action("messaging.messages.put_off")
def put_off(*, by: Actor, waits: Mapping[UUID, timedelta], reason: str) -> None:
    """They may go out a little later."""
    access.require_system(by)
    now = clock.machine_now()
    by_wait: dict[timedelta, list[UUID]] = defaultdict(list)
    for message_id, wait in waits.items():
        by_wait[wait].append(message_id)
    for wait, ids in by_wait.items():
        Message.objects.filter(pk__in=ids, state__in=WAITING).update(due_at=now + wait)
    record(
        by=by,
        verb="messaging.messages.put_off",
        after={"reason": reason, "messages": len(waits)},
    )


def _accepted(waiting: QuerySet[Message], result: Accepted) -> None:
    now = clock.now()
    for message_id, code in result.failed.items():
        _failed(waiting.filter(pk=message_id), reason_of(code))
    if result.is_delivered:
        waiting.update(state=Message.State.DELIVERED, handed_at=now, ended_at=now, reason="")
    else:
        waiting.update(state=Message.State.SENT, handed_at=now, reason="")


def _failed(waiting: QuerySet[Message], reason: str) -> None:
    rows = list(waiting)
    ids = [each.pk for each in rows]
    Message.objects.filter(pk__in=ids).update(
        state=Message.State.FAILED, reason=reason, ended_at=clock.now(), cost_fen=0
    )
    tell_failed(_as_now(rows))


def _as_now(rows: Iterable[Message]) -> list[Message]:
    ids = [each.pk for each in rows]
    return list(Message.objects.filter(pk__in=ids).order_by("id")) if ids else []


def _end_browsers(ended: Sequence[UUID]) -> None:
    PushSubscription.objects.filter(pk__in=ended, ended_at=None).update(ended_at=clock.now())
