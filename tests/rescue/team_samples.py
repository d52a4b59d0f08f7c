"""Teams as the tests of teams, stand-by, gear and readiness need them, made by the actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from honghui.kernel import clock
from honghui.kernel.clock import CHINA
from honghui.registry.models import Account, Person, Society
from honghui.registry.signing_in import actor_of
from honghui.rescue.actions.members import enrol_member
from honghui.rescue.actions.papers import note_insurance, note_qualification
from honghui.rescue.actions.teams import open_team
from honghui.rescue.models import Incident, Member, Mission, Responder, Skill, Team
from tests.registry.samples import SYSTEM, resident_id

TODAY = date(2020, 6, 24)
NOW = datetime(2020, 6, 24, 9, tzinfo=CHINA)
REASON = "按花名册逐一核对过。"
_numbers = count(1)


def by_name(username: str) -> Any:
    return actor_of(Account.objects.get(username=username))


def a_team(society: str = "330600", kind: str = "search", name: str = "", **more: Any) -> Team:
    return open_team(
        by=SYSTEM,
        society=Society.objects.get(pk=society),
        kind=kind,
        name=name or f"样例队{next(_numbers)}",
        **more,
    )


def a_member(
    team: Team,
    *,
    insured: bool = True,
    skills: Iterable[str] = (),
    certificates: Iterable[str] = (),
    person: Person | None = None,
    **more: Any,
) -> Member:
    """Insured for half a year unless told otherwise; a certificate of each skill named runs for
    a year."""
    number = next(_numbers)
    values = {} if person else {"name": f"样例{number}", "resident_id": resident_id(number % 999)}
    if person is None:
        values["resident_id"] = resident_id(number % 999, born=f"1985{1 + number // 999:02d}01")
    member = enrol_member(by=SYSTEM, team=team, person=person, skills=skills, **values, **more)
    if insured:
        note_insurance(
            by=SYSTEM, member=member, insurer="样例保险", covers_from=TODAY,
            covers_to=TODAY + timedelta(days=180),
        )  # fmt: skip
    for code in certificates:
        note_qualification(
            by=SYSTEM, member=member, skill=code, issued_on=TODAY - timedelta(days=300),
            expires_on=TODAY + timedelta(days=65), number="救证-0001234",
        )  # fmt: skip
    return member


def a_mission(team: Team, *, is_drill: bool = False, at: datetime = NOW, **more: Any) -> Mission:
    incident = Incident.objects.create(
        number=f"T-{next(_numbers):05}", society=team.society, cause="flood", title="样例汛情",
        place_code=team.society_id, known_at=at, opened_at=at, is_drill=is_drill,
    )  # fmt: skip
    return Mission.objects.create(
        incident=incident, team=team, requester="own", opened_at=at, **more
    )


def sent_on(mission: Mission, member: Member) -> Responder:
    return Responder.objects.create(
        mission=mission, person=member.person, member=member, state="there", joined_at=clock.now()
    )


def many(teams: Sequence[Team], each: int) -> None:
    """So many members in each team, all known for something, by rows: for measuring."""
    people = [
        Person(name=f"样例{number}", name_key=f"{number:06}", registered_at=NOW)
        for number in range(len(teams) * each)
    ]
    Person.objects.bulk_create(people)
    members = [
        Member(team=teams[number % len(teams)], person=person, joined_on=TODAY)
        for number, person in enumerate(people)
    ]
    Member.objects.bulk_create(members)
    skill = Skill.objects.get(pk="first_aid")
    through = Member.skills.through
    through.objects.bulk_create([through(member=one, skill=skill) for one in members])
