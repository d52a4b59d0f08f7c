"""Administrative divisions (GB/T 2260): codes that come, go, and change hands.

A division is one row per stretch of validity. `valid_from` is None where our data begin later
than the division did; `valid_to` is exclusive. A code may stay while its territory changes (上城,
2021): that is a succession edge of kind `boundary` from the row to itself's successor row.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from honghui.kernel.ids import new_id


class Level(models.TextChoices):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class Division(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=6, db_collation="C")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    level = models.CharField(max_length=10, choices=Level.choices)
    parent_code = models.CharField(max_length=6, blank=True, db_collation="C")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=120)

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="division_starts_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(valid_to__isnull=True),
                name="division_is_valid_once_today",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{6}$"), name="division_code_has_six_digits"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_from__lt=F("valid_to")),
                name="division_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class DivisionSuccession(models.Model):
    """What became of a division: `before` lost territory to `after` on that day."""

    class Kind(models.TextChoices):
        SPLIT = "split"
        MERGE = "merge"
        BOUNDARY = "boundary"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    before = models.ForeignKey(Division, models.PROTECT, related_name="successions")
    after = models.ForeignKey(Division, models.PROTECT, related_name="origins")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    source = models.CharField(max_length=120)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                fields=["before", "after", "on"], name="succession_is_told_once"
            ),
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="succession_leads_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
