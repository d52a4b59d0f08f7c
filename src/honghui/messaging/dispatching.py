"""One batch on its way: taken, judged, opened, begun; handed over; what came of it noted.

    one transaction    take the rows nobody holds → who may get it now → begin the hand-over
    no transaction     the gateway is spoken to
    one transaction    what it answered

The one hard idea is in models/outgoing.py: the hand-over is durable before the request, and only
an answer ends it. This may be killed at any line.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.messaging.actions.handovers import (
    begin_handover,
    end_messages,
    note_asked,
    note_result,
    put_off,
)
from honghui.messaging.channels import ADAPTERS
from honghui.messaging.channels.base import Busy, Outgoing, Refused, Result, Unsure
from honghui.messaging.declaring import wording_of
from honghui.messaging.models import Handover, Message, Template
from honghui.messaging.opening import opened
from honghui.messaging.queries import work
from honghui.messaging.rules.reasons import is_about_one
from honghui.messaging.rules.states import ask_after, patience, read_limits, wait_for_limits

_log = logging.getLogger("honghui.messaging")
REVIEWED = ("sms", "voice")
_TEMPLATE_WAIT = timedelta(seconds=2)
ASKED_AT_ONCE = 20


@dataclass
class _Judged:
    """going: those that may be handed over now. ended: (state, reason) → messages."""

    going: list[Message] = field(default_factory=list)
    ended: dict[tuple[str, str], list[Message]] = field(default_factory=lambda: defaultdict(list))
    later: dict[UUID, timedelta] = field(default_factory=dict)
    why_later: str = "throttled"


def hand_over_due(by: Actor) -> int:
    """Takes one batch of messages and hands it over; how many were looked at."""
    limits = {name: each.batch_max for name, each in ADAPTERS.items()}
    with transaction.atomic():
        batch = work.due_batch(limits)
        begun = _begin(by, batch) if batch else None
    if begun:
        _carry_out(by, *begun)
    return len(batch)


def _begin(by: Actor, batch: list[Message]) -> tuple[Handover, list[Outgoing]] | None:
    """Inside the transaction that holds the batch."""
    channel = batch[0].channel
    judged = _Judged(going=list(batch))
    _set_stopped_aside(judged)
    template: Template | None = None
    if not ADAPTERS[channel].is_set_up():
        _end_all(judged, Message.State.LOCAL, "not_set_up")
    elif channel in REVIEWED:
        template = _hold_to_template(judged, batch[0])
    if channel == "sms" and judged.going:
        _hold_to_limits(judged)
    outgoing, lacking = opened(judged.going, template.gateway_code if template else "")
    for each in [one for one in judged.going if one.pk in lacking]:
        judged.ended[(Message.State.FAILED, lacking[each.pk])].append(each)
        judged.going.remove(each)
    if channel == "sms":
        outgoing = _each_number_once(judged, outgoing)
    _write_down(by, judged)
    if not judged.going:
        return None
    return begin_handover(by=by, messages=judged.going), outgoing


def _set_stopped_aside(judged: _Judged) -> None:
    """Somebody may have asked to be left in peace since it was queued; the one message that
    confirms this goes out all the same."""
    stopped = work.stopped_among({each.person_id for each in judged.going})
    for each in [one for one in judged.going if one.person_id in stopped]:
        if each.template != "messaging.stopped":
            judged.ended[(Message.State.STOPPED, "stopped")].append(each)
            judged.going.remove(each)


def _hold_to_template(judged: _Judged, like: Message) -> Template | None:
    wording = wording_of(like.template, like.language, like.channel, is_drill=like.is_drill)
    template = work.template_of(wording)
    if template is not None and template.state == Template.State.APPROVED:
        return template
    if template is not None and template.state == Template.State.REJECTED:
        _end_all(judged, Message.State.FAILED, "template_rejected")
        return None
    judged.why_later = "template_pending"
    now = clock.machine_now()
    for each in list(judged.going):
        _wait_or_give_back(judged, each, _TEMPLATE_WAIT, now)
    return None


def _hold_to_limits(judged: _Judged) -> None:
    """The gateway would refuse a whole request for one number over its limit."""
    limits = read_limits(settings.SMS_LIMITS)
    if not limits:
        return
    sent = work.sent_lately([each.person_id for each in judged.going])
    now = clock.machine_now()
    for each in list(judged.going):
        wait = wait_for_limits(sent.get(each.person_id, []), limits, now=now)
        if wait > timedelta(0):
            _wait_or_give_back(judged, each, wait, now)


def _each_number_once(judged: _Judged, outgoing: list[Outgoing]) -> list[Outgoing]:
    """A family's phone, or two messages to one person: one a request, the next a minute later."""
    seen: set[str] = set()
    by_id = {each.pk: each for each in judged.going}
    kept = []
    shortest = min((each.seconds for each in read_limits(settings.SMS_LIMITS)), default=1)
    for each in outgoing:
        if each.address in seen:
            message = by_id[each.message_id]
            _wait_or_give_back(judged, message, timedelta(seconds=shortest), clock.machine_now())
        else:
            seen.add(each.address)
            kept.append(each)
    return kept


def _wait_or_give_back(judged: _Judged, message: Message, wait: timedelta, now: datetime) -> None:
    judged.going.remove(message)
    allowed = patience(is_urgent=message.is_urgent)
    if now + wait - message.first_due_at > allowed:
        judged.ended[(Message.State.FAILED, judged.why_later)].append(message)
    else:
        judged.later[message.pk] = wait


def _end_all(judged: _Judged, state: str, reason: str) -> None:
    judged.ended[(state, reason)] += judged.going
    judged.going = []


def _write_down(by: Actor, judged: _Judged) -> None:
    for (state, reason), messages in judged.ended.items():
        if messages:
            end_messages(by=by, state=state, reason=reason, messages=messages)
    if judged.later:
        put_off(by=by, waits=judged.later, reason=judged.why_later)


# ── the gateway is spoken to ─────────────────────────────────────────────────────────────────


def _carry_out(by: Actor, handover: Handover, outgoing: Sequence[Outgoing]) -> None:
    """Hands over; halves the batch where one of it may be to blame."""
    result = _handed_over(handover, outgoing)
    if isinstance(result, Refused | Busy) and is_about_one(result.code) and len(outgoing) > 1:
        note_result(by=by, handover=handover, result=Busy(result.code, 1.0))
        for half in _halves(outgoing):
            _again(by, half)
        return
    if isinstance(result, Busy):
        result = _patient(handover, result)
    note_result(by=by, handover=handover, result=result)


def _handed_over(handover: Handover, outgoing: Sequence[Outgoing]) -> Result:
    """One batch that an adapter stumbles over must not end the worker, and everybody's messages
    with it: nobody knows what became of it."""
    try:
        return ADAPTERS[handover.channel].hand_over(handover.out_id, outgoing)
    except OSError:
        raise
    except Exception as error:
        _log.error("%s cannot be handed over: %s", handover.channel, type(error).__name__)
        return Unsure("stumbled")


def _became_of(handover: Handover, one: Outgoing, sent_on: str) -> Result:
    """Where the adapter stumbles again, another way is tried."""
    try:
        return ADAPTERS[handover.channel].became_of(handover.out_id, one, sent_on)
    except OSError:
        raise
    except Exception as error:
        _log.error("%s cannot be asked about: %s", handover.channel, type(error).__name__)
        return Refused("gateway_busy")


def _halves(outgoing: Sequence[Outgoing]) -> list[Sequence[Outgoing]]:
    middle = len(outgoing) // 2
    return [outgoing[:middle], outgoing[middle:]]


def _again(by: Actor, outgoing: Sequence[Outgoing]) -> None:
    with transaction.atomic():
        rows = work.still_waiting([each.message_id for each in outgoing])
        begun = begin_handover(by=by, messages=rows) if rows else None
    if begun:
        ours = {each.pk for each in rows}
        _carry_out(by, begun, [each for each in outgoing if each.message_id in ours])


def _patient(handover: Handover, result: Busy) -> Result:
    """Later, unless those who wait have waited long enough for another way to be tried."""
    rows = Message.objects.filter(handover=handover).order_by("first_due_at")
    oldest = rows.first()
    if oldest is None:
        return result
    waited = clock.machine_now() - oldest.first_due_at
    if waited + timedelta(seconds=result.wait_seconds) > patience(is_urgent=oldest.is_urgent):
        return Refused("MOBILE_SEND_LIMIT" if is_about_one(result.code) else "gateway_busy")
    return result


# ── what nobody knows ────────────────────────────────────────────────────────────────────────


def ask_what_became(by: Actor) -> int:
    """Asks the gateway about one hand-over without outcome; 1 if there was one."""
    with transaction.atomic():
        handover = work.handover_to_ask()
        if handover is None:
            return 0
        messages = work.under_way(handover)
        some = messages[:ASKED_AT_ONCE]
        sent_on = handover.begun_at.astimezone(clock.CHINA).strftime("%Y%m%d")
        outgoing, lacking = opened(some, "")
        found: dict[UUID, Result] = {key: Refused(code) for key, code in lacking.items()}
        for each in outgoing:
            result = _became_of(handover, each, sent_on)
            found[each.message_id] = result
            if isinstance(result, Busy):
                break
        rest = len(messages) > len(some)
        wait = timedelta(0) if rest else ask_after(handover.asks)
        note_asked(by=by, handover=handover, found=found, ask_again=wait)
    return 1
