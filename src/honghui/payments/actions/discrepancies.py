"""What did not fit is settled by a person, who says how."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.payments import access
from honghui.payments.models import Discrepancy
from honghui.registry.access import require
from honghui.registry.permissions import SETTLE_PAYMENTS
from honghui.registry.rules import check_reason


@action("payments.discrepancy.settled")
def settle_discrepancy(*, by: Actor, discrepancy: Discrepancy, reason: str) -> Discrepancy:
    """Nothing is booked by this: it says that somebody has seen to it, and how (given back on the
    platform's own page, booked by hand, of no account)."""
    found = access.discrepancy(by, discrepancy.pk)
    require(by, SETTLE_PAYMENTS, found.society_id)
    found = Discrepancy.objects.select_for_update().get(pk=found.pk)
    if found.settled_at:
        raise Conflict(
            "payments.discrepancy.settled_already",
            _("Somebody has settled this already."),
            _("Look at what they wrote."),
        )
    found.settled_reason = check_reason(reason)
    found.settled_at = clock.now()
    found.settled_by_id = by.account_id
    found.save(update_fields=["settled_reason", "settled_at", "settled_by"])
    record(
        by=by,
        verb="payments.discrepancy.settled",
        about=found,
        society_code=found.society_id,
        reason=found.settled_reason,
        after={"cause": found.cause, "delivery": found.delivery_id},
    )
    return found
