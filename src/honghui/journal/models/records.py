"""The outbox of public records, and their way into the log.

    Record    written in the transaction of the act: its bytes, kept exactly, for ever
    Waiting   a queue: records that are ready for the log; the sequencer takes them out
    Leaf      where in the log a record stands: an index without gaps, given by the sequencer
    LogState  one row: how many leaves there are, how many are published, who may give the next

A record's `number` is drawn while its act holds its locks, so numbers of acts that touch the same
pool follow their order. Nobody asks for "number > last": a smaller one may become visible later.
All parts of one entry carry one number and stand in a row.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Record(models.Model):
    pk = models.CompositePrimaryKey("number", "part")
    number = models.BigIntegerField()
    part = models.SmallIntegerField()
    id = models.UUIDField()
    data = models.BinaryField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "part"], name="record_id_is_used_once"),
            models.CheckConstraint(condition=Q(part__gte=1), name="record_parts_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.part}"


class Waiting(models.Model):
    """They go into the log by `turn`. It is the number; but what arrived and was given its
    positions before its turn takes the turn of that moment."""

    number = models.BigIntegerField(primary_key=True)
    turn = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.number)


class Leaf(models.Model):
    index = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    part = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "part"], name="leaf_of_a_record_is_one"),
            models.CheckConstraint(condition=Q(index__gte=0), name="leaf_index_counts_from_zero"),
        ]

    def __str__(self) -> str:
        return str(self.index)


class LogState(models.Model):
    """`epoch` is the fence: whoever starts to sequence raises it, and a predecessor that wakes up
    late finds another one and gives up. `failing_since`, `failure`: shown as health."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    published = models.BigIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="log_state_is_one_row"),
            models.CheckConstraint(
                condition=Q(published__gte=0, published__lte=F("size")),
                name="log_publishes_only_what_has_an_index",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.published} of {self.size}"
