"""One index for looking things up by name, in characters or in pinyin."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from honghui.kernel.ids import new_id


class SearchEntry(models.Model):
    """`is_public`: anyone may find it. Else only who may see the object (access decides)."""

    class Kind(models.TextChoices):
        SOCIETY = "society"
        UNIT = "unit"
        ORGANISATION = "organisation"
        PERSON = "person"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    object_id = models.CharField(max_length=40, db_collation="C")
    is_public = models.BooleanField()
    label = models.CharField(max_length=160)
    label_en = models.CharField(max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(default=5)
    vector = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_is_one")
        ]
        indexes = [GinIndex(fields=["vector"], name="search_by_token")]

    def __str__(self) -> str:
        return self.label
