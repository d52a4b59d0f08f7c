"""The rows of one mission by their ids; one of another mission is not found."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from honghui.registry.access import not_found
from honghui.rescue.models import (
    GearIssue,
    Hours,
    Injury,
    Mission,
    MissionVehicle,
    Photo,
    Responder,
    Task,
    Telling,
)

Row = TypeVar("Row", bound=Model)


def telling(mission: Mission, row_id: UUID) -> Telling:
    return _one(Telling.objects.filter(mission=mission), row_id)


def task(mission: Mission, row_id: UUID) -> Task:
    return _one(Task.objects.filter(mission=mission), row_id)


def vehicle(mission: Mission, row_id: UUID) -> MissionVehicle:
    return _one(MissionVehicle.objects.filter(mission=mission), row_id)


def issue(mission: Mission, row_id: UUID) -> GearIssue:
    return _one(GearIssue.objects.filter(mission=mission), row_id)


def photo(mission: Mission, row_id: UUID) -> Photo:
    return _one(Photo.objects.filter(mission=mission), row_id)


def hours(mission: Mission, row_id: UUID) -> Hours:
    rows = Hours.objects.filter(responder__mission=mission).select_related("responder")
    return _one(rows, row_id)


def responder(mission: Mission, row_id: UUID) -> Responder:
    return _one(Responder.objects.filter(mission=mission), row_id)


def injury(mission: Mission, row_id: UUID) -> Injury:
    rows = Injury.objects.filter(responder__mission=mission).select_related("responder")
    return _one(rows, row_id)


def _one(rows: QuerySet[Row], row_id: UUID) -> Row:
    found = rows.filter(pk=row_id).first()
    if found is None:
        raise not_found()
    return found
