"""The worker that takes a call-out's next step when it is due.

A loop of its own (`honghui call-outs work`) and no step of messaging's: a gateway that is slow to
answer must not keep the next person from being called. Any number may run, and each may be killed
at any point: a step is one transaction over a call-out that no other worker holds.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from django.db import OperationalError, connection, transaction

from honghui.callouts import queries
from honghui.callouts.actions.calling import escalate_call_out
from honghui.callouts.asking import look_again_at, moves_of, soonest
from honghui.callouts.hearing import worker_actor
from honghui.callouts.models import CallOut
from honghui.kernel import clock
from honghui.kernel.working import keep_working

PAUSE_SECONDS = 0.25
FAILED_PAUSE = timedelta(seconds=30)

_log = logging.getLogger("honghui.callouts")


def run(stop: threading.Event) -> None:
    """Works until told to stop."""
    keep_working(stop, take_step, pause_seconds=PAUSE_SECONDS, log=_log)


def take_step() -> bool:
    """Looks at the one call-out that waits longest; whether there was one. Where its step fails,
    the others are not kept waiting behind it: it is tried again a little later."""
    taken: list[CallOut] = []
    try:
        return _take_step(taken)
    except (OSError, OperationalError):  # two that waited for each other: at once again
        raise
    except Exception as error:
        if not taken or not (connection.connection and connection.is_usable()):
            raise
        _log.error("the step of call-out %s failed: %s", taken[0].pk, type(error).__name__)
    with transaction.atomic():
        again = CallOut.objects.select_for_update(skip_locked=True)
        for each in again.filter(pk=taken[0].pk, state=CallOut.State.OPEN):
            look_again_at(each, clock.machine_now() + FAILED_PAUSE)
    return True


def _take_step(taken: list[CallOut]) -> bool:
    with transaction.atomic():
        call_out = queries.due_call_out(clock.machine_now())
        if call_out is None:
            return False
        taken.append(call_out)
        invitations = list(call_out.invitations.all())
        moves = moves_of(call_out, invitations)
        is_new = (moves.is_enough, moves.is_exhausted) != (
            call_out.is_enough,
            call_out.is_exhausted,
        )
        if moves.is_nothing and not is_new:
            look_again_at(call_out, None if moves.is_enough else soonest(invitations))
        else:
            escalate_call_out(by=worker_actor(), call_out=call_out)
    return True
