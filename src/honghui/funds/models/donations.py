"""Gifts of money: begun on a public page, received, given back.

What a giver is called stands in two columns. `giver_sealed` is the name as they gave it, under a
key of this gift alone; `shown_as` is what they chose that others see, and empty once they object.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.funds.models.funds import Fund
from honghui.kernel.ids import new_id
from honghui.registry.models import Account, Organisation

CODE_LENGTH = 16
GIVER_CONTEXT = "funds.donation.giver"


class Showing(models.TextChoices):
    """How a gift may be told of: under the giver's name, another one, or none."""

    NAMED = "named"
    ALIAS = "alias"
    ANONYMOUS = "anonymous"


class Channel(models.TextChoices):
    CASH = "cash"
    TRANSFER = "transfer"
    WECHAT = "wechat"


class Giver(models.Model):
    """The columns that a gift begun and a gift received share."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=CODE_LENGTH, unique=True, db_collation="C")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    showing = models.CharField(max_length=9, choices=Showing.choices)
    giver_sealed = models.BinaryField(null=True)
    shown_as = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code

    @staticmethod
    def constraints_for(name: str) -> list[models.BaseConstraint]:
        return [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name=f"{name}_is_of_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(showing="anonymous") | Q(shown_as=""),
                name=f"{name}_without_a_name_shows_none",
            ),
        ]


class Giving(Giver):
    """Begun on a public page; money may or may not follow."""

    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = Giver.constraints_for("giving")


class Donation(Giver):
    """Received: an entry of the ledger, which the giver follows by `code`."""

    entry_id = models.UUIDField(unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    occurred_on = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    giving = models.OneToOneField(Giving, models.PROTECT, null=True, related_name="donation")
    # The platform's or the bank's name for the payment; cash has none.
    transaction_id = models.CharField(max_length=64, null=True, db_collation="C")  # noqa: DJ001 (unique)
    # Under which the log vouches for `shown_as`; stays when that is withdrawn.
    name_hash = models.CharField(max_length=64, blank=True, db_collation="C")
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [models.Index(fields=["fund", "-received_at"], name="donation_by_fund")]
        constraints = [
            *Giver.constraints_for("donation"),
            models.UniqueConstraint(
                fields=["channel", "transaction_id"], name="donation_of_a_payment_is_one"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("donation", args=[self.pk])


class Refund(models.Model):
    """A gift, or a part of it, goes back to its giver: asked by one, approved by another."""

    class State(models.TextChoices):
        ASKED = "asked"
        PAID = "paid"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    donation = models.ForeignKey(Donation, models.PROTECT, related_name="refunds")
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_reason = models.CharField(max_length=400, blank=True)
    entry_id = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="refund_is_of_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="refund_was_seen_by_four_eyes",
            ),
            models.CheckConstraint(
                condition=(Q(state="paid") & Q(entry_id__isnull=False))
                | (~Q(state="paid") & Q(entry_id__isnull=True)),
                name="refund_is_paid_where_it_is_booked",
            ),
            models.UniqueConstraint(
                fields=["donation"],
                condition=Q(state="asked"),
                name="refund_is_asked_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"
