"""Photos that are shown with a report. The bytes are copies that `sync` keeps by their hash."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from honghui.kernel.ids import new_id
from honghui.registry.models import Account
from honghui.rescue.models.missions import Photo
from honghui.rescue.models.reports import RescueReport


class PublicPhoto(models.Model):
    """One photo, chosen for one report by whoever releases it; in public while the report is.
    sha256: of the copy at web size, small_sha256: of the one for lists. consent: why it may be
    shown."""

    class Consent(models.TextChoices):
        NOBODY = "nobody"
        GIVEN = "given"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(RescueReport, models.PROTECT, related_name="photos")
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="shown")
    caption = models.CharField(max_length=120)
    caption_en = models.CharField(max_length=160)
    consent = models.CharField(max_length=6, choices=Consent.choices)
    sha256 = models.CharField(max_length=64, db_collation="C", db_index=True)
    width_pixels = models.PositiveIntegerField()
    height_pixels = models.PositiveIntegerField()
    small_sha256 = models.CharField(max_length=64, db_collation="C", db_index=True)
    small_width_pixels = models.PositiveIntegerField()
    small_height_pixels = models.PositiveIntegerField()
    chosen_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["report_id", "chosen_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "photo"], name="photo_is_chosen_once_for_a_report"
            ),
            models.CheckConstraint(
                condition=Q(consent__in=["nobody", "given"]), name="public_photo_may_be_shown"
            ),
            models.CheckConstraint(
                condition=~Q(caption="") & ~Q(caption_en=""), name="public_photo_has_its_captions"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                   & ~Q(withdrawn_reason="")),
                name="public_photo_is_withdrawn_for_a_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)
