"""The report that writes itself, what others published beside it, plans for the flood season."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.kernel.ids import new_id
from honghui.registry.models import Account, Society
from honghui.rescue.models.incidents import QUALIFIERS, Incident


class Claim(models.Model):
    """A number as somebody published it, whatever we count: "5 rescue vehicles". It is shown beside
    our own, never in its place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="claims")
    measure = models.CharField(max_length=32, db_collation="C")
    value = models.BigIntegerField()
    qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")
    unit = models.CharField(max_length=16)
    told_as = models.CharField(max_length=120)
    source = models.CharField(max_length=160)

    class Meta:
        ordering = ["incident_id", "id"]

    def __str__(self) -> str:
        return f"{self.measure} {self.pk}"


class RescueReport(models.Model):
    """What the rows say at one moment, frozen to be read, approved by a second person, released.
    `contents` holds numbers, times and codes; words are made from it in either language. What was
    released stays as it is, and the database sees to it; a new number corrects it (`corrects`).
    photos_text: hash of the text that holds the hashes of its photos, as its record carries it."""

    class State(models.TextChoices):
        DRAFT = "draft"
        RELEASED = "released"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    as_of = models.DateTimeField()
    contents = models.JSONField()
    findings = models.JSONField(default=list)
    note = models.TextField(max_length=2000, blank=True)
    note_en = models.TextField(max_length=3000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    released_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    record_id = models.UUIDField(null=True, unique=True)
    record_number = models.BigIntegerField(null=True)
    photos_text = models.CharField(max_length=64, blank=True, db_collation="C")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrected_by")
    correction_reason = models.CharField(max_length=10, blank=True)
    withdrawn_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["incident_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "number"], name="rescue_report_has_a_number_of_its_own"
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(state="draft"),
                name="rescue_report_is_drafted_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("written_by")),
                name="rescue_report_was_seen_by_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", released_at__isnull=True)
                | (~Q(state="draft") & Q(released_at__isnull=False)),
                name="rescue_report_is_released_when_it_says_so",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("rescue_report", args=[self.pk])


class ReadinessPlan(models.Model):
    """What a society wants ready for a season (汛期), in every place under it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    society = models.ForeignKey(Society, models.PROTECT, related_name="readiness_plans")
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-from_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__lte=F("until_on")), name="plan_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.title


class ReadinessTarget(models.Model):
    """What one society should have: teams, people on stand-by, boats, kits in stock, …"""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(ReadinessPlan, models.PROTECT, related_name="targets")
    society = models.ForeignKey(Society, models.PROTECT, related_name="+")
    measure = models.CharField(max_length=32, db_collation="C")
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "society", "measure"], name="target_is_set_once_in_a_plan"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.pk}"


class ReadinessCount(models.Model):
    """What somebody counted of what is not in our books yet (stock): typed, and marked so."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    society = models.ForeignKey(Society, models.PROTECT, related_name="readiness_counts")
    measure = models.CharField(max_length=32, db_collation="C")
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=16)
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-counted_at", "-id"]
        indexes = [
            models.Index(fields=["society", "measure", "-counted_at"], name="readiness_counted")
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.pk}"
