"""A call-out on its way: asked, answered, escalated, closed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honghui.callouts import listening
from honghui.callouts.actions.answers import answer_by_link, note_answer
from honghui.callouts.actions.calling import invite_more, send_call_out
from honghui.callouts.actions.ending import (
    cancel_call_out,
    close_call_out,
    send_home,
    stand_group_down,
)
from honghui.callouts.asking import note_failed
from honghui.callouts.models import Answer, CallOut, Invitation
from honghui.callouts.worker import take_step
from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR
from honghui.kernel.errors import Conflict, Invalid, NotAllowed
from honghui.messaging.models import Message
from honghui.registry.models import Person
from tests.callouts.conftest import (
    SECOND_TEAM,
    SYSTEM,
    TEAM,
    Listener,
    Machine,
    candidates,
    draft,
    messages_of,
    person,
    reply,
    rows,
    states,
)

pytestmark = pytest.mark.django_db


def work() -> int:
    """Steps until nothing is due."""
    return sum(1 for _step in iter(take_step, False))


def fresh(call_out: CallOut) -> CallOut:
    return CallOut.objects.get(pk=call_out.pk)


def test_a_draft_asks_nobody(people: list[Person]) -> None:
    made = draft(people)
    assert states(made) == ["reserve"] * 6
    assert not Message.objects.exists()


def test_sending_asks_the_first_by_text_message_and_each_message_has_its_code(
    call, listener: Listener
) -> None:
    made = call()
    assert states(made) == ["asked", "asked", "reserve", "reserve", "reserve", "reserve"]
    messages = [messages_of(one) for one in rows(made)[:2]]
    assert [[each.channel for each in one] for one in messages] == [["sms"], ["sms"]]
    assert len({one[0].code for one in messages}) == 2
    assert listener.invited == [one.pk for one in rows(made)[:2]]


def test_a_person_in_two_teams_is_asked_once(people: list[Person]) -> None:
    twice = [*candidates(people), *candidates(people[:1])]
    assert draft(people, candidates=twice).invitations.count() == 6


@pytest.mark.parametrize(
    "values",
    [{"wanted": 0}, {"candidates": []}, {"channels": []}, {"channels": ["pigeon"]}, {"title": " "}],
    ids=["nobody wanted", "nobody to ask", "no way", "no such way", "no title"],
)
def test_a_call_out_that_could_reach_nobody_is_refused(people: list[Person], values) -> None:
    with pytest.raises(Invalid):
        draft(people, **values)
    assert not CallOut.objects.exists()


def test_only_who_may_call_out_drafts_sends_and_notes(people: list[Person], as_actor, call) -> None:
    for username in ("finance", "auditor", "outsider"):
        with pytest.raises(NotAllowed):
            draft(people, by=as_actor(username))
    made = draft(people)
    with pytest.raises(NotAllowed):
        send_call_out(by=as_actor("auditor"), call_out=made)
    assert fresh(made).state == "draft"


def test_it_is_sent_once(call) -> None:
    made = call()
    before = Message.objects.count()
    with pytest.raises(Conflict):
        send_call_out(by=SYSTEM, call_out=made)
    assert Message.objects.count() == before


def test_sending_to_many_costs_no_more_queries_than_to_few(db: None) -> None:
    def queries(count: int, first: int) -> int:
        those = [person(f"队员{n}", first + n) for n in range(count)]
        made = draft(those, wanted=count)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            send_call_out(by=SYSTEM, call_out=made)
        return len(caught)

    assert queries(3, 100) == queries(30, 200)


def test_an_answer_moves_the_person_on_and_tells_who_listens(call, listener: Listener) -> None:
    one = rows(call())[0]
    assert reply(one, "去 30").state == "taken"
    one.refresh_from_db()
    assert one.state == "coming"
    assert one.eta_at == clock.now() + timedelta(minutes=30)
    ((heard, answer),) = listener.heard
    assert (heard.pk, heard.state, answer.counts, answer.via) == (one.pk, "coming", True, "sms")


def test_whoever_changes_their_mind_is_taken_at_the_newest_word(call) -> None:
    made = call()
    one = rows(made)[0]
    reply(one, "去 30")
    reply(one, "改一下,去不了了")
    one.refresh_from_db()
    assert (one.state, one.eta_at) == ("declined", None)
    assert list(one.answers.values_list("meaning", "counts", "changes")) == [
        ("coming", True, False),
        ("declined", True, True),
    ]


def test_the_same_answer_twice_is_kept_twice_and_counts_once(call) -> None:
    one = rows(call())[0]
    reply(one, "不行")
    reply(one, "不行")
    assert list(one.answers.values_list("counts", flat=True)) == [True, False]


def test_an_older_answer_that_comes_late_does_not_count(call) -> None:
    one = rows(call())[0]
    now = clock.machine_now()
    reply(one, "去不了", told_at=now)
    reply(one, "去", told_at=now - timedelta(minutes=2))
    one.refresh_from_db()
    assert one.state == "declined"
    assert list(one.answers.values_list("counts", "is_older")) == [(True, False), (False, True)]


@pytest.mark.parametrize("wrong_by", [timedelta(hours=8), -timedelta(days=2000)])
def test_a_gateway_whose_clock_is_wrong_makes_no_later_word_older(call, wrong_by) -> None:
    made = call()
    one, other = rows(made)[:2]
    now = clock.machine_now()
    reply(one, "去", told_at=now + wrong_by)
    answer_by_link(by=VISITOR, token=one.token, meaning="declined")
    answer_by_link(by=VISITOR, token=other.token, meaning="declined")
    reply(other, "去", told_at=now + wrong_by)
    assert states(made)[:2] == ["declined", "coming"]


def test_a_message_that_failed_waits_for_the_call_out_before_it_wakes_it(call) -> None:
    """As an answer does: else the two wait for each other. One that ended is left as it is."""
    made = call(channels=["sms"])
    one, other = rows(made)[:2]
    Message.objects.filter(about__in=[one.pk, other.pk]).update(state="failed", reason="no_number")
    with CaptureQueriesContext(connection) as asked:
        note_failed([*messages_of(one), *messages_of(other)])
    order = [
        each["sql"] for each in asked if "FOR UPDATE" in each["sql"] or "UPDATE" in each["sql"]
    ]
    assert 'FROM "callouts_callout"' in order[0] and order[0].endswith("FOR UPDATE")
    assert fresh(made).next_step_at is not None
    close_call_out(by=SYSTEM, call_out=made, reason="人已到齐")
    note_failed(messages_of(one))
    assert fresh(made).next_step_at is None


def test_a_call_out_whose_step_fails_keeps_no_other_waiting(
    call, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = call(), call()
    work()

    def stumble(invitations) -> list[UUID]:
        if any(one.call_out_id == broken.pk for one in invitations):
            raise ValueError
        return []

    monkeypatch.setattr(listening, "_fitness", [stumble])
    for made in (broken, sound):
        note_answer(by=SYSTEM, invitation=rows(made)[0], meaning="declined")
        machine.goes_on(0.1)
    assert work() >= 2
    assert (states(broken)[2], states(sound)[2]) == ("reserve", "asked")
    monkeypatch.setattr(listening, "_fitness", [])
    machine.goes_on(1)
    work()
    assert states(broken)[2] == "asked"


def test_two_call_outs_at_once_never_mix(call, people: list[Person]) -> None:
    first, second = call(), call(title="台风备勤", kind="stand_by")
    mine, theirs = rows(first)[0], rows(second)[0]
    assert mine.person_id == theirs.person_id
    reply(theirs, "备勤")
    reply(mine, "去不了")
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, theirs.state) == ("declined", "coming")


def test_standing_by_is_yes_to_a_stand_by_and_if_short_to_a_call(call) -> None:
    called, stand_by = rows(call())[0], rows(call(kind="stand_by"))[0]
    for one, expected in ((called, "if_short"), (stand_by, "coming")):
        reply(one, "备勤")
        one.refresh_from_db()
        assert one.state == expected


def test_what_cannot_be_read_is_kept_and_goes_to_a_person(call) -> None:
    one = rows(call())[0]
    assert reply(one, "孩子有人带就去").state == "unclear"
    assert reply(one, "在哪集合?").state == "unclear"
    one.refresh_from_db()
    assert one.state == "asked"
    assert list(one.answers.values_list("meaning", "counts")) == [
        ("unclear", False),
        ("question", False),
    ]


def test_who_has_only_read_it_is_asked_once_whether_they_come(call) -> None:
    one = rows(call())[0]
    reply(one, "收到")
    reply(one, "好的")
    templates = [each.template for each in messages_of(one)]
    assert templates == ["call_out.asked", "call_out.confirm"]
    one.refresh_from_db()
    assert one.state == "asked"


def test_what_they_wrote_is_sealed(call) -> None:
    from honghui.callouts.answering import opened

    one = rows(call())[0]
    reply(one, "发烧了来不了")
    answer = one.answers.get()
    assert "发烧" not in bytes(answer.said_sealed).decode(errors="replace")
    assert opened(answer) == "发烧了来不了"
    assert not Act.objects.filter(after__icontains="发烧").exists()


def test_without_an_answer_comes_the_call_then_the_next_person(call, machine: Machine) -> None:
    made = call()
    machine.goes_on(4)
    assert work() == 0
    machine.goes_on(1.1)
    assert work() == 1
    assert [each.channel for each in messages_of(rows(made)[0])] == ["sms", "voice"]
    machine.goes_on(5.1)
    work()
    assert states(made) == ["no_answer", "no_answer", "asked", "asked", "reserve", "reserve"]


def test_who_declines_is_followed_by_the_next_at_once(call) -> None:
    made = call()
    reply(rows(made)[1], "去不了")
    work()
    assert states(made) == ["asked", "declined", "asked", "reserve", "reserve", "reserve"]


def test_after_the_first_team_comes_the_next_team(call) -> None:
    made = call()
    for place in range(4):
        reply(rows(made)[place], "不去")
        work()
    assert states(made)[4:] == ["asked", "asked"]
    assert rows(made)[4].group_name == "水上队"


def test_enough_calls_nobody_else_and_tells_those_who_wait(call, machine: Machine) -> None:
    made = call(wanted=2, first=3)
    first, second, third = rows(made)[:3]
    reply(third, "人不够再叫我")
    reply(first, "去 20")
    reply(second, "去 40")
    work()
    machine.goes_on(30)
    assert work() == 0
    assert states(made) == ["coming", "coming", "if_short", "reserve", "reserve", "reserve"]
    assert messages_of(third)[-1].template == "call_out.enough"
    assert fresh(made).is_enough


def test_who_changes_their_mind_after_enough_is_replaced(call) -> None:
    made = call(wanted=2, first=3)
    first, second, third = rows(made)[:3]
    reply(third, "L 60")
    reply(first, "去")
    reply(second, "去")
    work()
    reply(second, "去不了了")
    work()
    assert states(made)[:4] == ["coming", "declined", "if_short", "asked"]
    assert not fresh(made).is_enough


def test_when_the_reserve_is_empty_those_who_come_if_short_are_asked(
    call, people: list[Person]
) -> None:
    made = call(people=people[:2])
    first, second = rows(made)
    reply(first, "L")
    reply(second, "去不了")
    work()
    assert states(made) == ["asked", "declined"]
    assert messages_of(first)[-1].template == "call_out.needed"
    assert fresh(made).is_exhausted
    reply(first, "L")
    work()
    assert states(made) == ["if_short", "declined"]
    assert len([m for m in messages_of(first) if m.template == "call_out.needed"]) == 1


def test_who_has_no_number_is_passed_over_at_once(people: list[Person], call) -> None:
    nobody = person("无号码", 0, phone=False)
    made = call(people=[nobody, *people])
    work()
    assert states(made)[:3] == ["no_answer", "asked", "asked"]


def test_calling_more_asks_them_now_and_wants_them_if_there_were_enough(call) -> None:
    made = call()
    invite_more(by=SYSTEM, call_out=made, count=1)
    assert states(made)[:3] == ["asked"] * 3
    assert fresh(made).wanted == 2
    for place in range(3):
        reply(rows(made)[place], "去")
    work()
    invite_more(by=SYSTEM, call_out=made, count=2)
    work()
    assert (fresh(made).wanted, fresh(made).is_enough) == (5, False)
    assert states(made)[3:] == ["asked", "asked", "reserve"]
    with pytest.raises(Conflict):
        invite_more(
            by=SYSTEM, call_out=close_call_out(by=SYSTEM, call_out=made, reason="够了"), count=1
        )


def test_an_answer_to_a_closed_call_out_is_kept_and_changes_nothing(
    call, listener: Listener
) -> None:
    made = call()
    one, other = rows(made)[:2]
    reply(other, "去")
    close_call_out(by=SYSTEM, call_out=made, reason="人已到齐")
    assert [each.template for each in messages_of(one)][-1] == "call_out.closed"
    assert "call_out.closed" not in [each.template for each in messages_of(other)]
    assert reply(one, "去 30").state == "taken"
    one.refresh_from_db()
    assert one.state == "asked"
    answer = one.answers.get()
    assert (answer.is_late, answer.counts) == (True, False)
    assert listener.heard[-1][1].is_late
    assert work() == 0


def test_calling_off_tells_everybody_who_might_set_out(call) -> None:
    made = call()
    one, other = rows(made)[:2]
    reply(one, "去")
    reply(other, "不去")
    cancel_call_out(by=SYSTEM, call_out=made, reason="误报")
    assert messages_of(one)[-1].template == "call_out.stood_down"
    assert "call_out.stood_down" not in [each.template for each in messages_of(other)]


def test_a_draft_that_is_dropped_tells_nobody(people: list[Person]) -> None:
    cancel_call_out(by=SYSTEM, call_out=draft(people), reason="弄错了")
    assert not Message.objects.exists()


def test_those_who_came_are_sent_home(call) -> None:
    made = call()
    reply(rows(made)[0], "去")
    closed = close_call_out(by=SYSTEM, call_out=made, reason="任务结束")
    send_home(by=SYSTEM, call_out=closed)
    assert messages_of(rows(made)[0])[-1].template == "call_out.go_home"


def test_every_message_of_a_drill_says_so_and_waits_for_quiet_hours(people, call) -> None:
    night = clock.now().replace(hour=2)
    with clock.at(night):
        made = call(is_drill=True)
    assert all(
        each.is_drill for each in Message.objects.filter(about__in=[r.pk for r in rows(made)])
    )
    held = messages_of(rows(made)[0])[0]
    assert held.state == "held"
    assert rows(made)[0].next_at == held.due_at + timedelta(minutes=5)


def test_an_answer_by_telephone_is_noted_also_for_somebody_not_asked_yet(call) -> None:
    one = rows(call())[3]
    answer = note_answer(by=SYSTEM, invitation=one, meaning="coming", eta_minutes=10)
    one.refresh_from_db()
    assert (one.state, answer.via, answer.counts) == ("coming", "phone", True)
    with pytest.raises(Invalid):
        note_answer(by=SYSTEM, invitation=one, meaning="unclear")
    assert one.answers.count() == 1


def test_every_step_is_an_act(call, machine: Machine) -> None:
    made = call()
    machine.goes_on(5.1)
    work()
    reply(rows(made)[0], "去")
    verbs = list(
        Act.objects.filter(verb__startswith="callouts")
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert verbs == [
        "callouts.call_out.drafted",
        "callouts.call_out.sent",
        "callouts.call_out.escalated",
        "callouts.answer.taken",
    ]
    # Nothing was due: nothing was done, and nothing is told of.
    work()
    assert Act.objects.filter(verb="callouts.call_out.escalated").count() == 1


def test_hostile_texts_are_kept_as_texts(people: list[Person], call) -> None:
    made = call(title="<b>x</b> http://evil.example/ 【假】", place="{link}{code}")
    for text in ("<script>", "' OR 1=1 --", "{code}", "\u202e去", "去" * 5000):
        reply(rows(made)[0], text)
    assert Answer.objects.filter(call_out=made).count() == 5
    assert Invitation.objects.filter(call_out=made, group=UUID(int=1)).count() == 4


def test_one_team_that_is_called_off_makes_room_for_the_next(call) -> None:
    made = call()
    first, second, *_others = rows(made)
    reply(first, "去 30")
    stand_group_down(by=SYSTEM, call_out=made, group=TEAM)
    assert states(made) == ["stood_down"] * 4 + ["reserve"] * 2
    first, second, *_others = rows(made)
    assert first.eta_at is None
    told = [[each.template for each in messages_of(one)] for one in (first, second)]
    assert [each.count("call_out.stood_down") for each in told] == [0, 1], "who comes has a leader"
    work()
    assert states(made) == ["stood_down"] * 4 + ["asked"] * 2
    assert not fresh(made).is_enough


def test_whoever_answers_after_their_team_was_called_off_is_told_so_once(call, listener) -> None:
    made = call()
    stand_group_down(by=SYSTEM, call_out=made, group=TEAM)
    one = rows(made)[1]
    for _twice in range(2):
        assert reply(one, "去 30").state == "taken"
    assert states(made)[1] == "stood_down"
    assert list(one.answers.values_list("counts", "is_late")) == [(False, True)] * 2
    assert [each.template for each in messages_of(one)].count("call_out.stood_down") == 1


def test_only_the_system_calls_one_team_off_and_only_while_it_is_open(call, as_actor) -> None:
    made = call()
    with pytest.raises(NotAllowed):
        stand_group_down(by=as_actor("officer"), call_out=made, group=TEAM)
    close_call_out(by=SYSTEM, call_out=made, reason="人已够。")
    with pytest.raises(Conflict):
        stand_group_down(by=SYSTEM, call_out=made, group=SECOND_TEAM)
