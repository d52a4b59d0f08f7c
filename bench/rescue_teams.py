"""A hundred teams with fifty people each, as an installation of a province may have; and how long
it takes to propose who to call. The tests count its questions on the same teams."""

from __future__ import annotations

import os
import random
import time
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from bench.table import Row

if TYPE_CHECKING:
    from honghui.rescue.models import Incident

TEAMS, MEMBERS = 100, 50
SKILL = "swift_water"
DAY = date(2020, 6, 24)
ROUNDS = 40


def fill(teams: int = TEAMS, members: int = MEMBERS) -> Incident:
    """Teams all over the province, and an incident by the coast. A tenth of the certificates has
    run out, a tenth of the people is away, a tenth comes only if short, one in twelve stands by."""
    from honghui.registry.models import Person, Society
    from honghui.rescue.models import Incident, Member, Skill, Team, TeamKind

    chance = random.Random(370)
    now = datetime.fromisoformat("2020-06-24T09:00:00+08:00")
    society = _societies(Society)
    kind = TeamKind.objects.order_by("place", "code")[0]
    skill = Skill.objects.get(pk=SKILL)
    made = Team.objects.bulk_create(
        Team(
            code=f"bench-{number:03d}", society=chance.choice(society), kind=kind,
            name=f"样例救援队 {number}", name_en=f"Sample team {number}",
            minimum_cover=5,
            base_latitude_microdegrees=chance.randint(27_200_000, 31_000_000),
            base_longitude_microdegrees=chance.randint(118_200_000, 122_000_000),
        )
        for number in range(teams)
    )  # fmt: skip
    people = Person.objects.bulk_create(
        Person(name=f"样例{number}", name_key=f"yangli{number:06d}", registered_at=now)
        for number in range(teams * members)
    )
    joined = Member.objects.bulk_create(
        Member(
            team=made[number // members], person=person, joined_on=date(2019, 1, 1),
            role=("leader", "deputy", *["member"] * members)[number % members],
        )
        for number, person in enumerate(people)
    )  # fmt: skip
    _papers(joined, skill, chance)
    _turns(made, joined, now)
    return Incident.objects.create(
        number="bench-1", society=society[0], cause="typhoon", title="样例台风",
        place_code="331081", latitude_microdegrees=28_370_000,
        longitude_microdegrees=121_380_000, known_at=now, opened_at=now,
    )  # fmt: skip


def _societies(model: Any) -> list[Any]:
    found = list(model.objects.filter(level="county")[:40])
    if found:
        return found
    province = model.objects.create(
        code="330000", level="province", name="样例省会", name_en="Sample", place_name="样例",
        place_name_en="Sample",
    )  # fmt: skip
    return [
        model.objects.create(
            code=f"33{number:02d}00", level="city", name=f"样例市会{number}", name_en="Sample",
            place_name="样例", place_name_en="Sample", parent=province,
        )
        for number in range(1, 12)
    ]  # fmt: skip


def _papers(members: list[Any], skill: Any, chance: random.Random) -> None:
    from honghui.rescue.models import Availability, Insurance, MemberSkill, Qualification

    now = datetime.fromisoformat("2020-06-20T09:00:00+08:00")
    MemberSkill.objects.bulk_create(
        MemberSkill(member=each, skill=skill) for each in members if chance.random() < 0.7
    )
    Qualification.objects.bulk_create(
        Qualification(
            person_id=each.person_id, skill=skill, issued_on=date(2018, 1, 1),
            expires_on=DAY - timedelta(days=9) if chance.random() < 0.1 else date(2022, 1, 1),
        )
        for each in members
    )  # fmt: skip
    Insurance.objects.bulk_create(
        Insurance(
            person_id=each.person_id, insurer="样例保险", covers_from=date(2020, 1, 1),
            covers_to=date(2020, 12, 31),
        )
        for each in members
        if chance.random() < 0.95
    )  # fmt: skip
    Availability.objects.bulk_create(
        Availability(
            person_id=each.person_id, state=chance.choice(("away", "if_short")), from_at=now,
            told_at=now, source="page",
        )
        for each in members
        if chance.random() < 0.2
    )  # fmt: skip


def _turns(teams: list[Any], members: list[Any], now: datetime) -> None:
    from honghui.rescue.models import StandBy, StandByPlace

    size = len(members) // len(teams)
    for number, team in enumerate(teams[::2]):
        stand_by = StandBy.objects.create(
            team=team, reason="roster", from_at=now - timedelta(hours=1),
            until_at=now + timedelta(hours=23), minimum_people=5,
        )  # fmt: skip
        theirs = members[2 * number * size : 2 * number * size + size // 6]
        StandByPlace.objects.bulk_create(
            StandByPlace(stand_by=stand_by, member=each, taken_at=now) for each in theirs
        )


def proposal_rows() -> list[Row]:
    """On a fresh database, with Django ready."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from honghui.kernel.actors import system_actor
    from honghui.rescue.queries.proposal import proposal_for
    from honghui.rescue.rules.proposing import Wish

    incident, by, wish = fill(), system_actor("bench"), Wish(people=60, skill=SKILL)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def propose() -> Any:
        return proposal_for(by, incident, wish, at=incident.known_at)

    assert propose().proposal.missing == 0
    times, worked, floors = [], [], []
    for _ in range(ROUNDS):
        begun = time.process_time()
        times.append(_seconds(propose))
        worked.append(time.process_time() - begun)
        floors.append(_seconds(_read_once))
    with CaptureQueriesContext(connection) as asked:
        propose()
    cut, floor = quantiles(times, n=20), quantiles(floors, n=20)
    beside = (
        f"median {cut[9]:.2f} s; processor time of our process: median "
        f"{quantiles(worked, n=20)[9]:.2f} s; load of the machine {os.getloadavg()[1]:.1f}; "
        f"floor, reading the {TEAMS * MEMBERS:,} members with their papers "
        f"once and doing nothing with them: median {floor[9]:.2f} s"
    )
    people = f"{TEAMS} teams, {TEAMS * MEMBERS:,} people"
    return [
        Row(f"who to call, out of {people} (95th of 100)", cut[18], 1, "s", beside),
        Row("questions that it asks the database", len(asked), 15, "questions"),
    ]


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _read_once() -> None:
    from honghui.rescue.models import Availability, Insurance, Member, MemberSkill, Qualification

    list(Member.objects.order_by().values_list("pk", "person_id", "team_id", "role", "joined_on"))
    for model in (MemberSkill, Qualification, Insurance, Availability):
        list(model.objects.order_by().values_list("pk"))
