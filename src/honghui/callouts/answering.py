"""Taking an answer: a step of the actions, in their transaction.

The one hard idea: every answer is a row, and what counts is the newest one that decides something,
by when it was said and not by when it arrived. The call-out is locked first, then the invitation,
so that answers of two people and the worker never wait for each other in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from honghui.callouts import wordings
from honghui.callouts.asking import tell, touch
from honghui.callouts.listening import tell_answer
from honghui.callouts.models import Answer, CallOut, Invitation
from honghui.callouts.rules import state_after
from honghui.callouts.understanding import DECISIVE, Meaning
from honghui.kernel import clock, subject_keys
from honghui.kernel.actors import Actor
from honghui.messaging.models import Incoming, Message
from honghui.messaging.sending import cancel_messages

SAID_CONTEXT = "callouts.answer.said"
CLOCKS_DIFFER = timedelta(minutes=2)
LATE_AT_MOST = timedelta(days=3)
ETA_MINUTES_MAX = 2 * 24 * 60
_STOOD_DOWN = Invitation.State.STOOD_DOWN


def said_at_of(incoming: Incoming) -> datetime:
    """When they wrote it, by the machine's clock. A gateway that is ahead of us, or says a day that
    none keeps an answer for, has a clock of its own (the simulated one tells its world's time):
    then it was when it came. Else what they say next would count as older."""
    told, came = incoming.told_at, incoming.received_at
    return told if told is not None and came - LATE_AT_MOST <= told <= came else came


@dataclass(frozen=True)
class Said:
    """What somebody answered. said_at: the machine's time, None: now. text: as they wrote it."""

    via: str
    meaning: Meaning
    eta_minutes: int | None = None
    said_at: datetime | None = None
    text: str = ""
    progress: str = ""
    speaks_for_others: bool = False
    asks: bool = False
    incoming: Incoming | None = None


def take(by: Actor, invitation: Invitation, said: Said) -> Answer:
    """Writes the answer down, moves the invitation on if it counts, and tells who listens."""
    call_out = CallOut.objects.select_for_update().get(pk=invitation.call_out_id)
    one = Invitation.objects.select_for_update().get(pk=invitation.pk)
    one.call_out = call_out
    answer = _written(by, one, said)
    if answer.counts:
        _move(one, answer)
        cancel_messages([one.pk])
    # Whoever declines makes room for the next; whoever comes may be the last one needed.
    wakes = {"next_step_at": clock.machine_now()} if answer.counts else {}
    touch(call_out, **wakes)
    _answer_back(by, one, answer)
    tell_answer(one, answer)
    return answer


def _written(by: Actor, one: Invitation, said: Said) -> Answer:
    said_at = min(said.said_at or clock.machine_now(), clock.machine_now())
    is_late = one.call_out.state != CallOut.State.OPEN or one.state == _STOOD_DOWN
    is_older = _is_older(one, said.via, said_at)
    minutes = said.eta_minutes
    if minutes is not None:
        minutes = max(0, min(minutes, ETA_MINUTES_MAX))
    eta_at = clock.now() + timedelta(minutes=minutes) if minutes is not None else None
    decides = said.meaning in DECISIVE
    moves = changes = False
    if decides:
        state = _state(one, said.meaning)
        was_decided = one.answered_at is not None
        changes = was_decided and one.state != state
        moves = one.state != state or eta_at is not None or said.progress != one.progress
    return Answer.objects.create(
        call_out=one.call_out,
        invitation=one,
        via=said.via,
        meaning=said.meaning,
        eta_minutes=minutes,
        eta_at=eta_at,
        progress=said.progress,
        said_sealed=_sealed(one.person_id, said.text),
        said_at=said_at,
        at=clock.now(),
        counts=decides and moves and not is_late and not is_older,
        changes=changes,
        is_late=is_late,
        is_older=is_older,
        speaks_for_others=said.speaks_for_others,
        asks=said.asks,
        incoming=said.incoming,
        noted_by_id=by.account_id,
    )


def _is_older(one: Invitation, via: str, said_at: datetime) -> bool:
    """Whether what counts already was said after this. Two clocks need not agree, so across them
    only a clear difference says so."""
    if one.said_at is None:
        return False
    last = one.answers.filter(counts=True).order_by("-said_at", "-id").first()
    same_clock = last is not None and last.via == via
    return said_at + (timedelta(0) if same_clock else CLOCKS_DIFFER) < one.said_at


def _move(one: Invitation, answer: Answer) -> None:
    state = _state(one, Meaning(answer.meaning))
    was_coming = one.state == Invitation.State.COMING
    one.eta_at = answer.eta_at or (one.eta_at if was_coming and state == "coming" else None)
    if state not in ("coming", "if_short"):
        one.eta_at = None
    one.state = Invitation.State(state)
    one.progress = answer.progress or (one.progress if was_coming and state == "coming" else "")
    one.answered_at, one.said_at, one.next_at = answer.at, answer.said_at, None
    one.save(update_fields=["state", "eta_at", "progress", "answered_at", "said_at", "next_at"])


def _state(one: Invitation, meaning: Meaning) -> str:
    return state_after(meaning, is_stand_by=one.call_out.kind == CallOut.Kind.STAND_BY)


def _answer_back(by: Actor, one: Invitation, answer: Answer) -> None:
    """Closed: they are told so, once. Only read: they are asked once more whether they come."""
    if answer.via in (Answer.Via.LINK, Answer.Via.PHONE, Answer.Via.PERSON, Answer.Via.VOICE):
        return
    if answer.is_late:
        if one.call_out.state != CallOut.State.DRAFT:
            is_off = one.call_out.state == CallOut.State.CANCELLED or one.state == _STOOD_DOWN
            _tell_once(by, one, wordings.STOOD_DOWN if is_off else wordings.CLOSED)
    elif answer.meaning == Meaning.ACKNOWLEDGED and one.state == Invitation.State.ASKED:
        _tell_once(by, one, wordings.CONFIRM)


def _tell_once(by: Actor, one: Invitation, template: str) -> None:
    if not Message.objects.filter(about=one.pk, template=template).exists():
        tell(by, one.call_out, [one], template)


def _sealed(person_id: UUID, text: str) -> bytes | None:
    return subject_keys.seal_for(person_id, text, SAID_CONTEXT) if text else None


def opened(answer: Answer) -> str:
    """What they wrote; "" if nothing, or once their key is destroyed. Of many: inside
    subject_keys.at_hand()."""
    return (
        subject_keys.open_for(answer.invitation.person_id, answer.said_sealed, SAID_CONTEXT) or ""
    )
