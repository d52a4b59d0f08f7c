"""Rescue teams, who is in them, and what each of their people may be sent to do.

A person is one row of the registry, however many teams they are in. A certificate or an insurance
belongs to the person; when it has run out, the person is off duty for what needs it.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.kernel.ids import new_id
from honghui.registry.models import Account, Person, Society


class TeamKind(models.Model):
    """What a team is for: relief, medical, water supply, … Data, with dates, because headquarters
    has changed the list (seven kinds, eight in 2013 with communications). `is_risky`: its people
    are insured before they go (Charity Law 2023, art. 69). `place`: where it stands in lists."""

    code = models.CharField(primary_key=True, max_length=24, db_collation="C")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    is_risky = models.BooleanField(default=True)
    place = models.PositiveSmallIntegerField(default=99)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=160)

    class Meta:
        ordering = ["place", "code"]

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """What somebody can do. `needs_certificate`: only while a certificate of it has not run out.
    `is_risky`: only while insured, whatever the team's kind."""

    code = models.CharField(primary_key=True, max_length=24, db_collation="C")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    needs_certificate = models.BooleanField(default=False)
    is_risky = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField(default=99)
    source = models.CharField(max_length=160)

    class Meta:
        ordering = ["place", "code"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A team of one society. `minimum_cover`: how many must stay at home, whoever calls.
    `place_code`: the division of its base; the point is optional. `state_from`, `state_reason`:
    since when and why it is suspended or disbanded."""

    class State(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"
        DISBANDED = "disbanded"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True, db_collation="C")
    society = models.ForeignKey(Society, models.PROTECT, related_name="rescue_teams")
    kind = models.ForeignKey(TeamKind, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    aliases = ArrayField(models.CharField(max_length=60), default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    state_from = models.DateField(null=True)
    state_reason = models.CharField(max_length=400, blank=True)
    minimum_cover = models.PositiveSmallIntegerField(default=0)
    place_code = models.CharField(max_length=6, blank=True, db_collation="C")
    base_name = models.CharField(max_length=80, blank=True)
    base_latitude_microdegrees = models.IntegerField(null=True)
    base_longitude_microdegrees = models.IntegerField(null=True)
    formed_on = models.DateField(null=True)
    source = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["society_id", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["society", "name"],
                condition=~Q(state="disbanded"),
                name="team_name_is_used_once_in_a_society",
            ),
            models.CheckConstraint(
                condition=Q(
                    base_latitude_microdegrees__isnull=True,
                    base_longitude_microdegrees__isnull=True,
                )
                | Q(
                    base_latitude_microdegrees__range=(-90_000_000, 90_000_000),
                    base_longitude_microdegrees__range=(-180_000_000, 180_000_000),
                ),
                name="team_base_is_a_point_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("team", args=[self.pk])


class Member(models.Model):
    """A person in a team, from a day on. Who is in two teams at once is flagged when called."""

    class Role(models.TextChoices):
        LEADER = "leader"
        DEPUTY = "deputy"
        MEMBER = "member"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="rescue_members")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    skills = models.ManyToManyField(Skill, related_name="members", through="MemberSkill")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"],
                condition=Q(left_on__isnull=True),
                name="person_is_in_a_team_once",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(joined_on__lte=F("left_on")),
                name="member_leaves_after_joining",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="member_by_person")]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class MemberSkill(models.Model):
    """That a member can do something, as their team says."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="has_skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "skill"], name="member_has_a_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.skill_id}"


class Qualification(models.Model):
    """A certificate of a skill. Its number is kept as the last four characters only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="rescue_qualifications")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="qualifications")
    number_tail = models.CharField(max_length=4, blank=True)
    issuer = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)
    noted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(issued_on__lte=F("expires_on")),
                name="qualification_expires_after_it_is_issued",
            )
        ]
        indexes = [models.Index(fields=["person", "skill"], name="qualification_of_person")]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.pk}"


class Insurance(models.Model):
    """Accident cover of a person (Charity Law 2023, art. 69: before risky service)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="rescue_insurances")
    insurer = models.CharField(max_length=80)
    policy_tail = models.CharField(max_length=4, blank=True)
    covers_from = models.DateField()
    covers_to = models.DateField()
    noted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(covers_from__lte=F("covers_to")),
                name="insurance_ends_after_it_begins",
            )
        ]
        indexes = [models.Index(fields=["person", "covers_to"], name="insurance_of_person")]

    def __str__(self) -> str:
        return f"{self.insurer} {self.pk}"


class Availability(models.Model):
    """When somebody said they can or cannot come. What is told later holds over what was told
    before; nothing told means available."""

    class State(models.TextChoices):
        AVAILABLE = "available"
        IF_SHORT = "if_short"
        AWAY = "away"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="rescue_availability")
    state = models.CharField(max_length=10, choices=State.choices)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField()
    source = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(from_at__lt=F("until_at")),
                name="availability_ends_after_it_begins",
            )
        ]
        indexes = [models.Index(fields=["person", "-told_at"], name="availability_of_person")]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class RosterImport(models.Model):
    """A list of members that was carried out: the same list again changes nothing. `content_hash`
    is keyed, so that nobody can guess a list back from it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="imports")
    content_hash = models.BinaryField()
    lines = models.PositiveIntegerField()
    joined = models.PositiveIntegerField()
    imported_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["-imported_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "content_hash"], name="roster_is_carried_out_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lines} {self.pk}"
