"""Wenling, 13 June 2020: a tanker lorry exploded on the G15, and three teams came.

Facts of issue 370: when it happened (about 16:40), which teams with how many people (92, 50, 35)
and which vehicles, when each arrived, what it did, when two of them were ordered back, and what the
newspaper gave as totals. When Wenling's team withdrew is not told, so it is not told here. Samples,
marked as such: who is in the teams, the call-out with its answers, the points on the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from honghui.kernel import clock
from honghui.kernel.clock import CHINA
from honghui.registry.models import Society
from honghui.rescue.actions.claims import note_claim
from honghui.rescue.actions.incidents import close_incident, open_incident
from honghui.rescue.actions.members import import_roster
from honghui.rescue.actions.reports import draft_report, release_report
from honghui.rescue.actions.returning import close_mission, order_back
from honghui.rescue.actions.tasks import give_task, note_vehicle
from honghui.rescue.actions.teams import open_team
from honghui.rescue.actions.tellings import tell
from honghui.rescue.models import Incident, Mission, Team
from honghui.rescue.rules.roll import RollLine
from honghui.rescue.words.places import Place
from honghui.worlds.loader import Report
from honghui.worlds.rolls import roll
from honghui.worlds.zhejiang_2020.calling import Call, call_and_answer, hand_over
from honghui.worlds.zhejiang_2020.cast import actor_named, leader_of
from honghui.worlds.zhejiang_2020.registry import ISSUE

PROVINCE, WENLING, YONGJIA, YONGKANG = "330000", "331081", "330324", "330784"
COMMAND_POST = "救援指挥部"
INSURED_UNTIL = date(2020, 12, 31)
SKILLS = (("search", "first_aid"), ("search",), ("first_aid",), ("search", "logistics"), ())


@dataclass(frozen=True)
class SampleTeam:
    """`people`: how many came (a fact). `others`: members who did not (samples)."""

    society: str
    code: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    point: tuple[int, int]
    first: int
    people: int
    others: int


# fmt: off
TEAMS = (
    SampleTeam(WENLING, "wenling-rescue", "温岭市红十字应急救援队",
               "Wenling Red Cross Emergency Rescue Team", ("台州市红豹救援队",),
               (28_371_000, 121_375_000), 1, 92, 4),
    SampleTeam(YONGJIA, "yongjia-sea-eagle", "永嘉县红十字海鹰救援队",
               "Yongjia Red Cross Sea Eagle Rescue Team", ("永嘉红十字海鹰救援队",),
               (28_153_000, 120_692_000), 101, 50, 3),
    SampleTeam(YONGKANG, "yongkang-rescue", "永康市红十字救援队",
               "Yongkang Red Cross Rescue Team", ("永康红十字救援队",),
               (28_888_000, 120_047_000), 161, 35, 2),
)
# Team, kind, how many, the newspaper's word. Yongkang's are not told.
VEHICLES = (
    (WENLING, "equipment", 1, "装备车"), (WENLING, "truck", 2, "货车"),
    (YONGJIA, "rescue", 2, "救援车"), (YONGJIA, "ambulance", 1, "救护车"),
)
TASKS = (
    (WENLING, "search", (13, 17, 0), "现场地毯式搜救", "Searched the site foot by foot", "", ""),
    (YONGJIA, "search", (13, 21, 0), "现场搜救", "Searched the site", "", ""),
    (YONGKANG, "escort", (13, 23, 0), "前往医院协助救助伤病人员，为受伤人员开辟生命通道",
     "Helped the injured at hospital and kept the way clear for them", "医院", "hospital"),
    (YONGKANG, "traffic", (13, 23, 0), "维持秩序，疏导交通", "Kept order and guided traffic",
     "国道和主要干道", "the national road and main roads"),
)
CALL = Call(
    datetime(2020, 6, 13, 16, 52, tzinfo=CHINA), "province", "温岭市大溪镇，G15高速旁",
    "Daxi, Wenling, beside the G15", "search",
)
CLAIMS = (
    ("people", 177, "共出动队员177名", "person"),
    ("vehicle.rescue", 5, "5辆专业救援车", "vehicle"),
    ("vehicle.ambulance", 1, "1辆救护车", "vehicle"),
)
# fmt: on


def found_teams() -> None:
    for number, each in enumerate(TEAMS):
        with clock.at(_at(4, 14, number)):
            _found(each)


def load(report: Report) -> None:
    teams = {each.society_id: each for each in Team.objects.select_related("society")}
    incident = _open()
    answers = call_and_answer(
        incident, CALL, [(teams[each.society], each.people) for each in TEAMS]
    )
    missions = {each.team.society_id: each for each in _missions(incident)}
    _go_and_come_back(missions)
    for measure, value, told_as, unit in CLAIMS:
        with clock.at(_at(15)):
            note_claim(
                by=actor_named("province"), incident=incident, measure=measure, value=value,
                told_as=told_as, source=ISSUE, unit=unit,
            )  # fmt: skip
    _close(incident)
    _report(incident)
    people = sum(each.people for each in TEAMS)
    report(f"{answers} answers by text message, {people} people came to Wenling")


def _at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2020, 6, day, hour, minute, tzinfo=CHINA)


def _found(each: SampleTeam) -> None:
    leader = leader_of(each.society)
    team = open_team(
        by=leader, society=Society.objects.get(pk=each.society), kind="search",
        name=each.name, name_en=each.name_en, aliases=each.aliases, code=each.code,
        latitude_microdegrees=each.point[0], longitude_microdegrees=each.point[1],
        source=ISSUE,
    )  # fmt: skip
    import_roster(by=leader, team=team, lines=_lines(each))


def rolled() -> list[RollLine]:
    return [line for each in TEAMS for line in _lines(each)]


def _lines(each: SampleTeam) -> list[RollLine]:
    return roll(each.first, each.people + each.others, skills=SKILLS, insured_until=INSURED_UNTIL)


def _open() -> Incident:
    place = Place(
        code=WENLING, words="G15沈海高速温岭大溪段",
        words_en="G15 expressway, Daxi section, Wenling",
        latitude_microdegrees=28_470_000, longitude_microdegrees=121_265_000,
    )  # fmt: skip
    with clock.at(_at(13, 16, 50)):
        return open_incident(
            by=actor_named("province"), society=Society.objects.get(pk=PROVINCE),
            cause="explosion", place=place,
            title="G15沈海高速温岭大溪段槽罐车爆炸",
            title_en="Tanker explosion on the G15 at Daxi, Wenling",
            happened_at=_at(13, 16, 40), happened_qualifier="about", source=ISSUE,
        )  # fmt: skip


def _missions(incident: Incident) -> list[Mission]:
    return list(Mission.objects.filter(incident=incident).select_related("team"))


def _go_and_come_back(missions: dict[str, Mission]) -> None:
    wenling, yongjia, yongkang = (missions[code] for code in (WENLING, YONGJIA, YONGKANG))
    _arrive(wenling, (13, 17, 0), "exact", batch=1, told_as="第二批")
    _arrive(wenling, (13, 18, 0), "exact", batch=2, told_as="第二批")
    # How many came with which batch is not told, only how many they were together.
    _arrive(wenling, (13, 18, 0), "exact", people=92)
    _arrive(yongjia, (13, 21, 0), "about", people=50)
    _arrive(yongkang, (13, 23, 0), "about", people=35)
    _ordered_back(yongjia, (14, 5, 0))
    _ordered_back(yongkang, (14, 6, 0))
    with clock.at(_at(14, 6, 1)):
        hand_over()
    for code, kind, count, told_as in VEHICLES:
        with clock.at(_at(14, 8)):
            note_vehicle(by=leader_of(code), mission=missions[code], kind=kind, count=count,
                         told_as=told_as)  # fmt: skip
    for code, kind, when, title, title_en, place, place_en in TASKS:
        with clock.at(_at(14, 8)):
            give_task(
                by=leader_of(code), mission=missions[code], kind=kind, title=title,
                title_en=title_en, place_text=place, place_text_en=place_en,
                ordered_by=COMMAND_POST, given_at=_at(*when), given_qualifier="about",
            )  # fmt: skip


def _arrive(
    mission: Mission,
    when: tuple[int, int, int],
    qualifier: str,
    *,
    batch: int | None = None,
    told_as: str = "",
    people: int | None = None,
) -> None:
    with clock.at(_at(*when)):
        tell(
            by=leader_of(mission.team.society_id), mission=mission, kind="arrived", at=_at(*when),
            at_qualifier=qualifier, batch=batch, told_as=told_as, people=people, source=ISSUE,
        )  # fmt: skip


def _ordered_back(mission: Mission, when: tuple[int, int, int]) -> None:
    with clock.at(_at(*when)):
        order_back(
            by=leader_of(mission.team.society_id), mission=mission, at=_at(*when),
            at_qualifier="about", ordered_by=COMMAND_POST, source=ISSUE,
        )  # fmt: skip


def _close(incident: Incident) -> None:
    """A sample: when each was home, and when it was over, the newspaper does not say."""
    for number, mission in enumerate(_missions(incident)):
        with clock.at(_at(15, 10, number)):
            close_mission(
                by=leader_of(mission.team.society_id), mission=mission,
                reason="归建时间原文未载，据报道结束（示例）。",
            )  # fmt: skip
    with clock.at(_at(15, 11)):
        close_incident(
            by=actor_named("province"), incident=incident, reason="现场搜救结束（示例）。"
        )


def _report(incident: Incident) -> None:
    """Written by the province's officer, released by its editor: samples, both days."""
    with clock.at(_at(16, 10)):
        report = draft_report(by=actor_named("province"), incident=incident)
    with clock.at(_at(16, 15)):
        release_report(by=actor_named("editor"), report=report)
