"""What a team has: gear that is counted, vehicles and boats one by one; each with an inspection
due. It goes out to a mission and comes back, or its loss is written down."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from honghui.kernel.ids import new_id
from honghui.registry.models import Account
from honghui.rescue.models.teams import Team


class Inspected(models.Model):
    """`inspection_due_on` passed: it is still shown, and a call-out warns. `is_fit`: what the last
    inspection said; what was never inspected counts as fit."""

    is_fit = models.BooleanField(default=True)
    inspected_on = models.DateField(null=True)
    inspection_due_on = models.DateField(null=True)

    class Meta:
        abstract = True


class Gear(Inspected):
    """One kind of gear of a team, counted: life detectors, breaching tools, first-aid kits, …
    `quantity` is what the team has, out or at home; `damaged` of them wait for repair."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="gear")
    kind = models.CharField(max_length=32, db_collation="C")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    quantity = models.PositiveIntegerField()
    damaged = models.PositiveIntegerField(default=0)
    unit = models.CharField(max_length=16)
    counted_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["team_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="gear_is_listed_once_in_a_team"),
            models.CheckConstraint(
                condition=Q(damaged__lte=F("quantity")), name="gear_damaged_is_part_of_it"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Vehicle(Inspected):
    """A vehicle or boat. Of its plate the last four characters are kept: it may be a member's."""

    class Kind(models.TextChoices):
        RESCUE = "rescue"
        AMBULANCE = "ambulance"
        EQUIPMENT = "equipment"
        TRUCK = "truck"
        COMMAND = "command"
        BUS = "bus"
        CAR = "car"
        BOAT = "boat"
        RAFT = "raft"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="vehicles")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=60)
    plate_tail = models.CharField(max_length=4, blank=True)
    seats = models.PositiveSmallIntegerField(default=0)
    insured_until = models.DateField(null=True)
    retired_on = models.DateField(null=True)

    class Meta:
        ordering = ["team_id", "kind", "name"]

    def __str__(self) -> str:
        return self.name


class Inspection(models.Model):
    """One look at gear or a vehicle, and whether it may go out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    gear = models.ForeignKey(Gear, models.PROTECT, null=True, related_name="inspections")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, related_name="inspections")
    inspected_on = models.DateField()
    next_due_on = models.DateField(null=True)
    is_fit = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)
    inspected_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-inspected_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(gear__isnull=False, vehicle__isnull=True)
                | Q(gear__isnull=True, vehicle__isnull=False),
                name="inspection_is_of_gear_or_of_a_vehicle",
            )
        ]

    def __str__(self) -> str:
        return f"{self.inspected_on} {self.pk}"


class GearIssue(models.Model):
    """Gear that went out, to a mission or (`mission` none) for training; what came back. What is
    lost or used up is written down here; goods post it to the ledger later."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    gear = models.ForeignKey(Gear, models.PROTECT, related_name="issues")
    mission = models.ForeignKey(
        "rescue.Mission", models.PROTECT, null=True, related_name="gear_issues"
    )
    quantity = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    returned = models.PositiveIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    used_up = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["issued_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="gear_issue_is_of_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True)
                | Q(quantity=F("returned") + F("damaged") + F("lost") + F("used_up")),
                name="gear_issue_is_accounted_for_to_the_last_piece",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.pk}"
