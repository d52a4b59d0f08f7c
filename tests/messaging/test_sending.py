"""Queueing: one transaction, few queries, a code of its own, and who is not to be disturbed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from honghui.kernel import clock, subject_keys
from honghui.kernel.actors import Actor
from honghui.messaging.declaring import rendered
from honghui.messaging.models import Message, Preference
from honghui.messaging.sending import (
    Draft,
    cancel_messages,
    cost_of,
    preview,
    queue_messages,
    values_of,
)
from honghui.registry.models import Person
from tests.messaging.conftest import TOKEN, draft_to

pytestmark = pytest.mark.django_db

NewPerson = Callable[..., Person]
NIGHT = datetime(2020, 6, 24, 23, 30, tzinfo=clock.CHINA)


def queue(
    by: Actor, *drafts: Draft, is_urgent: bool = True, is_drill: bool = False
) -> list[Message]:
    return queue_messages(
        by=by, society_code="330600", drafts=drafts, is_urgent=is_urgent, is_drill=is_drill
    )


def text_of(message: Message) -> str:
    values = values_of(message, subject_keys.keys_of([message.person_id]).get(message.person_id))
    assert values is not None
    return rendered(
        message.template, message.language, message.channel, values, is_drill=message.is_drill
    )


def test_a_message_says_its_own_code_and_where_to_answer(
    new_person: NewPerson, system: Actor
) -> None:
    one, two = new_person("13899010001"), new_person("13899010002")
    first, second = queue(system, draft_to(one.pk), draft_to(two.pk))
    assert first.state == second.state == "queued"
    assert first.code in text_of(first)
    assert f"http://localhost:8000/answer/{TOKEN}/" in text_of(first)
    assert first.cost_fen == first.parts * 5


def test_neither_number_nor_text_stands_beside_the_message(
    new_person: NewPerson, system: Actor
) -> None:
    (sent,) = queue(system, draft_to(new_person("13899010001").pk))
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM messaging_message m WHERE id = %s", [sent.pk])
        row = cursor.fetchone()[0]
    for private in ("13899010001", "内涝", TOKEN, "内涝".encode().hex()):
        assert private not in row


def test_a_thousand_drafts_cost_no_more_queries_than_two(
    new_person: NewPerson, system: Actor
) -> None:
    people = [new_person(f"1389901{number:04}") for number in range(40)]
    with CaptureQueriesContext(connection) as few:
        queue(system, *(draft_to(each.pk) for each in people[:2]))
    with CaptureQueriesContext(connection) as many:
        sent = queue(system, *(draft_to(people[number % 40].pk) for number in range(1000)))
    assert len(many) == len(few) <= 9
    assert len(sent) == 1000
    codes = {(each.person_id, each.code) for each in sent}
    assert len(codes) == 1000


def test_a_family_that_shares_a_phone_never_gets_a_code_twice(
    new_person: NewPerson, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("honghui.messaging.rules.codes._COUNT", 6)
    one, two = new_person("13899010001"), new_person("13899010001")
    sent = queue(system, *(draft_to(each.pk) for each in (one, two, one)))
    sent += queue(system, *(draft_to(each.pk) for each in (two, one, two)))
    assert len({each.code for each in sent}) == 6


def test_who_has_no_number_fails_at_once_and_says_why(new_person: NewPerson, system: Actor) -> None:
    drafts = [
        draft_to(new_person("").pk),
        draft_to(new_person("13899010003").pk, "web_push"),
        draft_to(new_person("13899010004").pk, "dingtalk"),
    ]
    cost = cost_of(drafts, society_code="330600", is_urgent=True)
    assert (cost.messages, cost.unreachable, cost.cost_fen) == (0, 3, 0)
    sent = queue(system, *drafts)
    assert [(each.state, each.reason) for each in sent] == [
        ("failed", "no_number"), ("failed", "no_browser"), ("failed", "no_account")
    ]  # fmt: skip


def test_quiet_hours_hold_what_is_not_urgent(new_person: NewPerson, system: Actor) -> None:
    person = new_person("13899010001")
    with clock.at(NIGHT):
        held, urgent = (
            queue(system, draft_to(person.pk), is_urgent=is_urgent)[0]
            for is_urgent in (False, True)
        )
        cost = cost_of([draft_to(person.pk)], society_code="330600", is_urgent=False)
    assert (held.state, urgent.state, cost.held) == ("held", "queued", 1)
    wait = held.due_at - clock.machine_now()
    assert timedelta(hours=7, minutes=29) < wait < timedelta(hours=7, minutes=31)
    # Somebody who is up late has said so.
    Preference.objects.create(
        person=person, quiet_from=time(0), quiet_until=time(6), changed_at=NIGHT
    )
    with clock.at(NIGHT):
        assert queue(system, draft_to(person.pk), is_urgent=False)[0].state == "queued"


def test_who_wants_no_messages_gets_none_even_when_it_is_urgent(
    new_person: NewPerson, system: Actor
) -> None:
    person = new_person("13899010001")
    Preference.objects.create(person=person, stopped_at=clock.now(), changed_at=clock.now())
    cost = cost_of([draft_to(person.pk)], society_code="330600", is_urgent=True)
    assert (cost.messages, cost.stopped, cost.cost_fen) == (0, 1, 0)
    (message,) = queue(system, draft_to(person.pk))
    assert (message.state, message.cost_fen) == ("stopped", 0)


def test_an_erased_person_gets_nothing_and_nothing_of_them_is_kept(
    new_person: NewPerson, system: Actor
) -> None:
    person = new_person("13899010001")
    (before,) = queue(system, draft_to(person.pk))
    Person.objects.filter(pk=person.pk).update(
        name="", phone_sealed=None, phone_hash=None, erased_at=clock.now()
    )
    subject_keys.destroy_key(person.pk)
    (after,) = queue(system, draft_to(person.pk))
    assert (after.state, after.reason, bytes(after.values_sealed)) == ("failed", "no_person", b"")
    keys = subject_keys.keys_of([person.pk])
    assert values_of(before, keys.get(person.pk)) is None


def test_what_waits_can_be_cancelled_and_what_was_sent_cannot(
    new_person: NewPerson, system: Actor
) -> None:
    draft = draft_to(new_person("13899010001").pk)
    (message,) = queue(system, draft)
    assert cancel_messages([draft.about]) == 1
    message.refresh_from_db()
    assert message.state == "cancelled"
    assert cancel_messages([draft.about]) == 0


def test_a_message_is_gone_with_the_transaction_it_was_queued_in(
    new_person: NewPerson, system: Actor
) -> None:
    person = new_person("13899010001")
    with pytest.raises(RuntimeError), transaction.atomic():
        queue(system, draft_to(person.pk))
        raise RuntimeError
    assert not Message.objects.exists()


def test_a_drill_says_so_first(new_person: NewPerson, system: Actor) -> None:
    draft = draft_to(new_person("13899010001").pk)
    (message,) = queue(system, draft, is_drill=True)
    assert text_of(message).startswith("演练：")
    assert preview(draft, society_code="330600").startswith("【红会】绍兴柯桥")


@pytest.mark.parametrize(
    "hostile",
    ["去\x00来\x1b[31m", "😀" * 50, "x" * 10_000, "'; DROP TABLE messaging_message; --",
     "<script>alert(1)</script>", "【中国银行】点 http://evil.example/ 领奖", "{code}{token}",
     "第一行\n第二行\u202e倒过来"],
)  # fmt: skip
def test_hostile_texts_stay_harmless_words_inside_the_template(
    hostile: str, new_person: NewPerson, system: Actor
) -> None:
    (message,) = queue(system, draft_to(new_person("13899010001").pk, title=hostile))
    text = text_of(message)
    title = text.removeprefix("绍兴柯桥").split("，能来请回复")[0]
    assert 0 < len(title) <= 35
    assert not set("【】{}\x00\x1b\n\u202e") & set(title)
    assert "http" not in title and "evil" not in title
    assert message.code in text.split("编号")[1]
