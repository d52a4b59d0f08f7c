"""Four teams of Shaoxing, samples all of them: people and papers, vehicles and gear.

Their papers are what a keeper of papers meets: one that runs out soon, one that ran out and takes
its holder off duty, somebody without insurance, somebody away, somebody who comes only if short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from honghui.kernel import clock
from honghui.kernel.clock import CHINA
from honghui.registry.models import Society
from honghui.rescue.actions.availability import tell_availability
from honghui.rescue.actions.gear import inspect_gear, inspect_vehicle, list_gear, list_vehicle
from honghui.rescue.actions.members import import_roster
from honghui.rescue.actions.teams import open_team
from honghui.rescue.models import Member, Team
from honghui.rescue.rules.roll import RollLine
from honghui.worlds.rolls import roll
from honghui.worlds.zhejiang_2020.cast import actor_named
from honghui.worlds.zhejiang_2020.registry import SAMPLE

SHAOXING = "330600"
INSURED_UNTIL = date(2021, 3, 31)
RELIEF, MEDICAL, COMFORT, WATER = (
    "shaoxing-relief", "shaoxing-medical", "shaoxing-psychological", "shaoxing-water",
)  # fmt: skip


@dataclass(frozen=True)
class SampleTeam:
    """`cover`: how many stay at home. `first`: the number of its first sample person; `skills` are
    dealt out to `people` of them in turn."""

    code: str
    kind: str
    name: str
    name_en: str
    base: str
    point: tuple[int, int]
    cover: int
    first: int
    people: int
    skills: tuple[tuple[str, ...], ...]


# fmt: off
TEAMS = (
    SampleTeam(RELIEF, "relief", "绍兴赈济救援队（示例）", "Shaoxing Relief Team (sample)",
               "越城区备灾仓库（示例）", (29_996_000, 120_582_000), 3, 201, 22,
               (("logistics", "first_aid"), ("logistics",), ("driver_b", "logistics"),
                ("assessment",))),
    SampleTeam(MEDICAL, "medical", "绍兴医疗救援队（示例）", "Shaoxing Medical Team (sample)",
               "越城区样例医院", (30_005_000, 120_590_000), 2, 231, 10,
               (("medic",), ("nurse",), ("nurse",), ("first_aid", "logistics"))),
    SampleTeam(COMFORT, "psychological", "绍兴心理救援队（示例）",
               "Shaoxing Psychological Support Team (sample)",
               "柯桥区样例社区", (30_082_000, 120_493_000), 2, 251, 8,
               (("psychologist",), ("psychologist", "sign_language"), ("logistics",))),
    SampleTeam(WATER, "water_rescue", "诸暨水上救生队（示例）", "Zhuji Water Rescue Team (sample)",
               "浦阳江畔救生站（示例）", (29_716_000, 120_242_000), 3, 271, 15,
               (("swift_water",), ("swift_water", "logistics"), ("first_aid",), ("swift_water",))),
)
# Team, kind, name, plate, seats, insured until, inspection due; and whether the last look found it
# fit: None where nobody looked since.
VEHICLES = (
    (RELIEF, "truck", "物资运输车1（示例）", 3, date(2020, 11, 30), date(2020, 9, 30), True),
    (RELIEF, "truck", "物资运输车2（示例）", 3, date(2020, 11, 30), date(2020, 6, 15), None),
    (MEDICAL, "ambulance", "救护车1（示例）", 5, date(2021, 1, 31), date(2020, 8, 31), True),
    (WATER, "rescue", "救援车1（示例）", 7, date(2020, 12, 31), date(2020, 10, 31), True),
    (WATER, "boat", "冲锋舟1（示例）", 8, date(2020, 12, 31), date(2020, 10, 31), True),
    (WATER, "boat", "冲锋舟2（示例）", 8, date(2020, 12, 31), date(2020, 10, 31), True),
    (WATER, "raft", "橡皮艇1（示例）", 6, date(2020, 12, 31), date(2020, 7, 31), False),
)
# Team, kind, name, name in English, how many, unit, inspection due.
GEAR = (
    (RELIEF, "tent", "班用帐篷", "Tents for twelve", 20, "item", None),
    (RELIEF, "light", "移动照明灯", "Mobile lights", 6, "item", date(2020, 9, 30)),
    (RELIEF, "generator", "5千瓦发电机", "Generators, 5 kW", 3, "item", date(2020, 6, 10)),
    (RELIEF, "pump", "抽水泵", "Pumps", 4, "item", date(2020, 7, 5)),
    (MEDICAL, "first_aid_kit", "急救包", "First-aid kits", 30, "set", date(2020, 12, 31)),
    (MEDICAL, "aed", "自动体外除颤器", "Defibrillators", 2, "item", date(2020, 6, 15)),
    (WATER, "life_jacket", "救生衣", "Life jackets", 40, "piece", date(2020, 10, 31)),
    (WATER, "throw_bag", "抛绳包", "Throw bags", 12, "item", date(2020, 10, 31)),
    (WATER, "radio", "对讲机", "Radios", 10, "item", None),
)
# fmt: on


def found_teams() -> None:
    """On 5 June, by the officer of Shaoxing."""
    by, society = actor_named("officer"), Society.objects.get(pk=SHAOXING)
    for number, each in enumerate(TEAMS):
        with clock.at(_at(5, 10, number)):
            team = open_team(
                by=by, society=society, kind=each.kind, name=each.name, name_en=each.name_en,
                code=each.code, base_name=each.base, latitude_microdegrees=each.point[0],
                longitude_microdegrees=each.point[1], minimum_cover=each.cover, source=SAMPLE,
                place_code="330681" if each.code == WATER else "",
            )  # fmt: skip
            import_roster(by=by, team=team, lines=_lines(each))
    with clock.at(_at(5, 14)):
        _list_all()
    with clock.at(_at(5, 15)):
        tell_absences()


def team_named(code: str) -> Team:
    return Team.objects.select_related("society").get(code=code)


def members_of(team: Team) -> list[Member]:
    """In the order of their roll, so that everybody is somebody's same sample."""
    found = Member.objects.filter(team=team).select_related("person", "team__society")
    return sorted(found, key=lambda one: one.person.name[-3:])


def rolled() -> list[RollLine]:
    return [line for each in TEAMS for line in _lines(each)]


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 6, day, hour, minute, tzinfo=CHINA)


def _lines(each: SampleTeam) -> list[RollLine]:
    lines = roll(each.first, each.people, skills=each.skills, insured_until=INSURED_UNTIL)
    if each.code == MEDICAL:
        # A nurse whose licence to practise ran out in May; a physician's runs out in July.
        lines[5] = replace(lines[5], issued_on=date(2018, 5, 20), expires_on=date(2020, 5, 19))
        lines[4] = replace(lines[4], issued_on=date(2018, 7, 9), expires_on=date(2020, 7, 8))
    if each.code == WATER:
        lines[9] = replace(lines[9], insured_until=None)
        lines[3] = replace(lines[3], insured_until=date(2020, 7, 1))
    return lines


def _list_all() -> None:
    by, teams = actor_named("officer"), {each.code: team_named(each.code) for each in TEAMS}
    for number, (code, kind, name, seats, insured, due, fit) in enumerate(VEHICLES, 1):
        vehicle = list_vehicle(
            by=by, team=teams[code], kind=kind, name=name, plate=f"样例{number:04}", seats=seats,
            insured_until=insured, inspection_due_on=due,
        )  # fmt: skip
        if fit is not None:
            inspect_vehicle(
                by=by, vehicle=vehicle, inspected_on=date(2020, 5, 28), is_fit=fit,
                next_due_on=due, note="" if fit else "右舷漏气，待补（示例）",
            )  # fmt: skip
    for code, kind, name, name_en, quantity, unit, gear_due in GEAR:
        gear = list_gear(
            by=by, team=teams[code], kind=kind, name=name, name_en=name_en, quantity=quantity,
            unit=unit, inspection_due_on=gear_due, source=SAMPLE,
        )  # fmt: skip
        if kind in ("life_jacket", "first_aid_kit"):
            inspect_gear(by=by, gear=gear, inspected_on=date(2020, 5, 28), is_fit=True,
                         next_due_on=gear_due)  # fmt: skip


def tell_absences() -> None:
    by = actor_named("officer")
    comfort, medical = (members_of(team_named(code)) for code in (COMFORT, MEDICAL))
    tell_availability(by=by, member=comfort[3], state="away", until_at=_at(30, 18))
    tell_availability(by=by, member=medical[7], state="if_short")
