"""Organisations, once each: donors, partners, schools, suppliers, rescue teams' founders. And the
pairs, of organisations or of people, that may be one and the same.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.kernel.ids import new_id


class Organisation(models.Model):
    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise"
        GOVERNMENT = "government"
        SCHOOL = "school"
        HOSPITAL = "hospital"
        ASSOCIATION = "association"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=300, db_collation="C")
    name_en = models.CharField(max_length=160, blank=True)
    aliases = ArrayField(models.CharField(max_length=120), default=list)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    credit_code = models.CharField(max_length=18, null=True, db_collation="C")  # noqa: DJ001 (unique)
    society_code = models.CharField(max_length=6, db_collation="C")
    source = models.CharField(max_length=120, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=Q(merged_into__isnull=True),
                name="organisation_has_a_credit_code_of_its_own",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="organisation_is_not_merged_into_itself"
            ),
        ]
        indexes = [models.Index(fields=["name_key", "id"], name="organisation_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.pk])


class Pair(models.Model):
    """Two rows that may be one. `first` is the older one and the one kept by a merge."""

    class State(models.TextChoices):
        FOUND = "found"
        PROPOSED = "proposed"
        MERGED = "merged"
        APART = "apart"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.FOUND)
    signs = ArrayField(models.CharField(max_length=20))
    score = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()
    proposed_by = models.ForeignKey("registry.Account", models.PROTECT, null=True, related_name="+")
    proposed_reason = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey("registry.Account", models.PROTECT, null=True, related_name="+")
    decided_reason = models.CharField(max_length=400, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ["-score", "id"]

    @staticmethod
    def constraints_for(name: str) -> list[models.BaseConstraint]:
        """The same rules for each kind of pair, under names of their own."""
        return [
            models.UniqueConstraint(fields=["first", "second"], name=f"{name}_is_found_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name=f"{name}_is_two_different_ones"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["found", "proposed"])
                | (Q(decided_at__isnull=False) & ~Q(decided_reason="")),
                name=f"{name}_decision_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged")
                | Q(proposed_by__isnull=False, decided_by__isnull=False)
                & ~Q(proposed_by=F("decided_by")),
                name=f"{name}_merge_was_seen_by_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class OrganisationPair(Pair):
    first = models.ForeignKey(Organisation, models.PROTECT, related_name="pairs_as_first")
    second = models.ForeignKey(Organisation, models.PROTECT, related_name="pairs_as_second")

    class Meta(Pair.Meta):
        constraints = Pair.constraints_for("organisation_pair")
