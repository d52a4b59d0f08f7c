"""The act journal: who did what, when, why, on which request. One row an act, for ever.

Append-only by trigger, for the table's owner too (see the first migration). A row names people
by id only. Values of persons stand in `sealed`, under that person's own key: destroy the key and
the journal has forgotten them without having been rewritten.

The journal stands below the registry and knows none of its tables, because every floor above
must be able to write acts (docs/decisions/0003).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Act(models.Model):
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    verb = models.CharField(max_length=80)
    actor_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80)
    society_code = models.CharField(max_length=12, blank=True, db_collation="C")
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    request_id = models.UUIDField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    subject_id = models.UUIDField(null=True)
    sealed = models.BinaryField(null=True)
    once_key = models.CharField(max_length=64, null=True, db_collation="C")  # noqa: DJ001 (unique)
    once_hash = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(verb=""), name="act_has_a_verb"),
            models.CheckConstraint(
                condition=Q(sealed__isnull=True) | Q(subject_id__isnull=False),
                name="act_seals_only_for_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(once_key__isnull=True, once_hash__isnull=True)
                | Q(once_key__isnull=False, once_hash__isnull=False),
                name="act_once_key_has_its_hash",
            ),
            models.UniqueConstraint(fields=["actor_id", "once_key"], name="act_is_done_once"),
        ]
        indexes = [
            # The acts page of a society, newest first.
            models.Index(fields=["society_code", "-id"], name="act_of_society"),
            # "What I handled" on the desk.
            models.Index(fields=["actor_id", "-id"], name="act_of_actor"),
            # The history under one object's page.
            models.Index(fields=["object_type", "object_id", "-id"], name="act_about_object"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.verb}"
