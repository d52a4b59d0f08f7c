"""Every answer that ever came to an invitation, whatever became of it: late, twice, changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from honghui.callouts.models.call_outs import CallOut, Invitation
from honghui.callouts.understanding import Meaning
from honghui.kernel.ids import new_id
from honghui.messaging.models import Incoming
from honghui.registry.models import Account


class Answer(models.Model):
    """`said_sealed`: what they wrote, under their own key. `counts`: it changed where they stand.
    Else it came after the end (`is_late`), was older than the one that counts (`is_older`), said
    the same again, or was no decision. `changes`: they had decided otherwise before. `said_at`: the
    machine's; `at`: of business. `incoming`: the reply that it was read from."""

    class Via(models.TextChoices):
        SMS = "sms"
        VOICE = "voice"
        WEB_PUSH = "web_push"
        WECOM = "wecom"
        DINGTALK = "dingtalk"
        LINK = "link"
        PHONE = "phone"
        PERSON = "person"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call_out = models.ForeignKey(CallOut, models.PROTECT, related_name="answers", db_index=False)
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="answers")
    via = models.CharField(max_length=10, choices=Via.choices)
    meaning = models.CharField(
        max_length=12, choices=[(each.value, each.value) for each in Meaning]
    )
    eta_minutes = models.PositiveIntegerField(null=True)
    eta_at = models.DateTimeField(null=True)
    progress = models.CharField(max_length=8, blank=True)
    said_sealed = models.BinaryField(null=True)
    said_at = models.DateTimeField()
    at = models.DateTimeField()
    counts = models.BooleanField()
    changes = models.BooleanField(default=False)
    is_late = models.BooleanField(default=False)
    is_older = models.BooleanField(default=False)
    speaks_for_others = models.BooleanField(default=False)
    asks = models.BooleanField(default=False)
    incoming = models.ForeignKey(Incoming, models.PROTECT, null=True, related_name="answers")
    noted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counts=False) | Q(is_late=False, is_older=False),
                name="answer_that_counts_came_in_time",
            ),
            models.UniqueConstraint(
                fields=["incoming"],
                condition=~Q(via="person"),
                name="incoming_is_read_once",
            ),
        ]
        indexes = [models.Index(fields=["call_out", "-at"], name="answer_of_a_call_out")]

    def __str__(self) -> str:
        return f"{self.meaning} {self.pk}"
