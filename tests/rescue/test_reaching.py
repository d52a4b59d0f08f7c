"""Ordered back, called off, over: everybody who is out is told, on every way that reaches them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from honghui.callouts.actions.answers import answer_by_link, note_answer
from honghui.callouts.actions.calling import send_call_out
from honghui.callouts.actions.ending import cancel_call_out
from honghui.callouts.models import CallOut, Invitation
from honghui.messaging.actions.preferences import (
    link_chat_account,
    set_preference,
    stop_messages,
)
from honghui.messaging.models import Message
from honghui.messaging.sending import tell_failed
from honghui.registry.actions.people import change_person
from honghui.registry.models import Person
from honghui.rescue import wordings
from honghui.rescue.actions.asking import cancel_mission
from honghui.rescue.actions.incidents import close_incident
from honghui.rescue.actions.returning import order_back
from honghui.rescue.actions.tellings import tell
from honghui.rescue.models import Mission, Responder
from tests.registry.samples import SYSTEM
from tests.rescue.mission_samples import (
    NOW,
    REASON,
    SHAOXING,
    WENLING,
    Scene,
    a_mission,
    an_incident,
    by,
    called,
    scene,
)
from tests.rescue.team_samples import a_member, a_team

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def out(
    members: int = 3,
    *,
    channels: tuple[str, ...] = ("sms",),
    society: str = WENLING,
    leader: str = "team-leader",
) -> tuple[Scene, Mission]:
    """Everybody was called, came and is there."""
    it = scene(members) if society == WENLING else _scene_in(society, members)
    call_out = called(it, members, channels=channels, by=by(leader), sent=False)
    call_out = send_call_out(by=by(leader), call_out=call_out)
    for one in call_out.invitations.all():
        note_answer(by=by(leader), invitation=one, meaning="coming")
    mission = Mission.objects.get(incident=it.incident)
    tell(by=by(leader), mission=mission, kind="arrived", at=NOW - HOUR)
    return it, mission


def _scene_in(society: str, members: int) -> Scene:
    team = a_team(society)
    people = [a_member(team) for _ in range(members)]
    for number, each in enumerate(people):
        change_person(
            by=SYSTEM, person=each.person, name=each.person.name, phone=f"1390002{number:04d}"
        )
    return Scene(an_incident(society), team, people)


def back(mission: Mission, leader: str = "team-leader") -> None:
    order_back(by=by(leader), mission=mission, at=NOW, ordered_by="现场指挥部")


def told(person: Person) -> list[tuple[str, str]]:
    rows = Message.objects.filter(person=person, template__in=wordings.ALL)
    return sorted(rows.values_list("channel", "template"))


def fail(person: Person, reason: str = "switched_off") -> None:
    """As a receipt does it."""
    rows = list(Message.objects.filter(person=person, template__in=wordings.ALL))
    for each in rows:
        each.state, each.reason = Message.State.FAILED, reason
        each.save(update_fields=["state", "reason"])
    tell_failed(rows)


def test_it_goes_out_on_every_way_of_the_call_out_that_reaches_somebody() -> None:
    it, mission = out(3, channels=("sms", "dingtalk", "wecom", "voice"))
    first, second, third = (each.person for each in it.members)
    link_chat_account(by=SYSTEM, person=first, channel="dingtalk", user_id="u1")
    link_chat_account(by=SYSTEM, person=second, channel="wecom", user_id="u2")
    set_preference(
        by=SYSTEM, person=second, quiet_from=time(22), quiet_until=time(7), language="en",
        channels=["sms"],
    )  # fmt: skip
    back(mission)
    assert told(first) == [("dingtalk", "rescue.ordered_back"), ("sms", "rescue.ordered_back")]
    assert told(second) == [("sms", "rescue.ordered_back"), ("wecom", "rescue.ordered_back")]
    assert told(third) == [("sms", "rescue.ordered_back")]
    languages = Message.objects.filter(template__in=wordings.ALL, person=second)
    assert set(languages.values_list("language", flat=True)) == {"en"}


def test_whom_only_the_phone_was_called_by_is_rung_up() -> None:
    it, mission = out(1, channels=("voice",))
    back(mission)
    assert told(it.members[0].person) == [("voice", "rescue.ordered_back_plain")]


def test_it_costs_no_more_queries_for_many_than_for_few() -> None:
    asked = []
    for people in (2, 6):
        it, mission = out(people)
        with CaptureQueriesContext(connection) as caught:
            back(mission)
        asked.append(len(caught))
    assert asked[0] == asked[1]


def test_where_every_text_fails_the_phone_rings_once() -> None:
    it, mission = out(2)
    back(mission)
    person = it.members[0].person
    fail(person)
    fail(person)
    assert told(person) == [
        ("sms", "rescue.ordered_back"),
        ("voice", "rescue.ordered_back_plain"),
    ]
    assert [channel for channel, _code in told(it.members[1].person)] == ["sms"]


def test_nobody_is_rung_while_another_way_may_still_reach_them() -> None:
    it, mission = out(1, channels=("sms", "dingtalk"))
    person = it.members[0].person
    link_chat_account(by=SYSTEM, person=person, channel="dingtalk", user_id="u1")
    back(mission)
    text = Message.objects.get(person=person, template__in=wordings.ALL, channel="sms")
    text.state, text.reason = Message.State.FAILED, "blacklist"
    text.save()
    tell_failed([text])
    assert [channel for channel, _code in told(person)] == ["dingtalk", "sms"]


def test_whoever_wants_no_messages_is_not_rung_but_shown(
    sign_in: Callable[[str], Client],
) -> None:
    it, mission = out(2)
    person = it.members[0].person
    stop_messages(by=SYSTEM, persons=[person], society_code="331081")
    back(mission)
    assert told(person) == [("sms", "rescue.ordered_back")]
    page = sign_in("team-leader").get(mission.get_absolute_url()).content.decode()
    assert 'id="not-reached"' in page and person.name in page


def not_reached(page: str) -> str:
    start = page.find('id="not-reached"')
    return page[start : page.find("</section>", start)] if start >= 0 else ""


def test_whom_nothing_reached_is_named_on_the_page_until_they_are_on_their_way(
    sign_in: Callable[[str], Client],
) -> None:
    it, mission = out(3)
    leader = sign_in("team-leader")
    back(mission)
    assert not not_reached(leader.get(mission.get_absolute_url()).content.decode())
    lost = it.members[1].person
    fail(lost)
    fail(lost)
    shown = not_reached(leader.get(mission.get_absolute_url()).content.decode())
    assert lost.name in shown and it.members[0].person.name not in shown
    assert "没有通知到1人" in shown
    assert "···· 0001" in shown and "13900010001" not in shown
    assert "/identity/" not in shown, "a leader may not ask for the number on file"
    waits = leader.get("/desk/").content.decode()
    assert "没有通知到" in waits
    tell(by=it.leader, mission=mission, kind="left", at=NOW)
    assert not not_reached(leader.get(mission.get_absolute_url()).content.decode())
    assert "没有通知到" not in leader.get("/desk/").content.decode()


@pytest.mark.parametrize(
    ("username", "sees_name", "sees_link"), [("officer", True, True), ("province", False, False)]
)
def test_the_number_is_offered_to_nobody_but_who_may_see_it(
    sign_in: Callable[[str], Client], username: str, sees_name: bool, sees_link: bool
) -> None:
    it, mission = out(2, society=SHAOXING, leader="officer")
    back(mission, "officer")
    lost = it.members[0].person
    fail(lost)
    fail(lost)
    shown = not_reached(sign_in(username).get(mission.get_absolute_url()).content.decode())
    assert "没有通知到1人" in shown
    assert (lost.name in shown) is sees_name
    assert ("···· 0000" in shown) is sees_name
    assert (f"/desk/people/{lost.pk}/identity/" in shown) is sees_link


def test_the_page_asks_the_same_questions_however_many_were_not_reached(
    sign_in: Callable[[str], Client],
) -> None:
    leader, asked = sign_in("team-leader"), []
    for people in (1, 4):
        it, mission = out(people)
        back(mission)
        for each in it.members:
            fail(each.person)
            fail(each.person)
        leader.get(mission.get_absolute_url())
        with CaptureQueriesContext(connection) as caught:
            leader.get(mission.get_absolute_url())
        asked.append(len(caught))
    assert asked[0] == asked[1]


# ── called off, cancelled, over ──────────────────────────────────────────────────────────────


def test_who_was_coming_is_told_when_their_team_is_called_off() -> None:
    it = scene(2)
    mission = a_mission(it, going=2)
    declined = mission.responders.order_by("joined_at", "id").first()
    assert declined is not None
    Responder.objects.filter(pk=declined.pk).update(answer="declined", state="declined")
    cancel_mission(by=it.leader, mission=mission, reason=REASON)
    rows = Message.objects.filter(template__in=wordings.ALL)
    assert [each.template for each in rows] == ["rescue.called_off_plain"]
    assert rows[0].person_id != declined.person_id


def test_a_team_that_is_called_off_is_asked_no_more_and_counts_no_more() -> None:
    it = scene(3)
    call_out = called(it, 2)
    mission = Mission.objects.get(incident=it.incident)
    cancel_mission(by=it.leader, mission=mission, reason=REASON)
    those = call_out.invitations.all()
    assert set(those.values_list("state", flat=True)) == {"stood_down"}
    assert CallOut.objects.get(pk=call_out.pk).state == "open"
    answer_by_link(by=SYSTEM, token=those[0].token, meaning="coming")
    assert [each.is_late for each in those[0].answers.all()] == [True]
    assert Mission.objects.get(incident=it.incident).state == "cancelled", "and no other one began"


def test_a_cancelled_call_out_tells_who_is_under_way_on_a_way_that_reaches_them() -> None:
    it, mission = out(2, channels=("sms", "voice"))
    call_out = CallOut.objects.get(about=it.incident.pk)
    gone = it.members[0].person
    Person.objects.filter(pk=gone.pk).update(phone_sealed=None, phone_hash=None, phone_tail="")
    link_chat_account(by=SYSTEM, person=gone, channel="wecom", user_id="u1")
    cancel_call_out(by=it.leader, call_out=call_out, reason=REASON)
    rows = Message.objects.filter(template="call_out.stood_down")
    assert sorted(rows.values_list("channel", "state")) == [("sms", "queued"), ("wecom", "queued")]


def test_a_mission_says_that_its_people_were_called_off_until_they_are_home(
    sign_in: Callable[[str], Client],
) -> None:
    it, mission = out(2)
    client, address = sign_in("team-leader"), mission.get_absolute_url()
    assert "他们已被叫回" not in client.get(address).content.decode()
    call_out = CallOut.objects.get(about=it.incident.pk)
    cancel_call_out(by=it.leader, call_out=call_out, reason=REASON)
    page = client.get(address).content.decode()
    assert "他们已被叫回" in page and REASON in page
    Responder.objects.filter(mission=mission).update(back_at=NOW)
    tell(by=it.leader, mission=mission, kind="back", at=NOW)
    page = client.get(address).content.decode()
    assert "他们已被叫回" not in page and "名单上已到家" in page


def test_a_closed_incident_calls_nobody_and_tells_who_is_not_home() -> None:
    it, mission = out(2)
    Responder.objects.filter(mission=mission).update(back_at=NOW)
    tell(by=it.leader, mission=mission, kind="back", at=NOW)
    late = Responder.objects.filter(mission=mission).first()
    assert late is not None
    Responder.objects.filter(pk=late.pk).update(state="left", back_at=None)
    close_incident(by=SYSTEM, incident=it.incident, reason=REASON)
    rows = Message.objects.filter(template__in=wordings.ALL)
    assert [(each.person_id, each.template) for each in rows] == [(late.person_id, "rescue.over")]
    assert CallOut.objects.get(about=it.incident.pk).state == "closed"


def test_an_incident_that_closes_tells_whoever_was_asked_and_drops_drafts() -> None:
    it = scene(4)
    sent = called(Scene(it.incident, it.team, it.members[:2]), 2)
    draft = called(Scene(it.incident, it.team, it.members[2:]), 1, sent=False)
    Mission.objects.filter(incident=it.incident).update(state="cancelled", reason=REASON)
    close_incident(by=SYSTEM, incident=it.incident, reason=REASON)
    states: Any = dict(CallOut.objects.values_list("pk", "state"))
    assert states == {sent.pk: "closed", draft.pk: "cancelled"}
    over = Message.objects.filter(template="call_out.closed").values_list("person_id", flat=True)
    asked = Invitation.objects.filter(call_out=sent, state="asked")
    assert set(over) == set(asked.values_list("person_id", flat=True))
