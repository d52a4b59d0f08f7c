"""What a fund decided, and what was paid of it. A decision is a pool of the ledger: nothing is paid
above it, whoever approves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.funds.models.funds import Fund
from honghui.kernel.ids import new_id
from honghui.registry.models import Account

PAYEE_CONTEXT = "funds.payment.payee"


class Asked(models.Model):
    """Asked by one, decided by another. `entry_id`: what it became in the ledger."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    amount_fen = models.BigIntegerField()
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_reason = models.CharField(max_length=400, blank=True)
    entry_id = models.UUIDField(null=True, unique=True)

    class Meta:
        abstract = True
        ordering = ["-asked_at", "-id"]

    @staticmethod
    def constraints_for(name: str, done: str) -> list[models.BaseConstraint]:
        """The same rules for whatever is asked, under names of their own."""
        return [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name=f"{name}_is_of_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name=f"{name}_was_seen_by_four_eyes",
            ),
            models.CheckConstraint(
                condition=(Q(state=done) & Q(entry_id__isnull=False))
                | (~Q(state=done) & Q(entry_id__isnull=True)),
                name=f"{name}_is_done_where_it_is_booked",
            ),
        ]


class Proposal(Asked):
    """What the fund's body is asked to decide: a sum, for one use, in one place. Approved, it is a
    decision, and the sum is set aside. Its words are public."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        DECLINED = "declined"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="proposals")
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    use = models.CharField(max_length=32, db_collation="C")
    place = models.CharField(max_length=48, db_collation="C")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    decided_on = models.DateField(null=True)
    decision_id = models.UUIDField(null=True, unique=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta(Asked.Meta):
        constraints = Asked.constraints_for("proposal", "approved")

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("proposal", args=[self.pk])


class Payment(Asked):
    """Paid out of a decision. Whom it was paid to is sealed under a key of this payment alone; what
    others read is `title`."""

    class State(models.TextChoices):
        ASKED = "asked"
        PAID = "paid"
        DECLINED = "declined"

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="payments")
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    payee_sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    paid_on = models.DateField(null=True)

    class Meta(Asked.Meta):
        constraints = Asked.constraints_for("payment", "paid")

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("payment", args=[self.pk])
