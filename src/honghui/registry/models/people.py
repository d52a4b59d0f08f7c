"""People, once each in the installation; what they are to a society stands beside them.

Resident id, phone and birth date are sealed under the person's own key; a keyed hash finds them
again. Two people can never share a resident id: the database says so.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.kernel.ids import new_id
from honghui.registry.models.organisations import Pair
from honghui.registry.models.societies import Society


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=200, db_collation="C")
    resident_id_sealed = models.BinaryField(null=True)
    resident_id_hash = models.BinaryField(null=True)
    resident_id_tail = models.CharField(max_length=4, blank=True)
    phone_sealed = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True)
    phone_tail = models.CharField(max_length=4, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    erased_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident_id_hash"],
                condition=Q(merged_into__isnull=True, erased_at__isnull=True),
                name="person_has_a_resident_id_of_their_own",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="person_is_not_merged_into_themselves"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(
                    name="",
                    resident_id_sealed__isnull=True,
                    resident_id_hash__isnull=True,
                    phone_sealed__isnull=True,
                    phone_hash__isnull=True,
                ),
                name="person_erased_keeps_nothing",
            ),
        ]
        indexes = [
            # The list of people, in pinyin order.
            models.Index(fields=["name_key", "id"], name="person_by_name"),
            # Finding duplicates and signing in by phone, later.
            models.Index(fields=["phone_hash"], name="person_by_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.pk])


class Affiliation(models.Model):
    """What a person is to a society. Whoever affiliates a person may see them there."""

    class Kind(models.TextChoices):
        STAFF = "staff"
        MEMBER = "member"
        VOLUNTEER = "volunteer"
        DONOR = "donor"
        TRAINEE = "trainee"
        CONTACT = "contact"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="affiliations")
    society = models.ForeignKey(Society, models.PROTECT, related_name="affiliations")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    began_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "society", "kind"],
                condition=Q(ended_on__isnull=True),
                name="affiliation_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(began_on__lte=F("ended_on")),
                name="affiliation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.society_id}"


class PersonPair(Pair):
    first = models.ForeignKey(Person, models.PROTECT, related_name="pairs_as_first")
    second = models.ForeignKey(Person, models.PROTECT, related_name="pairs_as_second")

    class Meta(Pair.Meta):
        constraints = Pair.constraints_for("person_pair")
