"""Templates as the gateway knows them: each text is reviewed there before it may be sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from honghui.kernel.ids import new_id


class Template(models.Model):
    """One text of one language, as it was handed in for review. A text that changes is another
    row: the gateway reviews it anew. `code`: our own name, as declared."""

    class State(models.TextChoices):
        NEW = "new"
        SUBMITTED = "submitted"
        APPROVED = "approved"
        REJECTED = "rejected"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60, db_collation="C")
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=10)
    body = models.CharField(max_length=500)
    gateway_code = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    reason = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "language", "made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "language", "channel", "body"],
                name="template_text_is_reviewed_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(gateway_code=""),
                name="template_approved_has_the_gateways_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.language}"
