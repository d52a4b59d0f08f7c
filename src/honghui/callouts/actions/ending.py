"""A call-out ends: closed because enough came or time passed, cancelled because nobody is needed;
and those who came are told that they may go home."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from honghui.callouts import wordings
from honghui.callouts.access import require_system
from honghui.callouts.asking import tell, touch
from honghui.callouts.models import CallOut, Invitation
from honghui.callouts.rules import check_state
from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.text import name_line
from honghui.messaging.sending import cancel_messages
from honghui.registry.access import require
from honghui.registry.permissions import CALL_OUT as CALL

_STATE = Invitation.State
_OUT_ALREADY = (_STATE.DECLINED, _STATE.STOOD_DOWN)


@action("callouts.call_out.closed")
def close_call_out(*, by: Actor, call_out: CallOut, reason: str) -> CallOut:
    """Nobody is asked any more. Whoever was asked and did not answer, or comes only if people are
    short, is told that they need not come. Answers that come later are kept, and count no more."""
    require(by, CALL, call_out.society_id)
    one = _locked(call_out)
    check_state(one.state, {"open"})
    told = _end(
        by, one, CallOut.State.CLOSED, reason, wordings.CLOSED, [_STATE.ASKED, _STATE.IF_SHORT]
    )
    _record(by, one, "callouts.call_out.closed", told)
    return one


@action("callouts.call_out.cancelled")
def cancel_call_out(*, by: Actor, call_out: CallOut, reason: str) -> CallOut:
    """Nobody is to come: everybody who was asked and did not decline is told. A draft is dropped,
    and nobody hears of it."""
    require(by, CALL, call_out.society_id)
    one = _locked(call_out)
    check_state(one.state, {"draft", "open"})
    those = [_STATE.ASKED, _STATE.IF_SHORT, _STATE.COMING, _STATE.NO_ANSWER]
    told = _end(by, one, CallOut.State.CANCELLED, reason, wordings.STOOD_DOWN, those)
    _record(by, one, "callouts.call_out.cancelled", told)
    return one


@action("callouts.group.stood_down")
def stand_group_down(*, by: Actor, call_out: CallOut, group: UUID) -> CallOut:
    """One team of several is called off, by whoever may do that: the caller's check. Its people are
    asked no more and count no more, so that others are asked in their place. Whoever was asked and
    has not declined is told; those who come hear it from whoever leads them."""
    require_system(by)
    one = _locked(call_out)
    check_state(one.state, {"draft", "open"})
    rows = one.invitations.filter(group=group).exclude(state__in=_OUT_ALREADY)
    those = list(rows)
    told = [each for each in those if each.state in (_STATE.ASKED, _STATE.IF_SHORT)]
    cancel_messages([each.pk for each in those])
    tell(by, one, told, wordings.STOOD_DOWN)
    rows.update(state=_STATE.STOOD_DOWN, next_at=None, eta_at=None)
    touch(one, next_step_at=clock.machine_now() if one.state == CallOut.State.OPEN else None)
    _record(by, one, "callouts.group.stood_down", len(told))
    return one


@action("callouts.people.sent_home")
def send_home(*, by: Actor, call_out: CallOut) -> CallOut:
    """Tells those who came that it is over and they may go home. The call-out was ended before."""
    require(by, CALL, call_out.society_id)
    one = _locked(call_out)
    check_state(one.state, {"closed"})
    those = list(one.invitations.filter(state=_STATE.COMING))
    tell(by, one, those, wordings.GO_HOME)
    touch(one)
    _record(by, one, "callouts.people.sent_home", len(those))
    return one


def _end(
    by: Actor, one: CallOut, state: str, reason: str, template: str, told: Sequence[str]
) -> int:
    """How many were told. What still waits to be handed over is not handed over."""
    was_sent = one.state == CallOut.State.OPEN
    why = name_line(reason, limit=400, field="reason")
    everybody = list(one.invitations.all())
    those = [each for each in everybody if each.state in told] if was_sent else []
    if was_sent:
        cancel_messages([each.pk for each in everybody])
        tell(by, one, those, template)
    touch(
        one,
        state=state,
        next_step_at=None,
        ended_at=clock.now(),
        ended_by_id=by.account_id,
        ended_reason=why,
    )
    return len(those)


def _record(by: Actor, one: CallOut, verb: str, told: int) -> None:
    record(
        by=by,
        verb=verb,
        about=one,
        society_code=one.society_id,
        reason=one.ended_reason,
        after={"told": told},
    )


def _locked(call_out: CallOut) -> CallOut:
    locked = CallOut.objects.select_for_update(of=("self",)).select_related("society")
    return locked.get(pk=call_out.pk)
