"""Reads: what waits, for the worker; orders, for the jobs that opened them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.payments import access
from honghui.payments.models import Delivery, Discrepancy, Order, Refund
from honghui.payments.rules import TRIES_SHOWN

# The platform itself may be a little late with a payment that was made in the last second.
GRACE = timedelta(minutes=5)
SHOWN_MAX = 100


def order_of(job: str, about_id: UUID) -> Order | None:
    """The newest order that this job opened for this, or None."""
    return Order.objects.filter(job=job, about_id=about_id).order_by("-created_at", "-id").first()


def waiting(limit: int) -> QuerySet[Delivery]:
    """What may be handled now, oldest first; locked, and what others hold is passed over."""
    return (
        Delivery.objects.select_for_update(skip_locked=True)
        .filter(state=Delivery.State.WAITING, next_try_at__lte=clock.machine_now())
        .order_by("next_try_at")[:limit]
    )


def waiting_one(delivery_id: int) -> QuerySet[Delivery]:
    """That one, if it still waits and nobody else holds it."""
    return Delivery.objects.select_for_update(skip_locked=True).filter(
        pk=delivery_id, state=Delivery.State.WAITING
    )


def refund_to_send() -> Refund | None:
    """One that the platform does not know of and that is due; locked."""
    return (
        Refund.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=Refund.State.ASKED, sent_at=None, next_try_at__lte=clock.machine_now())
        .select_related("order")
        .order_by("next_try_at")
        .first()
    )


def expired(now: datetime, limit: int) -> list[Order]:
    """Open orders that nobody can pay any more, and that we were told nothing of."""
    return list(
        Order.objects.filter(state=Order.State.OPEN, expires_at__lt=now - GRACE).order_by(
            "expires_at"
        )[:limit]
    )


def waiting_since() -> float:
    """For how many seconds the oldest notification has waited, 0.0 when none does."""
    oldest = (
        Delivery.objects.filter(state=Delivery.State.WAITING)
        .order_by("next_try_at")
        .values_list("received_at", flat=True)
        .first()
    )
    return (clock.machine_now() - oldest).total_seconds() if oldest else 0.0


# ── for the desk ─────────────────────────────────────────────────────────────────────────────


def open_discrepancies(by: Actor) -> list[Discrepancy]:
    """Those that nobody has settled, oldest first."""
    found = access.discrepancies(by).filter(settled_at=None).order_by("opened_at", "pk")
    return list(found[:SHOWN_MAX])


def stuck_deliveries(by: Actor) -> list[Delivery]:
    """Those that could not be taken in three times or more."""
    waits = access.deliveries(by).filter(state=Delivery.State.WAITING, tries__gte=TRIES_SHOWN)
    return list(waits.order_by("received_at")[:SHOWN_MAX])


def stuck_refunds(by: Actor) -> list[Refund]:
    """Refunds that the platform did not take three times or more."""
    asked = access.refunds(by).filter(
        state=Refund.State.ASKED, sent_at=None, tries__gte=TRIES_SHOWN
    )
    return list(asked.order_by("asked_at")[:SHOWN_MAX])


def recent_deliveries(by: Actor) -> QuerySet[Delivery]:
    """What the platform told, newest first."""
    return access.deliveries(by).select_related("discrepancy").order_by("-id")
