"""Sending a call-out, calling more, and the worker's next step.

The one hard idea: whoever looks at a call-out to ask somebody locks it first. Two workers, or a
worker and a person, cannot both ask the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.callouts import wordings
from honghui.callouts.access import require_system
from honghui.callouts.asking import ask, moves_of, soonest, tell, touch
from honghui.callouts.listening import passed_over
from honghui.callouts.models import CallOut, Invitation
from honghui.callouts.rules import Moves, check_state
from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.messaging.sending import cancel_messages
from honghui.registry.access import require
from honghui.registry.permissions import CALL_OUT as CALL


@action("callouts.call_out.sent")
def send_call_out(*, by: Actor, call_out: CallOut) -> CallOut:
    """Asks the first of them. What it costs was shown before (queries.plan.plan_of)."""
    require(by, CALL, call_out.society_id)
    one = _locked(call_out)
    check_state(one.state, {"draft"})
    first = list(one.invitations.filter(state=Invitation.State.RESERVE)[: one.first])
    touch(one, state=CallOut.State.OPEN, sent_at=clock.now(), sent_by_id=by.account_id)
    ask(by, one, first)
    touch(one, next_step_at=soonest(first))
    record(
        by=by,
        verb="callouts.call_out.sent",
        about=one,
        society_code=one.society_id,
        after={"asked": len(first), "wanted": one.wanted, "is_drill": one.is_drill},
    )
    return one


@action("callouts.call_out.extended")
def invite_more(*, by: Actor, call_out: CallOut, count: int) -> CallOut:
    """Asks `count` more of the reserve, at once. If there were enough already, so many more are
    wanted from now on."""
    require(by, CALL, call_out.society_id)
    one = _locked(call_out)
    check_state(one.state, {"open"})
    reserve = list(one.invitations.filter(state=Invitation.State.RESERVE))
    over = passed_over(reserve)
    more = [each for each in reserve if each.pk not in over][: max(0, count)]
    if not more:
        raise Conflict(
            "callouts.no_reserve",
            _("Nobody is left in the reserve of this call-out."),
            _("Draft another one with more teams, or telephone."),
        )
    coming = one.invitations.filter(state=Invitation.State.COMING).count()
    ask(by, one, more)
    wanted = max(one.wanted, coming + len(more)) if coming >= one.wanted else one.wanted
    touch(one, wanted=wanted, is_enough=coming >= wanted, is_exhausted=False,
          next_step_at=clock.machine_now())  # fmt: skip
    record(
        by=by,
        verb="callouts.call_out.extended",
        about=one,
        society_code=one.society_id,
        after={"asked": len(more), "wanted": wanted},
    )
    return one


@action("callouts.call_out.escalated")
def escalate_call_out(*, by: Actor, call_out: CallOut) -> CallOut:
    """The worker's: takes whatever step is due. The caller holds the lock, in this transaction."""
    require_system(by)
    invitations = list(call_out.invitations.all())
    moves = moves_of(call_out, invitations)
    _carry_out(by, call_out, {one.pk: one for one in invitations}, moves)
    record(
        by=by,
        verb="callouts.call_out.escalated",
        about=call_out,
        society_code=call_out.society_id,
        after={
            "second_way": len(moves.retry), "gave_up": len(moves.give_up),
            "next_ones": len(moves.invite), "after_all": len(moves.again),
            "told_enough": len(moves.rest), "is_enough": moves.is_enough,
            "nobody_left": moves.is_exhausted,
        },
    )  # fmt: skip
    return call_out


def _carry_out(by: Actor, one: CallOut, rows: dict[UUID, Invitation], moves: Moves) -> None:
    def named(ids: Sequence[UUID]) -> list[Invitation]:
        return [rows[each] for each in ids]

    if moves.give_up:
        gone = Invitation.objects.filter(pk__in=moves.give_up)
        gone.update(state=Invitation.State.NO_ANSWER, next_at=None)
    if moves.retry:
        ask(by, one, named(moves.retry))
    if moves.invite:
        ask(by, one, named(moves.invite))
    if moves.again:
        again = Invitation.objects.filter(pk__in=moves.again)
        again.update(was_asked_again=True, was_told_enough=False, step=0, eta_at=None)
        for each in named(moves.again):
            each.step = 0
        ask(by, one, named(moves.again), template=wordings.NEEDED)
    if moves.is_enough and not one.is_enough:
        cancel_messages([pk for pk, each in rows.items() if each.state == "asked"])
    if moves.rest:
        tell(by, one, named(moves.rest), wordings.ENOUGH)
        Invitation.objects.filter(pk__in=moves.rest).update(was_told_enough=True)
    touch(one, is_enough=moves.is_enough, is_exhausted=moves.is_exhausted,
          next_step_at=_next_step(rows, moves))  # fmt: skip


def _next_step(rows: dict[UUID, Invitation], moves: Moves) -> datetime | None:
    gone = set(moves.give_up)
    return None if moves.is_enough else soonest([r for pk, r in rows.items() if pk not in gone])


def _locked(call_out: CallOut) -> CallOut:
    return (
        CallOut.objects.select_for_update(of=("self",))
        .select_related("society")
        .get(pk=call_out.pk)
    )
