"""What comes in. An arrival is what a gateway posted, one row before it is answered; the worker
makes receipts and replies of it, and empties it.

What somebody wrote is sealed under their key, or under the installation's own if nobody here has
that number. The number itself is kept nowhere.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from honghui.kernel.ids import new_id
from honghui.messaging.models.outgoing import Channel, Message
from honghui.registry.models import Account, Person, Society


class Arrival(models.Model):
    """`nonce`: by which the same request is known again. `body_sealed`: under the installation's
    key, and null once it was handled. Times are the machine's."""

    kind = models.CharField(max_length=10)
    nonce = models.CharField(max_length=64, unique=True, db_collation="C")
    body_sealed = models.BinaryField(null=True)
    received_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=80, blank=True, db_default="")
    handled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "messaging_arrival"
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(handled_at__isnull=True),
                name="arrival_still_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Incoming(models.Model):
    """One answer. `persons`: whose number it may be; with several, a family shares a phone.
    `sender_hash`: only where nobody here has the number. `matched_by`: how the message was found.
    `society`: whose it is to look at."""

    class State(models.TextChoices):
        NEW = "new"
        TAKEN = "taken"
        UNCLEAR = "unclear"
        UNKNOWN = "unknown"
        SETTLED = "settled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    told_id = models.CharField(max_length=64, unique=True, db_collation="C")
    society = models.ForeignKey(Society, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    persons = ArrayField(models.UUIDField(), default=list)
    sender_hash = models.BinaryField(null=True)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="replies")
    matched_by = models.CharField(max_length=10, blank=True)
    text_sealed = models.BinaryField()
    is_stop = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    told_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    settled_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="settled")
                | (Q(settled_at__isnull=False) & ~Q(settled_reason="")),
                name="incoming_is_settled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="unknown") | Q(person__isnull=True),
                name="incoming_unknown_has_no_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["society", "-received_at"],
                condition=Q(state__in=["unclear", "unknown"]),
                name="incoming_waits_for_a_person",
            ),
            models.Index(fields=["society", "-received_at"], name="incoming_of_a_society"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
