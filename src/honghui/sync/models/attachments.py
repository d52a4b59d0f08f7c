"""Photos that phones sent along. A row says that all of it is here; the bytes are a file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from honghui.registry.models import Account
from honghui.sync.models.forms import ReceivedForm


class Attachment(models.Model):
    """sha256: of what the phone sent. kept_bytes, width, height: of the picture as it was set anew,
    without position or words, which is the one that is kept. form: what it belongs to, null until
    that is taken in."""

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    link_hash = models.BinaryField(null=True)
    sha256 = models.BinaryField()
    sent_bytes = models.PositiveIntegerField()
    kept_bytes = models.PositiveIntegerField()
    media_type = models.CharField(max_length=20)
    width_pixels = models.PositiveIntegerField()
    height_pixels = models.PositiveIntegerField()
    kept_at = models.DateTimeField()
    form = models.ForeignKey(ReceivedForm, models.PROTECT, null=True, related_name="attachments")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, link_hash__isnull=True)
                | Q(account__isnull=True, link_hash__isnull=False),
                name="attachment_is_an_accounts_or_a_links",
            )
        ]
        indexes = [
            models.Index(
                fields=["kept_at"], condition=Q(form__isnull=True), name="attachment_of_no_form"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
