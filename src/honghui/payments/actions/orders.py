"""Orders: opened by a job for whoever wants to pay, closed when nobody did.

Paid is not a verb here: an order is paid by what the platform tells, and by nobody's word
(actions/deliveries.py).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.kernel.ids import new_code
from honghui.payments import access
from honghui.payments.models import Order, Platform
from honghui.registry.models import Society

# 24 characters of five bits: nobody guesses one, and the platform takes up to 32.
NUMBER_LENGTH = 24
AMOUNT_FEN_MAX = 100_000_000
STANDS_FOR = timedelta(minutes=30)
DESCRIPTION_LIMIT = 120


@action("payments.order.opened")
def open_order(
    *,
    by: Actor,
    society: Society,
    job: str,
    about_id: UUID,
    amount_fen: int,
    description: str,
    stands_for: timedelta = STANDS_FOR,
) -> Order:
    """Anybody may be asked to pay. description: what the payer reads at the cashier, no personal
    value in it. `job` and `about_id` come back to the job's handler once it is paid."""
    assert job and stands_for > timedelta(), "a job asks, for a while"
    if not 0 < amount_fen <= AMOUNT_FEN_MAX:
        raise Invalid(
            "payments.order.amount",
            _("One payment is of at least one fen and at most a million yuan."),
            _("For more, use a bank transfer."),
            field="amount_fen",
        )
    now = clock.now()
    order = Order.objects.create(
        platform=Platform.WECHAT,
        out_trade_no=new_code(NUMBER_LENGTH),
        society=society,
        job=job,
        about_id=about_id,
        amount_fen=amount_fen,
        description=text.clean_line(description, limit=DESCRIPTION_LIMIT, field="description"),
        created_at=now,
        expires_at=now + stands_for,
    )
    record(
        by=by,
        verb="payments.order.opened",
        about=order,
        society_code=society.code,
        after={"job": job, "about_id": about_id, "amount_fen": amount_fen},
    )
    return order


@action("payments.order.closed")
def close_order(*, by: Actor, order: Order) -> Order:
    """Nobody paid in time, or the job has no use for it any more. Close it at the platform first:
    what is paid all the same becomes a discrepancy."""
    access.require_system(by)
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.state != Order.State.OPEN:
        raise Conflict(
            "payments.order.not_open",
            _("This payment has been made, or was closed before."),
            _("Look at its page again."),
        )
    order.state = Order.State.CLOSED
    order.closed_at = clock.now()
    order.save(update_fields=["state", "closed_at"])
    record(by=by, verb="payments.order.closed", about=order, society_code=order.society_id)
    return order
