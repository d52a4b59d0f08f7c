"""One person, written down twice, is asked once: a merge, and call-outs, messages, teams."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honghui.callouts.actions.answers import answer_by_link, note_answer
from honghui.callouts.actions.calling import send_call_out
from honghui.callouts.answering import opened
from honghui.callouts.models import Answer, CallOut, Invitation
from honghui.kernel import clock, subject_keys
from honghui.kernel.actors import VISITOR, Actor
from honghui.messaging.actions.preferences import link_chat_account, stop_messages
from honghui.messaging.actions.replies import keep_reply
from honghui.messaging.channels.base import Outgoing
from honghui.messaging.models import ChatAccount, Incoming, Message, Preference
from honghui.messaging.opening import ACCOUNT_CONTEXT
from honghui.messaging.opening import opened as opened_messages
from honghui.messaging.reading import ToldReply
from honghui.registry.actions.duplicates import confirm_merge, propose_merge
from honghui.registry.actions.people import change_person, register_person
from honghui.registry.models import Person, Society
from honghui.rescue.actions.availability import tell_availability
from honghui.rescue.actions.calling import call_people
from honghui.rescue.actions.injuries import INJURY_CONTEXT, note_injury
from honghui.rescue.models import Injury, Member, Mission, Responder, Team
from honghui.rescue.queries.duty import duty_of
from honghui.rescue.rules.proposing import Wish
from tests.registry.samples import REASON, SYSTEM, pair
from tests.rescue.mission_samples import NOW, SHAOXING, an_incident, by
from tests.rescue.team_samples import a_member, a_team

pytestmark = pytest.mark.django_db
As = Callable[..., Actor]
PHONE, OTHER = "13900030001", "13900030002"


def two_rows(*, phone: str = PHONE, other: str = OTHER) -> tuple[Person, Person]:
    """The older is the one that is kept."""
    made = [
        register_person(
            by=SYSTEM, society=Society.objects.get(pk=SHAOXING), name="样例重名",
            kind="volunteer", phone=each,
        )
        for each in (phone, other)
    ]  # fmt: skip
    return made[0], made[1]


def two_members(team: Team) -> tuple[Person, Person]:
    """Both rows stand in the team."""
    kept, dropped = two_rows()
    for person in (kept, dropped):
        a_member(team, person=person)
    return kept, dropped


def merge(kept: Person, dropped: Person, as_actor: As) -> None:
    found = pair(kept, dropped)
    assert (found.first_id, found.second_id) == (kept.pk, dropped.pk)
    propose_merge(by=as_actor("officer"), pair=found, reason=REASON)
    confirm_merge(by=as_actor("officer2"), pair=found, reason=REASON)
    kept.refresh_from_db()
    dropped.refresh_from_db()


def call_everybody(wanted: int = 3) -> CallOut:
    incident = an_incident(SHAOXING)
    people = Member.objects.filter(team__society=SHAOXING, left_on__isnull=True)
    ids = list({each.person_id for each in people if each.team.name.startswith("样例队")})
    made = call_people(
        by=by("officer"), incident=incident, wish=Wish(wanted), people=ids, channels=["sms"],
        place="队部",
    )  # fmt: skip
    return send_call_out(by=by("officer"), call_out=made)


def number_of(message: Message) -> str:
    sent: list[Outgoing] = opened_messages([message], "T")[0]
    return sent[0].address.removeprefix("+86")


def test_merged_before_the_call_they_are_asked_once_on_one_phone(as_actor: As) -> None:
    team = a_team(SHAOXING)
    kept, dropped = two_rows()
    first, second = a_member(team, person=kept), a_member(team, person=dropped)
    merge(kept, dropped, as_actor)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.left_on, second.person_id) == (None, kept.pk)
    assert second.left_on is not None, "in one team they stand once"
    made = call_everybody()
    assert [one.person_id for one in made.invitations.all()] == [kept.pk]
    assert [number_of(each) for each in Message.objects.all()] == [PHONE]


def test_who_was_a_member_only_under_the_other_name_is_found_under_the_kept_one(
    as_actor: As,
) -> None:
    kept, dropped = two_rows(phone="")
    member = a_member(a_team(SHAOXING), person=dropped, skills=["medic"])
    tell_availability(by=SYSTEM, member=member, state="if_short")
    merge(kept, dropped, as_actor)
    member.refresh_from_db()
    duty = duty_of(Member.objects.filter(pk=member.pk), at=NOW, skill=None)[member.pk]
    assert (member.person_id, duty.only_if_short) == (kept.pk, True)
    assert not any(one.why == "uninsured" for one in duty.reasons), "their insurance came along"


def test_ways_to_reach_them_move_and_peace_is_kept(as_actor: As) -> None:
    kept, dropped = two_rows()
    link_chat_account(by=SYSTEM, person=dropped, channel="dingtalk", user_id="ding-7")
    stop_messages(by=SYSTEM, persons=[dropped], society_code=SHAOXING)
    merge(kept, dropped, as_actor)
    account = ChatAccount.objects.get(person=kept)
    sealed = bytes(account.user_id_sealed)
    assert subject_keys.open_for(kept.pk, sealed, ACCOUNT_CONTEXT) == "ding-7"
    assert Preference.objects.get(person=kept).stopped_at is not None


def test_in_an_open_call_out_both_are_one_and_both_links_answer_for_them(as_actor: As) -> None:
    team = a_team(SHAOXING)
    kept, dropped = two_members(team)
    made = call_everybody(2)
    links = {one.person_id: one.token for one in made.invitations.all()}
    merge(kept, dropped, as_actor)
    answer_by_link(by=VISITOR, token=links[dropped.pk], meaning="coming", eta_minutes=20)
    one = made.invitations.get(person=kept)
    assert (one.state, one.answers.count()) == ("coming", 1)
    assert made.invitations.get(person=dropped).state == "no_answer"
    assert [each.person_id for each in Responder.objects.all()] == [kept.pk]
    answer_by_link(by=VISITOR, token=links[kept.pk], meaning="declined")
    one.refresh_from_db()
    assert one.state == "declined"


def test_what_they_had_said_under_the_other_name_counts_and_can_still_be_read(
    as_actor: As,
) -> None:
    kept, dropped = two_rows()
    a_member(a_team(SHAOXING), person=dropped)
    made = call_everybody(1)
    one = made.invitations.get()
    note_answer(by=by("officer"), invitation=one, meaning="coming", eta_minutes=30)
    answer = one.answers.get()
    sealed = subject_keys.seal_for(dropped.pk, "去 30", "callouts.answer.said")
    Answer.objects.filter(pk=answer.pk).update(said_sealed=sealed)
    token = one.token
    mission = Mission.objects.get()
    note_injury(by=by("officer"), responder=mission.responders.get(), what="崴了脚")
    merge(kept, dropped, as_actor)
    one = Invitation.objects.select_related("person").get(pk=one.pk)
    assert (one.person_id, one.state, one.token) == (kept.pk, "coming", token)
    assert opened(one.answers.select_related("invitation").get()) == "去 30"
    injury = Injury.objects.select_related("responder").get()
    assert injury.responder.person_id == kept.pk
    what = subject_keys.open_for(kept.pk, injury.what_sealed, INJURY_CONTEXT)
    assert what == "崴了脚"


def test_a_reply_from_the_other_phone_is_theirs(as_actor: As) -> None:
    kept, dropped = two_rows()
    a_member(a_team(SHAOXING), person=dropped)
    made = call_everybody(1)
    message = Message.objects.get()
    Message.objects.filter(pk=message.pk).update(**_handed_over(message))
    merge(kept, dropped, as_actor)
    told = ToldReply(
        channel="sms", told_id=f"sms:{uuid4().hex[:20]}",
        hashes=tuple(subject_keys.look_up_hashes("phone", f"+86{OTHER}")), extension="", out_id="",
        text="去 30", told_at=clock.machine_now(),
    )  # fmt: skip
    kept_reply = keep_reply(by=SYSTEM, told=told, received_at=clock.machine_now())
    assert (kept_reply.state, kept_reply.person_id) == (Incoming.State.TAKEN, kept.pk)
    assert made.invitations.get().state == "coming"


def _handed_over(message: Message) -> dict[str, object]:
    from honghui.messaging.models import Handover

    handover = Handover.objects.create(
        out_id=uuid4().hex, channel="sms", message_ids=[message.pk], begun_at=clock.machine_now()
    )
    return {"handover": handover, "state": "sent"}


def test_in_one_mission_they_stand_once_with_what_either_told(as_actor: As) -> None:
    from honghui.rescue.actions.tellings import tell_by_link

    team = a_team(SHAOXING)
    kept, dropped = two_members(team)
    made = call_everybody(2)
    for one in made.invitations.all():
        note_answer(by=by("officer"), invitation=one, meaning="coming")
    other = made.invitations.get(person=dropped)
    left = NOW - timedelta(minutes=5)
    tell_by_link(by=VISITOR, token=other.token, kind="departed", at=left)
    merge(kept, dropped, as_actor)
    going = Responder.objects.exclude(state="declined").get()
    assert (going.person_id, going.state, going.departed_at) == (kept.pk, "departed", left)


def test_a_phone_that_changed_before_the_merge_is_the_kept_one(as_actor: As) -> None:
    kept, dropped = two_rows()
    change_person(by=SYSTEM, person=kept, name=kept.name, phone="13900030009")
    a_member(a_team(SHAOXING), person=dropped)
    merge(kept, dropped, as_actor)
    call_everybody(1)
    assert [number_of(each) for each in Message.objects.all()] == ["13900030009"]


def test_whoever_was_added_by_hand_and_answered_under_the_other_name_arrives_once(
    as_actor: As,
) -> None:
    """The link of the message leads to the one row that goes on."""
    from honghui.rescue.actions.calling import add_responder
    from honghui.rescue.actions.tellings import tell_by_link

    team = a_team(SHAOXING)
    kept, dropped = two_rows()
    member, _other = (a_member(team, person=person) for person in (kept, dropped))
    made = call_everybody(2)
    link = made.invitations.get(person=dropped).token
    answer_by_link(by=VISITOR, token=link, meaning="coming", eta_minutes=20)
    add_responder(by=by("officer"), mission=Mission.objects.get(), member=member)
    merge(kept, dropped, as_actor)
    tell_by_link(by=VISITOR, token=link, kind="arrived", at=NOW)
    there = Responder.objects.exclude(state="declined").get()
    assert (there.person_id, there.state) == (kept.pk, "there")


def test_who_answered_under_the_other_name_alone_still_tells_the_way_by_either_link(
    as_actor: As,
) -> None:
    from honghui.rescue.actions.tellings import tell_by_link

    team = a_team(SHAOXING)
    kept, dropped = two_members(team)
    made = call_everybody(2)
    links = {one.person_id: one.token for one in made.invitations.all()}
    answer_by_link(by=VISITOR, token=links[dropped.pk], meaning="coming", eta_minutes=20)
    merge(kept, dropped, as_actor)
    tell_by_link(by=VISITOR, token=links[dropped.pk], kind="departed", at=NOW)
    tell_by_link(by=VISITOR, token=links[kept.pk], kind="arrived", at=NOW + timedelta(minutes=9))
    there = Responder.objects.exclude(state="declined").get()
    assert (there.person_id, there.state) == (kept.pk, "there")


def test_a_call_out_that_had_enough_with_one_counted_twice_goes_on_asking(as_actor: As) -> None:
    from honghui.callouts.worker import take_step

    team = a_team(SHAOXING)
    kept, dropped = two_members(team)
    a_member(team)
    made = call_everybody(2)
    ids = {kept.pk, dropped.pk}
    CallOut.objects.filter(pk=made.pk).update(wanted=2)
    for one in made.invitations.filter(person__in=ids):
        note_answer(by=by("officer"), invitation=one, meaning="coming")
    take_step()
    made.refresh_from_db()
    assert (made.is_enough, made.next_step_at) == (True, None)
    revision = made.revision
    merge(kept, dropped, as_actor)
    take_step()
    made.refresh_from_db()
    assert (made.is_enough, made.revision > revision) == (False, True)
    assert made.invitations.filter(state="asked").count() == 1


def test_a_late_answer_of_somebody_in_the_reserve_stops_no_merge(as_actor: As) -> None:
    from honghui.callouts.actions.ending import close_call_out

    team = a_team(SHAOXING)
    kept, dropped = two_members(team)
    made = call_everybody(1)
    close_call_out(by=by("officer"), call_out=made, reason=REASON)
    for one in made.invitations.all():
        note_answer(by=by("officer"), invitation=one, meaning="coming")
    merge(kept, dropped, as_actor)
    assert Answer.objects.count() == 2


def test_the_link_of_somebody_who_was_erased_opens_nothing(as_actor: As) -> None:
    from honghui.kernel.errors import NotFound
    from honghui.registry.actions.people import erase_person

    kept, _dropped = two_rows()
    a_member(a_team(SHAOXING), person=kept)
    token = call_everybody(1).invitations.get(person=kept).token
    erase_person(by=SYSTEM, person=kept, reason=REASON)
    with pytest.raises(NotFound):
        answer_by_link(by=VISITOR, token=token, meaning="coming")


def test_hours_that_were_written_down_under_both_names_count_once(as_actor: As) -> None:
    from honghui.rescue.actions.tellings import tell
    from honghui.rescue.models import Hours

    team = a_team(SHAOXING)
    kept, dropped = two_members(team)
    made = call_everybody(2)
    for one in made.invitations.all():
        note_answer(by=by("officer"), invitation=one, meaning="coming")
    for minutes, kind in enumerate(("departed", "arrived", "left", "back")):
        at = NOW - timedelta(minutes=60 - 10 * minutes)
        tell(by=by("officer"), mission=Mission.objects.get(), kind=kind, at=at)
    assert Hours.objects.count() == 2
    merge(kept, dropped, as_actor)
    assert [each.responder.person_id for each in Hours.objects.all()] == [kept.pk]


def test_a_merge_locks_the_mission_before_its_people_as_whoever_tells_of_it_does(
    as_actor: As,
) -> None:
    """The other way round, the two would wait for each other."""
    team = a_team(SHAOXING)
    kept, dropped = two_members(team)
    for one in call_everybody(2).invitations.all():
        note_answer(by=by("officer"), invitation=one, meaning="coming")
    with CaptureQueriesContext(connection) as asked:
        merge(kept, dropped, as_actor)
    locks = [each["sql"] for each in asked if "FOR UPDATE" in each["sql"]]
    tables = [re.findall(r'FROM "(rescue_(?:mission|responder))"', sql) for sql in locks]
    assert next(found for found in tables if found) == ["rescue_mission", "rescue_responder"]
