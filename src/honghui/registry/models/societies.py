"""Societies: separate legal bodies with their own books (Red Cross Law 2017, arts. 7-8). The upper
level guides the lower one and owns nothing of it. Grass-roots units have no books of their own.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.kernel.ids import new_id
from honghui.registry.models.divisions import Level


class Society(models.Model):
    """`code` is the division's code at founding and never changes, whatever the map does."""

    code = models.CharField(primary_key=True, max_length=6, db_collation="C")
    level = models.CharField(max_length=10, choices=Level.choices)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    place_name = models.CharField(max_length=40)
    place_name_en = models.CharField(max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="branches")
    began_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="province", parent__isnull=True)
                | (~Q(level="province") & Q(parent__isnull=False)),
                name="society_below_the_province_has_a_parent",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(began_on__isnull=True)
                | Q(began_on__lt=F("ended_on")),
                name="society_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("society", args=[self.code])


class GrassRootsUnit(models.Model):
    """A unit of a society: a community, village, school, enterprise or hospital that organises
    under it (Red Cross Law 2017, art. 7; it is no legal body)."""

    class Kind(models.TextChoices):
        COMMUNITY = "community"
        VILLAGE = "village"
        SCHOOL = "school"
        ENTERPRISE = "enterprise"
        HOSPITAL = "hospital"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    society = models.ForeignKey(Society, models.PROTECT, related_name="units")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, related_name="units"
    )
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["society", "name"],
                condition=Q(closed_on__isnull=True),
                name="unit_name_is_used_once_in_a_society",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(opened_on__lte=F("closed_on")),
                name="unit_closes_after_it_opens",
            ),
        ]
        indexes = [models.Index(fields=["society", "kind"], name="unit_of_society")]

    def __str__(self) -> str:
        return self.name
