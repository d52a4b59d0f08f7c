"""The names and texts behind salted hashes in public records, until they are withdrawn."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SideText(models.Model):
    """`opening`: the words with the salt that opens the hash, as the side file holds them. It is
    destroyed when the text is withdrawn; the row stays, so that nothing makes the file anew.
    `settled_at`: since when the file is as the row says, there or gone."""

    hash = models.CharField(primary_key=True, max_length=64, db_collation="C")
    opening = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, opening__isnull=False)
                | Q(withdrawn_at__isnull=False, opening__isnull=True),
                name="side_text_withdrawn_keeps_nothing",
            )
        ]
        indexes = [
            models.Index(
                fields=["made_at"],
                condition=Q(settled_at__isnull=True),
                name="side_text_to_be_settled",
            )
        ]

    def __str__(self) -> str:
        return self.hash
