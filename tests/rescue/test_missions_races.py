"""Two phones at once, one phone twice, and a server that ends in the middle: on a database that
commits."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from honghui.callouts.actions.answers import answer_by_link
from honghui.messaging.models import Message
from honghui.rescue import field, following
from honghui.rescue.actions.asking import accept_request, decline_request
from honghui.rescue.actions.returning import order_back
from honghui.rescue.actions.tellings import tell
from honghui.rescue.models import Batch, LogLine, Mission, Responder, Telling
from tests.registry.samples import SYSTEM, overlapped
from tests.rescue.mission_samples import (
    NOW,
    REASON,
    SHAOXING,
    a_mission,
    asked,
    by,
    called,
    invitation,
    scene,
)
from tests.rescue.team_samples import a_team
from tests.sync.phone import a_form, send
from tests.sync.test_races import at_once, client_of


def arrival(mission: Mission, **more: Any) -> Telling:
    leader = by("team-leader")
    return tell(by=leader, mission=mission, kind="arrived", at=NOW, batch=1, people=40, **more)


def test_two_phones_that_tell_the_same_arrival_are_one_fact(committed: str) -> None:
    mission = a_mission(scene(1))
    ours, theirs = overlapped(committed, lambda: arrival(mission), lambda: arrival(mission))
    assert isinstance(ours, Telling), ours
    assert isinstance(theirs, Telling), theirs
    told = Telling.objects.filter(mission=mission)
    assert sorted(each.flags for each in told) == [[], ["repeated"]]
    assert Batch.objects.get(mission=mission).people == 40
    assert LogLine.objects.filter(mission=mission, kind="told_arrived").count() == 1


def test_one_form_sent_by_three_threads_at_once_is_told_once(committed: str) -> None:
    mission = a_mission(scene(1))
    form = a_form(
        fields={"mission": str(mission.pk), "kind": "departed", "people": "5"},
        kind=field.TELL,
    )

    def sent() -> str:
        client: Client = client_of("team-leader")
        return str(send(client, form)[0]["state"])

    answers = at_once(sent, 3)
    assert "taken" in answers
    assert set(answers) <= {"taken", "later", "busy"}, answers
    assert Telling.objects.filter(mission=mission).count() == 1


def test_two_who_order_the_team_back_at_once_send_one_message(committed: str) -> None:
    mission = a_mission(scene(1), going=1)
    tell(by=by("team-leader"), mission=mission, kind="arrived", at=NOW)

    def back() -> Any:
        return order_back(by=by("team-leader"), mission=mission, at=NOW)

    ours, theirs = overlapped(committed, back, back)
    assert isinstance(ours, Telling), ours
    assert isinstance(theirs, Telling), theirs
    assert Message.objects.filter(about=mission.pk).count() == 1


def test_a_request_is_answered_once(committed: str) -> None:
    it = scene(1)
    mission = asked(it, a_team(SHAOXING))
    ours, theirs = overlapped(
        committed,
        lambda: accept_request(by=by("officer"), mission=mission),
        lambda: decline_request(by=by("officer2"), mission=mission, reason=REASON),
    )
    assert isinstance(ours, Mission), ours
    assert isinstance(theirs, Exception)
    assert Mission.objects.get(pk=mission.pk).state == "called"


def test_two_answers_of_one_team_at_once_make_one_mission(committed: str) -> None:
    call_out = called(scene(3))

    def answer(rank: int) -> Any:
        return answer_by_link(by=SYSTEM, token=invitation(call_out, rank).token, meaning="coming")

    overlapped(committed, lambda: answer(1), lambda: answer(2))
    assert Mission.objects.filter(incident=call_out.about).count() == 1
    assert Responder.objects.filter(mission__incident=call_out.about).count() == 2


def test_what_ends_in_the_middle_has_not_happened(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report is a row and its consequences, or nothing: the phone still has it, and sends it
    again."""
    mission = a_mission(scene(1), going=1)
    form = a_form(fields={"mission": str(mission.pk), "kind": "departed"}, kind=field.TELL)

    def ends(*_args: object) -> None:
        raise ConnectionError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(following, "_move", ends)
        client = client_of("team-leader")
        client.raise_request_exception = False
        (answer,) = send(client, form)
    assert answer["state"] != "taken"
    assert not Telling.objects.filter(mission=mission).exists()
    (answer,) = send(client, form)
    assert answer["state"] == "taken"
    assert Mission.objects.get(pk=mission.pk).state == "departed"
    assert Responder.objects.get(mission=mission).state == "departed"
