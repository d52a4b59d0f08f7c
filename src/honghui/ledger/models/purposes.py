"""What is counted for a purpose, over all societies: what its caps are held to.

Two tables, for the reason that a pool has two rows: `Received` is raised by the sequencer, `Used`
by spenders, who lock it.
"""

from __future__ import annotations

from django.db import models


class Received(models.Model):
    pk = models.CompositePrimaryKey("purpose", "currency")
    purpose = models.CharField(max_length=48, db_collation="C")
    currency = models.CharField(max_length=3, db_collation="C")
    quantity = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.purpose} {self.currency} {self.quantity}"


class Used(models.Model):
    """Less what came back."""

    pk = models.CompositePrimaryKey("purpose", "currency", "use")
    purpose = models.CharField(max_length=48, db_collation="C")
    currency = models.CharField(max_length=3, db_collation="C")
    use = models.CharField(max_length=32, db_collation="C")
    quantity = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.purpose} {self.currency} {self.use} {self.quantity}"
