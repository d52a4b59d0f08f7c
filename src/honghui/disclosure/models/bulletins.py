"""Bulletins (公告), and the notes that correct them. What was published is never changed: a trigger
refuses it to everybody (migrations)."""

from __future__ import annotations

from hashlib import sha256

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.disclosure.contents import Content, content_of, figures_in
from honghui.kernel.ids import new_id
from honghui.record.statements import Figure
from honghui.registry.models import Account, Society


class Statement(models.Model):
    """What a bulletin and a note share. `figures`: canonical JSON, as in the record. `as_of`: a
    number of records; `computed_at` is the same in time. Of `text` and `text_en` the record holds a
    salted hash; the words lie in a side file. `record_id`, `record_number`: of the public record,
    once there is one."""

    class State(models.TextChoices):
        DRAFTED = "drafted"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFTED)
    as_of = models.BigIntegerField()
    computed_at = models.DateTimeField()
    text = models.CharField(max_length=1000, blank=True)
    text_en = models.CharField(max_length=1500, blank=True)
    figures = models.BinaryField()
    prepared_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    record_id = models.UUIDField(null=True, unique=True)
    record_number = models.BigIntegerField(null=True)

    class Meta:
        abstract = True

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for text in (self.text, self.text_en) if text)

    @property
    def seal(self) -> str:
        """A mark of all that is signed: figures, text, and as of what."""
        signed = [str(self.as_of), self.text, self.text_en, bytes(self.figures).decode()]
        return sha256("\0".join(signed).encode()).hexdigest()

    @staticmethod
    def constraints_for(name: str) -> list[models.BaseConstraint]:
        """The same rules for both, under names of their own."""
        return [
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(
                    approved_by__isnull=False,
                    published_at__isnull=False,
                    record_id__isnull=False,
                    record_number__isnull=False,
                ),
                name=f"{name}_is_published_with_its_record",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")),
                name=f"{name}_was_seen_by_four_eyes",
            ),
        ]


class Bulletin(Statement):
    """`figures`: a `Content` as canonical JSON, exactly as its parts stand in the record.
    `waiting`: how many entries of the society had no place in the log when it was counted.
    `serial`: 1, 2, … in its society and year, given when it is published."""

    society = models.ForeignKey(Society, models.PROTECT, related_name="bulletins")
    first = models.DateField()
    last = models.DateField()
    waiting = models.IntegerField()
    serial = models.IntegerField(null=True)
    year = models.IntegerField(null=True)

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            *Statement.constraints_for("bulletin"),
            models.CheckConstraint(
                condition=Q(first__lte=F("last")), name="bulletin_days_are_in_order"
            ),
            models.UniqueConstraint(
                fields=["society", "first", "last"],
                condition=Q(state="drafted"),
                name="bulletin_is_drafted_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["society", "year", "serial"], name="bulletin_serial_is_used_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(serial__isnull=False, year__isnull=False),
                name="bulletin_is_numbered_when_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.society_id} {self.first} {self.last}"

    def get_absolute_url(self) -> str:
        return reverse("bulletin", args=[self.pk])

    @property
    def content(self) -> Content:
        return content_of(self.figures)


class CorrectionNote(Statement):
    """`figures`: those that replace the ones of the same name, as of `as_of`; `old_figures`: what
    stood there until now. Both as canonical JSON, empty lists where the note replaces none."""

    class Reason(models.TextChoices):
        TYPING = "typing"
        AMOUNT = "amount"
        DAY = "day"
        PLACE = "place"
        PURPOSE = "purpose"
        LATE = "late"
        OMITTED = "omitted"
        OTHER = "other"

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="corrections")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    old_figures = models.BinaryField(default=b"[]")

    class Meta:
        ordering = ["published_at", "id"]
        constraints = [
            *Statement.constraints_for("correction"),
            models.UniqueConstraint(
                fields=["bulletin"],
                condition=Q(state="drafted"),
                name="correction_is_drafted_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="correction_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.reason}"

    @property
    def newer(self) -> tuple[Figure, ...]:
        return figures_in(self.figures)

    @property
    def older(self) -> tuple[Figure, ...]:
        return figures_in(self.old_figures)
