"""Teams and their people: opened, changed, suspended, enrolled, leaving; and their pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from honghui.journal.models import Act
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from honghui.registry.models import Person, Society
from honghui.rescue.actions.members import change_member, enrol_member, leave_team
from honghui.rescue.actions.papers import (
    end_insurance,
    note_insurance,
    note_qualification,
    revoke_qualification,
)
from honghui.rescue.actions.teams import (
    change_team,
    disband_team,
    open_team,
    resume_team,
    suspend_team,
)
from honghui.rescue.models import Insurance, Member, Qualification, Skill, Team, TeamKind
from tests.registry.samples import SYSTEM, resident_id
from tests.rescue.team_samples import (
    REASON,
    TODAY,
    a_member,
    a_mission,
    a_team,
    by_name,
    many,
    sent_on,
)

pytestmark = pytest.mark.django_db


def test_the_kinds_are_headquarters_seven_and_the_eighth_of_2013() -> None:
    kinds = list(TeamKind.objects.values_list("code", flat=True))
    assert kinds == [
        "relief", "medical", "water_supply", "public_health", "psychological", "search",
        "water_rescue", "communications",
    ]  # fmt: skip
    assert not TeamKind.objects.filter(source="").exists()
    assert Skill.objects.get(pk="swift_water").needs_certificate


def test_a_team_is_opened_with_its_base_and_other_names() -> None:
    team = open_team(
        by=by_name("officer"),
        society=Society.objects.get(pk="330600"),
        kind="water_rescue",
        name="样例水上救援队",
        aliases=["样例蓝天", "样例蓝天", "样例水上救援队"],
        latitude_microdegrees=30_000_000,
        longitude_microdegrees=120_500_000,
        minimum_cover=4,
    )
    assert team.aliases == ["样例蓝天"]
    assert team.place_code == "330600"
    assert team.code == "330600-water-rescue"
    assert Act.objects.filter(verb="rescue.team.opened", object_id=str(team.pk)).exists()


def test_the_same_name_twice_in_a_society_is_refused() -> None:
    a_team(name="样例同名队")
    with pytest.raises(Conflict) as refused:
        a_team(name="样例同名队")
    assert refused.value.code == "rescue.team.known"
    assert a_team(society="330100", name="样例同名队").code != ""


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": "cavalry"}, "rescue.team.kind_unknown"),
        ({"latitude_microdegrees": 30_000_000}, "rescue.point.half"),
        (
            {"latitude_microdegrees": 120_500_000, "longitude_microdegrees": 30_000_000},
            "rescue.point.nowhere",
        ),
        ({"place_code": "999999"}, "rescue.place.unknown"),
        ({"name": "  "}, "text.empty"),
    ],
)
def test_a_team_that_cannot_be_is_refused(values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_team(**values)
    assert refused.value.code == code
    assert not Team.objects.filter(name="").exists()


def test_minimum_cover_above_the_members_is_refused() -> None:
    team = a_team()
    a_member(team)
    with pytest.raises(Invalid) as refused:
        change_team(by=SYSTEM, team=team, name=team.name, minimum_cover=2)
    assert refused.value.code == "rescue.cover.above_members"
    assert refused.value.field == "minimum_cover"
    changed = change_team(by=SYSTEM, team=team, name=team.name, minimum_cover=1, aliases=["别名"])
    assert (changed.minimum_cover, changed.aliases) == (1, ["别名"])


def test_suspended_active_again_and_disbanded_for_good() -> None:
    team = a_team()
    member = a_member(team)
    suspended = suspend_team(by=SYSTEM, team=team, reason="装备全部送检，暂停一周。")
    assert suspended.state_from == TODAY
    with pytest.raises(Conflict):
        suspend_team(by=SYSTEM, team=team, reason=REASON)
    assert resume_team(by=SYSTEM, team=team, reason=REASON).state_reason == ""
    with pytest.raises(Invalid):
        disband_team(by=SYSTEM, team=team, reason="")
    disband_team(by=SYSTEM, team=team, reason=REASON)
    member.refresh_from_db()
    assert member.left_on == TODAY
    with pytest.raises(Conflict):
        resume_team(by=SYSTEM, team=team, reason=REASON)
    with pytest.raises(Conflict):
        a_member(team)


def test_a_person_on_file_is_found_by_resident_id_and_not_written_twice() -> None:
    one, other = a_team(), a_team(kind="relief")
    first = enrol_member(
        by=by_name("officer"), team=one, name="样例甲", resident_id=resident_id(901),
        skills=["search"], role="leader",
    )  # fmt: skip
    people = Person.objects.count()
    second = enrol_member(
        by=by_name("officer"), team=other, name="样例甲", resident_id=resident_id(901)
    )
    assert second.person_id == first.person_id
    assert Person.objects.count() == people
    with pytest.raises(Conflict) as refused:
        enrol_member(by=SYSTEM, team=one, name="样例甲", resident_id=resident_id(901))
    assert refused.value.code == "rescue.member.twice"
    with pytest.raises(Conflict) as refused:
        enrol_member(by=SYSTEM, team=other, name="样例乙", resident_id=resident_id(901))
    assert refused.value.code == "registry.person.id_has_other_name"


def test_sent_twice_a_form_enrols_once() -> None:
    team, by = a_team(), by_name("officer").with_once("a" * 32)
    values = {"name": "样例甲", "resident_id": resident_id(902)}
    first = enrol_member(by=by, team=team, **values)
    assert enrol_member(by=by, team=team, **values).pk == first.pk
    assert team.members.count() == 1


def test_skills_are_set_to_what_is_said_and_unknown_ones_refused() -> None:
    member = a_member(a_team(), skills=["search", "radio"])
    change_member(by=SYSTEM, member=member, role="deputy", skills=["search", "command"])
    have = set(member.skills.values_list("code", flat=True))
    assert have == {"search", "command"}
    with pytest.raises(Invalid):
        change_member(by=SYSTEM, member=member, role="deputy", skills=["juggling"])
    with pytest.raises(Invalid):
        change_member(by=SYSTEM, member=member, role="emperor", skills=[])
    assert set(member.skills.values_list("code", flat=True)) == have


def test_leaving_is_on_a_day_from_joining_to_today() -> None:
    member = a_member(a_team())
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Invalid):
            leave_team(by=SYSTEM, member=member, left_on=day, reason=REASON)
    leave_team(by=SYSTEM, member=member, left_on=TODAY, reason=REASON)
    with pytest.raises(Conflict):
        leave_team(by=SYSTEM, member=member, left_on=TODAY, reason=REASON)
    again = a_member(member.team, person=member.person, insured=False)
    assert again.pk != member.pk


def test_of_a_certificate_four_characters_are_kept_and_the_skill_comes_with_it() -> None:
    member = a_member(a_team())
    paper = note_qualification(
        by=SYSTEM, member=member, skill="boat", issued_on=TODAY, number="浙救第１２３４５号"
    )
    assert paper.number_tail == "345号"
    assert member.skills.filter(code="boat").exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"expires_on": TODAY - timedelta(days=1)}, "rescue.paper.expired"),
        ({"issued_on": TODAY + timedelta(days=1)}, "rescue.paper.from_the_future"),
        ({"expires_on": TODAY - timedelta(days=900)}, "rescue.paper.reversed"),
        ({"skill": "search"}, "rescue.qualification.of_what"),
    ],
)
def test_a_certificate_that_does_not_hold_is_refused(values: dict[str, Any], code: str) -> None:
    member = a_member(a_team())
    given = {"skill": "boat", "issued_on": TODAY - timedelta(days=800), **values}
    with pytest.raises(Invalid) as refused:
        note_qualification(by=SYSTEM, member=member, **given)
    assert refused.value.code == code
    assert not Qualification.objects.filter(person=member.person).exists()


def test_insurance_is_noted_and_ended_early() -> None:
    member = a_member(a_team(), insured=False)
    with pytest.raises(Invalid):
        note_insurance(
            by=SYSTEM, member=member, insurer="样例", covers_from=TODAY,
            covers_to=TODAY - timedelta(days=1),
        )  # fmt: skip
    cover = note_insurance(
        by=SYSTEM, member=member, insurer="样例", covers_from=TODAY,
        covers_to=TODAY + timedelta(days=30),
    )  # fmt: skip
    with pytest.raises(Invalid):
        end_insurance(
            by=SYSTEM, insurance=cover, covers_to=TODAY + timedelta(days=31), reason=REASON
        )
    end_insurance(by=SYSTEM, insurance=cover, covers_to=TODAY, reason=REASON)
    assert Insurance.objects.get(pk=cover.pk).covers_to == TODAY


def test_revoked_twice_is_refused() -> None:
    member = a_member(a_team(), certificates=["first_aid"])
    paper = Qualification.objects.get(person=member.person)
    revoke_qualification(by=SYSTEM, qualification=paper, revoked_on=TODAY, reason=REASON)
    with pytest.raises(Conflict):
        revoke_qualification(by=SYSTEM, qualification=paper, revoked_on=TODAY, reason=REASON)


# ── who may ──────────────────────────────────────────────────────────────────────────────────


def test_the_province_sees_a_countys_team_and_neither_changes_it_nor_reads_names(
    sign_in: Any,
) -> None:
    team = a_team()
    member = a_member(team, role="leader")
    province = by_name("province")
    with pytest.raises(NotAllowed):
        suspend_team(by=province, team=team, reason=REASON)
    with pytest.raises(NotFound):
        change_member(by=province, member=member, role="member", skills=[])
    shown = sign_in("province").get(f"/desk/teams/{team.pk}/").content.decode()
    assert team.name in shown
    assert member.person.name not in shown
    assert sign_in("province").get(f"/desk/members/{member.pk}/").status_code == 404
    assert sign_in("province").get(f"/desk/teams/{team.pk}/members.csv").status_code == 403
    assert member.person.name in sign_in("officer").get(f"/desk/teams/{team.pk}/").content.decode()


def test_a_sister_societys_team_is_not_found(sign_in: Any) -> None:
    team = a_team(society="330100")
    assert sign_in("officer").get(f"/desk/teams/{team.pk}/").status_code == 404


# ── pages ────────────────────────────────────────────────────────────────────────────────────


def test_a_team_is_opened_on_the_desk_and_comes_back_with_what_is_wrong(sign_in: Any) -> None:
    client = sign_in("officer")
    values = {
        "once": "b" * 32, "society": "330600", "kind": "search", "name": "样例搜救队",
        "place_code": "330600", "minimum_cover": "0", "latitude": "三十",
    }  # fmt: skip
    answer = client.post("/desk/teams/new/", values)
    assert answer.status_code == 422
    assert not Team.objects.filter(name="样例搜救队").exists()
    answer = client.post("/desk/teams/new/", {**values, "latitude": ""})
    team = Team.objects.get(name="样例搜救队")
    assert answer.headers["Location"] == f"/desk/teams/{team.pk}/"
    shown = client.get("/desk/teams/?kind=search&ready=no").content.decode()
    assert "样例搜救队" in shown
    assert "样例搜救队" not in client.get("/desk/teams/?kind=medical").content.decode()


def test_the_page_says_who_is_ready_and_why_not_and_who_is_in_two_teams(sign_in: Any) -> None:
    team, other = a_team(), a_team(kind="relief", name="样例赈济队")
    both = a_member(team)
    a_member(other, person=both.person, insured=False)
    a_member(team, insured=False)
    gone = a_member(team)
    sent_on(a_mission(team, state="there"), gone)
    shown = sign_in("officer").get(f"/desk/teams/{team.pk}/").content.decode()
    assert "样例赈济队" in shown
    english = sign_in("officer").get(f"/en/desk/teams/{team.pk}/").content.decode()
    assert "1 of 3 people ready" in english
    assert "no accident insurance that day" in english
    assert "on another mission" in english


def test_every_page_of_a_member_is_shown_in_both_languages(sign_in: Any) -> None:
    member = a_member(a_team(), certificates=["first_aid"], skills=["command"])
    client = sign_in("officer")
    paper = Qualification.objects.get(person=member.person)
    cover = Insurance.objects.get(person=member.person)
    for path in (
        f"members/{member.pk}/",
        f"members/{member.pk}/change/",
        f"members/{member.pk}/leave/",
        f"members/{member.pk}/certificate/",
        f"members/{member.pk}/insurance/",
        f"members/{member.pk}/availability/",
        f"certificates/{paper.pk}/revoke/",
        f"insurances/{cover.pk}/end/",
        f"teams/{member.team_id}/suspend/",
        f"teams/{member.team_id}/change/",
    ):
        for language in ("", "/en"):
            assert client.get(f"{language}/desk/{path}").status_code == 200, path
    assert client.get(f"/desk/teams/{member.team_id}/juggle/").status_code == 404


def test_the_desk_notes_when_somebody_is_away(sign_in: Any) -> None:
    member = a_member(a_team())
    values = {"once": "c" * 32, "state": "away", "until_at": "2020-06-30T08:00"}
    answer = sign_in("officer").post(f"/desk/members/{member.pk}/availability/", values)
    assert answer.status_code == 302
    shown = sign_in("officer").get(f"/en/desk/members/{member.pk}/").content.decode()
    assert "away until 30 June 2020" in shown


def test_the_members_as_a_table_have_names_and_no_identity(sign_in: Any) -> None:
    member = a_member(a_team())
    table = sign_in("officer").get(f"/desk/teams/{member.team_id}/members.csv").content.decode()
    assert table.startswith("\ufeff")
    assert member.person.name in table
    assert member.person.resident_id_tail not in table


def test_the_teams_as_a_table_have_no_name_of_a_person(sign_in: Any) -> None:
    team = a_team(name="=cmd|队")
    member = a_member(team)
    table = sign_in("officer").get("/desk/teams.csv").content.decode()
    assert "'=cmd|队" in table
    assert member.person.name not in table


def test_a_hundred_teams_and_five_thousand_members_in_fifteen_queries(
    sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    many([a_team() for _each in range(100)], 50)
    client = sign_in("officer")
    client.get("/desk/teams/")
    with django_assert_max_num_queries(15):
        assert client.get("/desk/teams/").status_code == 200


def test_a_teams_page_asks_no_more_for_many_people(
    sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    team = a_team()
    many([team], 200)
    client = sign_in("officer")
    client.get(f"/desk/teams/{team.pk}/")
    with django_assert_max_num_queries(18):
        assert client.get(f"/desk/teams/{team.pk}/").status_code == 200
    assert Member.objects.filter(team=team).count() == 200
