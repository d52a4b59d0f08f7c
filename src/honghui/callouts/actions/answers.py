"""Answers: by link, by telephone, out of what came in, and by a person who read it.

What an answer means is judged by `understanding`; what it changes, by `answering.take`.
"""

from __future__ import annotations

from datetime import datetime

from honghui.callouts.access import invitation_by_token, require_system
from honghui.callouts.answering import Said, said_at_of, take
from honghui.callouts.models import Answer, Invitation
from honghui.callouts.rules import check_meaning, check_state
from honghui.callouts.understanding import Understood
from honghui.journal.acting import action, record
from honghui.kernel.actors import Actor
from honghui.messaging.models import Incoming
from honghui.registry.access import require
from honghui.registry.permissions import CALL_OUT as CALL


@action("callouts.answer.noted")
def note_answer(
    *,
    by: Actor,
    invitation: Invitation,
    meaning: str,
    eta_minutes: int | None = None,
    via: str = "phone",
) -> Answer:
    """What somebody said on the telephone, or to a colleague. meaning: of Meaning, a decision."""
    require(by, CALL, invitation.call_out.society_id)
    check_state(invitation.call_out.state, {"open", "closed", "cancelled"})
    said = Said(via=Answer.Via(via), meaning=check_meaning(meaning), eta_minutes=eta_minutes)
    answer = take(by, invitation, said)
    _record(by, "callouts.answer.noted", answer)
    return answer


@action("callouts.answer.given")
def answer_by_link(
    *,
    by: Actor,
    token: str,
    meaning: str,
    eta_minutes: int | None = None,
    said_at: datetime | None = None,
) -> Answer:
    """Whoever has the link answers for that person. NotFound for a token that nobody was given.
    said_at: when a phone that was offline noted it; the machine's time, now without it."""
    invitation = invitation_by_token(token)
    said = Said(
        via=Answer.Via.LINK,
        meaning=check_meaning(meaning),
        eta_minutes=eta_minutes,
        said_at=said_at,
    )
    answer = take(by, invitation, said)
    _record(by, "callouts.answer.given", answer)
    return answer


@action("callouts.answer.taken")
def take_reply(
    *, by: Actor, incoming: Incoming, invitation: Invitation, read: Understood, text: str
) -> Answer:
    """A reply that belongs to a message of ours, as it was understood. Inside the transaction of
    messaging's worker."""
    require_system(by)
    said = Said(
        via=Answer.Via(incoming.channel),
        meaning=read.meaning,
        eta_minutes=read.eta_minutes,
        said_at=said_at_of(incoming),
        text=text,
        progress=read.progress,
        speaks_for_others=read.speaks_for_others,
        asks=read.asks,
        incoming=incoming,
    )
    answer = take(by, invitation, said)
    _record(by, "callouts.answer.taken", answer)
    return answer


def _record(by: Actor, verb: str, answer: Answer) -> None:
    record(
        by=by,
        verb=verb,
        about=answer,
        society_code=answer.call_out.society_id,
        after={
            "call_out": answer.call_out_id, "via": answer.via, "meaning": answer.meaning,
            "counts": answer.counts, "is_late": answer.is_late,
        },
    )  # fmt: skip
