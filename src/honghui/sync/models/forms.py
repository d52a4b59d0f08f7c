"""The number of every form that was taken in, and what came of it. What was written in it is the
job's to keep; here is only a keyed hash of it.

The one hard idea: the row is written first, in the transaction in which the job does its work. Two
sendings of one form meet at its primary key; the second waits, and then reads the first's answer.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from honghui.registry.models import Account


class ReceivedForm(models.Model):
    """made_at, sent_at: by the phone's clock. received_at: by the machine's. happened_at: by the
    clock of business time. offset_seconds: by how much the phone was ahead."""

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    link_hash = models.BinaryField(null=True)
    kind = models.CharField(max_length=60, db_collation="C")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    offset_seconds = models.BigIntegerField()
    flags = ArrayField(models.CharField(max_length=24), default=list)
    content_hash = models.BinaryField()
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, link_hash__isnull=True)
                | Q(account__isnull=True, link_hash__isnull=False),
                name="form_is_an_accounts_or_a_links",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
