"""Where value lies. One pool is three rows: its key, what it has taken in, what of it is booked.

The last two are apart so that they are never waited for together: gifts raise `taken_in`, which
the sequencer does for many at once; spenders raise `booked`. `booked <= taken_in` is held by a
trigger that reads the other row; both only grow, so what it found true stays true.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from honghui.record.values import INTEGER_MAX


class Pool(models.Model):
    """The full key of `record.pools.Pool`. Rows are only ever added."""

    id = models.AutoField(primary_key=True)
    society = models.CharField(max_length=6, db_collation="C")
    purpose = models.CharField(max_length=48, db_collation="C")
    source = models.CharField(max_length=16, db_collation="C")
    commodity = models.CharField(max_length=48, db_collation="C")
    place = models.CharField(max_length=48, db_collation="C")
    stage = models.CharField(max_length=12, db_collation="C")
    ref = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "society", "commodity", "source", "place", "stage", "ref"],
                nulls_distinct=False,
                name="pool_key_is_one",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["reserved", "decided", "in_transit"], ref__isnull=False)
                | Q(stage__in=["on_hand", "shortfall"], ref__isnull=True),
                name="pool_ref_stands_where_the_stage_needs_one",
            ),
        ]

    def __str__(self) -> str:
        return "/".join((self.society, self.purpose, self.source, self.commodity, self.place))


class Intake(models.Model):
    """The taken-in end: positions [0, taken_in). `parts`: the most parents that one of them has."""

    pool_id = models.IntegerField(primary_key=True)
    taken_in = models.BigIntegerField(default=0)
    parts = models.SmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_in__gte=0, taken_in__lte=INTEGER_MAX),
                name="intake_stays_within_exact_numbers",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}: {self.taken_in}"


class Booking(models.Model):
    """`booked` positions have left. Below `cursor` none is free."""

    pool_id = models.IntegerField(primary_key=True)
    booked = models.BigIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cursor__gte=0, cursor__lte=F("booked")),
                name="booking_cursor_leaves_nothing_behind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}: {self.booked}"
