"""The inbox: a person says what an answer means that nobody could make out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from honghui.callouts import words
from honghui.callouts.answering import Said, said_at_of, take
from honghui.callouts.models import Answer, Invitation
from honghui.callouts.rules import check_meaning
from honghui.journal.acting import action, record
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid
from honghui.messaging.actions.replies import settle_reply
from honghui.messaging.models import Incoming
from honghui.registry.access import require
from honghui.registry.permissions import CALL_OUT as CALL

NOTHING = words.NOTHING


@action("callouts.incoming.settled")
def settle_incoming(
    *,
    by: Actor,
    incoming: Incoming,
    meaning: str,
    invitation: Invitation | None = None,
    eta_minutes: int | None = None,
    reason: str = "",
) -> Incoming:
    """meaning: a decision, which counts as said when it was written; or "nothing": it was read, and
    nothing follows. invitation: whose answer it is; a decision needs one."""
    require(by, CALL, incoming.society_id)
    if meaning != NOTHING:
        _take(by, incoming, invitation, meaning, eta_minutes)
    read_as = _("Read as: %(meaning)s") % {"meaning": words.SETTLED_AS[meaning]}
    # The form's key is this action's: the one inside is part of it.
    settled = settle_reply(by=by.with_once(""), incoming=incoming, reason=reason or read_as)
    record(
        by=by,
        verb="callouts.incoming.settled",
        about=settled,
        society_code=settled.society_id,
        after={"meaning": meaning, "call_out": invitation.call_out_id if invitation else None},
    )
    return settled


def _take(
    by: Actor, incoming: Incoming, of: Invitation | None, meaning: str, eta_minutes: int | None
) -> Answer:
    if of is None:
        raise Invalid(
            "callouts.incoming.whose",
            _("An answer belongs to somebody who was asked."),
            _("Choose the person, or say that nothing follows."),
            field="invitation",
        )
    require(by, CALL, of.call_out.society_id)
    said = Said(
        via=Answer.Via.PERSON,
        meaning=check_meaning(meaning),
        eta_minutes=eta_minutes,
        said_at=said_at_of(incoming),
        incoming=incoming,
    )
    return take(by, of, said)
