"""What phones send for rescue, as the server sees it: once, by the phone's time, or refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from honghui.callouts.actions.answers import answer_by_link
from honghui.callouts.actions.ending import cancel_call_out
from honghui.callouts.models import Answer, CallOut
from honghui.kernel import clock
from honghui.kernel.ids import new_id
from honghui.messaging.models import Message
from honghui.rescue import field
from honghui.rescue.models import (
    Incident,
    Injury,
    LogLine,
    Mission,
    Photo,
    Position,
    Responder,
    Task,
    Telling,
)
from honghui.sync.cards import cards_for
from tests.registry.samples import SYSTEM
from tests.rescue.mission_samples import (
    NOW,
    Scene,
    a_mission,
    by,
    called,
    invitation,
    scene,
)
from tests.sync.phone import a_form, a_photo, put, send

pytestmark = pytest.mark.django_db
HERE = {
    "latitude_microdegrees": "28440000",
    "longitude_microdegrees": "121370000",
    "accuracy_metres": "15",
}


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.ATTACHMENTS = str(tmp_path / "attachments")


@pytest.fixture
def leader(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("team-leader")


def form(
    sync: str, mission: Mission | None = None, *, link: str = "", ago: int = 0, **fields: str
) -> dict[str, Any]:
    """`ago`: so many minutes before it is sent."""
    if mission is not None:
        fields["mission"] = str(mission.pk)
    made = clock.machine_now() - timedelta(minutes=ago)
    return a_form(fields=fields, link=link, made_at=made.isoformat(), kind=sync)


def the_state(mission: Mission) -> str:
    return Mission.objects.values_list("state", flat=True).get(pk=mission.pk)


# ── a leader's ───────────────────────────────────────────────────────────────────────────────


def test_six_hours_of_reports_arrive_with_the_phones_own_times(leader: Client) -> None:
    mission = a_mission(scene(), going=2)
    way = [
        form(field.TELL, mission, ago=360, kind="departed", people="12"),
        form(field.TELL, mission, ago=240, kind="arrived", batch="1", people="12"),
        form(field.TELL, mission, ago=60, kind="ordered_back", ordered_by="现场指挥部"),
        form(field.TELL, mission, ago=50, kind="left"),
        form(field.TELL, mission, ago=1, kind="back"),
    ]
    answers = send(leader, *way)
    assert {one["state"] for one in answers} == {"taken"}, answers
    told = list(Telling.objects.order_by("at"))
    assert [one.kind for one in told] == ["departed", "arrived", "ordered_back", "left", "back"]
    for one, ago in zip(told, (360, 240, 60, 50, 1), strict=True):
        assert abs(NOW - timedelta(minutes=ago) - one.at) < timedelta(seconds=30)
    assert the_state(mission) == "back"
    again = send(leader, *way)
    assert {one["state"] for one in again} == {"taken"}
    assert Telling.objects.count() == 5, "sent twice is told once"
    assert Message.objects.filter(about=mission.pk).count() == 2


def test_a_form_for_a_mission_that_is_not_theirs_is_refused(
    sign_in: Callable[[str], Client],
) -> None:
    mission = a_mission(scene())
    (answer,) = send(sign_in("officer"), form(field.TELL, mission, kind="departed"))
    assert answer["state"] == "refused"
    assert not Telling.objects.exists()


def test_what_a_phone_garbled_is_refused_and_can_be_corrected(leader: Client) -> None:
    mission = a_mission(scene())
    for wrong in (
        {"kind": "departed", "people": "twelve"},
        {"kind": "departed", "people": "99999999"},
        {"kind": "flew"},
        {"kind": "arrived", "batch": "-1"},
    ):
        (answer,) = send(leader, form(field.TELL, mission, **wrong))
        assert answer["state"] == "refused", wrong
    (answer,) = send(leader, form(field.TELL, kind="departed"))
    assert answer["state"] == "refused", "no mission in it"
    (answer,) = send(leader, form(field.TELL, mission, kind="departed", people="１２"))
    assert answer["state"] == "taken", "full-width digits are digits"
    assert Telling.objects.get().people == 12


def test_a_task_its_result_a_note_and_a_position(leader: Client) -> None:
    mission = a_mission(scene())
    send(leader, form(field.TASK, mission, kind="search", title="核心区搜救", ago=30))
    task = Task.objects.get()
    send(
        leader,
        form(field.DONE, mission, task=str(task.pk), result="转移", measure="moved", value="40",
             unit="person", qualifier="about"),
        form(field.NOTE, mission, text="路断了，改走乡道"),
        form(field.POSITION, mission, **HERE),
    )  # fmt: skip
    task.refresh_from_db()
    assert task.done_at is not None
    assert task.results.get().qualifier == "about"
    assert LogLine.objects.filter(mission=mission, kind="note").count() == 1
    assert Position.objects.get().flags == []
    (answer,) = send(leader, form(field.POSITION, mission, latitude_microdegrees=""))
    assert answer["state"] == "refused"


def test_a_photo_comes_with_its_form_and_is_shown_to_its_own(
    leader: Client, sign_in: Callable[[str], Client]
) -> None:
    mission = a_mission(scene())
    data = a_photo()
    number = new_id()
    put(leader, data, number=number)
    sent = form(field.PHOTO, mission, caption="现场")
    sent["attachments"] = [
        {"id": str(number), "sha256": sha256(data).hexdigest(), "bytes": len(data),
         "media_type": "image/jpeg"}
    ]  # fmt: skip
    (answer,) = send(leader, sent)
    assert answer["state"] == "taken", answer
    photo = Photo.objects.get()
    assert not photo.is_for_release
    address = reverse("mission_photo", args=[mission.pk, photo.pk])
    shown = leader.get(address)
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/jpeg"
    # The file alone: closing the answer would close the test's own connection with it.
    for close in shown._resource_closers:
        close()
    assert sign_in("officer").get(address).status_code == 404
    assert Client().get(address).status_code in (302, 401, 403)


def test_the_page_shows_one_big_button_and_does_the_same_without_scripts(leader: Client) -> None:
    mission = a_mission(scene(), going=1)
    address = reverse("field_mission", args=[mission.pk])
    page = leader.get(address).content.decode()
    assert page.count("btn--seal") >= 1
    assert 'data-step="departed">' in page
    posted = leader.post(address, {"sync": field.TELL, "kind": "departed", "people": "3"})
    assert posted.status_code == 302
    assert the_state(mission) == "departed"
    assert 'data-step="arrived" data-of-batch>' in leader.get(address).content.decode()
    assert leader.post(address, {"sync": field.POSITION}).status_code == 422


def test_the_fields_first_page_names_what_comes_next(leader: Client) -> None:
    it = scene()
    mission = a_mission(it)
    (card,) = cards_for(it.leader)
    assert card.url.endswith(f"/field/rescue/{mission.pk}/")
    assert it.team.name in card.detail
    assert cards_for(by("auditor")) == []
    assert leader.get(reverse("field_rescue")).status_code == 200
    address = reverse("mission", args=[mission.pk])
    assert address in leader.get(reverse("desk")).content.decode(), "it stands on the desk too"
    Incident.objects.filter(pk=it.incident.pk).update(is_drill=True)
    (card,) = cards_for(it.leader)
    said = f"演练 · {it.incident.title}"
    assert card.title == said, "nobody may take an exercise for the real thing"
    assert said in leader.get(reverse("desk")).content.decode()
    Mission.objects.filter(pk=mission.pk).update(state="back")
    assert address not in leader.get(reverse("desk")).content.decode()


# ── a responder's own, by link ───────────────────────────────────────────────────────────────


def asked(answer: str = "") -> tuple[Scene, CallOut, str]:
    it = scene()
    call_out = called(it)
    token = invitation(call_out).token
    if answer:
        answer_by_link(by=SYSTEM, token=token, meaning=answer)
    return it, call_out, token


def test_whoever_comes_is_led_from_their_answer_to_the_page_of_their_way() -> None:
    call_out = called(scene())
    token = invitation(call_out).token
    answers, own = reverse("answer", args=[token]), reverse("responder", args=[token])
    assert own not in Client().get(answers).content.decode(), "nobody has answered"
    answer_by_link(by=SYSTEM, token=token, meaning="if_short")
    assert own not in Client().get(answers).content.decode()
    page = Client().get(own).content.decode()
    assert "先不用动身" in page and 'data-kind="departed"' not in page
    answer_by_link(by=SYSTEM, token=token, meaning="coming")
    assert own in Client().get(answers).content.decode()
    assert 'data-kind="departed"' in Client().get(own).content.decode()
    cancel_call_out(by=SYSTEM, call_out=call_out, reason="演习结束")
    assert own not in Client().get(answers).content.decode()
    page = Client().get(own).content.decode()
    assert "请不要出发" in page and 'data-kind="departed"' not in page


def test_looking_at_the_link_answers_for_nobody() -> None:
    _it, _call_out, token = asked()
    answer = Client().get(reverse("responder", args=[token]))
    assert answer.status_code == 200
    # With "no-referrer" a browser sends its forms with "Origin: null", and they are refused.
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-referrer" not in answer.content.decode()
    assert "noindex" in answer["X-Robots-Tag"]
    assert not Answer.objects.exists()
    assert not Responder.objects.exists()


def test_the_whole_way_by_link_offline_and_once() -> None:
    _it, _call_out, token = asked()
    phone = Client()
    forms = [
        form(field.OWN_ANSWER, link=token, ago=120, meaning="coming", eta_minutes="30"),
        form(field.OWN_TELL, link=token, ago=100, kind="departed"),
        form(field.OWN_TELL, link=token, ago=80, kind="arrived"),
        form(field.OWN_POSITION, link=token, ago=70, **HERE),
        form(field.OWN_TELL, link=token, ago=20, kind="left"),
        form(field.OWN_TELL, link=token, ago=1, kind="back"),
    ]
    for _twice in range(2):
        assert {one["state"] for one in send(phone, *forms)} == {"taken"}
    one = Responder.objects.get()
    assert one.state == "back"
    assert one.back_at is not None and one.arrived_at is not None
    assert one.back_at - one.arrived_at > timedelta(minutes=70)
    assert (Telling.objects.count(), Position.objects.count(), Answer.objects.count()) == (4, 1, 1)


def test_a_talk_is_asked_for_and_lies_sealed() -> None:
    _it, _call_out, token = asked("coming")
    (answer,) = send(
        Client(), form(field.OWN_TALK, link=token, what="睡不着", is_home="1"),
    )  # fmt: skip
    assert answer["state"] == "taken", answer
    assert Responder.objects.get().state == "back"
    assert "睡不着".encode() not in bytes(Injury.objects.get().what_sealed)


def test_a_link_that_nobody_was_given_does_nothing() -> None:
    _it, _call_out, token = asked("coming")
    for link in ("0" * 16, token[:-1] + ("2" if token[-1] != "2" else "3"), "../etc", token * 2):
        for kind in (field.OWN_TELL, field.OWN_POSITION, field.OWN_TALK, field.OWN_ANSWER):
            (answer,) = send(Client(), form(kind, link=link, kind="back", meaning="coming", **HERE))
            assert answer["state"] == "refused", (link, kind)
    assert not Telling.objects.exists()
    assert Client().get(reverse("responder", args=["0" * 16])).status_code == 404


def test_a_link_opens_no_leaders_form(leader: Client) -> None:
    it, _call_out, token = asked("coming")
    mission = Mission.objects.get()
    (answer,) = send(Client(), form(field.TELL, mission, link=token, kind="back"))
    assert answer["state"] == "refused"
    (answer,) = send(leader, form(field.OWN_TELL, kind="back"))
    assert answer["state"] == "refused", "and no session opens a link's"
    assert not Telling.objects.exists()
    assert it.leader.is_signed_in


def test_the_link_shows_no_other_person_and_works_in_both_languages() -> None:
    it, _call_out, token = asked("coming")
    names = [each.person.name for each in it.members]
    for prefix in ("", "/en"):
        page = Client().get(f"{prefix}/r/{token}/").content.decode()
        assert not any(name in page for name in names)
        assert token in page
    assert "I have left" in Client().get(f"/en/r/{token}/").content.decode()


def test_without_scripts_the_link_does_the_same() -> None:
    _it, _call_out, token = asked()
    address = reverse("responder", args=[token])
    phone = Client()
    answered = phone.post(address, {"sync": field.OWN_ANSWER, "meaning": "coming"})
    assert answered.status_code == 302
    assert phone.post(address, {"sync": field.OWN_TELL, "kind": "departed"}).status_code == 302
    assert phone.post(address, {"sync": field.OWN_TELL, "kind": "ordered_back"}).status_code == 422
    assert Responder.objects.get().state == "departed"
