"""What is sent: a message to one person over one channel; hand-overs to a gateway; its receipts.

The one hard idea: a hand-over is written down and committed before the gateway is spoken to. A
worker that dies, or an answer that is lost, leaves a hand-over without an outcome, and then the
gateway is asked what became of it. Nothing is sent again because nobody knows.

Numbers are not here. A message names a person, and the number is opened from them at the moment
of sending; the values that fill the template are sealed under the person's key.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from honghui.kernel.ids import new_id
from honghui.registry.models import Person, Society


class Channel(models.TextChoices):
    SMS = "sms"
    VOICE = "voice"
    WEB_PUSH = "web_push"
    WECOM = "wecom"
    DINGTALK = "dingtalk"


class Handover(models.Model):
    """One request to a gateway. Times are the machine's. `outcome`: the gateway's own word;
    "" while nobody knows. `out_id`: by which the gateway tells it apart. `message_ids`: those it
    carried, whatever became of them later."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    out_id = models.CharField(max_length=32, unique=True, db_collation="C")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    message_ids = ArrayField(models.UUIDField())
    begun_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    biz_id = models.CharField(max_length=80, blank=True)
    asks = models.PositiveSmallIntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_ask_at"],
                condition=Q(next_ask_at__isnull=False),
                name="handover_without_outcome",
            )
        ]

    def __str__(self) -> str:
        return self.out_id


class Message(models.Model):
    """`about`: what it is about, the caller's own id. `code`: stands in the text, and is the
    gateway's extension for answers. `due_at`: the machine's time from which it may be handed
    over, `first_due_at` the same before anything kept it waiting; the other times are those of
    business. `reason`: why it failed, a code with words."""

    class State(models.TextChoices):
        HELD = "held"
        QUEUED = "queued"
        SENDING = "sending"
        UNSURE = "unsure"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"
        STOPPED = "stopped"
        CANCELLED = "cancelled"
        LOCAL = "local"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    society = models.ForeignKey(Society, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="messages", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    template = models.CharField(max_length=60, db_collation="C")
    language = models.CharField(max_length=2)
    about = models.UUIDField()
    code = models.CharField(max_length=4, db_collation="C")
    values_sealed = models.BinaryField()
    is_urgent = models.BooleanField(default=False)
    is_drill = models.BooleanField(default=False)
    parts = models.PositiveSmallIntegerField(default=1)
    cost_fen = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    handover = models.ForeignKey(Handover, models.PROTECT, null=True, related_name="messages")
    queued_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{4}$"), name="message_code_is_four_digits"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "unsure", "sent", "delivered"])
                | Q(handover__isnull=False),
                name="message_under_way_has_a_handover",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(reason=""), name="message_failed_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["queued", "held"]),
                name="message_waits_to_be_sent",
            ),
            # A reply, and the codes that are taken.
            models.Index(fields=["person", "-queued_at"], name="message_to_a_person"),
            models.Index(fields=["about"], name="message_about"),
            models.Index(fields=["society", "-queued_at"], name="message_of_a_society"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("message", args=[self.pk])

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


class Receipt(models.Model):
    """One delivery report, kept whatever it says: late, twice, out of order. `message` is null
    when it names none of ours. `told_at`: the gateway's time; `received_at`: the machine's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="receipts")
    out_id = models.CharField(max_length=32, blank=True, db_collation="C")
    biz_id = models.CharField(max_length=80, blank=True)
    is_delivered = models.BooleanField()
    told_code = models.CharField(max_length=60)
    parts = models.PositiveSmallIntegerField(null=True)
    told_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    is_repeat = models.BooleanField(default=False)
    changed_state = models.BooleanField(default=False)

    class Meta:
        ordering = ["received_at", "id"]

    def __str__(self) -> str:
        return self.told_code
