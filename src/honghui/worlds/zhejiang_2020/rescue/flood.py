"""A flood in the plum rain, going on as this world stands still: a sample from beginning to end.

Zhuji's river rises on the evening of 23 June. One team is there, one is on its way, one stands by
without turning out, one is home again, and a sister's team has been asked and has not answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.clock import CHINA
from honghui.registry.models import Society
from honghui.rescue.actions.asking import ask_team
from honghui.rescue.actions.hours import confirm_hours
from honghui.rescue.actions.incidents import open_incident, set_level
from honghui.rescue.actions.log import note_line
from honghui.rescue.actions.needs import change_need, tell_need
from honghui.rescue.actions.positions import share_position
from honghui.rescue.actions.returning import close_mission
from honghui.rescue.actions.rosters import open_stand_by, take_turn
from honghui.rescue.actions.situation import report_situation
from honghui.rescue.actions.tasks import Result, finish_task, give_task
from honghui.rescue.models import Incident, Mission, Need, Skill, Task, Team
from honghui.rescue.rules.situation import Figure
from honghui.rescue.words.places import Place
from honghui.worlds.zhejiang_2020.calling import Call, call_and_answer, hand_over
from honghui.worlds.zhejiang_2020.cast import actor_named
from honghui.worlds.zhejiang_2020.registry import SAMPLE
from honghui.worlds.zhejiang_2020.rescue import alerts
from honghui.worlds.zhejiang_2020.rescue.kit import take_along
from honghui.worlds.zhejiang_2020.rescue.teams import (
    COMFORT,
    MEDICAL,
    RELIEF,
    SHAOXING,
    WATER,
    members_of,
    team_named,
)
from honghui.worlds.zhejiang_2020.rescue.turnout import told, turn_out

COMMAND_POST = "诸暨样例防汛指挥部"
COMMAND_POST_EN = "Sample Flood Command Post of Zhuji"
PLACE = Place("330681", "浦阳江沿岸低洼村（示例）", "Low villages on the Puyang River (sample)",
              29_690_000, 120_235_000)  # fmt: skip
WATER_COMING, RELIEF_COMING = 8, 5


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 6, day, hour, minute, tzinfo=CHINA)


WATER_CALL = Call(
    _at(23, 18, 35), "officer", "诸暨市浦阳江大桥北堍（示例）",
    "North end of the Puyang River bridge, Zhuji (sample)", "water_rescue", asked=10,
)  # fmt: skip
RELIEF_CALL = Call(
    _at(24, 8, 10), "officer", "越城区备灾仓库（示例）", "The relief store in Yuecheng (sample)",
    "relief", asked=7, goes_on=True,
    coming=("一个小时到", "去 60", "Y 70", "可以，75分钟", "去，90分钟到"),
    others=("人不够再叫我", "看孩子退不退烧，晚点给准信"),
)  # fmt: skip
# As of when, its source, what it counts, and its text in both languages. Snapshots, never added.
FIRST_SITUATION = (
    _at(23, 20, 50),
    (Figure("affected", 300, "person", "over"), Figure("moved", 46, "person"),
     Figure("moved", 15, "household"), Figure("missing", None, "person"),
     Figure("teams_out", 2, "team"), Figure("people_out", 30, "person", "about")),
    "三个低洼村进水，正在转移群众（示例）。",
    "Three low villages are flooded, people are being moved (sample).",
)  # fmt: skip
SECOND_SITUATION = (
    _at(24, 6, 45),
    (Figure("affected", 420, "person", "about"), Figure("moved", 128, "person"),
     Figure("moved", 41, "household"), Figure("missing", 0, "person"),
     Figure("treated", 18, "person_time"), Figure("houses_damaged", 12, "room"),
     Figure("teams_out", 3, "team"), Figure("people_out", 50, "person", "about"),
     Figure("boats_out", 5, "boat")),
    "夜间转移结束，水位仍高；安置点缺家庭箱和棉被（示例）。",
    "The night's moving is over, the water still high; the shelter lacks family kits and quilts"
    " (sample).",
)  # fmt: skip


def open_it() -> Incident:
    by = actor_named("officer")
    with clock.at(_at(23, 18, 20)):
        incident = open_incident(
            by=by, society=Society.objects.get(pk=SHAOXING), cause="flood", place=PLACE,
            title="诸暨市梅雨洪涝（示例）", title_en="Plum-rain flooding in Zhuji (sample)",
            happened_at=_at(23, 18, 0), happened_qualifier="about", requester="command_post",
            requester_name=COMMAND_POST, requester_name_en=COMMAND_POST_EN,
            wanted="请派冲锋舟和水上救生队员", wanted_en="Boats and water rescuers, please",
            source=SAMPLE,
        )  # fmt: skip
    with clock.at(_at(23, 18, 30)):
        set_level(by=by, incident=incident, level=4, reason="浦阳江超警戒水位（示例）。")
    return incident


def first_night(incident: Incident) -> None:
    """To 03:00 on 24 June."""
    by, leader = actor_named("officer"), actor_named("officer2")
    water = team_named(WATER)
    call_and_answer(incident, WATER_CALL, [(water, WATER_COMING)])
    alerts.publish(incident)
    mission = Mission.objects.select_related("team__society").get(incident=incident, team=water)
    with clock.at(_at(23, 19, 0)):
        take_along(by, mission, {"life_jacket": 12, "throw_bag": 4, "radio": 4},
                   {"rescue": 1, "boat": 2})  # fmt: skip
    told(by, mission, "departed", _at(23, 19, 5), WATER_COMING)
    with clock.at(_at(23, 20, 0)):
        _stand_by(by)
    told(by, mission, "arrived", _at(23, 20, 10), WATER_COMING)
    with clock.at(_at(23, 20, 15)):
        task = _task(by, mission, "evacuation", "转移三个村低洼处群众（示例）",
                     "Move people from low ground in three villages (sample)")  # fmt: skip
    with clock.at(_at(23, 21, 0)):
        _report(by, incident, FIRST_SITUATION)
        tell_need(by=by, incident=incident, what="家庭箱", what_en="Family kits", value=200,
                  qualifier="about", unit="box")  # fmt: skip
        tell_need(by=by, incident=incident, what="棉被", what_en="Quilts", value=150, unit="bed")
        tell_need(by=by, incident=incident, what="", skill=Skill.objects.get(pk="psychologist"),
                  value=3, unit="person")  # fmt: skip
    _comfort(by, leader, incident)
    with clock.at(_at(24, 3, 0)):
        finish_task(by=by, task=task, result="三个村群众转移到安置点（示例）",
                    result_en="The people of three villages are at the shelter (sample)",
                    results=[Result("moved", 128), Result("moved", 41, "household")])  # fmt: skip


def next_morning(incident: Incident) -> None:
    """To 08:50, ten minutes before this world stands still."""
    by, leader = actor_named("officer"), actor_named("officer2")
    water = Mission.objects.select_related("team__society").get(incident=incident, team__code=WATER)
    with clock.at(_at(24, 6, 30)):
        set_level(by=by, incident=incident, level=3, reason="上游水库泄洪，转移范围扩大（示例）。")
    with clock.at(_at(24, 7, 0)):
        _report(by, incident, SECOND_SITUATION)
        change_need(by=by, need=Need.objects.get(incident=incident, what="家庭箱"), met=60)
        _task(by, water, "search", "驾舟巡查，劝返涉水人员（示例）",
              "Patrol by boat, turn back those who wade (sample)")  # fmt: skip
    call_and_answer(incident, RELIEF_CALL, [(team_named(RELIEF), RELIEF_COMING)])
    _relief(by, leader, Mission.objects.select_related("team__society").get(
        incident=incident, team__code=RELIEF))  # fmt: skip
    with clock.at(_at(24, 8, 42)):
        sister = Team.objects.get(code="yongkang-rescue")
        ask_team(by=by, incident=incident, team=sister, wanted_people=10, source=SAMPLE)
    alerts.draft_update(incident.alerts.get(state="published"))
    with clock.at(_at(24, 8, 50)):
        note_line(
            by=by, incident=incident, text="指挥部通报：10时前后还有一轮强降雨（示例）。",
            text_en="The command post says: heavy rain again about ten (sample).",
        )  # fmt: skip


def _relief(by: Actor, leader: Actor, mission: Mission) -> None:
    with clock.at(_at(24, 8, 20)):
        take_along(by, mission, {"tent": 12, "light": 2}, {"truck": 1})
        _task(by, mission, "supply", "运送家庭箱140只、棉被150床到安置点（示例）",
              "Bring 140 family kits and 150 quilts to the shelter (sample)")  # fmt: skip
    told(leader, mission, "departed", _at(24, 8, 35), RELIEF_COMING)
    with clock.at(_at(24, 8, 40)):
        share_position(by=leader, mission=mission, at=_at(24, 8, 40), accuracy_metres=30,
                       latitude_microdegrees=29_962_000,
                       longitude_microdegrees=120_538_000)  # fmt: skip
        hand_over()


def _comfort(by: Actor, leader: Actor, incident: Incident) -> None:
    """The psychologists: there for two hours, home again, their hours confirmed by a colleague."""
    team = team_named(COMFORT)
    with clock.at(_at(23, 22, 0)):
        mission = turn_out(by, incident, team, members_of(team)[:3])
    told(by, mission, "departed", _at(23, 22, 10), 3)
    told(by, mission, "arrived", _at(23, 23, 5), 3)
    with clock.at(_at(23, 23, 10)):
        task = _task(by, mission, "psychological", "安置点陪伴老人和孩子（示例）",
                     "Be with the old and the children at the shelter (sample)")  # fmt: skip
    with clock.at(_at(24, 1, 20)):
        finish_task(by=by, task=task, result="陪伴31人次（示例）", result_en="31 talks (sample)",
                    results=[Result("served", 31, "person_time")])  # fmt: skip
    told(by, mission, "left", _at(24, 1, 30))
    told(by, mission, "back", _at(24, 2, 25))
    with clock.at(_at(24, 2, 40)):
        close_mission(by=by, mission=mission)
        confirm_hours(by=leader, mission=mission)


def _stand_by(by: Actor) -> None:
    """The medical team: ready for two days, without turning out."""
    team = team_named(MEDICAL)
    stand_by = open_stand_by(
        by=by, team=team, reason="warning", from_at=clock.now(), minimum_people=3,
        until_at=clock.now() + timedelta(days=2), title="暴雨预警备勤（示例）",
        title_en="Ready for the rain storm (sample)",
    )  # fmt: skip
    for member in members_of(team)[:3]:
        take_turn(by=by, stand_by=stand_by, member=member)


def _task(by: Actor, mission: Mission, kind: str, title: str, title_en: str) -> Task:
    return give_task(
        by=by, mission=mission, kind=kind, title=title, title_en=title_en,
        place_text="诸暨市，浦阳江沿岸", place_text_en="Along the Puyang River, Zhuji",
        ordered_by=COMMAND_POST,
    )  # fmt: skip


def _report(
    by: Actor, incident: Incident, what: tuple[datetime, tuple[Figure, ...], str, str]
) -> None:
    as_of, figures, text, text_en = what
    report_situation(
        by=by, incident=incident, as_of=as_of, source=f"{COMMAND_POST}（示例）", figures=figures,
        text=text, text_en=text_en,
    )  # fmt: skip
