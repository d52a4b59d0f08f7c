"""What happened, who asked for help, and what is known of it at which hour.

The one hard idea: a situation report is a snapshot with its own "as of". A later one replaces what
is known; two are never added (national disaster reporting: figures are cumulative).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from honghui.kernel.ids import new_id
from honghui.kernel.measures import Qualifier
from honghui.registry.models import Account, Society

QUALIFIERS = [(one.value, one.value) for one in Qualifier]


class Requester(models.TextChoices):
    """Who asks for a team: whoever the law and practice let ask."""

    UPPER_SOCIETY = "upper_society"
    SISTER_TEAM = "sister_team"
    POLICE = "police"
    FIRE = "fire"
    EMERGENCY_BUREAU = "emergency_bureau"
    COMMAND_POST = "command_post"
    GOVERNMENT = "government"
    HOSPITAL = "hospital"
    CITIZEN = "citizen"
    OWN = "own"


class Incident(models.Model):
    """Owned by the society that leads in it. A drill is an incident that never counts as one."""

    class Cause(models.TextChoices):
        TYPHOON = "typhoon"
        FLOOD = "flood"
        LANDSLIDE = "landslide"
        EARTHQUAKE = "earthquake"
        FIRE = "fire"
        EXPLOSION = "explosion"
        TRAFFIC = "traffic"
        MISSING_PERSON = "missing_person"
        WATER = "water"
        EPIDEMIC = "epidemic"
        EVENT = "event"
        OTHER = "other"

    class State(models.TextChoices):
        WATCH = "watch"
        OPEN = "open"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=32, unique=True, db_collation="C")
    society = models.ForeignKey(Society, models.PROTECT, related_name="incidents")
    cause = models.CharField(max_length=16, choices=Cause.choices)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    place_code = models.CharField(max_length=6, db_collation="C")
    place_text = models.CharField(max_length=120, blank=True)
    place_text_en = models.CharField(max_length=160, blank=True)
    latitude_microdegrees = models.IntegerField(null=True)
    longitude_microdegrees = models.IntegerField(null=True)
    happened_at = models.DateTimeField(null=True)
    happened_qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")
    known_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    is_drill = models.BooleanField(default=False)
    opened_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["-known_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 4)),
                name="incident_level_is_one_to_four",
            ),
            models.CheckConstraint(
                condition=(Q(state="closed") & Q(closed_at__isnull=False))
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="incident_is_closed_when_it_says_so",
            ),
        ]
        indexes = [models.Index(fields=["society", "state"], name="incident_of_society")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("incident", args=[self.pk])


class IncidentRequest(models.Model):
    """Who asked, for what, and when that was heard. Several may ask for the same (Zhuji 2019: a
    sister team and the province)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="requests")
    requester = models.CharField(max_length=16, choices=Requester.choices)
    requester_name = models.CharField(max_length=80, blank=True)
    requester_name_en = models.CharField(max_length=120, blank=True)
    heard_at = models.DateTimeField()
    by_means = models.CharField(max_length=16, blank=True)
    wanted = models.CharField(max_length=200, blank=True)
    wanted_en = models.CharField(max_length=240, blank=True)

    class Meta:
        ordering = ["heard_at", "id"]

    def __str__(self) -> str:
        return f"{self.requester} {self.pk}"


class LevelChange(models.Model):
    """Response opened, raised, lowered or ended (`level` none), from a moment on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="level_changes")
    level = models.PositiveSmallIntegerField(null=True)
    from_at = models.DateTimeField()
    reason = models.CharField(max_length=400)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["from_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 4)),
                name="level_change_is_one_to_four",
            )
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.pk}"


class LogLine(models.Model):
    """One line of the incident's log. `kind` and `values` say it in either language; a line that a
    person wrote has kind "note" and a text. Lines are added, never changed: `corrects` is a line's
    way to put another right."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="log_lines")
    mission = models.ForeignKey("rescue.Mission", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    at_qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")
    kind = models.CharField(max_length=32, db_collation="C")
    values = models.JSONField(default=dict)
    text = models.CharField(max_length=400, blank=True)
    text_en = models.CharField(max_length=500, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrected_by")
    noted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["incident", "at"], name="log_line_of_incident")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SituationReport(models.Model):
    """A snapshot (灾情报告): numbered within its incident, with the moment it speaks of.

    `corrects`: it stands in the other's place, whole. `reason`: why it corrects, or why a figure
    is lower than what was known before."""

    class Stage(models.TextChoices):
        FIRST = "first"
        FOLLOWING = "following"
        FINAL = "final"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="situation_reports")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=10, choices=Stage.choices)
    as_of = models.DateTimeField()
    source = models.CharField(max_length=160)
    text = models.TextField(max_length=4000, blank=True)
    text_en = models.TextField(max_length=6000, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(max_length=400, blank=True)
    written_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["incident_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "number"], name="situation_report_has_a_number_of_its_own"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.pk}"


class SituationFigure(models.Model):
    """One number of a snapshot: what, how many, how surely, in which unit (人, 人次, 户, 间, …).

    `value` none: the report says that it is not known. The same measure may stand in two units
    ("12户30间"): those are two figures."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(SituationReport, models.PROTECT, related_name="figures")
    measure = models.CharField(max_length=32, db_collation="C")
    value = models.BigIntegerField(null=True)
    qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")
    unit = models.CharField(max_length=16)

    class Meta:
        ordering = ["report_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "measure", "unit"], name="figure_stands_once_in_a_report"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0), name="figure_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.pk}"


class Need(models.Model):
    """What is missing there: people of a skill, gear, goods. Met in part or whole, it says so."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="needs")
    what = models.CharField(max_length=80)
    what_en = models.CharField(max_length=120, blank=True)
    skill = models.ForeignKey("rescue.Skill", models.PROTECT, null=True, related_name="+")
    value = models.BigIntegerField(null=True)
    qualifier = models.CharField(max_length=6, choices=QUALIFIERS, default="exact")
    unit = models.CharField(max_length=16, blank=True)
    met = models.BigIntegerField(default=0)
    told_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["told_at", "id"]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"
