"""A drill on the water, from the alarm to the report: a sample, marked as a drill everywhere."""

from __future__ import annotations

from datetime import datetime

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.clock import CHINA
from honghui.registry.models import Society
from honghui.rescue.actions.gear import issue_gear, return_gear
from honghui.rescue.actions.hours import confirm_hours
from honghui.rescue.actions.incidents import close_incident, open_incident
from honghui.rescue.actions.reports import draft_report, release_report
from honghui.rescue.actions.returning import close_mission
from honghui.rescue.actions.tasks import Result, finish_task, give_task, note_vehicle
from honghui.rescue.models import Gear, GearIssue, Incident, Mission, Task, Vehicle
from honghui.rescue.words.places import Place
from honghui.worlds.zhejiang_2020.cast import actor_named
from honghui.worlds.zhejiang_2020.registry import SAMPLE
from honghui.worlds.zhejiang_2020.rescue.teams import (
    MEDICAL,
    SHAOXING,
    WATER,
    members_of,
    team_named,
)
from honghui.worlds.zhejiang_2020.rescue.turnout import told, turn_out

PLACE = Place("330681", "浦阳江训练水域（示例）", "Training waters on the Puyang River (sample)",
              29_725_000, 120_246_000)  # fmt: skip


TOLD = (
    (WATER, "departed", (14, 10), 4), (MEDICAL, "departed", (14, 18), 2),
    (WATER, "arrived", (14, 35), 4), (MEDICAL, "arrived", (14, 52), 2),
    (WATER, "left", (15, 30), None), (MEDICAL, "left", (15, 35), None),
    (WATER, "back", (15, 50), None), (MEDICAL, "back", (16, 0), None),
)  # fmt: skip
RESCUED_AT = (15, 10)


def load() -> None:
    """An afternoon, 12 June; its report is out the same evening."""
    by = actor_named("officer")
    with clock.at(_at(14)):
        incident = open_incident(
            by=by, society=Society.objects.get(pk=SHAOXING), cause="water", place=PLACE,
            title="水上救生演练（示例）", title_en="Water rescue drill (sample)",
            requester="own", is_drill=True, source=SAMPLE,
        )  # fmt: skip
        teams = {code: team_named(code) for code in (WATER, MEDICAL)}
        missions = {
            code: turn_out(by, incident, teams[code], members_of(teams[code])[:people])
            for code, people in ((WATER, 4), (MEDICAL, 2))
        }
    task, issue = _begin(by, missions[WATER])
    for code, kind, (hour, minute), people in TOLD:
        if kind == "left" and task.done_at is None:
            with clock.at(_at(*RESCUED_AT)):
                task = finish_task(
                    by=by, task=task, result="假人全部救起（示例）",
                    result_en="All dummies were rescued (sample)", results=[Result("found", 3)],
                )  # fmt: skip
        told(by, missions[code], kind, _at(hour, minute), people)
    with clock.at(_at(16, 10)):
        return_gear(by=by, issue=issue, returned=5, damaged=1, note="一件搭扣断裂（示例）")
        for mission in missions.values():
            close_mission(by=by, mission=mission)
            confirm_hours(by=by, mission=mission)
    _report(by, incident)


def _begin(by: Actor, mission: Mission) -> tuple[Task, GearIssue]:
    gear = Gear.objects.get(team=mission.team, kind="life_jacket")
    boat = Vehicle.objects.filter(team=mission.team, kind="boat").order_by("name").first()
    with clock.at(_at(14, 5)):
        note_vehicle(by=by, mission=mission, kind="boat", vehicle=boat)
        task = give_task(
            by=by, mission=mission, kind="rescue", title="救起三名落水者（假人，示例）",
            title_en="Rescue three people from the water (dummies, sample)",
            ordered_by="演练指挥部",
        )  # fmt: skip
        return task, issue_gear(by=by, gear=gear, quantity=6, mission=mission)


def _report(by: Actor, incident: Incident) -> None:
    """Written by one officer, released by the other."""
    with clock.at(_at(16, 20)):
        close_incident(by=by, incident=incident, reason="演练结束（示例）。")
    with clock.at(_at(16, 30)):
        report = draft_report(
            by=by, incident=incident,
            note="第一支队伍25分钟到场，比计划的30分钟早5分钟（示例）。",
            note_en="The first team was there after 25 minutes, 5 before the plan (sample).",
        )  # fmt: skip
    with clock.at(_at(17)):
        release_report(by=actor_named("officer2"), report=report)


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 6, 12, hour, minute, tzinfo=CHINA)
