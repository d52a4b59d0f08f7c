"""The desk's pages of a call-out, and the inbox of what nobody could make out."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from honghui.callouts.actions.ending import close_call_out
from honghui.callouts.models import CallOut
from honghui.kernel import clock
from honghui.messaging.actions.preferences import stop_messages
from honghui.messaging.actions.replies import keep_reply
from honghui.messaging.models import Incoming, Message
from honghui.messaging.reading import ToldReply
from honghui.registry.models import Person, Society
from tests.callouts.conftest import SYSTEM, draft, messages_of, person, reply, rows

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def once(page) -> str:
    return page.context["form"].once_key


def part(client: Client, made: CallOut, tag: str = ""):
    headers = {"if-none-match": tag} if tag else {}
    return client.get(f"/desk/call-outs/{made.pk}/part", headers=headers)


def reply_from(one: Person, text: str, extension: str = "") -> Incoming:
    """As it comes in from the gateway, with nothing said but the number."""
    told = ToldReply("sms", uuid4().hex, (bytes(one.phone_hash),), extension, "", text, None)
    return keep_reply(by=SYSTEM, told=told, received_at=clock.machine_now())


def delivered(made: CallOut) -> None:
    """A gateway took them; only then can they be answered."""
    from honghui.messaging.models import Handover

    those = Message.objects.filter(about__in=made.invitations.values("pk"), state="queued")
    taken = Handover.objects.create(
        out_id=uuid4().hex[:32], channel="sms", message_ids=[each.pk for each in those],
        begun_at=clock.machine_now(),
    )  # fmt: skip
    those.update(state="sent", handover=taken)


def test_before_sending_it_shows_whom_why_how_and_for_how_much(people, sign_in: SignIn) -> None:
    nobody = person("无号码", 0, phone=False)
    quiet = person("免打扰", 77)
    stop_messages(by=SYSTEM, persons=[quiet], society_code="330600")
    made = draft([*people, nobody, quiet])
    page = sign_in("officer").get(made.get_absolute_url()).content.decode()
    for said in ("离现场 12 公里", "2人通知不到", "无号码", "免打扰", "槽罐车爆炸救援", "语音电话"):
        assert said in page
    assert not Message.objects.filter(about__in=made.invitations.values("pk")).exists()


def test_the_first_message_is_shown_in_the_readers_language(people, sign_in: SignIn) -> None:
    made = draft(people)
    page = sign_in("officer").get("/en" + made.get_absolute_url()).content.decode()
    assert "Shaoxing Red Cross calls: Tanker explosion. Meet at Hospital, east gate." in page


def test_the_button_sends_it_once(people, sign_in: SignIn) -> None:
    made = draft(people)
    client = sign_in("officer")
    key = once(client.get(made.get_absolute_url()))
    for _twice in range(2):
        client.post(f"/desk/call-outs/{made.pk}/send/", {"once": key})
    assert Message.objects.filter(about__in=made.invitations.values("pk")).count() == 2
    made.refresh_from_db()
    assert made.state == "open"


def test_an_auditor_looks_and_sends_nothing(people, sign_in: SignIn) -> None:
    made = draft(people)
    client = sign_in("auditor")
    inbox = "/desk/call-outs/inbox/"
    assert inbox not in client.get("/desk/call-outs/").content.decode(), "it would be refused"
    assert inbox in sign_in("officer").get("/desk/call-outs/").content.decode()
    page = client.get(made.get_absolute_url())
    assert page.status_code == 200
    assert "btn--seal" not in page.content.decode()
    assert client.post(f"/desk/call-outs/{made.pk}/send/", {"once": "0" * 32}).status_code == 403
    made.refresh_from_db()
    assert made.state == "draft"


def test_the_page_is_drawn_anew_when_something_changed_and_only_then(call, sign_in) -> None:
    made = call()
    client = sign_in("officer")
    first = part(client, made)
    tag = first.headers["ETag"]
    assert part(client, made, tag).status_code == 304
    reply(rows(made)[0], "去 30")
    again = part(client, made, tag)
    assert again.status_code == 200
    assert "09:30" in again.content.decode()
    # What became of a message shows too.
    tag = again.headers["ETag"]
    Message.objects.filter(about=rows(made)[1].pk).update(state="failed", reason="no_number")
    assert part(client, made, tag).status_code == 200


def test_asking_whether_anything_changed_costs_few_queries(
    call, sign_in, django_assert_max_num_queries
) -> None:
    made = call()
    client = sign_in("officer")
    tag = part(client, made).headers["ETag"]
    with django_assert_max_num_queries(6):
        assert part(client, made, tag).status_code == 304


def test_the_page_of_many_costs_no_more_than_that_of_few(
    sign_in, django_assert_max_num_queries
) -> None:
    from honghui.callouts.actions.calling import send_call_out

    those = [person(f"队员{n}", 300 + n) for n in range(40)]
    made = send_call_out(by=SYSTEM, call_out=draft(those, wanted=40))
    for one in rows(made)[:30]:
        reply(one, "去 30")
    client = sign_in("officer")
    client.get(made.get_absolute_url())
    with django_assert_max_num_queries(15):
        client.get(made.get_absolute_url())


def test_people_come_in_the_order_in_which_they_will_be_there(call, sign_in) -> None:
    made = call(wanted=3)
    for one, text in zip(rows(made), ("去", "去 60", "去 20"), strict=False):
        reply(one, text)
    page = part(sign_in("officer"), made).content.decode()
    where = [page.index(name) for name in ("队员3", "队员2", "队员1")]
    assert where == sorted(where)


def test_an_answer_by_telephone_is_noted_on_a_page(call, sign_in: SignIn) -> None:
    made = call()
    one = rows(made)[0]
    client = sign_in("team-leader" if made.society_id == "331081" else "officer")
    address = f"/desk/call-outs/{made.pk}/note/{one.pk}/"
    form = {"once": once(client.get(address)), "meaning": "coming", "eta_minutes": "25"}
    assert client.post(address, form).status_code == 302
    one.refresh_from_db()
    assert one.state == "coming"
    assert one.answers.get().noted_by.username == "officer"


def test_more_are_called_closed_and_called_off_by_pages(call, sign_in: SignIn) -> None:
    made = call()
    client = sign_in("officer")
    for name, values in (("more", {"count": "1"}), ("close", {"reason": "人已到齐"})):
        address = f"/desk/call-outs/{made.pk}/{name}/"
        form = {"once": once(client.get(address)), **values}
        assert client.post(address, form).status_code == 302, name
    made.refresh_from_db()
    assert made.state == "closed"
    assert rows(made)[2].state == "asked"
    address = f"/desk/call-outs/{made.pk}/cancel/"
    refused = client.post(address, {"once": once(client.get(address)), "reason": "误报了"})
    assert refused.status_code == 409


def test_what_cannot_be_read_waits_first_of_all_and_is_settled_by_one_press(call, sign_in) -> None:
    made = call()
    delivered(made)
    one = rows(made)[0]
    reply_from(one.person, "孩子有人带就去", messages_of(one)[0].code)
    client = sign_in("officer")
    assert "1条答复没看懂" in client.get("/desk/").content.decode()
    page = client.get("/desk/call-outs/inbox/")
    assert "孩子有人带就去" in page.content.decode()
    (unread,) = page.context["unread"]
    (guess,) = unread.guesses
    assert guess.is_likely
    form = {"once": guess.form.once_key, "invitation": guess.invitation.pk, "answer": "coming-45"}
    assert 'value="coming-45"' in page.content.decode()
    client.post(f"/desk/call-outs/inbox/{unread.incoming.pk}/", form)
    one.refresh_from_db()
    assert (one.state, one.answers.last().eta_minutes) == ("coming", 45)
    assert "没看懂" not in client.get("/desk/").content.decode()
    assert [a.via for a in one.answers.all()] == ["sms", "person"]


def test_somebody_in_two_call_outs_who_writes_no_code_is_not_guessed(call, sign_in) -> None:
    first, second = call(), call(title="台风备勤", kind="stand_by")
    delivered(first)
    delivered(second)
    kept = reply_from(rows(first)[0].person, "去 30")
    assert kept.state == "unclear"
    assert rows(first)[0].state == rows(second)[0].state == "asked"
    (unread,) = sign_in("officer").get("/desk/call-outs/inbox/").context["unread"]
    assert {guess.invitation.call_out_id for guess in unread.guesses} == {first.pk, second.pk}
    assert not any(guess.is_likely for guess in unread.guesses)


def test_the_code_in_the_text_says_which_of_two(call) -> None:
    first, second = call(), call(title="台风备勤", kind="stand_by")
    delivered(first)
    delivered(second)
    code = messages_of(rows(second)[0])[0].code
    assert reply_from(rows(first)[0].person, f"{code} 备勤").state == "taken"
    assert (rows(first)[0].state, rows(second)[0].state) == ("asked", "coming")


def test_an_unknown_number_waits_for_a_person_of_the_province(sign_in: SignIn, db: None) -> None:
    told = ToldReply("sms", uuid4().hex, (b"nobody's",), "", "", "去 30", None)
    kept = keep_reply(by=SYSTEM, told=told, received_at=clock.machine_now())
    assert kept.state == "unknown"
    client = sign_in("province")
    page = client.get("/desk/call-outs/inbox/")
    (unread,) = page.context["unread"]
    assert (unread.text, unread.guesses) == ("去 30", [])
    form = {"once": unread.form.once_key, "answer": "coming"}
    client.post(f"/desk/call-outs/inbox/{kept.pk}/", form)
    kept.refresh_from_db()
    assert kept.state == "unknown"
    form = {"once": uuid4().hex, "answer": "nothing"}
    client.post(f"/desk/call-outs/inbox/{kept.pk}/", form)
    kept.refresh_from_db()
    assert kept.state == "settled"


def test_another_society_sees_none_of_it(call, sign_in: SignIn) -> None:
    made = call()
    reply(rows(made)[0], "孩子有人带就去")
    client = sign_in("team-leader")
    assert client.get(made.get_absolute_url()).status_code == 404
    assert part(client, made).status_code == 404
    assert client.get("/desk/call-outs/inbox/").context["unread"] == []
    assert made.title not in client.get("/desk/call-outs/").content.decode()


def test_what_another_society_asked_the_same_person_is_no_guess_of_ours(
    call, sign_in: SignIn
) -> None:
    """A member of two societies' teams: which of the two is meant stays open, and the other one's
    call-out is nobody's business here."""
    ours = call()
    theirs = call(society=Society.objects.get(pk="330100"), title="杭州的事")
    delivered(ours)
    delivered(theirs)
    kept = reply_from(rows(ours)[0].person, "去 30")
    Incoming.objects.filter(pk=kept.pk).update(society="330600")
    page = sign_in("officer").get("/desk/call-outs/inbox/")
    (unread,) = page.context["unread"]
    assert [guess.invitation.call_out_id for guess in unread.guesses] == [ours.pk]
    assert not unread.guesses[0].is_likely
    assert "杭州的事" not in page.content.decode()


def test_a_late_answer_stands_on_the_leaders_page(call, sign_in: SignIn) -> None:
    made = call()
    close_call_out(by=SYSTEM, call_out=made, reason="人已到齐")
    reply(rows(made)[0], "去 30")
    page = sign_in("officer").get(made.get_absolute_url()).content.decode()
    assert "结束以后的答复" in page


def test_too_few_and_nobody_left_is_something_that_waits(call, people, sign_in) -> None:
    from honghui.callouts.worker import take_step

    made = call(people=people[:1])
    reply(rows(made)[0], "去不了")
    while take_step():
        pass
    assert "后备也叫完了" in sign_in("officer").get("/desk/").content.decode()


def test_what_is_short_of_people_or_was_never_sent_waits(call, people, sign_in) -> None:
    made, drafted = call(wanted=2), draft(people[2:])
    page = sign_in("officer").get("/desk/").content.decode()
    assert "要2人，来0人" in page and made.get_absolute_url() in page
    assert "看过费用再发" in page and drafted.get_absolute_url() in page
    reply(rows(made)[0], "去 30")
    assert "要2人，来1人" in sign_in("officer").get("/desk/").content.decode()


def test_more_says_what_each_costs_and_where_to_go_when_nobody_is_left(call, sign_in) -> None:
    made, client = call(wanted=1), sign_in("officer")
    page = client.get(f"/desk/call-outs/{made.pk}/more/").content.decode()
    assert "每人" in page and "元" in page
    made.invitations.filter(state="reserve").update(state="asked")
    page = client.get(f"/desk/call-outs/{made.pk}/more/").content.decode()
    assert "没有后备了" in page and "去叫" not in page


def test_a_message_that_fails_later_is_not_waited_for(call) -> None:
    from honghui.callouts.worker import take_step
    from honghui.messaging.sending import tell_failed

    made = call()
    message = messages_of(rows(made)[0])[0]
    message.state, message.reason = "failed", "gateway"
    message.save(update_fields=["state", "reason"])
    tell_failed([message])
    assert take_step()
    assert [each.channel for each in messages_of(rows(made)[0])] == ["sms", "voice"]


def test_the_list_says_drill_and_how_many_come(call, sign_in: SignIn) -> None:
    made = call(is_drill=True)
    reply(rows(made)[0], "去")
    page = sign_in("officer").get("/desk/call-outs/").content.decode()
    assert "演练" in page
    assert "1/2" in page
