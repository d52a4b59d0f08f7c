"""Stand-by (备勤): who is ready at home for 24 hours or more, and how many there must be; turns
that are swapped; and the calendar that a team's people put on their phones."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from honghui.kernel.ids import new_id
from honghui.registry.models import Account
from honghui.rescue.models.teams import Member, Team

# What the keyed hash of a calendar's secret is made for.
CALENDAR_SECRET = "rescue.calendar"


class StandBy(models.Model):
    """A team is ready from a moment to another, without having to turn out."""

    class Reason(models.TextChoices):
        ROSTER = "roster"
        WARNING = "warning"
        FLOOD_SEASON = "flood_season"
        REQUEST = "request"
        DRILL = "drill"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="stand_bys")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    title = models.CharField(max_length=80, blank=True)
    title_en = models.CharField(max_length=120, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    minimum_people = models.PositiveSmallIntegerField()
    opened_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["from_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_at__lt=F("until_at")), name="stand_by_ends_after_it_begins"
            )
        ]
        indexes = [models.Index(fields=["team", "until_at"], name="stand_by_of_team")]

    def __str__(self) -> str:
        return f"{self.reason} {self.pk}"


class StandByPlace(models.Model):
    """One member's turn. Swapped, it is another member's, and the old row says to whom."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stand_by = models.ForeignKey(StandBy, models.PROTECT, related_name="places")
    member = models.ForeignKey(Member, models.PROTECT, related_name="stand_by_places")
    taken_at = models.DateTimeField()
    given_up_at = models.DateTimeField(null=True)
    swapped_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stand_by", "member"],
                condition=Q(given_up_at__isnull=True),
                name="member_stands_by_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Swap(models.Model):
    """Somebody asks a colleague to take their turn. Nothing changes until the colleague says yes;
    until then the turn is still theirs."""

    class State(models.TextChoices):
        ASKED = "asked"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(StandByPlace, models.PROTECT, related_name="swaps")
    member = models.ForeignKey(Member, models.PROTECT, related_name="swaps_asked")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(state="asked"), name="turn_is_offered_to_one"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="swap_is_decided_when_it_says_so",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class CalendarFeed(models.Model):
    """An address at which a calendar reads a team's stand-by and drills: one account's, of one
    team, until it is revoked. Of the secret in it only a keyed hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="calendar_feeds")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    secret_hash = models.BinaryField(unique=True)
    language = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    # Only on the answer of the action that made it; no column.
    secret = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "account"],
                condition=Q(revoked_at__isnull=True),
                name="calendar_feed_of_an_account_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
