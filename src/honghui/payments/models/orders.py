"""Orders: what somebody was asked to pay, for which job; and refunds of them. No payer is in them.

The one hard idea: `refunded_fen` is what was ever asked back and has not failed. It is counted up
before the platform is asked, and the constraint on the order's own row holds whoever asks twice.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from honghui.kernel.ids import new_id
from honghui.registry.models import Society


class Platform(models.TextChoices):
    WECHAT = "wechat"


class Order(models.Model):
    """`out_trade_no`: our number, which the platform knows it by and nobody can guess. `job` and
    `about_id`: whose it is, and what of theirs it pays."""

    class State(models.TextChoices):
        OPEN = "open"
        PAID = "paid"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    platform = models.CharField(max_length=12, choices=Platform.choices)
    out_trade_no = models.CharField(max_length=32, unique=True, db_collation="C")
    society = models.ForeignKey(Society, models.PROTECT, related_name="+")
    job = models.CharField(max_length=20)
    about_id = models.UUIDField()
    amount_fen = models.BigIntegerField()
    refunded_fen = models.BigIntegerField(default=0, db_default=0)
    description = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    transaction_id = models.CharField(max_length=40, null=True)  # noqa: DJ001 (unique, once known)
    paid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_order"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="order_is_of_a_positive_amount"
            ),
            models.CheckConstraint(
                condition=Q(out_trade_no__regex=r"^[0-9A-Za-z_*-]{6,32}$"),
                name="order_number_is_as_the_platform_reads_it",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="order_expires_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=Q(
                    state="paid",
                    transaction_id__isnull=False,
                    paid_at__isnull=False,
                    closed_at__isnull=True,
                )
                | (
                    ~Q(state="paid")
                    & Q(transaction_id__isnull=True, paid_at__isnull=True, refunded_fen=0)
                ),
                name="order_is_paid_by_a_transaction_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=F("amount_fen")),
                name="order_is_never_refunded_above_its_amount",
            ),
            models.UniqueConstraint(
                fields=["platform", "transaction_id"], name="transaction_pays_one_order"
            ),
        ]
        indexes = [
            models.Index(fields=["job", "about_id"], name="order_of_a_job"),
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="order_still_open"),
        ]

    def __str__(self) -> str:
        return self.out_trade_no


class Refund(models.Model):
    """Part of a paid order, or all of it, on its way back to whoever paid. `sent_at`: since when
    the platform knows of it. `about_id`: what of the job's asked for it."""

    class State(models.TextChoices):
        ASKED = "asked"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    out_refund_no = models.CharField(max_length=32, unique=True, db_collation="C")
    about_id = models.UUIDField()
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    refund_id = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="refund_is_of_a_positive_amount"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", ended_at__isnull=True)
                | (~Q(state="asked") & Q(ended_at__isnull=False)),
                name="refund_is_asked_or_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state="asked", sent_at__isnull=True),
                name="refund_still_to_be_sent",
            )
        ]

    def __str__(self) -> str:
        return self.out_refund_no
