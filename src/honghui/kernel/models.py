"""Three tables everything stands on: the world's pin, the keys of persons, the shared cache
(a plain table that Django's own cache makes, see the first migration)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class World(models.Model):
    """The sample world loaded into this installation, if any: at most one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=60)
    pinned_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="world_is_only_one")]

    def __str__(self) -> str:
        return self.name


class SubjectKey(models.Model):
    """The key that seals one person's values, itself sealed under the installation's secret.

    Destroying it makes every sealed value of that person unreadable, in the journal and in
    every backup made later; the row stays, so that nobody wonders what became of it. One row is
    nobody's: it seals what second factors rest on.
    """

    subject_id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, destroyed_at__isnull=True)
                | Q(wrapped__isnull=True, destroyed_at__isnull=False),
                name="subject_key_is_there_or_destroyed",
            )
        ]

    def __str__(self) -> str:
        return str(self.subject_id)
