"""The registry of June 2020: divisions, 102 societies, organisations, units, the cast.

English names of organisations are our translations where they have none of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from honghui.kernel import clock
from honghui.kernel.actors import system_actor
from honghui.kernel.clock import CHINA
from honghui.registry import duplicates
from honghui.registry.actions.accounts import grant_role, open_account
from honghui.registry.actions.divisions import found_societies, load_divisions
from honghui.registry.actions.organisations import register_organisation
from honghui.registry.actions.people import register_person
from honghui.registry.actions.units import open_unit
from honghui.registry.models import Account, GrassRootsUnit, Organisation, Society
from honghui.worlds import SAMPLE_PASSWORD
from honghui.worlds.cast import DUPLICATE, MEMBERS, Member
from honghui.worlds.loader import Report

SYSTEM = system_actor("honghui world load")
ISSUE = "第 370 期"
SAMPLE = "示例"

# The system was set up on the first three working days of June.
SET_UP_AT = datetime(2020, 6, 1, 9, 0, tzinfo=CHINA)
CAST_AT = datetime(2020, 6, 2, 9, 0, tzinfo=CHINA)
ORGANISATIONS_AT = datetime(2020, 6, 3, 9, 0, tzinfo=CHINA)
UNITS_AT = datetime(2020, 6, 3, 14, 0, tzinfo=CHINA)
DUPLICATE_AT = datetime(2020, 6, 23, 16, 0, tzinfo=CHINA)

_Kind = Organisation.Kind
_Unit = GrassRootsUnit.Kind


@dataclass(frozen=True)
class Named:
    """An organisation the issue names, and the society that deals with it."""

    society_code: str
    kind: str
    name: str
    name_en: str
    aliases: tuple[str, ...] = ()


# The legal form of the teams and of the experience hall is not told: see `kind` as our guess.
# fmt: off
NAMED = (
    Named("330000", _Kind.OTHER, "中国红十字会", "Red Cross Society of China"),
    Named("330600", _Kind.GOVERNMENT, "绍兴市公安局", "Shaoxing Public Security Bureau"),
    Named("330600", _Kind.ENTERPRISE, "浙江京新药业股份有限公司",
          "Zhejiang Jingxin Pharmaceutical Co., Ltd."),
    Named("330600", _Kind.OTHER, "浙江点金律师事务所", "Zhejiang Dianjin Law Firm"),
    Named("330700", _Kind.SCHOOL, "上海财经大学浙江学院",
          "Zhejiang College of Shanghai University of Finance and Economics"),
    Named("331081", _Kind.ASSOCIATION, "温岭市红十字应急救援队",
          "Wenling Red Cross Emergency Rescue Team", ("台州市红豹救援队",)),
    Named("330324", _Kind.ASSOCIATION, "永嘉县红十字海鹰救援队",
          "Yongjia Red Cross Sea Eagle Rescue Team", ("永嘉红十字海鹰救援队",)),
    Named("330784", _Kind.ASSOCIATION, "永康市红十字救援队",
          "Yongkang Red Cross Rescue Team", ("永康红十字救援队",)),
    Named("330400", _Kind.OTHER, "嘉兴市红十字生命教育体验馆",
          "Jiaxing Red Cross Life Education Experience Hall"),
)
UNITS = (
    ("330103", _Unit.COMMUNITY, "样例社区红十字会", "Sample Community Red Cross"),
    ("330212", _Unit.COMMUNITY, "样例社区红十字会", "Sample Community Red Cross"),
    ("330324", _Unit.VILLAGE, "样例村红十字会", "Sample Village Red Cross"),
    ("330402", _Unit.HOSPITAL, "样例医院红十字会", "Sample Hospital Red Cross"),
    ("330602", _Unit.COMMUNITY, "样例社区红十字会", "Sample Community Red Cross"),
    ("330624", _Unit.ENTERPRISE, "样例企业红十字会", "Sample Enterprise Red Cross"),
    ("330702", _Unit.SCHOOL, "样例学校红十字会", "Sample School Red Cross"),
    ("330802", _Unit.VILLAGE, "样例村红十字会", "Sample Village Red Cross"),
    ("331081", _Unit.COMMUNITY, "样例社区红十字会", "Sample Community Red Cross"),
)
# fmt: on


def load(report: Report) -> None:
    with clock.at(SET_UP_AT):
        load_divisions(by=SYSTEM)
        found_societies(by=SYSTEM, on=SET_UP_AT.date())
    societies = Society.objects.in_bulk()
    report(f"{len(societies)} societies")
    for moment, member in zip(_minutes(CAST_AT), MEMBERS, strict=False):
        with clock.at(moment):
            _sign_up(member, societies[member.society_code])
    report(f"{len(MEMBERS)} accounts")
    _name_organisations(societies)
    _open_units(societies)
    report(f"{len(NAMED)} organisations, {len(UNITS)} sample units")


def load_duplicate(report: Report) -> None:
    """Written down the day before the world stands still, so that somebody has to look at it."""
    _write_down_twice(Society.objects.in_bulk())
    # The jobs that look for pairs run after the commit, and only where a worker runs.
    with clock.at(DUPLICATE_AT + timedelta(hours=1)):
        report(f"{duplicates.find_all()} pair that may be one person")


def _minutes(start: datetime) -> Iterator[datetime]:
    """A moment a minute: acts of one morning, one after the other."""
    moment = start
    while True:
        yield moment
        moment += timedelta(minutes=1)


def _sign_up(member: Member, society: Society) -> None:
    person = register_person(
        by=SYSTEM,
        society=society,
        name=member.name,
        kind=member.kind,
        resident_id=member.resident_id,
        phone=member.phone,
    )
    account = open_account(
        by=SYSTEM,
        society=society,
        person=person,
        username=member.username,
        post=member.post,
        password=SAMPLE_PASSWORD,
    )
    # The sample password is everybody's: nobody shall be made to change it for all others. No
    # action offers this, because outside a sample world nobody may have it.
    Account.objects.filter(pk=account.pk).update(must_change_password=False)
    if member.role:
        grant_role(by=SYSTEM, society=society, account=account, role=member.role, reason="样例账号")


def _name_organisations(societies: dict[str, Society]) -> None:
    for moment, named in zip(_minutes(ORGANISATIONS_AT), NAMED, strict=False):
        with clock.at(moment):
            register_organisation(
                by=SYSTEM,
                society=societies[named.society_code],
                name=named.name,
                kind=named.kind,
                name_en=named.name_en,
                aliases=named.aliases,
                source=ISSUE,
            )


def _open_units(societies: dict[str, Society]) -> None:
    """When a sample opened is nobody's fact: it stays unknown."""
    for moment, (code, kind, name, name_en) in zip(_minutes(UNITS_AT), UNITS, strict=False):
        with clock.at(moment):
            open_unit(
                by=SYSTEM,
                society=societies[code],
                name=name,
                kind=kind,
                name_en=name_en,
                source=SAMPLE,
            )


def _write_down_twice(societies: dict[str, Society]) -> None:
    for moment, sighting in zip(_minutes(DUPLICATE_AT), DUPLICATE, strict=False):
        with clock.at(moment):
            register_person(
                by=SYSTEM,
                society=societies[sighting.society_code],
                name=sighting.name,
                kind=sighting.kind,
                resident_id=sighting.resident_id,
                phone=sighting.phone,
            )
