"""What the command post had a team do, where, and what came of it; vehicles that went along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.kernel.measures import Qualifier
from honghui.rescue import access
from honghui.rescue.lines import add_line
from honghui.rescue.models import Mission, MissionVehicle, Task, TaskResult, Vehicle
from honghui.rescue.words.missions import RESULT_UNITS, RESULTS

RESULTS_MAX = 12
COUNT_MAX = 500
ODOMETER_MAX_KM = 3_000_000


@dataclass(frozen=True)
class Result:
    """A number that came of a task. `measure`, `unit`: codes of words/missions.py."""

    measure: str
    value: int
    unit: str = "person"
    qualifier: str = "exact"


@action("rescue.task.given")
def give_task(
    *,
    by: Actor,
    mission: Mission,
    kind: str,
    title: str,
    title_en: str = "",
    place_text: str = "",
    place_text_en: str = "",
    ordered_by: str = "",
    given_at: datetime | None = None,
    given_qualifier: str = "exact",
    client_id: UUID | None = None,
) -> Task:
    mission = access.mission(by, mission.pk)
    access.require_leading(by, mission)
    if kind not in Task.Kind.values or given_qualifier not in set(Qualifier):
        raise Invalid(
            "rescue.task.kind", _("What kind of task is it?"), _("Choose from the list."),
            field="kind",
        )  # fmt: skip
    task = Task.objects.filter(client_id=client_id).first() if client_id else None
    if task is None:
        task = Task.objects.create(
            client_id=client_id,
            mission=mission,
            kind=kind,
            title=text.name_line(title, limit=120, field="title"),
            title_en=text.clean_line(title_en, limit=160, field="title_en"),
            place_text=text.clean_line(place_text, limit=80, field="place_text"),
            place_text_en=text.clean_line(place_text_en, limit=120, field="place_text_en"),
            ordered_by=text.clean_line(ordered_by, limit=80, field="ordered_by"),
            given_at=given_at or clock.now(),
            given_qualifier=given_qualifier,
        )
        add_line(
            by, mission.incident, "task_given", at=task.given_at, at_qualifier=given_qualifier,
            mission=mission, **_said(mission, task),
        )  # fmt: skip
    _recorded(by, "rescue.task.given", mission, task, {"kind": kind})
    return task


@action("rescue.task.done")
def finish_task(
    *,
    by: Actor,
    task: Task,
    done_at: datetime | None = None,
    result: str = "",
    result_en: str = "",
    results: Sequence[Result] = (),
) -> Task:
    """What came of it, in words and numbers. A task is finished once; a number that was wrong is
    put right by a line of the log."""
    mission = access.mission(by, task.mission_id)
    access.require_leading(by, mission)
    _check_results(results)
    task = Task.objects.select_for_update().get(pk=task.pk)
    if task.done_at is not None:
        raise Conflict(
            "rescue.task.done_already",
            _("This task was finished already."),
            _("Write a line into the log if something has to be put right."),
        )
    task.done_at = done_at or clock.now()
    task.result = text.clean_line(result, limit=200, field="result")
    task.result_en = text.clean_line(result_en, limit=260, field="result_en")
    task.save(update_fields=["done_at", "result", "result_en"])
    TaskResult.objects.bulk_create(
        TaskResult(
            task=task, measure=each.measure, value=each.value, qualifier=each.qualifier,
            unit=each.unit,
        )
        for each in results
    )  # fmt: skip
    add_line(
        by, mission.incident, "task_done", at=task.done_at, mission=mission, result=task.result,
        result_en=task.result_en, **_said(mission, task),
    )  # fmt: skip
    _recorded(by, "rescue.task.done", mission, task, {"results": len(results)})
    return task


@action("rescue.vehicle.taken")
def note_vehicle(
    *,
    by: Actor,
    mission: Mission,
    kind: str,
    count: int = 1,
    told_as: str = "",
    vehicle: Vehicle | None = None,
    odometer_out_km: int | None = None,
) -> MissionVehicle:
    """One of the team's own (`vehicle`), or so many of a kind where nobody says which."""
    mission = access.mission(by, mission.pk)
    access.require_leading(by, mission)
    if vehicle is not None:
        if vehicle.team_id != mission.team_id:
            raise Invalid(
                "rescue.vehicle.of_another_team",
                _("This vehicle is another team’s."),
                _("Choose one of the team that goes, or write its kind."),
                field="vehicle",
            )
        kind, count = vehicle.kind, 1
    if kind not in Vehicle.Kind.values or not 1 <= count <= COUNT_MAX:
        raise Invalid(
            "rescue.vehicle.count",
            _("Which kind of vehicle, and how many?"),
            _("Choose a kind, and a number from 1 to 500."),
            field="count",
        )
    _check_odometer(odometer_out_km, None)
    row = MissionVehicle.objects.create(
        mission=mission,
        vehicle=vehicle,
        kind=kind,
        count=count,
        told_as=text.clean_line(told_as, limit=40, field="told_as"),
        odometer_out_km=odometer_out_km,
        noted_at=clock.now(),
    )
    record(
        by=by,
        verb="rescue.vehicle.taken",
        about=row,
        society_code=mission.team.society_id,
        after={"mission": mission, "kind": kind, "count": count},
    )
    return row


@action("rescue.vehicle.back")
def vehicle_back(*, by: Actor, row: MissionVehicle, odometer_back_km: int) -> MissionVehicle:
    mission = access.mission(by, row.mission_id)
    access.require_leading(by, mission)
    row = MissionVehicle.objects.select_for_update(of=("self",)).get(pk=row.pk)
    _check_odometer(row.odometer_out_km, odometer_back_km)
    row.odometer_back_km = odometer_back_km
    row.save(update_fields=["odometer_back_km"])
    record(
        by=by,
        verb="rescue.vehicle.back",
        about=row,
        society_code=mission.team.society_id,
        after={"mission": mission, "odometer_back_km": odometer_back_km},
    )
    return row


def _check_odometer(out_km: int | None, back_km: int | None) -> None:
    for field, value in (("odometer_out_km", out_km), ("odometer_back_km", back_km)):
        if value is not None and not 0 <= value <= ODOMETER_MAX_KM:
            raise Invalid("rescue.odometer.range", _("Kilometres, as the dial shows."), field=field)
    if out_km is not None and back_km is not None and back_km < out_km:
        raise Invalid(
            "rescue.odometer.backwards",
            _("The vehicle came back with fewer kilometres than it left with."),
            _("Check both numbers on the dial."),
            field="odometer_back_km",
        )


def _check_results(results: Sequence[Result]) -> None:
    for each in results:
        good = (
            each.measure in RESULTS
            and each.unit in RESULT_UNITS
            and each.qualifier in set(Qualifier)
            and each.value >= 0
        )
        if not good:
            raise Invalid(
                "rescue.task.result",
                _("A number needs what it counts, its unit, and how sure it is."),
                _("Choose from the lists; people (人) and visits (人次) are two units."),
                field="value",
            )
    if len(results) > RESULTS_MAX:
        raise Invalid("rescue.task.results", _("A task has at most twelve numbers."))


def _said(mission: Mission, task: Task) -> dict[str, Any]:
    return {
        "team": mission.team.name,
        "team_en": mission.team.name_en,
        "task": task.title,
        "task_en": task.title_en,
        "tail": {"ordered_by": task.ordered_by},
    }


def _recorded(by: Actor, verb: str, mission: Mission, task: Task, after: dict[str, object]) -> None:
    record(
        by=by, verb=verb, about=task, society_code=mission.team.society_id,
        after={"mission": mission, **after},
    )  # fmt: skip
