"""A call-out, and one invitation for each person that it may ask.

The one hard idea: the reserve is rows too. Everybody who may be asked is an invitation from the
draft on, in the order in which they will be; to call the next one is to move a row on, so that a
worker that dies between two steps leaves nothing to be guessed.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from honghui.callouts import tokens
from honghui.kernel.ids import new_id
from honghui.registry.models import Account, Person, Society


class CallOut(models.Model):
    """`about`: the caller's own id of what it is for. `wanted`: people who should come;
    `first`: how many are asked at once. `channels`: in the order in which they are tried; voice is
    tried after `patience_minutes` without an answer. `next_step_at`: the machine's time at which
    the worker looks next, null when it has nothing to wait for; the other times are of business.
    `revision` grows with whatever a page of it shows."""

    class Kind(models.TextChoices):
        CALL_OUT = "call_out"
        STAND_BY = "stand_by"

    class State(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    society = models.ForeignKey(Society, models.PROTECT, related_name="call_outs", db_index=False)
    about = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=80)
    place_en = models.CharField(max_length=120, blank=True)
    wanted = models.PositiveSmallIntegerField()
    first = models.PositiveSmallIntegerField()
    channels = ArrayField(models.CharField(max_length=10))
    patience_minutes = models.PositiveSmallIntegerField(default=5)
    is_drill = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    is_enough = models.BooleanField(default=False)
    is_exhausted = models.BooleanField(default=False)
    next_step_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    sent_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-drafted_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(wanted__gte=1), name="call_out_wants_somebody"),
            models.CheckConstraint(
                condition=Q(first__gte=1), name="call_out_asks_somebody_at_first"
            ),
            models.CheckConstraint(
                condition=Q(patience_minutes__gte=1, patience_minutes__lte=24 * 60),
                name="call_out_waits_a_minute_to_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at__isnull=True)
                | Q(state="cancelled")
                | (Q(state__in=["open", "closed"]) & Q(sent_at__isnull=False)),
                name="call_out_that_is_open_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open"], ended_at__isnull=True, ended_reason="")
                | (
                    Q(state__in=["closed", "cancelled"], next_step_at__isnull=True)
                    & Q(ended_at__isnull=False)
                    & ~Q(ended_reason="")
                ),
                name="call_out_ends_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_step_at"],
                condition=Q(state="open", next_step_at__isnull=False),
                name="call_out_has_a_next_step",
            ),
            models.Index(fields=["about"], name="call_out_about"),
            models.Index(fields=["society", "-drafted_at"], name="call_out_of_a_society"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("call_out", args=[self.pk])


class Invitation(models.Model):
    """One person of a call-out. `group`: the caller's own id of the team. `rank`: the order in
    which they are asked, from 1. `step`: how many ways were tried. `next_at`: the machine's time
    at which the next way is tried. `said_at`: the machine's time of the answer that counts, so
    that an older one that comes late does not. "stood_down": their team was called off, others may
    still be asked. `token_hash`, `token_sealed`: of what opens
    the answer page without signing in (tokens.py)."""

    class State(models.TextChoices):
        RESERVE = "reserve"
        ASKED = "asked"
        COMING = "coming"
        IF_SHORT = "if_short"
        DECLINED = "declined"
        NO_ANSWER = "no_answer"
        STOOD_DOWN = "stood_down"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call_out = models.ForeignKey(
        CallOut, models.PROTECT, related_name="invitations", db_index=False
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    group = models.UUIDField()
    group_name = models.CharField(max_length=80)
    group_name_en = models.CharField(max_length=120, blank=True)
    rank = models.PositiveIntegerField()
    reasons = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RESERVE)
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    said_at = models.DateTimeField(null=True)
    eta_at = models.DateTimeField(null=True)
    progress = models.CharField(max_length=8, blank=True)
    was_asked_again = models.BooleanField(default=False)
    was_told_enough = models.BooleanField(default=False)
    token_hash = models.BinaryField(unique=True)
    token_sealed = models.BinaryField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["call_out", "person"], name="person_is_invited_once_to_a_call_out"
            ),
            models.UniqueConstraint(
                fields=["call_out", "rank"], name="invitation_has_a_rank_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(state="reserve", asked_at__isnull=True, step=0) | ~Q(state="reserve"),
                name="reserve_was_not_asked_yet",
            ),
            models.CheckConstraint(
                condition=Q(eta_at__isnull=True) | Q(state__in=["coming", "if_short"]),
                name="only_who_may_come_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"

    @property
    def token(self) -> str:
        """Opened anew each time; of many: inside subject_keys.at_hand()."""
        return tokens.opened(self.token_sealed, self.person_id)
