"""Gear and vehicles of its own that a team takes along."""

from __future__ import annotations

from collections.abc import Mapping

from honghui.kernel.actors import Actor
from honghui.rescue.actions.gear import issue_gear
from honghui.rescue.actions.tasks import note_vehicle
from honghui.rescue.models import Mission


def take_along(
    by: Actor, mission: Mission, gear: Mapping[str, int], vehicles: Mapping[str, int]
) -> None:
    """`gear`: how many of a kind; `vehicles`: likewise, the first that are fit."""
    for one in mission.team.gear.filter(kind__in=gear):
        issue_gear(by=by, gear=one, quantity=gear[one.kind], mission=mission)
    for kind, count in vehicles.items():
        for each in mission.team.vehicles.filter(kind=kind, is_fit=True).order_by("name")[:count]:
            note_vehicle(by=by, mission=mission, kind=kind, vehicle=each)
