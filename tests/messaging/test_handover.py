"""Handing over: once each, whatever the gateway does to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.messaging import sending
from honghui.messaging.channels import ADAPTERS
from honghui.messaging.channels.signing import canonical_query, signed_headers
from honghui.messaging.dispatching import ask_what_became
from honghui.messaging.models import Handover, Message, Preference, Receipt, Template
from honghui.messaging.reviewing import review_templates
from honghui.messaging.rules.states import Limit
from honghui.messaging.worker import worker_actor
from honghui.registry.models import Person
from tests.messaging.conftest import World, draft_to
from tests.messaging.test_sending import queue

pytestmark = pytest.mark.django_db

NewPerson = Callable[..., Person]
ONE, TWO, THREE = "13899010001", "13899010002", "13899010003"


def states(*messages: Message) -> list[str]:
    for each in messages:
        each.refresh_from_db()
    return [str(each.state) for each in messages]


def ask_now() -> None:
    """As if it were time to ask."""
    Handover.objects.filter(next_ask_at__isnull=False).update(next_ask_at=clock.machine_now())
    ask_what_became(worker_actor())


def test_a_signature_is_the_one_that_the_public_description_shows() -> None:
    headers = signed_headers(
        host="ecs.cn-shanghai.aliyuncs.com", action="RunInstances", version="2014-05-26",
        key_id="YourAccessKeyId", secret="YourAccessKeySecret", body=b"", content_type="",
        now=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
        query=canonical_query({
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        }),
    )  # fmt: skip
    assert headers["Authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_a_message_arrives_signed_with_its_code_as_extension(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    world.work()
    assert states(message) == ["sent"]
    item = world.gateway.phones.get(ONE).last
    assert item is not None
    assert item.text.startswith("【红会】绍兴柯桥内涝转移群众")
    assert item.extension == message.code and message.code in item.text
    world.poster.let_through()
    assert states(message) == ["delivered"]


def test_ten_requests_carry_a_thousand(new_person: NewPerson, system: Actor, world: World) -> None:
    people = [new_person(f"138990{number:05}") for number in range(250)]
    messages = queue(system, *(draft_to(each.pk) for each in people))
    world.work()
    assert set(states(*messages)) == {"sent"}
    assert Handover.objects.count() == 3
    world.poster.let_through()
    assert set(states(*messages)) == {"delivered"}


def test_a_lost_answer_is_asked_for_and_nobody_is_told_twice(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    messages = queue(system, *(draft_to(new_person(each).pk) for each in (ONE, TWO)))
    world.wrongs.next("lost")
    world.work()
    assert states(*messages) == ["unsure", "unsure"]
    ask_now()
    assert states(*messages) == ["delivered", "delivered"]
    world.work()
    assert [len(world.texts(each)) for each in (ONE, TWO)] == [1, 1]


def test_while_a_gateway_is_asked_no_message_is_held(
    new_person: NewPerson, system: Actor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer to one of them would wait as long as the gateway, and its call-out with it."""
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    world.wrongs.next("lost")
    world.work()
    real, before = ADAPTERS["sms"].became_of, []

    def slow(*given: Any) -> Any:
        before.extend(each["sql"] for each in asked)
        return real(*given)

    monkeypatch.setattr(ADAPTERS["sms"], "became_of", slow)
    with CaptureQueriesContext(connection) as asked:
        ask_now()
    assert states(message) == ["delivered"]
    assert before
    assert not [sql for sql in before if "FOR UPDATE" in sql and '"messaging_message"' in sql]


def test_a_message_that_cannot_be_opened_keeps_no_other_waiting(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    people = [new_person(each) for each in (ONE, TWO, THREE)]
    messages = queue(system, *(draft_to(each.pk) for each in people))
    Message.objects.filter(pk=messages[0].pk).update(values_sealed=b"broken")
    Person.objects.filter(pk=people[1].pk).update(phone_sealed=b"broken")
    world.work()
    assert states(*messages) == ["failed", "failed", "sent"]


def test_what_the_gateway_never_got_is_sent_after_it_was_asked_for_twice(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    world.wrongs.next("error")
    world.work()
    assert states(message) == ["unsure"]
    ask_now()
    ask_now()
    assert states(message) == ["unsure"], "an answer may be a moment late in the gateway's list"
    ask_now()
    assert states(message) == ["queued"]
    world.work()
    assert states(message) == ["sent"]
    assert len(world.texts(ONE)) == 1


def test_a_receipt_before_the_answer_counts_and_the_answer_changes_nothing(
    new_person: NewPerson, system: Actor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    real = world.gateway.carry_out

    def quicker(action: str, given: Any) -> Any:
        said = real(action, given)
        early.append(list(world.poster.waiting))
        return said

    early: list[Any] = []
    monkeypatch.setattr(world.gateway, "carry_out", quicker)
    world.wrongs.next("lost")
    world.work()
    assert states(message) == ["unsure"]
    assert early[0]
    world.poster.let_through()
    assert states(message) == ["delivered"]
    ask_now()
    assert states(message) == ["delivered"]


def test_receipts_twice_late_and_in_the_wrong_order_are_kept_and_do_no_harm(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    world.wrongs.set_always({"shuffled"})
    world.work()
    told = list(world.poster.waiting)
    assert [item["success"] for _path, item in told] == [True, False]
    world.poster.waiting = told[::-1]
    world.poster.let_through()
    assert states(message) == ["delivered"], "who has it, has it"
    world.poster.waiting = told
    world.poster.let_through()
    assert states(message) == ["delivered"]
    receipts = Receipt.objects.filter(message=message)
    assert (receipts.count(), receipts.filter(is_repeat=True).count()) == (4, 2)


@pytest.mark.parametrize(
    ("phone_state", "reason"),
    [("off", "switched_off"), ("no_such", "no_such_number"), ("black", "blacklist")],
)
def test_a_number_that_cannot_be_reached_fails_with_a_reason_and_costs_nothing(
    phone_state: str, reason: str, new_person: NewPerson, system: Actor, world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    heard: list[Message] = []
    monkeypatch.setattr(sending, "_on_failed", [heard.extend])
    world.gateway.phones.switch(ONE, phone_state)
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    world.work()
    world.poster.let_through()
    message.refresh_from_db()
    assert (message.state, message.reason, message.cost_fen) == ("failed", reason, 0)
    assert [each.pk for each in heard] == [message.pk]
    assert world.texts(ONE) == []


def test_one_number_over_its_limit_does_not_keep_the_others_waiting(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    world.gateway.limits = (Limit(1, 60),)
    world.poster.scale = 1.0
    world.gateway._when[TWO].append(time.monotonic())
    numbers = [ONE, TWO, THREE, "13899010004", "13899010005"]
    messages = queue(system, *(draft_to(new_person(each).pk) for each in numbers))
    world.work()
    assert states(*messages) == ["sent", "queued", "sent", "sent", "sent"]
    messages[1].refresh_from_db()
    wait = messages[1].due_at - clock.machine_now()
    assert timedelta(seconds=50) < wait <= timedelta(seconds=60)
    assert all(len(world.texts(each)) <= 1 for each in numbers)


def test_our_own_limits_hold_a_second_message_for_a_minute_and_give_a_sixth_back(
    new_person: NewPerson, system: Actor, world: World, settings: Any
) -> None:
    settings.SMS_LIMITS = "1/60,2/3600"
    person = new_person(ONE)
    first, second = queue(system, draft_to(person.pk), draft_to(person.pk))
    world.work()
    assert states(first, second) == ["sent", "queued"]
    hour_ago = clock.machine_now() - timedelta(seconds=90)
    Handover.objects.update(begun_at=hour_ago)
    Message.objects.filter(pk=second.pk).update(due_at=clock.machine_now())
    world.work()
    assert states(second) == ["sent"]
    (third,) = queue(system, draft_to(person.pk))
    Handover.objects.update(begun_at=hour_ago)
    world.work()
    third.refresh_from_db()
    assert (third.state, third.reason) == ("failed", "throttled"), "an hour is too long to wait"
    calm = queue(system, draft_to(person.pk), is_urgent=False)[0]
    world.work()
    assert states(calm) == ["queued"], "what is not urgent has time"


def test_too_many_requests_a_second_are_waited_for(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    for _storm in range(3):
        world.wrongs.next("throttle")
        world.work(1)
        assert states(message) == ["queued"]
        Message.objects.update(due_at=clock.machine_now())
    world.work()
    assert states(message) == ["sent"]
    assert len(world.texts(ONE)) == 1


def test_without_a_gateway_it_lies_in_the_outbox_and_says_so(
    new_person: NewPerson, system: Actor, world: World, settings: Any
) -> None:
    settings.SMS_API = ""
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    world.work()
    message.refresh_from_db()
    assert (message.state, message.reason, message.cost_fen) == ("local", "not_set_up", 0)


def test_a_gateway_that_cannot_be_reached_is_tried_again_and_then_given_up(
    new_person: NewPerson, system: Actor, world: World, settings: Any
) -> None:
    settings.SMS_API = "http://127.0.0.1:9"
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    world.work(1)
    assert states(message) == ["queued"]
    long_ago = clock.machine_now() - timedelta(minutes=3)
    Message.objects.update(due_at=long_ago, first_due_at=long_ago)
    world.work(1)
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "gateway_busy")


def test_nothing_is_sent_under_a_text_that_was_not_approved(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    Template.objects.filter(code="tests.asked").update(state="rejected")
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    Template.objects.filter(code="tests.asked.drill").delete()
    (drill,) = queue(system, draft_to(new_person(TWO).pk), is_drill=True)
    world.work()
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "template_rejected")
    assert states(drill) == ["queued"]
    for _round in range(4):
        review_templates(worker_actor())
    Message.objects.update(due_at=clock.machine_now())
    world.work()
    assert states(drill) == ["sent"]
    assert world.texts(TWO)[0].startswith("【红会】演练：")


def test_a_request_signed_with_another_secret_is_refused_and_nothing_arrives(
    new_person: NewPerson, system: Actor, world: World, settings: Any
) -> None:
    settings.SMS_SECRET = "another secret"
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    world.work()
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "account_problem")
    assert world.texts(ONE) == []


def test_a_landline_gets_no_text_message(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    (message,) = queue(system, draft_to(new_person("0575-85123456").pk))
    world.work()
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "no_mobile")


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_an_empty_account_is_said_at_once_so_that_another_way_is_tried(
    new_person: NewPerson, system: Actor, world: World, channel: str
) -> None:
    world.wrongs.set_always({"no_money"})
    (message,) = queue(system, draft_to(new_person(ONE).pk, channel))
    world.work()
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "account_problem")
    assert message.cost_fen == 0
    assert world.texts(ONE) == []


def test_a_text_under_review_waits_and_is_given_back_in_time_for_another_way(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    Template.objects.filter(code="tests.asked").delete()
    world.wrongs.set_always({"reviewing"})
    for _round in range(4):
        review_templates(worker_actor())
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    world.work(1)
    assert states(message) == ["queued"]
    long_ago = clock.machine_now() - timedelta(minutes=10)
    Message.objects.update(due_at=long_ago, first_due_at=long_ago)
    world.work(1)
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "template_pending")
    world.wrongs.set_always(set())
    Template.objects.update(submitted_at=long_ago)
    for _round in range(4):
        review_templates(worker_actor())
    (later,) = queue(system, draft_to(new_person(TWO).pk))
    world.work()
    assert states(later) == ["sent"]


def test_whom_the_operators_have_blacklisted_is_reached_by_nothing_and_says_so(
    new_person: NewPerson, system: Actor, world: World
) -> None:
    """Taken back on the desk, the number stays blocked out there: the message says why."""
    world.wrongs.set_always({"blacks"})
    person = new_person(ONE)
    queue(system, draft_to(person.pk))
    world.work()
    world.poster.let_through()
    world.reply(ONE, "退订")
    Preference.objects.filter(person=person).update(stopped_at=None)
    (message,) = queue(system, draft_to(person.pk))
    world.work()
    world.poster.let_through()
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "blacklist")
