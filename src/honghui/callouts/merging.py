"""Two rows were one person: a step of the registry's merge. They are asked once: an invitation
moves to the kept row, with its link and its answers; where both stand in one call-out, one goes on.
"""

from __future__ import annotations

from honghui.callouts import tokens
from honghui.callouts.answering import SAID_CONTEXT
from honghui.callouts.asking import touch
from honghui.callouts.models import CallOut, Invitation
from honghui.kernel import clock
from honghui.messaging.sending import cancel_messages
from honghui.registry.merging import resealed
from honghui.registry.models import Person

_STATE = Invitation.State
_DECIDED = (_STATE.COMING, _STATE.IF_SHORT, _STATE.DECLINED)
_ANSWER = ("state", "eta_at", "progress", "answered_at", "said_at", "next_at", "step", "asked_at")


def follow_merge(kept: Person, dropped: Person) -> None:
    """registry.merging.on_merge. The call-outs are locked first, as everywhere."""
    ids = Invitation.objects.filter(person=dropped).values("call_out")
    going = list(CallOut.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    theirs = Invitation.objects.select_for_update(of=("self",)).filter(person=dropped)
    twins = {each.call_out_id: each for each in Invitation.objects.filter(person=kept)}
    for each in theirs.order_by("pk"):
        twin = twins.get(each.call_out_id)
        if twin is None:
            _move(kept, dropped, each)
        else:
            _join(twin, each)
    for call_out in going:
        # Two who came are one: there may be too few again.
        is_open = call_out.state == CallOut.State.OPEN
        touch(call_out, next_step_at=clock.machine_now() if is_open else None)


def _move(kept: Person, dropped: Person, one: Invitation) -> None:
    for answer in one.answers.filter(said_sealed__isnull=False):
        answer.said_sealed = resealed(kept, dropped, answer.said_sealed, SAID_CONTEXT)
        answer.save(update_fields=["said_sealed"])
    one.token_sealed = resealed(kept, dropped, one.token_sealed, tokens.CONTEXT) or b""
    one.person = kept
    one.save(update_fields=["person", "token_sealed"])


def _join(twin: Invitation, other: Invitation) -> None:
    """Both stand in it. What was decided last counts; then who was asked already goes on. The other
    asks nothing any more; its link leads to the one that goes on."""
    if _weight(other) > _weight(twin):
        for name in _ANSWER:
            setattr(twin, name, getattr(other, name))
        twin.save(update_fields=_ANSWER)
    cancel_messages([other.pk])
    if other.state == _STATE.RESERVE and not other.answers.exists():
        other.delete()
    else:
        other.state, other.next_at, other.eta_at = _STATE.NO_ANSWER, None, None
        other.save(update_fields=["state", "next_at", "eta_at"])


def _weight(one: Invitation) -> tuple[bool, float, bool]:
    said = one.said_at.timestamp() if one.said_at else 0.0
    return one.state in _DECIDED, said, one.state != _STATE.RESERVE
