"""Missions through their actions: what is told, who may, what follows, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from honghui.journal.models import Act
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from honghui.messaging.models import Message
from honghui.rescue.actions.asking import (
    accept_request,
    ask_team,
    cancel_mission,
    decline_request,
)
from honghui.rescue.actions.calling import add_responder, put_in_batch
from honghui.rescue.actions.gear import issue_gear, list_gear, return_gear
from honghui.rescue.actions.hours import confirm_hours, correct_hours
from honghui.rescue.actions.injuries import note_care, note_injury
from honghui.rescue.actions.positions import share_position
from honghui.rescue.actions.returning import close_mission, order_back
from honghui.rescue.actions.tasks import Result, finish_task, give_task, note_vehicle, vehicle_back
from honghui.rescue.actions.tellings import settle_telling, tell, void_telling
from honghui.rescue.models import (
    Hours,
    LogLine,
    Member,
    Mission,
    Position,
    Telling,
)
from honghui.rescue.queries.missions import shown, waiting_for
from honghui.rescue.words.lines import say
from tests.registry.samples import SYSTEM
from tests.rescue.mission_samples import (
    NOW,
    REASON,
    SHAOXING,
    a_mission,
    asked,
    by,
    responder,
    scene,
)
from tests.rescue.team_samples import a_member, a_team

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def told(mission: Mission, kind: str, at: Any = NOW, **more: Any) -> Telling:
    return tell(by=by("team-leader"), mission=mission, kind=kind, at=at, **more)


def fresh(mission: Mission) -> Mission:
    return Mission.objects.select_related("incident", "team").get(pk=mission.pk)


# ── what is told ─────────────────────────────────────────────────────────────────────────────


def test_state_people_and_responders_follow_from_what_is_told() -> None:
    mission = a_mission(scene(), going=2)
    told(mission, "departed", NOW - HOUR, people=12)
    assert fresh(mission).state == "departed"
    assert fresh(mission).people == 12
    assert responder(mission).departed_at == NOW - HOUR
    told(mission, "arrived", NOW, batch=1, people=7, people_qualifier="about", told_as="第二批")
    after = fresh(mission)
    assert (after.state, after.people) == ("there", 12)
    batch = mission.batches.get()
    assert (batch.people, batch.people_qualifier, batch.told_as) == (7, "about", "第二批")
    assert responder(mission).state == "departed", "in no batch, so not there yet"
    put_in_batch(by=by("team-leader"), mission=mission, responders=[responder(mission)], batch=1)
    assert responder(mission).state == "there"


def test_batches_add_up_with_their_qualifiers_while_no_total_is_told() -> None:
    mission = a_mission(scene())
    told(mission, "arrived", NOW - HOUR, batch=1, people=40, people_qualifier="about")
    told(mission, "arrived", NOW, batch=2, people=52)
    after = fresh(mission)
    assert (after.people, after.people_qualifier) == (92, "about")


def test_a_report_out_of_order_is_kept_flagged_and_waits_for_somebody() -> None:
    it = scene()
    mission = a_mission(it)
    told(mission, "departed", NOW)
    odd = told(mission, "arrived", NOW - HOUR)
    assert odd.flags == ["before_departure"]
    assert fresh(mission).state == "there"
    (task,) = [row for row in waiting_for(it.leader) if "#questions" in row.url]
    assert task.state == "half"
    settle_telling(by=it.leader, telling=odd, reason=REASON)
    assert [row for row in waiting_for(it.leader) if "#questions" in row.url] == []
    with pytest.raises(Conflict):
        settle_telling(by=it.leader, telling=odd, reason=REASON)


def test_a_late_departure_puts_an_odd_arrival_right() -> None:
    mission = a_mission(scene())
    told(mission, "departed", NOW)
    odd = told(mission, "arrived", NOW - HOUR)
    wrong = Telling.objects.get(mission=mission, kind="departed")
    void_telling(by=by("team-leader"), telling=wrong, reason=REASON)
    told(mission, "departed", NOW - 2 * HOUR)
    odd.refresh_from_db()
    assert odd.flags == []
    assert Telling.objects.filter(mission=mission).count() == 3, "nothing is lost"


def test_a_time_in_the_future_moves_nobody() -> None:
    mission = a_mission(scene())
    assert told(mission, "arrived", NOW + 3 * HOUR).flags == ["in_the_future"]
    assert fresh(mission).state == "called"
    old = told(mission, "departed", NOW - timedelta(days=40))
    assert "long_ago" in old.flags
    assert fresh(mission).state == "called"


def test_told_twice_by_one_phone_is_one_row_and_by_two_phones_one_fact() -> None:
    it = scene()
    mission = a_mission(it)
    number = uuid4()
    one = told(mission, "arrived", NOW, client_id=number)
    assert told(mission, "arrived", NOW, client_id=number).pk == one.pk
    other = told(mission, "arrived", NOW + timedelta(minutes=4))
    assert other.flags == ["repeated"]
    assert Telling.objects.filter(mission=mission).count() == 2
    lines = LogLine.objects.filter(mission=mission, kind="told_arrived")
    assert lines.count() == 1, "the log says it once"
    assert it.team.name in say(lines.get())
    with pytest.raises(Conflict):
        told(a_mission(scene()), "arrived", NOW, client_id=number)


def test_who_may_not_lead_writes_nothing() -> None:
    mission = a_mission(scene())
    for username in ("officer", "outsider", "volunteer", "auditor"):
        with pytest.raises((NotAllowed, NotFound)):
            tell(by=by(username), mission=mission, kind="arrived", at=NOW)
    assert not Telling.objects.exists()
    assert fresh(mission).state == "called"


def test_what_is_no_report_is_refused() -> None:
    mission = a_mission(scene())
    for wrong in (
        {"kind": "flew"}, {"kind": "arrived", "people": 0}, {"kind": "arrived", "batch": 0},
        {"kind": "arrived", "people": 100_000}, {"kind": "arrived", "at_qualifier": "perhaps"},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            told(mission, **{"at": NOW, **wrong})
    assert not Telling.objects.exists()


def test_a_report_after_the_end_is_kept_and_says_so() -> None:
    mission = a_mission(scene())
    told(mission, "arrived", NOW - HOUR)
    close_mission(by=by("team-leader"), mission=mission, reason=REASON)
    late = told(mission, "back", NOW)
    assert "after_closing" in late.flags
    assert fresh(mission).state == "closed"


# ── a sister's team ──────────────────────────────────────────────────────────────────────────


def test_a_sisters_team_is_asked_and_its_own_leader_answers() -> None:
    it = scene()
    sister = a_team(SHAOXING)
    mission = asked(it, sister)
    assert mission.state == "asked"
    (task,) = [row for row in waiting_for(by("officer")) if row.url.endswith(f"{mission.pk}/")]
    assert str(task.detail) == "需要10人" or "10" in str(task.detail)
    with pytest.raises(NotAllowed):
        accept_request(by=it.leader, mission=mission)
    accept_request(by=by("officer"), mission=mission)
    assert fresh(mission).state == "called"
    with pytest.raises(Conflict):
        decline_request(by=by("officer"), mission=mission, reason=REASON)


def test_a_sister_that_declines_says_why_and_may_be_asked_again() -> None:
    it = scene()
    sister = a_team(SHAOXING)
    mission = asked(it, sister)
    with pytest.raises(Conflict):
        asked(it, sister)
    decline_request(by=by("officer"), mission=mission, reason=REASON)
    assert fresh(mission).reason == REASON
    assert asked(it, sister).pk != mission.pk


def test_nobody_asks_in_anothers_incident_nor_a_disbanded_team() -> None:
    it = scene()
    with pytest.raises((NotAllowed, NotFound)):
        ask_team(by=by("officer"), incident=it.incident, team=a_team(SHAOXING))
    gone = a_team(SHAOXING)
    type(gone).objects.filter(pk=gone.pk).update(state="suspended")
    with pytest.raises(Conflict):
        ask_team(by=it.leader, incident=it.incident, team=gone)
    assert not Mission.objects.exists()


def test_a_team_under_way_is_ordered_back_and_not_called_off() -> None:
    it = scene()
    mission = a_mission(it)
    told(mission, "departed")
    with pytest.raises(Conflict):
        cancel_mission(by=it.leader, mission=mission, reason=REASON)
    assert fresh(mission).state == "departed"


# ── people ───────────────────────────────────────────────────────────────────────────────────


def test_no_insurance_and_two_missions_are_flagged_before_the_wheels_turn() -> None:
    it = scene(1)
    bare = a_member(it.team, insured=False)
    mission = a_mission(it)
    one = add_responder(by=it.leader, mission=mission, member=bare)
    assert "uninsured" in one.flags
    first = add_responder(by=it.leader, mission=mission, member=it.members[0])
    assert first.flags == []
    second_team = a_team("331081")
    twice = a_member(second_team, person=it.members[0].person)
    other = Mission.objects.create(
        incident=it.incident, team=second_team, requester="own", state="called", opened_at=NOW
    )
    again = add_responder(by=it.leader, mission=other, member=twice)
    first.refresh_from_db()
    assert "in_two_missions" in again.flags
    assert "in_two_missions" in first.flags, "flagged in both"
    grave = [each for each in shown(it.leader, fresh(mission)).people if each.is_grave]
    assert len(grave) == 2


def test_only_members_of_the_team_are_added_and_once() -> None:
    it = scene(1)
    mission = a_mission(it)
    stranger = a_member(a_team("331081"))
    with pytest.raises(Conflict):
        add_responder(by=it.leader, mission=mission, member=stranger)
    add_responder(by=it.leader, mission=mission, member=it.members[0])
    with pytest.raises(Conflict):
        add_responder(by=it.leader, mission=mission, member=it.members[0])


def test_names_are_their_own_societys_business() -> None:
    it = scene()
    mission = a_mission(it, going=2)
    assert all(each.name for each in shown(it.leader, fresh(mission)).people)
    above = shown(by("province"), fresh(mission))
    assert len(above.people) == 2
    assert not any(each.name for each in above.people)
    assert above.hours is None
    assert above.injuries is None


# ── tasks, vehicles, gear ────────────────────────────────────────────────────────────────────


def test_a_task_ends_once_with_numbers_that_keep_their_units() -> None:
    it = scene()
    task = give_task(
        by=it.leader, mission=a_mission(it), kind="search", title="核心区搜救",
        ordered_by="现场指挥部",
    )  # fmt: skip
    finish_task(
        by=it.leader, task=task, result="转移群众",
        results=[Result("moved", 40, "person", "about"), Result("treated", 60, "person_time")],
    )  # fmt: skip
    assert [(r.value, r.unit, r.qualifier) for r in task.results.all()] == [
        (40, "person", "about"), (60, "person_time", "exact"),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        finish_task(by=it.leader, task=task)


def test_a_number_without_a_known_unit_is_refused() -> None:
    it = scene()
    task = give_task(by=it.leader, mission=a_mission(it), kind="search", title="搜救")
    with pytest.raises(Invalid):
        finish_task(by=it.leader, task=task, results=[Result("moved", 4, "crowd")])
    task.refresh_from_db()
    assert task.done_at is None


def test_a_vehicle_comes_back_with_more_kilometres_than_it_left_with() -> None:
    it = scene()
    row = note_vehicle(
        by=it.leader, mission=a_mission(it), kind="truck", count=2, told_as="救援车",
        odometer_out_km=1_000,
    )  # fmt: skip
    with pytest.raises(Invalid):
        vehicle_back(by=it.leader, row=row, odometer_back_km=900)
    assert vehicle_back(by=it.leader, row=row, odometer_back_km=1_210).odometer_back_km == 1_210


def test_a_mission_closes_when_its_gear_is_counted_to_the_last_piece() -> None:
    it = scene()
    mission = a_mission(it)
    gear = list_gear(by=it.leader, team=it.team, kind="first_aid_kit", name="急救包", quantity=10)
    issue = issue_gear(by=it.leader, gear=gear, quantity=6, mission=mission)
    told(mission, "arrived", NOW - HOUR)
    told(mission, "back", NOW)
    with pytest.raises(Conflict):
        close_mission(by=it.leader, mission=mission)
    with pytest.raises(Invalid):
        return_gear(by=it.leader, issue=issue, returned=5)
    return_gear(by=it.leader, issue=issue, returned=3, damaged=1, lost=1, used_up=1)
    close_mission(by=it.leader, mission=mission)
    assert fresh(mission).state == "closed"


def test_without_a_return_a_mission_closes_for_a_reason_only() -> None:
    it = scene()
    mission = a_mission(it)
    told(mission, "arrived", NOW - HOUR)
    with pytest.raises(Invalid):
        close_mission(by=it.leader, mission=mission)
    close_mission(by=it.leader, mission=mission, reason="原文未载撤离时间。")


# ── ordered back, hours ──────────────────────────────────────────────────────────────────────


def test_ordered_back_tells_everybody_who_is_out_once() -> None:
    it = scene()
    mission = a_mission(it, going=3)
    told(mission, "arrived", NOW - HOUR)
    order_back(by=it.leader, mission=mission, at=NOW, ordered_by="现场指挥部")
    assert Message.objects.filter(about=mission.pk).count() == 3
    again = order_back(by=it.leader, mission=mission, at=NOW + timedelta(minutes=3))
    assert again.flags == ["repeated"]
    assert Message.objects.filter(about=mission.pk).count() == 3, "nobody is told twice"
    assert fresh(mission).state == "ordered_back"


def test_hours_are_written_when_the_team_is_back_and_confirmed_by_somebody_else() -> None:
    it = scene(2)
    mission = a_mission(it, going=2)
    mine = Member.objects.create(
        team=it.team, person_id=it.leader.person_id, joined_on=NOW.date(), role="leader"
    )
    add_responder(by=it.leader, mission=mission, member=mine)
    told(mission, "departed", NOW - 5 * HOUR)
    told(mission, "arrived", NOW - 4 * HOUR)
    assert not Hours.objects.exists()
    told(mission, "back", NOW)
    rows = Hours.objects.filter(responder__mission=mission)
    assert {row.minutes for row in rows} == {300}
    confirm_hours(by=it.leader, mission=mission)
    open_rows = rows.filter(confirmed_at=None)
    assert [row.responder.person_id for row in open_rows] == [it.leader.person_id]
    with pytest.raises(Conflict):
        confirm_hours(by=it.leader, mission=mission)
    with pytest.raises(Conflict):
        correct_hours(by=it.leader, hours=open_rows[0], from_at=NOW - HOUR, until_at=NOW,
                      reason=REASON)  # fmt: skip


def test_confirmed_hours_stay_when_a_later_report_changes_the_way() -> None:
    it = scene(1)
    mission = a_mission(it, going=1)
    told(mission, "departed", NOW - 5 * HOUR)
    told(mission, "back", NOW)
    confirm_hours(by=it.leader, mission=mission)
    told(mission, "back", NOW + 2 * HOUR)
    assert Hours.objects.get().minutes == 300


# ── positions, injuries ──────────────────────────────────────────────────────────────────────


def test_a_position_from_another_country_is_kept_flagged_and_then_forgotten() -> None:
    it = scene()
    mission = a_mission(it)
    told(mission, "arrived", NOW - HOUR)
    found = share_position(
        by=it.leader, mission=mission, at=NOW, latitude_microdegrees=34_700_000,
        longitude_microdegrees=135_500_000, accuracy_metres=12,
    )  # fmt: skip
    assert found.flags == ["another_country", "far_from_incident"]
    acts = Act.objects.filter(verb="rescue.position.shared")
    assert "34700000" not in str(acts.get().after), "the journal never says where"
    close_mission(by=it.leader, mission=mission, reason=REASON)
    assert not Position.objects.exists()
    with pytest.raises(Conflict):
        share_position(
            by=it.leader, mission=mission, at=NOW, latitude_microdegrees=28_400_000,
            longitude_microdegrees=121_400_000,
        )  # fmt: skip
    with pytest.raises(Invalid):
        share_position(
            by=it.leader, mission=a_mission(scene()), at=NOW,
            latitude_microdegrees=91_000_000, longitude_microdegrees=0,
        )  # fmt: skip


def test_what_somebody_suffers_lies_sealed_and_only_their_own_see_it() -> None:
    it = scene()
    mission = a_mission(it, going=1)
    injury = note_injury(by=it.leader, responder=responder(mission), what="左脚扭伤")
    with connection.cursor() as cursor:
        cursor.execute("SELECT what_sealed FROM rescue_injury")
        assert "左脚扭伤".encode() not in bytes(cursor.fetchone()[0])
    assert "左脚" not in "".join(str(act.after) for act in Act.objects.all())
    with pytest.raises((NotAllowed, NotFound)):
        note_injury(by=by("province"), responder=responder(mission), what="不该看到")
    note_care(by=it.leader, injury=injury, what="送医检查", is_ended=True)
    (ill,) = shown(it.leader, fresh(mission)).injuries or ()
    assert ill.what == "左脚扭伤"
    assert [what for _care, what in ill.care] == ["送医检查"]
    with pytest.raises(Conflict):
        note_care(by=it.leader, injury=injury, what="又一次")
    assert SYSTEM.is_system
