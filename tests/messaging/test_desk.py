"""The desk: who sees what, what is hidden, and that pages cost few queries."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.messaging.models import ChatAccount, Incoming, Message, Preference
from honghui.messaging.worker import take_in_arrivals, worker_actor
from honghui.registry.models import Person
from tests.messaging.conftest import SECRET, TOKEN, Door, World, draft_to
from tests.messaging.test_sending import queue

pytestmark = pytest.mark.django_db

NewPerson = Callable[..., Person]
SignIn = Callable[[str], Client]
ONE = "13899010001"


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_outbox_tells_states_reasons_and_what_it_cost(
    new_person: NewPerson, system: Actor, world: World, sign_in: SignIn
) -> None:
    queue(system, *(draft_to(new_person(f"1389901000{n}").pk) for n in range(3)))
    queue(system, draft_to(new_person("").pk))
    world.work()
    world.poster.let_through()
    page = text_of(sign_in("officer"), reverse("messages"))
    assert page.count("已送达") == 4 and "没有登记电话" in page  # three rows, one sum
    assert ONE not in page
    shown = text_of(sign_in("officer"), reverse("messages") + "?group=failed")
    assert shown.count("…000") == 0 and "没有登记电话" in shown


def test_people_of_other_societies_are_not_named(
    new_person: NewPerson, system: Actor, sign_in: SignIn
) -> None:
    own, other = new_person(ONE, "样例乙"), new_person("13899010002", "样例丙", society="330800")
    ours, theirs = queue(system, draft_to(own.pk), draft_to(other.pk))
    client = sign_in("officer")
    page = text_of(client, reverse("messages"))
    assert "样例乙" in page and "…0001" in page
    assert "样例丙" not in page and "…0002" not in page and "别的红会的人" in page
    assert reverse("reach", args=[own.pk]) in text_of(client, ours.get_absolute_url())
    page = text_of(client, theirs.get_absolute_url())
    assert "样例丙" not in page and reverse("reach", args=[other.pk]) not in page


def test_the_outbox_costs_the_same_queries_however_long_it_is(
    new_person: NewPerson, system: Actor, world: World, sign_in: SignIn
) -> None:
    client, person = sign_in("officer"), new_person(ONE)
    queue(system, draft_to(person.pk))
    client.get(reverse("messages"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("messages"))
    queue(system, *(draft_to(person.pk) for _one in range(40)))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("messages"))
    assert len(many) <= len(few) <= 16


def test_one_messages_page_tells_every_report_and_hides_the_link(
    new_person: NewPerson, system: Actor, world: World, sign_in: SignIn
) -> None:
    (message,) = queue(system, draft_to(new_person(ONE).pk))
    world.wrongs.set_always({"shuffled"})
    world.work()
    world.poster.let_through()
    page = text_of(sign_in("officer"), message.get_absolute_url())
    assert "DELIVERED" in page and "MOBILE_SEND_LIMIT" in page and "不改变结果" in page
    assert "内涝转移群众" in page and message.code in page
    assert TOKEN not in page, "whoever has it answers for this person"


def test_without_a_gateway_whoever_settles_reads_the_link_out_and_the_auditor_does_not(
    new_person: NewPerson, system: Actor, world: World, sign_in: SignIn, settings: object
) -> None:
    (message,) = queue(system, draft_to(new_person(ONE).pk, "voice"))
    Message.objects.update(state="local")
    (sms,) = queue(system, draft_to(new_person("13899010002").pk))
    Message.objects.filter(pk=sms.pk).update(state="local")
    assert TOKEN in text_of(sign_in("officer"), sms.get_absolute_url())
    assert TOKEN not in text_of(sign_in("auditor"), sms.get_absolute_url())
    assert "没有任何手机收到" in text_of(sign_in("officer"), message.get_absolute_url())


def test_an_answer_nobody_can_place_is_read_and_settled_once_for_a_reason(
    world: World, door: Door, new_person: NewPerson, sign_in: SignIn
) -> None:
    new_person(ONE)
    hostile = "<script>alert(1)</script> 去不去？"
    told = {"phone_number": ONE, "content": hostile, "sequence_id": 5}
    door.post("/messaging/sms/replies", json.dumps([told]).encode(), f"secret={SECRET}")
    take_in_arrivals(worker_actor())
    row = Incoming.objects.get()
    client = sign_in("officer")
    listing = text_of(client, reverse("replies"))
    assert "&lt;script&gt;" in listing and "<script>alert" not in listing
    address = reverse("reply", args=[row.pk])
    assert client.post(address, {"once": "a" * 32, "reason": ""}).status_code == 422
    form = {"once": "b" * 32, "reason": "已回电，下午能来"}
    assert client.post(address, form).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.settled_reason) == ("settled", "已回电，下午能来")
    again = client.post(address, {"once": "c" * 32, "reason": "又看了一遍"})
    assert again.status_code == 409
    assert "没有待处理的回复" in text_of(client, reverse("replies"))


def test_how_somebody_is_reached_is_changed_and_a_stop_is_lifted_for_a_reason(
    new_person: NewPerson, sign_in: SignIn
) -> None:
    person, client = new_person(ONE), sign_in("officer")
    address = reverse("reach", args=[person.pk])
    form = {
        "do": "prefer", "once": "a" * 32, "quiet_from": "23:00", "quiet_until": "06:30",
        "first": "wecom", "second": "sms", "third": "", "language": "en",
    }  # fmt: skip
    assert client.post(address, form).status_code == 302
    row = Preference.objects.get()
    assert (row.quiet_from, row.channels, row.language) == (time(23), ["wecom", "sms"], "en")
    chat = {"do": "chat", "once": "b" * 32, "wecom": "sample.user", "dingtalk": ""}
    assert client.post(address, chat).status_code == 302
    assert ChatAccount.objects.get().channel == "wecom"
    assert client.post(address, {**chat, "wecom": "a|b"}).status_code == 422
    Preference.objects.update(stopped_at=clock.now())
    assert "已退订" in text_of(client, address)
    resume = {"do": "resume", "once": "d" * 32, "reason": "本人来电要求恢复"}
    assert sign_in("auditor").post(address, resume).status_code == 404
    assert client.post(address, resume).status_code == 302
    row.refresh_from_db()
    assert row.stopped_at is None


def test_templates_are_shown_with_what_the_gateway_decided(world: World, sign_in: SignIn) -> None:
    page = text_of(sign_in("officer"), reverse("message_templates"))
    assert "${place}${title}" in page and "已通过" in page and "SMS_" in page
    assert "演练：" not in page
    drills = text_of(sign_in("officer"), reverse("message_templates") + "?drills=1&channel=voice")
    assert "演练：" in drills and "TTS_" in drills
