"""Warnings as CAP 1.2 tells them (OASIS CAP-v1.2): ours, and those that were read.

The one hard idea: `xml` is what was sent or came, byte for byte. The columns beside it are read
from it (or it is made from them, once, when a second person approves), and never put in its place.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.kernel.ids import new_id
from honghui.registry.models import Account, Society
from honghui.rescue.models.incidents import Incident


class Alert(models.Model):
    """One CAP message. Update and Cancel are messages of their own, which name those before them
    in `references` ("sender,identifier,sent"). areas: those that have a shape, as
    `alerting.columns` keeps them."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    class State(models.TextChoices):
        RECEIVED = "received"
        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    society = models.ForeignKey(Society, models.PROTECT, null=True, related_name="alerts")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="alerts")
    identifier = models.CharField(max_length=200, db_collation="C")
    sender = models.CharField(max_length=200, db_collation="C")
    sent_at = models.DateTimeField()
    status = models.CharField(max_length=10)
    message_type = models.CharField(max_length=10)
    scope = models.CharField(max_length=10)
    addresses = models.CharField(max_length=500, blank=True)
    references = ArrayField(models.CharField(max_length=500), default=list)
    category = models.CharField(max_length=10, blank=True)
    event = models.CharField(max_length=120)
    event_en = models.CharField(max_length=160, blank=True)
    urgency = models.CharField(max_length=10)
    severity = models.CharField(max_length=10)
    certainty = models.CharField(max_length=10)
    expires_at = models.DateTimeField(null=True)
    headline = models.CharField(max_length=200, blank=True)
    headline_en = models.CharField(max_length=260, blank=True)
    description = models.TextField(max_length=4000, blank=True)
    description_en = models.TextField(max_length=6000, blank=True)
    instruction = models.TextField(max_length=4000, blank=True)
    instruction_en = models.TextField(max_length=6000, blank=True)
    area_text = models.CharField(max_length=400, blank=True)
    area_text_en = models.CharField(max_length=500, blank=True)
    area_codes = ArrayField(models.CharField(max_length=6), default=list)
    areas = models.JSONField(default=list)
    xml = models.BinaryField()
    taken_in_at = models.DateTimeField()
    written_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "identifier", "sent_at"], name="alert_is_taken_in_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(sent_at__lte=F("expires_at")),
                name="alert_expires_after_it_is_sent",
            ),
            models.CheckConstraint(
                condition=(Q(direction="in") & Q(state="received"))
                | (Q(direction="out") & ~Q(state="received")),
                name="alert_that_came_is_not_ours_to_publish",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(approved_by__isnull=False),
                name="published_alert_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="alert_is_not_approved_by_its_writer",
            ),
        ]
        indexes = [models.Index(fields=["state", "-sent_at"], name="alert_by_state")]

    def __str__(self) -> str:
        return f"{self.direction} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("desk_alert", args=[self.pk])
