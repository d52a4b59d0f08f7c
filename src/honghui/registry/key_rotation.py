"""After a new sealing secret: every key wrapped under it, every look-up hash made with it.

Row by row, a transaction a batch, so that the site goes on working and a killed run loses one
batch. What is current already is passed over: run it again and it goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from honghui.journal.acting import record
from honghui.kernel import subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.models import SubjectKey
from honghui.registry import identities
from honghui.registry.models import Person

BATCH = 500

Row = TypeVar("Row", bound=Model)


def rewrap_all(by: Actor) -> tuple[int, int]:
    """How many keys and how many people's hashes had to be made anew. One act if any."""
    keys = _in_batches(SubjectKey.objects.filter(wrapped__isnull=False), subject_keys.rewrap)
    people = _in_batches(Person.objects.filter(erased_at=None), identities.rehash)
    if keys or people:
        record(by=by, verb="registry.keys.rewrapped", after={"keys": keys, "people": people})
    return keys, people


def _in_batches(rows: QuerySet[Row], change: Callable[[Row], bool]) -> int:
    last, changed = UUID(int=0), 0
    while True:
        with transaction.atomic():
            batch = list(rows.filter(pk__gt=last).order_by("pk").select_for_update()[:BATCH])
            changed += sum(change(row) for row in batch)
        if len(batch) < BATCH:
            return changed
        last = batch[-1].pk
