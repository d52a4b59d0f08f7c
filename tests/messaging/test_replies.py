"""Answers: whose they are, what they answer, and that none is ever dropped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from honghui.kernel import clock, subject_keys
from honghui.kernel.actors import Actor
from honghui.messaging import receiving
from honghui.messaging.models import Arrival, Incoming, Message, Preference
from honghui.messaging.opening import text_of_reply
from honghui.messaging.rules.replies import codes_in, is_stop
from honghui.messaging.sending import Draft
from honghui.messaging.worker import take_in_arrivals, worker_actor
from honghui.registry.models import Person
from tests.messaging.conftest import SECRET, TOKEN, Door, World, draft_to
from tests.messaging.people import TEMPLATE
from tests.messaging.test_sending import queue

pytestmark = pytest.mark.django_db

NewPerson = Callable[..., Person]
ONE, TWO = "13899010001", "13899010002"


class Job:
    """A job that hears answers. stumbles_over: a text it cannot stand."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, str]] = []
        self.says = "taken"
        self.stumbles_over = ""

    def __call__(self, incoming: Incoming, text: str) -> str:
        if text == self.stumbles_over:
            raise RuntimeError("a value of a person, which nobody may write down")
        self.heard.append((incoming.message.about if incoming.message else None, text))
        return self.says


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    one = Job()
    monkeypatch.setattr(receiving, "_handlers", [one])
    yield one


@pytest.fixture
def sent(new_person: NewPerson, system: Actor, world: World) -> Callable[..., Message]:
    """`sent(ONE)`: a message that arrived on that phone."""

    def make(number: str, person: Person | None = None) -> Message:
        (message,) = queue(system, draft_to((person or new_person(number)).pk))
        world.work()
        world.poster.let_through()
        return message

    return make


def only() -> Incoming:
    return Incoming.objects.get()


def test_the_extension_says_which_message_is_answered(
    world: World, job: Job, sent: Callable[..., Message]
) -> None:
    first = sent(ONE)
    person = first.person
    second = sent(ONE, person)
    world.reply(ONE, "去 30", first.code)
    assert job.heard == [(first.about, "去 30")]
    row = only()
    assert (row.state, row.matched_by, row.person_id) == ("taken", "extension", person.pk)
    assert text_of_reply(row) == "去 30"
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.answered_at and second.answered_at is None


def test_a_code_in_the_text_does_where_the_extension_is_lost(
    world: World, job: Job, sent: Callable[..., Message]
) -> None:
    first = sent(ONE)
    sent(ONE, first.person)
    world.wrongs.set_always({"bare"})
    world.reply(ONE, f"{first.code} 去，３０分钟到", first.code)
    assert job.heard == [(first.about, f"{first.code} 去，３０分钟到")]
    assert only().matched_by == "code"


def test_without_a_code_the_only_one_that_waits_is_meant_and_two_are_a_question(
    world: World, job: Job, sent: Callable[..., Message]
) -> None:
    first = sent(ONE)
    world.reply(ONE, "去")
    assert only().matched_by == "only"
    world.reply(ONE, "不去了")
    assert [about for about, _text in job.heard] == [first.about, first.about]
    sent(ONE, first.person), sent(ONE, first.person)
    world.reply(ONE, "好的")
    row = Incoming.objects.latest("received_at", "id")
    assert (row.state, row.message_id, row.matched_by) == ("unclear", None, "")
    assert len(job.heard) == 2


def test_a_family_phone_answers_for_the_one_whose_code_it_says(
    new_person: NewPerson, system: Actor, world: World, job: Job
) -> None:
    mother, son = new_person(ONE, "样例母"), new_person(ONE, "样例子")
    drafts = [draft_to(mother.pk), draft_to(son.pk)]
    to_mother, to_son = queue(system, *drafts)
    world.work()
    Message.objects.update(due_at=clock.machine_now())
    world.work()
    assert len(world.texts(ONE)) == 2
    world.reply(ONE, "去", to_son.code)
    row = only()
    assert (row.person_id, set(row.persons)) == (son.pk, {mother.pk, son.pk})
    assert job.heard == [(to_son.about, "去")]


def test_an_unknown_number_lands_before_a_person_and_its_number_is_kept_nowhere(
    world: World, job: Job
) -> None:
    world.reply("13899019999", "我也想来帮忙")
    row = only()
    assert (row.state, row.person_id, row.society_id) == ("unknown", None, "330000")
    assert text_of_reply(row) == "我也想来帮忙"
    assert job.heard == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text FROM messaging_incoming i")
        assert "13899019999" not in cursor.fetchone()[0]


def test_an_answer_that_comes_twice_is_taken_once(
    door: Door, world: World, job: Job, sent: Callable[..., Message]
) -> None:
    message = sent(ONE)
    told = {
        "phone_number": ONE, "send_time": "2020-06-24 09:00:01", "content": "去",
        "sign_name": "红会", "dest_code": message.code, "sequence_id": 77,
    }  # fmt: skip
    for _again in range(3):
        door.post("/messaging/sms/replies", json.dumps([told]).encode(), f"secret={SECRET}")
        told["sign_name"] += " "  # another body, the same answer
        take_in_arrivals(worker_actor())
    assert Arrival.objects.filter(kind="replies").count() == 3
    assert len(job.heard) == Incoming.objects.count() == 1


@pytest.mark.parametrize("word", ["退订", "T", "td", "ＴＤ", " Stop. ", "退訂！"])
def test_leave_me_in_peace_is_done_at_once_and_confirmed_once(
    word: str, world: World, job: Job, sent: Callable[..., Message], system: Actor
) -> None:
    message = sent(ONE)
    (waiting,) = queue(system, draft_to(message.person_id))
    world.reply(ONE, word, message.code)
    assert Preference.objects.get().stopped_at
    waiting.refresh_from_db()
    assert waiting.state == "stopped"
    (urgent,) = queue(system, draft_to(message.person_id), is_urgent=True)
    assert urgent.state == "stopped"
    world.work()
    assert [text for text in world.texts(ONE) if "已为您退订" in text] == world.texts(ONE)[1:]
    assert len(world.texts(ONE)) == 2
    world.reply(ONE, word, message.code)
    world.work()
    assert len(world.texts(ONE)) == 2, "once"
    assert job.heard == []
    assert set(Incoming.objects.values_list("state", "is_stop")) == {("taken", True)}


def test_stop_inside_a_sentence_stops_nothing() -> None:
    assert not is_stop("到车站 stop 一下就来")
    assert not is_stop("T恤带上")
    assert is_stop("4821 td", ["4821"]) and is_stop("退订4821", ["4821"])
    assert codes_in("4821 去，2020年6月24日18:30到，电话13899010001") == ["4821"]


def test_what_a_job_cannot_stand_goes_before_a_person_and_the_next_answer_is_heard(
    world: World, job: Job, sent: Callable[..., Message], caplog: pytest.LogCaptureFixture
) -> None:
    first, second = sent(ONE), sent(TWO)
    job.stumbles_over = "去？"
    world.gateway.reply(ONE, "去？", first.code)
    world.gateway.reply(TWO, "去", second.code)
    world.poster.let_through()
    assert set(Incoming.objects.values_list("state", flat=True)) == {"unclear", "taken"}
    assert job.heard == [(second.about, "去")]
    assert "a value of a person" not in caplog.text


def test_what_a_job_does_not_understand_is_unclear(
    world: World, job: Job, sent: Callable[..., Message]
) -> None:
    job.says = "unclear"
    message = sent(ONE)
    world.reply(ONE, "？？？", message.code)
    assert only().state == "unclear"
    message.refresh_from_db()
    assert message.answered_at is None


@pytest.mark.parametrize(
    "hostile",
    ["😀" * 500, "去\x00\x1b[2J", "x" * 10_000, "'; DELETE FROM messaging_incoming; --", "\ud800",
     "<img src=x onerror=alert(1)>", "\u202e去"],
)  # fmt: skip
def test_hostile_answers_are_kept_as_words(
    hostile: str, door: Door, world: World, job: Job, sent: Callable[..., Message]
) -> None:
    message = sent(ONE)
    told = {"phone_number": ONE, "content": hostile, "dest_code": message.code, "sequence_id": 1}
    status, said = door.post(
        "/messaging/sms/replies", json.dumps([told]).encode(), f"secret={SECRET}"
    )
    assert (status, said["code"]) == (200, 0)
    take_in_arrivals(worker_actor())
    text = text_of_reply(only())
    assert text is not None and 0 < len(text) <= 2_000


@pytest.mark.parametrize(
    "told",
    [{}, {"phone_number": None, "content": ["去"]}, {"phone_number": "x" * 99, "content": "去"},
     {"phone_number": ONE, "dest_code": 12, "sequence_id": {"a": 1}, "send_time": "gestern"}],
)  # fmt: skip
def test_an_answer_with_nothing_right_in_it_is_still_kept(
    told: dict[str, Any], door: Door, world: World, job: Job
) -> None:
    door.post("/messaging/sms/replies", json.dumps([told]).encode(), f"secret={SECRET}")
    take_in_arrivals(worker_actor())
    assert only().state == "unknown"


def test_an_erased_persons_answer_cannot_be_read_any_more(
    world: World, job: Job, sent: Callable[..., Message]
) -> None:
    message = sent(ONE)
    world.reply(ONE, "去", message.code)
    subject_keys.destroy_key(message.person_id)
    assert text_of_reply(only()) is None


def test_a_key_pressed_in_a_call_answers_that_call(
    new_person: NewPerson, system: Actor, world: World, job: Job
) -> None:
    world.poster.scale = 1.0  # else it has stopped ringing at once
    person = new_person(ONE)
    first, second = queue(
        system, *(Draft(person.pk, "voice", TEMPLATE, {"place": "绍兴", "title": "内涝"}, uuid4(),
                        f"/answer/{TOKEN}/") for _one in range(2))
    )  # fmt: skip
    world.work()
    calls = [each for each in world.gateway.phones.get(ONE).items if each.kind == "call"]
    assert len(calls) == 2
    assert world.gateway.press(calls[0].call_id, "1")
    assert not world.gateway.press(calls[0].call_id, "2"), "a call is answered once"
    world.gateway.press(calls[1].call_id, "-")
    world.poster.let_through()
    first.refresh_from_db()
    second.refresh_from_db()
    assert {first.state, second.state} == {"delivered", "failed"}
    ended = first if first.state == "failed" else second
    assert ended.reason == "not_answered"
    taken = second if ended is first else first
    assert job.heard == [(taken.about, "1")]
    assert only().channel == "voice"
