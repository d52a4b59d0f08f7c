"""A county with a team of people who have telephones, and a call-out to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from honghui.callouts import listening
from honghui.callouts.actions.calling import send_call_out
from honghui.callouts.actions.drafting import draft_call_out
from honghui.callouts.hearing import hear
from honghui.callouts.models import Answer, CallOut, Invitation
from honghui.callouts.rules import Candidate
from honghui.kernel import clock
from honghui.kernel.actors import system_actor
from honghui.messaging.models import Incoming, Message
from honghui.registry.actions.people import register_person
from honghui.registry.models import Person, Society

SYSTEM = system_actor("tests")
TEAM, SECOND_TEAM = UUID(int=1), UUID(int=2)


def person(name: str, number: int, society: str = "330600", *, phone: bool = True) -> Person:
    return register_person(
        by=SYSTEM,
        society=Society.objects.get(pk=society),
        name=name,
        kind="volunteer",
        resident_id="",
        phone=f"1390000{number:04d}" if phone else "",
    )


@pytest.fixture
def people(db: None) -> list[Person]:
    return [person(f"队员{number}", number) for number in range(1, 7)]


def candidates(people: list[Person]) -> list[Candidate]:
    """The first four are of the first team, the others of the second."""
    return [
        Candidate(
            person_id=each.pk,
            group=TEAM if rank <= 4 else SECOND_TEAM,
            group_name="搜救队" if rank <= 4 else "水上队",
            group_name_en="Search team" if rank <= 4 else "Water team",
            rank=rank,
            reasons=["离现场 12 公里"],
            reasons_en=["12 km from the scene"],
        )
        for rank, each in enumerate(people, start=1)
    ]


def draft(people: list[Person], **values: Any) -> CallOut:
    given: dict[str, Any] = {
        "by": SYSTEM,
        "society": Society.objects.get(pk="330600"),
        "about": uuid4(),
        "kind": "call_out",
        "title": "槽罐车爆炸救援",
        "title_en": "Tanker explosion",
        "place": "人民医院东门",
        "place_en": "Hospital, east gate",
        "wanted": 2,
        "candidates": candidates(people),
        "channels": ["sms", "voice"],
    }
    return draft_call_out(**(given | values))


@pytest.fixture
def call(people: list[Person]) -> Callable[..., CallOut]:
    """`call()`: a call-out that was sent: two wanted, two asked, four in reserve."""

    def make(**values: Any) -> CallOut:
        return send_call_out(by=SYSTEM, call_out=draft(values.pop("people", people), **values))

    return make


def rows(call_out: CallOut) -> list[Invitation]:
    return list(call_out.invitations.select_related("person", "call_out"))


def states(call_out: CallOut) -> list[str]:
    return [one.state for one in rows(call_out)]


def messages_of(one: Invitation) -> list[Message]:
    return list(Message.objects.filter(about=one.pk).order_by("queued_at", "id"))


def reply(
    one: Invitation, text: str, *, told_at: datetime | None = None, **values: Any
) -> Incoming:
    """What messaging's worker does with a reply that names this message, short of finding it."""
    message = messages_of(one)[0]
    incoming = Incoming.objects.create(
        channel=values.pop("channel", "sms"),
        told_id=uuid4().hex,
        society=one.call_out.society,
        person=one.person,
        persons=[one.person_id],
        message=message,
        matched_by="code",
        text_sealed=b"sealed",
        told_at=told_at,
        received_at=clock.machine_now(),
        **values,
    )
    incoming.state = hear(incoming, text)
    incoming.save(update_fields=["state"])
    return incoming


@dataclass
class Listener:
    heard: list[tuple[Invitation, Answer]] = field(default_factory=list)
    invited: list[UUID] = field(default_factory=list)

    def take(self, invitation: Invitation, answer: Answer) -> None:
        self.heard.append((invitation, answer))

    def note(self, invitations: Any) -> None:
        self.invited += [one.pk for one in invitations]


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    one = Listener()
    monkeypatch.setattr(listening, "_handlers", [one.take])
    monkeypatch.setattr(listening, "_invited", [one.note])
    return one


class Machine:
    """The machine's clock, which a test moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = clock.machine_now()
        monkeypatch.setattr(clock, "machine_now", lambda: self.at)

    def goes_on(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)
