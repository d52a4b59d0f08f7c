"""Missions on the desk: what pages show to whom, what forms do, what they ask the database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from honghui.callouts.models import CallOut
from honghui.rescue.actions.asking import ask_team
from honghui.rescue.actions.tellings import tell
from honghui.rescue.models import Incident, Mission, Telling
from tests.rescue.mission_samples import NOW, SHAOXING, Scene, a_mission, by, scene
from tests.rescue.team_samples import a_team

pytestmark = pytest.mark.django_db
QUESTIONS_MAX = 20


@pytest.fixture
def leader(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("team-leader")


def call_page(it: Scene, people: int = 2) -> str:
    return reverse("incident_call", args=[it.incident.pk]) + f"?people={people}"


def test_the_proposal_names_its_people_and_drafts_a_call_out(leader: Client) -> None:
    it = scene()
    page = leader.get(call_page(it)).content.decode()
    assert all(each.person.name in page for each in it.members)
    assert page.count(" checked") >= 4, "the proposed, the reserve, and the ways"
    sent = leader.post(
        call_page(it),
        {
            "once": "a" * 32, "people": [str(each.person_id) for each in it.members[:3]],
            "kind": "call_out", "place": "队部", "channels": ["sms"], "patience_minutes": "5",
        },
    )  # fmt: skip
    call_out = CallOut.objects.get()
    assert sent["Location"] == call_out.get_absolute_url()
    assert (call_out.wanted, call_out.invitations.count()) == (2, 3)


def test_nobody_ticked_is_said_and_nothing_is_drafted(leader: Client) -> None:
    it = scene()
    answer = leader.post(
        call_page(it),
        {"once": "a" * 32, "kind": "call_out", "place": "队部", "channels": ["sms"],
         "patience_minutes": "5"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "至少勾选一人" in answer.content.decode()
    assert not CallOut.objects.exists()


def test_a_wish_that_is_none_is_ten_people_of_any_kind(leader: Client) -> None:
    it = scene(1)
    for query in ("?people=0", "?people=many", "?kind=submarines", "?skill=flying&people=-3"):
        address = reverse("incident_call", args=[it.incident.pk]) + query
        assert leader.get(address).status_code == 200


def test_the_page_of_a_mission_asks_the_same_questions_however_many_people(leader: Client) -> None:
    asked = []
    for people in (1, 5):
        mission = a_mission(scene(people), going=people)
        tell(by=by("team-leader"), mission=mission, kind="arrived", at=NOW, batch=1, people=4)
        with CaptureQueriesContext(connection) as questions:
            assert leader.get(mission.get_absolute_url()).status_code == 200
        asked.append(len(questions))
    assert asked[0] == asked[1] <= QUESTIONS_MAX


def test_whoever_looks_from_above_sees_numbers_and_no_names(
    sign_in: Callable[[str], Client],
) -> None:
    it = scene()
    mission = a_mission(it, going=2)
    page = sign_in("province").get(mission.get_absolute_url()).content.decode()
    assert not any(each.person.name in page for each in it.members)
    assert "第1号" in page or "No. 1" in page


def test_whoever_leads_the_incident_lists_no_people_of_another_societys_team(
    sign_in: Callable[[str], Client],
) -> None:
    it = scene()
    mission = a_mission(it, going=2)
    Incident.objects.filter(pk=it.incident.pk).update(society="330000")
    above = sign_in("province")
    assert above.get(reverse("mission_step", args=[mission.pk, "tell"])).status_code == 200
    for verb in ("person", "batch"):
        page = above.get(reverse("mission_step", args=[mission.pk, verb]))
        assert page.status_code == 403
        assert not any(each.person.name in page.content.decode() for each in it.members)
    assert (
        sign_in("team-leader").get(reverse("mission_step", args=[mission.pk, "person"])).status_code
        == 200
    )


def test_forms_tell_void_and_refuse_in_their_own_words(leader: Client) -> None:
    mission = a_mission(scene())
    address = reverse("mission_step", args=[mission.pk, "tell"])
    sent = leader.post(
        address,
        {"once": "b" * 32, "kind": "arrived", "at": "2020-06-24T08:10", "at_qualifier": "about",
         "people": "12", "people_qualifier": "over"},
    )  # fmt: skip
    assert sent.status_code == 302
    telling = Telling.objects.get()
    assert (telling.people, telling.people_qualifier) == (12, "over")
    again = leader.post(
        address,
        {"once": "b" * 32, "kind": "arrived", "at": "2020-06-24T08:10", "at_qualifier": "about",
         "people": "12", "people_qualifier": "over"},
    )  # fmt: skip
    assert again.status_code == 302
    assert Telling.objects.count() == 1, "an impatient thumb tells once"
    void = reverse("mission_row_step", args=[mission.pk, "void", telling.pk])
    assert leader.post(void, {"once": "c" * 32, "reason": ""}).status_code == 422
    assert leader.post(void, {"once": "c" * 32, "reason": "报错了时间。"}).status_code == 302
    page = leader.get(mission.get_absolute_url()).content.decode()
    assert "报错了时间。" in page
    other = a_mission(scene())
    strange = reverse("mission_row_step", args=[other.pk, "void", telling.pk])
    assert leader.get(strange).status_code == 404
    assert leader.get(reverse("mission_step", args=[mission.pk, "fly"])).status_code == 404


def test_a_request_waits_on_the_desk_of_the_asked_in_both_languages(
    sign_in: Callable[[str], Client],
) -> None:
    it = scene()
    ask_team(by=it.leader, incident=it.incident, team=a_team(SHAOXING), wanted_people=10)
    mission = Mission.objects.get()
    on_the_page = sign_in("team-leader").get(it.incident.get_absolute_url()).content.decode()
    assert "想要10人" in on_the_page, "not that nobody comes: they have not been heard yet"
    officer = sign_in("officer")
    assert mission.get_absolute_url() in officer.get("/desk/").content.decode()
    assert "Will the team come?" in officer.get("/en/desk/").content.decode()
    accept = reverse("mission_step", args=[mission.pk, "accept"])
    assert officer.post(accept, {"once": "d" * 32, "reason": "马上集合"}).status_code == 302
    mission.refresh_from_db()
    assert mission.state == "called"


def test_the_incidents_page_shows_its_teams(leader: Client) -> None:
    it = scene()
    a_mission(it, going=2)
    page = leader.get(it.incident.get_absolute_url()).content.decode()
    assert it.team.name in page
    assert reverse("incident_call", args=[it.incident.pk]) in page
