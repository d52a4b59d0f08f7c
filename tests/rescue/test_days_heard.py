"""Somebody writes when they can come: heard, said back, and never mixed with an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from honghui.callouts.actions.ending import close_call_out
from honghui.callouts.models import Answer, CallOut
from honghui.kernel import clock, subject_keys
from honghui.kernel.clock import CHINA
from honghui.messaging.actions.preferences import set_preference
from honghui.messaging.actions.replies import keep_reply
from honghui.messaging.models import Handover, Incoming, Message
from honghui.messaging.queries.desk import text_of
from honghui.messaging.reading import ToldReply
from honghui.registry.actions.people import change_person, register_person
from honghui.rescue.actions.availability import tell_availability
from honghui.rescue.models import Availability, Member
from honghui.rescue.queries.duty import duty_of
from tests.registry.samples import SYSTEM
from tests.rescue.mission_samples import NOW, REASON, WENLING, called, scene
from tests.rescue.team_samples import a_member, a_team

pytestmark = pytest.mark.django_db
PHONE = "13900040001"
SATURDAY, MONDAY = datetime(2020, 6, 27, tzinfo=CHINA), datetime(2020, 6, 29, tzinfo=CHINA)


@pytest.fixture
def member(db: None) -> Member:
    made = a_member(a_team(WENLING, name="温岭样例队"))
    change_person(by=SYSTEM, person=made.person, name=made.person.name, phone=PHONE)
    return made


def write(
    text: str, *, phone: str = PHONE, ago: timedelta = timedelta(0), told_id: str = ""
) -> Incoming:
    """As messaging's worker takes it in."""
    told = ToldReply(
        channel="sms", told_id=told_id or f"sms:{uuid4().hex[:20]}",
        hashes=tuple(subject_keys.look_up_hashes("phone", f"+86{phone}")), extension="",
        out_id="", text=text, told_at=clock.machine_now() - ago,
    )  # fmt: skip
    return keep_reply(by=SYSTEM, told=told, received_at=clock.machine_now())


def told() -> list[tuple[str, datetime, datetime | None, str]]:
    rows = Availability.objects.order_by("-told_at", "-pk")
    return [(each.state, each.from_at, each.until_at, each.source) for each in rows]


def confirmations() -> list[str]:
    rows = Message.objects.filter(template="rescue.days_noted").order_by("queued_at", "id")
    return [text_of(each, with_link=False) or "" for each in rows]


def handed_over() -> None:
    """Everything queued is with the gateway: an answer can belong to it."""
    for each in Message.objects.filter(handover=None):
        each.handover = Handover.objects.create(
            out_id=uuid4().hex, channel="sms", message_ids=[each.pk],
            begun_at=clock.machine_now(),
        )  # fmt: skip
        each.state = Message.State.SENT
        each.save(update_fields=["handover", "state"])


def test_a_weekend_away_is_heard_said_back_and_takes_them_off_the_list(member: Member) -> None:
    assert write("这周末不在").state == Incoming.State.TAKEN
    assert told() == [("away", SATURDAY, MONDAY, "message")]
    (said,) = confirmations()
    assert "6月27日到6月28日不在" in said and "记下" in said
    duty = duty_of(Member.objects.filter(pk=member.pk), at=SATURDAY, skill=None)[member.pk]
    assert [one.why for one in duty.reasons] == ["away"]
    assert duty_of(Member.objects.filter(pk=member.pk), at=NOW, skill=None)[member.pk].is_ready


def test_it_is_said_back_in_the_language_they_prefer(member: Member) -> None:
    set_preference(
        by=SYSTEM, person=member.person, language="en", quiet_from=NOW.time(),
        quiet_until=NOW.time(), channels=["sms"],
    )  # fmt: skip
    write("away until 28 June")
    (said,) = confirmations()
    assert "away until 28 June" in said and "team leader" in said


def test_the_page_of_the_member_says_that_it_came_by_message(
    member: Member, sign_in: Callable[[str], Client]
) -> None:
    tell_availability(by=SYSTEM, member=member, state="if_short")
    page, leader = reverse("member", args=[member.pk]), sign_in("team-leader")
    assert "短信告知" not in leader.get(page).content.decode()
    write("请假三天")
    assert "短信告知" in leader.get(page).content.decode()


@pytest.mark.parametrize("text", ["周末可能不在", "28号回来", "老王周末不在", "明天下午不在"])
def test_what_is_in_doubt_waits_for_a_person_and_changes_nothing(member: Member, text: str) -> None:
    assert write(text).state == Incoming.State.UNCLEAR
    assert not told() and not confirmations()


def test_twice_is_once(member: Member) -> None:
    first = write("这周末不在", told_id="sms:one")
    assert write("这周末不在", told_id="sms:one").pk == first.pk
    assert write("这周末 不在").state == Incoming.State.TAKEN
    assert len(told()) == len(confirmations()) == 1
    assert write("备勤").state == Incoming.State.TAKEN
    assert write("备勤").state == Incoming.State.TAKEN
    assert [each[0] for each in told()] == ["available", "away"]


def test_an_older_message_that_comes_late_does_not_hold_over_a_newer_one(member: Member) -> None:
    write("available again", ago=timedelta(minutes=1))
    write("请假三天", ago=timedelta(hours=5))
    assert [each[0] for each in told()] == ["available", "away"]
    duty = duty_of(Member.objects.filter(pk=member.pk), at=NOW, skill=None)[member.pk]
    assert duty.is_ready, "what was written last holds"


def test_days_that_were_over_when_it_came_are_for_a_person(member: Member) -> None:
    assert write("今天请假", ago=timedelta(days=3)).state == Incoming.State.UNCLEAR
    assert not told()


def test_a_gateway_that_tells_the_time_of_the_world_is_understood(member: Member) -> None:
    """The simulated one does; the machine's clock is years ahead of it."""
    assert write("这周末不在", ago=clock.machine_now() - NOW).state == Incoming.State.TAKEN
    assert told() == [("away", SATURDAY, MONDAY, "message")]


def test_a_time_that_nobody_can_place_leaves_it_to_a_person(member: Member) -> None:
    assert write("明天请假", ago=timedelta(days=300)).state == Incoming.State.UNCLEAR
    assert not told()


def test_an_unknown_number_is_nobody_s_day(member: Member) -> None:
    assert write("这周末不在", phone="13900049999").state == Incoming.State.UNKNOWN
    assert not told()


def test_somebody_of_no_team_is_read_by_a_person(db: None) -> None:
    from honghui.registry.models import Society

    register_person(
        by=SYSTEM, society=Society.objects.get(pk=WENLING), name="样例捐赠人", kind="donor",
        phone="13900040777",
    )  # fmt: skip
    assert write("这周末不在", phone="13900040777").state == Incoming.State.UNCLEAR
    assert not told()


def test_in_two_teams_it_is_told_once_and_holds_in_both(member: Member) -> None:
    other = a_member(a_team(WENLING), person=member.person)
    write("这周末不在")
    assert len(told()) == len(confirmations()) == 1
    duties = duty_of(Member.objects.filter(person=member.person), at=SATURDAY, skill=None)
    assert {member.pk, other.pk} == {pk for pk, one in duties.items() if not one.is_ready}


def test_a_family_s_phone_with_two_members_is_asked_by_a_person(member: Member) -> None:
    other = a_member(member.team)
    change_person(by=SYSTEM, person=other.person, name=other.person.name, phone=PHONE)
    assert write("这周末不在").state == Incoming.State.UNCLEAR
    assert not told()


# ── beside call-outs ─────────────────────────────────────────────────────────────────────────


def a_call() -> tuple[CallOut, str]:
    """One person is asked; their number."""
    it = scene(1)
    made = called(it, 1)
    handed_over()
    return made, "13900010000"


@pytest.mark.parametrize("text", ["备勤", "available", "去 30", "不行", "缺人再叫我"])
def test_an_answer_to_an_open_call_out_is_one_and_no_days(text: str) -> None:
    made, phone = a_call()
    assert write(text, phone=phone).state == Incoming.State.TAKEN
    assert made.invitations.get().state != "asked"
    assert not told()


@pytest.mark.parametrize(
    "text", ["明天起可以", "周末可以", "请假三天", "明天不在", "周末有事,来不了", "周五请假"]
)
def test_days_that_may_be_an_answer_are_for_a_person_while_somebody_is_asked(text: str) -> None:
    made, phone = a_call()
    expected = "taken" if text == "周五请假" else "unclear"
    assert write(text, phone=phone).state == expected
    assert made.invitations.get().state == "asked"
    assert not Answer.objects.exists()
    assert [each[0] for each in told()] == (["away"] if expected == "taken" else [])


def test_a_clear_day_far_ahead_is_heard_and_the_call_goes_on_waiting() -> None:
    made, phone = a_call()
    assert write("6月28日到30日请假", phone=phone).state == Incoming.State.TAKEN
    assert [each[0] for each in told()] == ["away"]
    message = Message.objects.get(about=made.invitations.get().pk)
    assert message.answered_at is None, "the call was not answered by it"
    assert write("去 30", phone=phone).state == Incoming.State.TAKEN
    assert made.invitations.get().state == "coming"


def test_a_stand_by_request_is_answered_and_not_filed_as_days() -> None:
    it = scene(1)
    made = called(it, 1, kind="stand_by")
    handed_over()
    assert write("6月28日到30日请假", phone="13900010000").state == Incoming.State.UNCLEAR
    assert made.invitations.get().state == "asked" and not told()


def test_a_late_answer_to_a_closed_call_out_is_one_and_no_days() -> None:
    made, phone = a_call()
    close_call_out(by=SYSTEM, call_out=made, reason=REASON)
    assert write("备勤", phone=phone).state == Incoming.State.TAKEN
    assert Answer.objects.get().is_late
    assert not told()
    assert write("这周末不在", phone=phone).state == Incoming.State.TAKEN
    assert [each[0] for each in told()] == ["away"]
    assert Answer.objects.count() == 1


def test_long_after_the_last_call_such_a_word_says_how_it_is() -> None:
    made, phone = a_call()
    close_call_out(by=SYSTEM, call_out=made, reason=REASON)
    Message.objects.update(queued_at=NOW - timedelta(days=9))
    assert write("备勤", phone=phone).state == Incoming.State.TAKEN
    assert not Answer.objects.exists()
    assert [each[0] for each in told()] == ["available"]
