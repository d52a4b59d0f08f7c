"""What was done with value. Rows are only ever added, never changed.

A movement is one piece: an interval of positions that left, was settled, or came in. Three sides,
and the six shapes of a step are which of them a row has:

                out      settled   in
    in                              x     from outside
    out          x                        reached its end
    link         x                  x     positions map to positions
    shrink       x                  x     the same, within one pool, and there are fewer of them
    back                   x        x     what was spent came back
    cover        x         x              a reserve bears what was spent

A link of one unit into the same unit is a shift. Any other has a map: the piece begins at `offset`
of a part of `part_length`, which is laid on the `onto` positions from `onto_lo`; position x of the
part goes to floor(x * onto / part_length).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Entry(models.Model):
    """`request` is the keyed hash of the request's key, `content` the hash of what was asked for:
    the same key with another content is refused."""

    number = models.BigIntegerField(primary_key=True)
    act = models.CharField(max_length=20, db_collation="C")
    society = models.CharField(max_length=6, db_collation="C")
    occurred_on = models.DateField()
    request = models.BinaryField(unique=True)
    content = models.BinaryField()
    of = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["of"], condition=Q(of__isnull=False), name="entry_that_answers")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.act}"


class Arrival(models.Model):
    """A queue: what came from outside and waits for its positions. One row holds all of it, the
    record too, so that it is kept by one insert with one index; the sequencer takes it out, and
    then it is an entry. Quantity n came into pool n. An id that was used before is found there."""

    number = models.BigIntegerField()
    request = models.BinaryField(primary_key=True)
    content = models.BinaryField()
    id = models.UUIDField()
    act = models.CharField(max_length=20, db_collation="C")
    society = models.CharField(max_length=6, db_collation="C")
    occurred_on = models.DateField()
    recorded_at = models.DateTimeField()
    parts = ArrayField(models.BinaryField())
    pools = ArrayField(models.IntegerField())
    quantities = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__gt=0), name="arrival_has_its_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.act}"


class Movement(models.Model):
    """`step`, `part`, `leg` count from 0 within the entry: over all its records, within the step,
    within the part. `piece` counts the entry's movements."""

    pk = models.CompositePrimaryKey("number", "piece")
    number = models.BigIntegerField()
    piece = models.SmallIntegerField()
    step = models.SmallIntegerField()
    part = models.SmallIntegerField(default=0)
    leg = models.SmallIntegerField(default=0)
    out_pool = models.IntegerField(null=True)
    out_lo = models.BigIntegerField(null=True)
    out_hi = models.BigIntegerField(null=True)
    settled_pool = models.IntegerField(null=True)
    settled_lo = models.BigIntegerField(null=True)
    settled_hi = models.BigIntegerField(null=True)
    in_pool = models.IntegerField(null=True)
    in_lo = models.BigIntegerField(null=True)
    in_hi = models.BigIntegerField(null=True)
    offset = models.BigIntegerField(null=True)
    part_length = models.BigIntegerField(null=True)
    onto_lo = models.BigIntegerField(null=True)
    onto = models.BigIntegerField(null=True)
    use = models.CharField(max_length=32, null=True, db_collation="C")  # noqa: DJ001 (no use)
    place = models.CharField(max_length=48, null=True, db_collation="C")  # noqa: DJ001 (untold)

    class Meta:
        constraints = [
            # Each of these is also the index that a trace goes down.
            models.UniqueConstraint(
                fields=["out_pool", "out_lo"],
                condition=Q(out_pool__isnull=False),
                name="movement_out_begins_once",
            ),
            models.UniqueConstraint(
                fields=["settled_pool", "settled_lo"],
                condition=Q(settled_pool__isnull=False),
                name="movement_settled_begins_once",
            ),
            models.UniqueConstraint(
                fields=["in_pool", "part", "in_lo"],
                condition=Q(in_pool__isnull=False, in_lo__lt=F("in_hi")),
                name="movement_in_begins_once",
            ),
            models.CheckConstraint(
                condition=Q(out_pool__isnull=True, out_lo__isnull=True, out_hi__isnull=True)
                | Q(out_pool__isnull=False, out_lo__gte=0, out_lo__lt=F("out_hi")),
                name="movement_out_is_an_interval",
            ),
            models.CheckConstraint(
                condition=Q(
                    settled_pool__isnull=True, settled_lo__isnull=True, settled_hi__isnull=True
                )
                | Q(settled_pool__isnull=False, settled_lo__gte=0, settled_lo__lt=F("settled_hi")),
                name="movement_settled_is_an_interval",
            ),
            models.CheckConstraint(
                condition=Q(in_pool__isnull=True, in_lo__isnull=True, in_hi__isnull=True)
                | Q(in_pool__isnull=False, in_lo__gte=0, in_lo__lte=F("in_hi")),
                name="movement_in_is_an_interval",
            ),
            models.CheckConstraint(
                condition=~Q(out_pool__isnull=True, in_pool__isnull=True),
                name="movement_moves_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.piece}"
