"""The inbox: what the platform told us, one row a notification, and what of it does not fit.

The payer's id, bank and account are not here: they are left out before anything is written.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from honghui.kernel.ids import new_id
from honghui.payments.models.orders import Order, Platform
from honghui.payments.rules import Cause
from honghui.registry.models import Account, Society


class Delivery(models.Model):
    """Written by one INSERT, before the platform is answered. `happened_at` is the platform's
    time, `received_at` and `next_try_at` are the machine's. `society`: whose it turned out to be.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        DISCREPANCY = "discrepancy"

    platform = models.CharField(max_length=12, choices=Platform.choices)
    notification_id = models.CharField(max_length=64, db_collation="C")
    event_type = models.CharField(max_length=64)
    merchant_id = models.CharField(max_length=32)
    out_trade_no = models.CharField(max_length=32, db_collation="C")
    transaction_id = models.CharField(max_length=40, blank=True)
    out_refund_no = models.CharField(max_length=64, blank=True, db_collation="C")
    refund_id = models.CharField(max_length=40, blank=True)
    told_state = models.CharField(max_length=32, blank=True)
    amount_fen = models.BigIntegerField()
    payer_fen = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=16)
    happened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    society = models.ForeignKey(
        Society, models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = models.CharField(
        max_length=12, choices=State.choices, default=State.WAITING, db_default=State.WAITING
    )
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=80, blank=True, db_default="")
    handled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_delivery"
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "notification_id"], name="notification_is_kept_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", handled_at__isnull=True)
                | (~Q(state="waiting") & Q(handled_at__isnull=False)),
                name="delivery_waits_or_was_handled",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="waiting"), name="delivery_still_waiting"
            ),
            models.Index(fields=["out_trade_no"], name="delivery_of_an_order"),
            models.Index(fields=["society", "-id"], name="delivery_of_a_society"),
        ]

    def __str__(self) -> str:
        return self.notification_id


class Discrepancy(models.Model):
    """A notification that does not fit what we know: money came, or was said to have come, and
    nothing was booked. It waits for a person. Without an order it is the province's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="discrepancy")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="discrepancies")
    society = models.ForeignKey(Society, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=24, choices=[(each.value, each.value) for each in Cause])
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    settled_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, settled_reason="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(settled_reason="")),
                name="discrepancy_is_settled_by_somebody_for_a_reason",
            )
        ]
        indexes = [
            models.Index(
                fields=["society"],
                condition=Q(settled_at__isnull=True),
                name="discrepancy_still_open",
            )
        ]

    def __str__(self) -> str:
        return self.cause
