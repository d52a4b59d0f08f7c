"""A team's turnout to an incident: batches, what was told and when, people, vehicles, tasks, hours.

The one hard idea: whatever is told is kept, with the time it speaks of and the time it was told.
Where a team stands follows from that, so a late, repeated or impossible report changes the picture
or is flagged, and never overwrites another.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.kernel.ids import new_id
from honghui.registry.models import Account, Person
from honghui.rescue.models.gear import Vehicle
from honghui.rescue.models.incidents import QUALIFIERS, Incident, Requester
from honghui.rescue.models.teams import Member, Team


class Mission(models.Model):
    """One team in one incident. `state` follows from what was told (rules.missions).
    `call_out_id`: the call-out that began it; a call-out may be for several teams. `reason`: why
    it was declined or cancelled."""

    class State(models.TextChoices):
        ASKED = "asked"
        CALLED = "called"
        DEPARTED = "departed"
        THERE = "there"
        ORDERED_BACK = "ordered_back"
        RETURNING = "returning"
        BACK = "back"
        CLOSED = "closed"
        DECLINED = "declined"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="missions")
    team = models.ForeignKey(Team, models.PROTECT, related_name="missions")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    requester = models.CharField(max_length=16, choices=Requester.choices)
    requester_name = models.CharField(max_length=80, blank=True)
    wanted_people = models.PositiveSmallIntegerField(null=True)
    people = models.PositiveIntegerField(null=True)
    people_qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")
    call_out_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=400, blank=True)
    opened_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "team"],
                condition=~Q(state__in=["declined", "cancelled"]),
                name="team_is_in_an_incident_once",
            )
        ]
        indexes = [models.Index(fields=["team", "state"], name="mission_of_team")]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("mission", args=[self.pk])


class Batch(models.Model):
    """People of a mission who travel together. `told_as`: what the source calls it, which need not
    agree with the order of arrival (Wenling 2020: two "second batches")."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="batches")
    number = models.PositiveSmallIntegerField()
    told_as = models.CharField(max_length=20, blank=True)
    people = models.PositiveIntegerField(null=True)
    people_qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")

    class Meta:
        ordering = ["mission_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "number"], name="batch_has_a_number_of_its_own"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.pk}"


class Telling(models.Model):
    """What was told of a mission's way: departed, arrived, ordered back, left, back home.

    `client_id`: given by the phone that told it; the same twice is one telling. `people`: how many
    it speaks of, if it says so. `responder`: they told it of themselves. `flags`: what does not
    fit ("before_departure", "in_the_future", …), for a person to look at; `settled_reason`: they
    found that it stands; `void_reason`: they found it wrong, and it no longer counts."""

    class Kind(models.TextChoices):
        DEPARTED = "departed"
        ARRIVED = "arrived"
        ORDERED_BACK = "ordered_back"
        LEFT = "left"
        BACK = "back"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client_id = models.UUIDField(unique=True, null=True)
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="tellings")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="tellings")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    at_qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")
    people = models.PositiveIntegerField(null=True)
    people_qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")
    ordered_by = models.CharField(max_length=80, blank=True)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    responder = models.ForeignKey(
        "rescue.Responder", models.PROTECT, null=True, related_name="tellings"
    )
    flags = ArrayField(models.CharField(max_length=24), default=list)
    settled_reason = models.CharField(max_length=400, blank=True)
    void_reason = models.CharField(max_length=400, blank=True)
    source = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["mission", "at"], name="telling_of_mission")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Responder(models.Model):
    """A person in a mission. `answer`: what they said last, coming, if_short or declined; `state`
    follows from it and from what was told of their way. `flags`: "certificate_expired",
    "uninsured", "in_two_missions", …"""

    class State(models.TextChoices):
        COMING = "coming"
        IF_SHORT = "if_short"
        DECLINED = "declined"
        DEPARTED = "departed"
        THERE = "there"
        LEFT = "left"
        BACK = "back"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="responders")
    person = models.ForeignKey(Person, models.PROTECT, related_name="rescue_responses")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="responses")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="responders")
    invitation_id = models.UUIDField(null=True, unique=True)
    answer = models.CharField(max_length=8, default="coming")
    state = models.CharField(max_length=10, choices=State.choices)
    eta_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)
    flags = ArrayField(models.CharField(max_length=24), default=list)
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ["mission_id", "joined_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "person"], name="person_responds_once_in_a_mission"
            )
        ]
        indexes = [models.Index(fields=["person"], name="responder_by_person")]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class MissionVehicle(models.Model):
    """A vehicle or boat that went, or `count` of a kind where the source names no single one.
    `told_as`: the source's own word for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="vehicles")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, related_name="missions")
    kind = models.CharField(max_length=12, choices=Vehicle.Kind.choices)
    count = models.PositiveSmallIntegerField(default=1)
    told_as = models.CharField(max_length=40, blank=True)
    odometer_out_km = models.PositiveIntegerField(null=True)
    odometer_back_km = models.PositiveIntegerField(null=True)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["mission_id", "kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(vehicle__isnull=True) | Q(count=1), name="one_vehicle_is_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.kind} {self.pk}"


class Task(models.Model):
    """What the command post had a team do, where, and what came of it."""

    class Kind(models.TextChoices):
        SEARCH = "search"
        RESCUE = "rescue"
        MEDICAL = "medical"
        ESCORT = "escort"
        TRAFFIC = "traffic"
        EVACUATION = "evacuation"
        SUPPLY = "supply"
        WATER = "water"
        STAND_BY = "stand_by"
        SHELTER = "shelter"
        PSYCHOLOGICAL = "psychological"
        DISINFECTION = "disinfection"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client_id = models.UUIDField(unique=True, null=True)
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160, blank=True)
    place_text = models.CharField(max_length=80, blank=True)
    place_text_en = models.CharField(max_length=120, blank=True)
    ordered_by = models.CharField(max_length=80, blank=True)
    given_at = models.DateTimeField()
    given_qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")
    done_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=200, blank=True)
    result_en = models.CharField(max_length=260, blank=True)

    class Meta:
        ordering = ["given_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class TaskResult(models.Model):
    """A number that came of a task: people moved or found, 人 or 人次, how surely."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="results")
    measure = models.CharField(max_length=32, db_collation="C")
    value = models.BigIntegerField()
    qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")
    unit = models.CharField(max_length=16)

    class Meta:
        ordering = ["task_id", "id"]

    def __str__(self) -> str:
        return f"{self.measure} {self.pk}"


class Position(models.Model):
    """Where somebody was, who chose to share it. Kept until the mission is closed, then forgotten
    (PIPL art. 28: tracks are sensitive)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client_id = models.UUIDField(unique=True, null=True)
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="positions")
    responder = models.ForeignKey(Responder, models.CASCADE, null=True, related_name="positions")
    at = models.DateTimeField()
    latitude_microdegrees = models.IntegerField()
    longitude_microdegrees = models.IntegerField()
    accuracy_metres = models.PositiveIntegerField(null=True)
    flags = ArrayField(models.CharField(max_length=24), default=list)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["mission", "-at"], name="position_of_mission")]

    def __str__(self) -> str:
        return str(self.pk)


class Photo(models.Model):
    """A picture from the scene: `attachment_id` of `sync`. Shown inside; public only when released
    with the report."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="photos")
    attachment_id = models.UUIDField(unique=True)
    caption = models.CharField(max_length=120, blank=True)
    taken_at = models.DateTimeField()
    is_for_release = models.BooleanField(default=False)

    class Meta:
        ordering = ["taken_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class Injury(models.Model):
    """Somebody of ours was hurt or is not well: sealed under their key, followed until it ends."""

    class State(models.TextChoices):
        OPEN = "open"
        IN_CARE = "in_care"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    responder = models.ForeignKey(Responder, models.PROTECT, related_name="injuries")
    at = models.DateTimeField()
    what_sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    noted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class Care(models.Model):
    """What was done for somebody after a mission: a talk, a visit, treatment; sealed like what it
    is for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    injury = models.ForeignKey(Injury, models.PROTECT, related_name="care")
    at = models.DateTimeField()
    what_sealed = models.BinaryField()
    noted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class Hours(models.Model):
    """Time a person gave to a mission, from leaving to being back: event, beginning, end, and who
    confirms it (volunteer regulations 2017, art. 19). The volunteer register reads these rows.
    `is_estimated`: a time was missing; `is_capped`: it was longer than any mission of ours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    responder = models.OneToOneField(Responder, models.PROTECT, related_name="hours")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    is_estimated = models.BooleanField(default=False)
    is_capped = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_at__lte=F("until_at")), name="hours_end_after_they_begin"
            )
        ]

    def __str__(self) -> str:
        return f"{self.minutes} {self.pk}"
