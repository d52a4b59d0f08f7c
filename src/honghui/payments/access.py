"""Who may see payments: the rows of one's own societies. What belongs to no order is the
province's to look into."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotAllowed
from honghui.payments.models import Delivery, Discrepancy, Order, Refund
from honghui.registry.access import not_found, societies_where
from honghui.registry.models import Society
from honghui.registry.permissions import REFUND_PAYMENTS, SEE_PAYMENTS


def require_system(by: Actor) -> None:
    """What the platform told is believed from the inbox, and from nobody else."""
    if not by.is_system:
        raise NotAllowed("access.system_only", _("Only the system itself does this."))


def top_society() -> Society:
    """The society that looks into what belongs to no order: the province's."""
    return Society.objects.filter(parent=None).order_by("code")[0]


def discrepancies(by: Actor) -> QuerySet[Discrepancy]:
    codes = societies_where(by, SEE_PAYMENTS)
    return Discrepancy.objects.filter(society__in=codes).select_related(
        "delivery", "order", "society", "settled_by"
    )


def discrepancy(by: Actor, discrepancy_id: UUID) -> Discrepancy:
    found = discrepancies(by).filter(pk=discrepancy_id).first()
    if found is None:
        raise not_found()
    return found


def deliveries(by: Actor) -> QuerySet[Delivery]:
    """Those of one's own societies; for the province's also those not yet known to be anybody's."""
    codes = societies_where(by, SEE_PAYMENTS)
    theirs = Q(society__in=codes)
    if codes & set(Society.objects.filter(parent=None).values_list("code", flat=True)):
        theirs |= Q(society=None)
    return Delivery.objects.filter(theirs).select_related("society")


def refunds(by: Actor) -> QuerySet[Refund]:
    codes = societies_where(by, SEE_PAYMENTS)
    return Refund.objects.filter(order__society__in=codes).select_related("order__society")


def order_to_refund(by: Actor, order_id: UUID) -> Order:
    """The order, if `by` may refund payments of its society."""
    orders = Order.objects.filter(pk=order_id)
    if not by.is_system:
        orders = orders.filter(society__in=societies_where(by, REFUND_PAYMENTS))
    found = orders.select_related("society").first()
    if found is None:
        raise not_found()
    return found
