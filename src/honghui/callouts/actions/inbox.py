"""The inbox: a person says what an answer means that nobody could make out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from honghui.callouts.answering import Said, take
from honghui.callouts.models import Answer, Invitation
from honghui.callouts.rules import check_meaning
from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.kernel.text import clean_line
from honghui.messaging.models import Incoming
from honghui.registry.access import require
from honghui.registry.permissions import CALL_OUT as CALL

NOTHING = "nothing"
_WAITS = (Incoming.State.UNCLEAR, Incoming.State.UNKNOWN)


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
    one = Incoming.objects.select_for_update(of=("self",)).get(pk=incoming.pk)
    if one.state not in _WAITS:
        raise Conflict(
            "callouts.incoming.settled",
            _("Somebody settled this one already."),
            _("Look at the call-out: the answer stands there."),
        )
    if meaning != NOTHING:
        _take(by, one, invitation, meaning, eta_minutes)
    one.state = Incoming.State.SETTLED
    one.settled_at, one.settled_by_id = clock.now(), by.account_id
    one.settled_reason = clean_line(reason, limit=400, field="reason") or meaning
    one.save(update_fields=["state", "settled_at", "settled_by", "settled_reason"])
    record(
        by=by,
        verb="callouts.incoming.settled",
        about=one,
        society_code=one.society_id,
        after={"meaning": meaning, "call_out": invitation.call_out_id if invitation else None},
    )
    return one


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
        said_at=incoming.told_at or incoming.received_at,
        incoming=incoming,
    )
    return take(by, of, said)
