"""Refunds: asked by a person of the society, sent to the platform by the worker.

Who must agree to a refund is the job's to know. Here it is only held that no more goes back than
came: the order's row is locked, and its own constraint holds the sum.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.kernel.ids import new_code
from honghui.payments import access, rules
from honghui.payments.models import Order, Refund
from honghui.registry.access import require
from honghui.registry.permissions import REFUND_PAYMENTS

NUMBER_LENGTH = 24
REASON_LIMIT = 80


@action("payments.refund.asked")
def ask_refund(*, by: Actor, order: Order, amount_fen: int, reason: str, about_id: UUID) -> Refund:
    """Part of a paid order, or what is left of it, back to whoever paid. reason: the payer reads
    it. The platform is asked after the commit, by the worker, until it has answered."""
    order = access.order_to_refund(by, order.pk)
    require(by, REFUND_PAYMENTS, order.society_id)
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.state != Order.State.PAID:
        raise Conflict(
            "payments.refund.not_paid",
            _("This payment was never made, so nothing can be given back."),
            _("Look at its page again."),
        )
    if amount_fen <= 0 or order.refunded_fen + amount_fen > order.amount_fen:
        raise Invalid(
            "payments.refund.above_payment",
            _("More would go back than was paid."),
            _("Refunds that were asked before count too. Make the amount smaller."),
            field="amount_fen",
        )
    order.refunded_fen += amount_fen
    order.save(update_fields=["refunded_fen"])
    refund = Refund.objects.create(
        order=order,
        out_refund_no=new_code(NUMBER_LENGTH),
        about_id=about_id,
        amount_fen=amount_fen,
        reason=text.clean_line(reason, limit=REASON_LIMIT, field="reason"),
        asked_at=clock.now(),
        next_try_at=clock.machine_now(),
    )
    record(
        by=by,
        verb="payments.refund.asked",
        about=refund,
        society_code=order.society_id,
        reason=refund.reason,
        after={"order": order.pk, "amount_fen": amount_fen},
    )
    return refund


@action("payments.refund.sent")
def note_refund_sent(*, by: Actor, refund: Refund, refund_id: str) -> Refund:
    """The platform has taken it, under its own number. The caller holds the row's lock."""
    access.require_system(by)
    refund.refund_id = refund_id
    refund.sent_at = clock.now()
    refund.last_error = ""
    refund.save(update_fields=["refund_id", "sent_at", "last_error"])
    record(by=by, verb="payments.refund.sent", about=refund, society_code=refund.order.society_id)
    return refund


@action("payments.refund.not_sent")
def note_refund_not_sent(*, by: Actor, refund: Refund, error: str) -> Refund:
    """The platform did not take it: asked again later. The caller holds the row's lock."""
    access.require_system(by)
    refund.tries += 1
    refund.next_try_at = clock.machine_now() + rules.wait_after(refund.tries)
    refund.last_error = error
    refund.save(update_fields=["tries", "next_try_at", "last_error"])
    record(
        by=by,
        verb="payments.refund.not_sent",
        about=refund,
        society_code=refund.order.society_id,
        after={"tries": refund.tries, "error": error},
    )
    return refund
