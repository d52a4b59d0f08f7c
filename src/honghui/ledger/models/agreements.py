"""How much of a decision, or of a consent, is taken up."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Allowance(models.Model):
    """`id` is that of the decision's or consent's record, which says what it allows."""

    id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=8, db_collation="C")
    quantity = models.BigIntegerField()
    taken = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("quantity")), name="allowance_is_not_exceeded"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
