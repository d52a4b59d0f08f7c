"""The board shows what was told, as of when, and asks the database one question where nothing is
new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from honghui.callouts.models import CallOut
from honghui.kernel import clock
from honghui.rescue.models import Incident, Mission, Responder, Team, Telling
from honghui.rescue.queries.board import board_of, version_of
from honghui.rescue.rules.board import Number
from honghui.rescue.words.board import short_team
from tests.rescue import cases
from tests.rescue.cases import at

SignIn = Callable[[str], Client]
pytestmark = pytest.mark.django_db

QUERIES_MAX, FOLLOW_QUERIES_MAX = 20, 8


def parts(incident: Incident) -> str:
    return reverse("incident_board_parts", args=[incident.pk])


def test_wenling_stands_on_the_board_hour_by_hour() -> None:
    incident = cases.wenling()
    seen = {}
    for moment in ("2020-06-13 16:50", "2020-06-13 17:30", "2020-06-13 21:10", "2020-06-13 23:30",
                   "2020-06-14 05:30", "2020-06-14 06:30"):  # fmt: skip
        board = board_of(incident, at(moment), is_past=True)
        (row,) = board.rows
        seen[moment[5:]] = (
            [team.step for team in row.teams], row.heads.there, row.heads.coming
        )  # fmt: skip
    assert seen["06-13 16:50"] == ([0, 0, 0], Number(0), Number(177))
    # Of 92 the source does not say how many came first: neither part is made up.
    assert seen["06-13 17:30"] == ([2, 0, 0], Number(0, "over"), Number(85, "over"))
    assert seen["06-13 21:10"] == ([2, 2, 0], Number(142), Number(35))
    assert seen["06-13 23:30"] == ([2, 2, 2], Number(177), Number(0))
    # Ordered back is not gone: until somebody says that they left, they are there.
    assert seen["06-14 06:30"][0] == [2, 3, 3]


def test_a_whole_team_counts_once_all_its_batches_are_there() -> None:
    incident = cases.wenling()
    (row,) = board_of(incident, at("2020-06-13 23:30"), is_past=False).rows
    assert [team.people for team in row.teams] == [Number(92), Number(50), Number(35)]
    assert dict(row.vehicles) == {"equipment": 1, "truck": 2, "rescue": 2, "ambulance": 1}


def test_an_earlier_moment_shows_what_was_known_then() -> None:
    incident = cases.wenling()
    eagle = incident.missions.get(people=50)
    late = Telling.objects.get(mission=eagle, kind="arrived")
    Telling.objects.filter(pk=late.pk).update(told_at=at("2020-06-13 23:10"))
    (row,) = board_of(incident, at("2020-06-13 22:00"), is_past=True).rows
    assert [team.step for team in row.teams if team.mission == eagle] == [0]
    (row,) = board_of(incident, at("2020-06-13 23:30"), is_past=True).rows
    (team,) = [team for team in row.teams if team.mission == eagle]
    assert (team.step, team.groups[0].told["arrived"].at) == (2, at("2020-06-13 21:00"))


def test_what_cannot_be_is_flagged_and_what_was_found_void_is_gone() -> None:
    incident = cases.wenling()
    eagle = incident.missions.get(people=50)
    told = cases.tell(eagle, "departed", "2020-06-13 22:00", told_at=at("2020-06-13 22:00"))
    (row,) = board_of(incident, at("2020-06-13 23:30"), is_past=False).rows
    assert [(flag, count) for _team, flag, count in row.flags] == [("before_departure", 1)]
    Telling.objects.filter(pk=told.pk).update(void_reason="记错了队伍")
    (row,) = board_of(incident, at("2020-06-13 23:30"), is_past=False).rows
    assert row.flags == []


def test_people_one_by_one_are_counted_where_no_number_was_told() -> None:
    incident = cases.incident("331081", "样例险情", "2020-06-13 16:40")
    mission = cases.mission(incident, cases.team("331081", "wenling-rescue", "温岭队", "Wenling"))
    moment = at("2020-06-13 18:00")
    cases.responder(mission, eta_at=moment + timedelta(minutes=20))
    cases.responder(mission, eta_at=moment - timedelta(minutes=30))
    cases.responder(mission, "there", arrived_at=moment - timedelta(minutes=5))
    cases.responder(mission, "departed", departed_at=moment - timedelta(minutes=5))
    cases.responder(mission, "declined")
    cases.responder(mission, "if_short")
    (row,) = board_of(incident, moment, is_past=False).rows
    assert row.heads[:3] == (Number(1), Number(1), Number(2))
    assert row.teams[0].people == Number(4)
    assert [(one.people, one.is_late) for _team, one in row.expected] == [(1, True), (1, False)]


def test_who_was_asked_and_has_not_answered_stands_under_their_team() -> None:
    incident = cases.wenling()
    mission = incident.missions.get(people=50)
    before = version_of([incident.pk])
    call_out = cases.called(mission, asked=3, answered=2)
    (row,) = board_of(incident, at("2020-06-13 20:00"), is_past=False).rows
    assert {team.mission.people: team.asked for team in row.teams} == {92: 0, 50: 3, 35: 0}
    assert row.asked == 3
    seen = version_of([incident.pk])
    assert seen != before
    call_out.invitations.filter(state="asked").update(state="no_answer")
    assert version_of([incident.pk]) != seen


def test_whoever_a_second_call_out_asked_is_waited_for_until_it_ends() -> None:
    """Also where the team was asked first, and no call-out began its mission."""
    incident = cases.wenling()
    mission = incident.missions.get(people=50)
    first = cases.called(mission, asked=2)
    second = cases.called(mission, asked=1)
    incident.missions.update(call_out_id=first.pk)
    moment = at("2020-06-13 20:00")
    assert board_of(incident, moment, is_past=False).rows[0].asked == 3
    incident.missions.update(call_out_id=None)
    assert board_of(incident, moment, is_past=False).rows[0].asked == 3
    seen = version_of([incident.pk])
    ended = {"state": "closed", "ended_at": moment, "ended_reason": "人已到齐"}
    CallOut.objects.filter(pk=first.pk).update(**ended)
    assert board_of(incident, moment, is_past=False).rows[0].asked == 1
    assert version_of([incident.pk]) != seen
    assert second.state == "open"


# Pages.


def test_the_page_says_as_of_when_and_follows(sign_in: SignIn) -> None:
    incident = cases.wenling()
    with clock.at(at("2020-06-13 23:30")):
        answer = sign_in("province").get(reverse("incident_board", args=[incident.pk]))
    page = answer.content.decode()
    assert "2020-06-13 23:30" in page and ">177<" in page
    assert f'data-board="{parts(incident)}"' in page
    assert '<noscript><meta http-equiv="refresh"' in page


def test_a_closed_incident_says_who_turned_out_and_nothing_is_due(sign_in: SignIn) -> None:
    incident = cases.wenling()
    ended = at("2020-06-15 11:00")
    incident.missions.update(state="closed", closed_at=ended)
    type(incident).objects.filter(pk=incident.pk).update(state="closed", closed_at=ended)
    address = reverse("incident_board", args=[incident.pk])
    client = sign_in("province")
    page = client.get(address).content.decode()
    assert ">177<" in page and "出动" in page and "1天18:20" in page
    assert "轮换" not in page and "在场</span>" not in page and "将要到场" not in page
    assert "撤离时间未载" in page and ">06-14<" not in page
    earlier = client.get(address, {"as_of": "2020-06-13T23:30"}).content.decode()
    assert "在场</span>" in earlier and "将要到场" in earlier


def test_an_earlier_moment_can_be_asked_for_and_does_not_follow(sign_in: SignIn) -> None:
    incident = cases.wenling()
    address = reverse("incident_board", args=[incident.pk])
    client = sign_in("province")
    page = client.get(address, {"as_of": "2020-06-13T21:10"}).content.decode()
    assert ">142<" in page and 'data-board=""' in page
    assert "as_of=2020-06-13T20%3A55" in page and "as_of=2020-06-13T21%3A25" in page
    unread = client.get(address, {"as_of": "gestern"}).content.decode()
    assert 'role="alert"' in unread and "2020-06-24 09:00" in unread


def test_where_nothing_is_new_one_question_is_asked_and_nothing_sent(sign_in: SignIn) -> None:
    incident = cases.wenling()
    client = sign_in("province")
    first = client.get(parts(incident))
    assert first.status_code == 200
    with CaptureQueriesContext(connection) as queries:
        again = client.get(parts(incident), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    ours = [one["sql"] for one in queries if "UNION ALL" in one["sql"]]
    assert len(ours) == 1
    assert len(queries) <= FOLLOW_QUERIES_MAX


def test_whatever_changes_gives_another_version() -> None:
    incident = cases.wenling()
    mission = incident.missions.get(people=50)
    person = cases.responder(mission)
    changes: list[Callable[[], object]] = [
        lambda: Responder.objects.filter(pk=person.pk).update(eta_at=at("2020-06-13 20:00")),
        lambda: Mission.objects.filter(pk=mission.pk).update(people=51),
        lambda: cases.line(incident, "样例", "2020-06-13 20:00"),
        lambda: cases.tell(mission, "left", "2020-06-14 05:10"),
        lambda: cases.task(mission, "search", "2020-06-13 22:00"),
        lambda: cases.vehicles(mission, boat=1),
        lambda: cases.batch(mission, 1),
        lambda: Incident.objects.filter(pk=incident.pk).update(level=4),
    ]
    seen = {version_of([incident.pk])}
    for number, change in enumerate(changes, start=2):
        change()
        seen.add(version_of([incident.pk]))
        assert len(seen) == number, number
    assert version_of([incident.pk]) in seen


def test_the_minute_that_passes_is_a_change(sign_in: SignIn) -> None:
    incident = cases.wenling()
    client = sign_in("province")
    with clock.at(at("2020-06-13 23:30")):
        tag = client.get(parts(incident))["ETag"]
        assert client.get(parts(incident), headers={"If-None-Match": tag}).status_code == 304
    with clock.at(at("2020-06-13 23:31")):
        assert client.get(parts(incident), headers={"If-None-Match": tag}).status_code == 200


def test_three_hundred_people_cost_no_more_questions_than_three(sign_in: SignIn) -> None:
    few, many = cases.wenling(), cases.wenling()
    for _ in range(30):
        for mission in many.missions.all():
            cases.responder(mission, eta_at=many.known_at)
    client = sign_in("province")
    asked = []
    for incident in (few, many):
        client.get(parts(incident))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("incident_board", args=[incident.pk]))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= QUERIES_MAX


def test_no_name_stands_on_a_board(sign_in: SignIn) -> None:
    incident = cases.wenling()
    people = [cases.responder(mission) for mission in incident.missions.all()]
    page = sign_in("province").get(reverse("incident_board", args=[incident.pk])).content.decode()
    assert not [one for one in people if one.person.name in page]


def test_another_society_sees_nothing_of_it(sign_in: SignIn) -> None:
    incident = cases.incident("330400", "样例险情", "2020-06-13 16:40")
    client = sign_in("officer")
    for name in ("incident_board", "incident_board_parts"):
        assert client.get(reverse(name, args=[incident.pk])).status_code == 404
    assert "样例险情" not in client.get(reverse("rescue_board")).content.decode()


def test_teams_of_one_society_are_told_apart(sign_in: SignIn) -> None:
    incident = cases.incident("330600", "样例内涝", "2020-06-24 06:00")
    society = incident.society
    for kind, name, english in (
        ("relief", "绍兴赈济救援队（示例）", "Shaoxing Relief Team (sample)"),
        ("medical", "绍兴医疗救援队（示例）", "Shaoxing Medical Team (sample)"),
    ):
        team = Team.objects.create(
            code=f"names-{kind}", society=society, kind_id=kind, name=name, name_en=english
        )
        mission = Mission.objects.create(
            incident=incident, team=team, opened_at=at("2020-06-24 06:10"), requester="own"
        )
        Telling.objects.create(
            mission=mission, kind="arrived", at=at("2020-06-24 06:30"),
            told_at=at("2020-06-24 06:30"), people=9,
        )  # fmt: skip
    client = sign_in("officer")
    board = reverse("incident_board", args=[incident.pk])
    page = client.get(board).content.decode()
    assert "14:30前轮换绍兴医疗" in page or "14:30前轮换绍兴赈济" in page
    assert "轮换绍兴<" not in page
    english = client.get(f"/en{board}").content.decode()
    assert ">Shaoxing Medical<" in english and ">Shaoxing Relief<" in english
    Telling.objects.update(at=at("2020-06-24 00:40"))
    assert "本应在08:40轮换" in client.get(board).content.decode(), "what is overdue is not to come"
    (row,) = board_of(incident, clock.now(), is_past=False).rows
    with override("zh-hans"):
        assert short_team(row.teams[0].mission.team, frozenset()) == "绍兴", (
            "alone it needs no more"
        )


def test_the_duty_officer_sees_all_open_incidents(sign_in: SignIn) -> None:
    wenling, henan = cases.wenling(), cases.henan()
    gone = cases.incident("330000", "早已结束", "2020-06-01 08:00", state="closed",
                          closed_at=at("2020-06-02 08:00"))  # fmt: skip
    client = sign_in("province")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("rescue_board")).content.decode()
    assert wenling.title in page and gone.title not in page and henan.title in page
    assert len(queries) <= QUERIES_MAX
    english = client.get("/en" + reverse("rescue_board")).content.decode()
    assert wenling.title_en in english
    first = client.get(reverse("rescue_board_parts"))
    tag = {"If-None-Match": first["ETag"]}
    assert client.get(reverse("rescue_board_parts"), headers=tag).status_code == 304
