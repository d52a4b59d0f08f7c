"""Which records declare societies, purposes, places, units, items, lots and clocks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Reference(models.Model):
    """One version of one thing: `kind` is the schema without its number ("place")."""

    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=8, db_collation="C")
    code = models.CharField(max_length=48, db_collation="C")
    version = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "version"], name="reference_version_is_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} {self.version}"


class ReferenceState(models.Model):
    """One row. `changes` is the number of the last declaration, lots left out: whoever has read
    everything under it need not read it again. A number is never drawn twice, not even when what
    it was drawn for was rolled back."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    changes = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="reference_state_is_one_row")]

    def __str__(self) -> str:
        return str(self.changes)
