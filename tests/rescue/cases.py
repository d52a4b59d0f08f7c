"""Two rescues as their sources tell them, as rows: Wenling 2020 (issue 370), Henan 2021. Nothing
stands here that the source does not say: what it leaves open is left out."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from honghui.callouts.models import CallOut, Invitation
from honghui.callouts.tokens import kept, new_token
from honghui.kernel.clock import CHINA
from honghui.kernel.ids import new_id
from honghui.registry.models import Person, Society
from honghui.rescue.models import (
    Batch,
    Claim,
    Incident,
    LogLine,
    Mission,
    MissionVehicle,
    Responder,
    Task,
    Team,
    TeamKind,
    Telling,
)

_numbers = count(1)
SOURCE = "第 370 期"


def at(text: str) -> datetime:
    """ "2020-06-13 16:40", in China."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


def incident(society: str, title: str, known: str, **more: Any) -> Incident:
    facts: dict[str, Any] = {
        "number": f"R-{next(_numbers):04d}",
        "society": Society.objects.get(pk=society),
        "cause": "other",
        "title": title,
        "place_code": society,
        "known_at": at(known),
        "opened_at": at(known),
        **more,
    }
    return Incident.objects.create(**facts)


def team(society: str, code: str, name: str, name_en: str) -> Team:
    kind, _made = TeamKind.objects.get_or_create(
        code="search", defaults={"name": "搜救", "name_en": "search", "source": SOURCE}
    )
    found = Team.objects.filter(code=code).first()
    return found or Team.objects.create(
        code=code, society_id=society, kind=kind, name=name, name_en=name_en
    )


def mission(of: Incident, who: Team, **more: Any) -> Mission:
    facts = {"state": "called", "requester": "own", "opened_at": of.known_at, **more}
    return Mission.objects.create(incident=of, team=who, **facts)


def tell(of: Mission, kind: str, when: str, qualifier: str = "exact", **more: Any) -> Telling:
    moment = at(when)
    return Telling.objects.create(
        mission=of, kind=kind, at=moment, at_qualifier=qualifier,
        **{"told_at": moment, "source": SOURCE, **more},
    )  # fmt: skip


def batch(of: Mission, number: int, told_as: str = "", people: int | None = None) -> Batch:
    return Batch.objects.create(mission=of, number=number, told_as=told_as, people=people)


def vehicles(of: Mission, **kinds: int) -> None:
    for kind, number in kinds.items():
        MissionVehicle.objects.create(
            mission=of, kind=kind, count=number, noted_at=of.incident.known_at
        )


def task(of: Mission, kind: str, given: str, qualifier: str = "exact") -> Task:
    return Task.objects.create(
        mission=of, kind=kind, title=kind, given_at=at(given), given_qualifier=qualifier
    )


def claim(of: Incident, measure: str, value: int, unit: str, told_as: str, **more: Any) -> Claim:
    return Claim.objects.create(
        incident=of, measure=measure, value=value, unit=unit, told_as=told_as, source=SOURCE, **more
    )


def responder(of: Mission, state: str = "coming", **times: Any) -> Responder:
    number = next(_numbers)
    person = Person.objects.create(
        name=f"样例队员{number}", name_key=f"yangli{number}", resident_id_tail="", phone_tail="",
        registered_at=of.opened_at,
    )  # fmt: skip
    return Responder.objects.create(
        mission=of, person=person, state=state, **{"joined_at": of.opened_at, **times}
    )


def called(of: Mission, asked: int, answered: int = 0) -> CallOut:
    """A call-out of this team, with so many who have not answered, and so many who come."""
    call_out = CallOut.objects.create(
        society=of.team.society, about=of.incident_id, kind="call_out",
        title="样例征询", place="样例地点", wanted=asked, first=asked, channels=["sms"],
        state="open", drafted_at=of.opened_at, sent_at=of.opened_at,
    )  # fmt: skip
    for number in range(asked + answered):
        name = f"样例被征询人{next(_numbers)}"
        person = Person.objects.create(
            name=name, name_key=name, resident_id_tail="", phone_tail="", registered_at=of.opened_at
        )
        Invitation.objects.create(
            call_out=call_out, person=person, group=of.team_id, group_name=of.team.name,
            rank=number + 1, state="asked" if number < asked else "declined",
            asked_at=of.opened_at, answered_at=of.opened_at if number >= asked else None,
            **kept(new_token(), person.pk),
        )  # fmt: skip
    Mission.objects.filter(pk=of.pk).update(call_out_id=call_out.pk)
    return call_out


def line(of: Incident, text: str, when: str, qualifier: str = "exact") -> LogLine:
    moment = at(when)
    return LogLine.objects.create(
        id=new_id(), incident=of, at=moment, at_qualifier=qualifier, kind="note", text=text,
        noted_at=moment,
    )  # fmt: skip


def wenling() -> Incident:
    """C1: 92, 50 and 35 people; four arrivals, two orders to withdraw, Wenling's is not told."""
    of = incident(
        "330000", "G15沈海高速温岭大溪段槽罐车爆炸", "2020-06-13 16:40",
        title_en="Tanker explosion on the G15 motorway at Daxi, Wenling", place_code="331081",
        happened_at=at("2020-06-13 16:40"), happened_qualifier="about", cause="explosion",
    )  # fmt: skip
    leopard = mission(of, team("331081", "wenling-rescue", "温岭市红十字应急救援队",
                               "Wenling Red Cross rescue team"), people=92)  # fmt: skip
    for number, when in ((1, "2020-06-13 17:00"), (2, "2020-06-13 18:00")):
        tell(leopard, "arrived", when, batch=batch(leopard, number, "第二批"))
    vehicles(leopard, equipment=1, truck=2)
    task(leopard, "search", "2020-06-13 17:00")
    eagle = mission(of, team("330324", "yongjia-haiying", "永嘉县红十字海鹰救援队",
                             "Yongjia Sea Eagle rescue team"), people=50)  # fmt: skip
    tell(eagle, "arrived", "2020-06-13 21:00", "about")
    tell(eagle, "ordered_back", "2020-06-14 05:00", "about", ordered_by="救援指挥部")
    vehicles(eagle, rescue=2, ambulance=1)
    task(eagle, "search", "2020-06-13 21:00", "about")
    yongkang = mission(of, team("330784", "yongkang-rescue", "永康市红十字救援队",
                                "Yongkang Red Cross rescue team"), people=35)  # fmt: skip
    tell(yongkang, "arrived", "2020-06-13 23:00", "about")
    tell(yongkang, "ordered_back", "2020-06-14 06:00", "about", ordered_by="救援指挥部")
    task(yongkang, "escort", "2020-06-13 23:00", "about")
    task(yongkang, "traffic", "2020-06-13 23:00", "about")
    claim(of, "people", 177, "person", "共出动队员177名")
    claim(of, "vehicle.rescue", 5, "vehicle", "5辆专业救援车")
    claim(of, "vehicle.ambulance", 1, "vehicle", "1辆救护车")
    claim(of, "gear", 0, "item", "生命探测仪", qualifier="over")
    line(of, "爆炸，周边民房、厂房倒塌", "2020-06-13 16:40", "about")
    return of


def henan() -> Incident:
    """C2: 25 people of Shaoxing; the hour of their return is not told, and neither is how many
    vehicles they had."""
    of = incident(
        "330600", "河南暴雨救援", "2021-07-23 17:00", title_en="Henan floods", place_code="410000",
        cause="flood",
    )  # fmt: skip
    shaoxing = mission(of, team("330600", "shaoxing-rescue", "绍兴市红十字救援队",
                                "Shaoxing Red Cross rescue team"), people=25)  # fmt: skip
    tell(shaoxing, "departed", "2021-07-23 17:00")
    tell(shaoxing, "arrived", "2021-07-24 09:00", "about")
    tell(shaoxing, "back", "2021-07-28 00:00", "over", told_at=at("2021-07-28 20:00"))
    claim(of, "people", 25, "person", "25名队员")
    claim(of, "travel.hours", 16, "hour", "路上16小时", qualifier="about")
    claim(of, "duration.days", 6, "day", "近6天5夜", qualifier="under")
    claim(of, "duration.nights", 5, "night", "近6天5夜", qualifier="under")
    return of
