"""Forms come in: each once, each answered by itself, nothing half done."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.ids import new_id
from honghui.registry.limits import Limit
from honghui.registry.models import Account
from honghui.sync.models import ReceivedForm
from honghui.sync.views import letters
from tests.sync import kinds
from tests.sync.phone import a_form, ago, letter, send

pytestmark = pytest.mark.django_db


def states(answers: list[dict[str, Any]]) -> list[str]:
    return [one["state"] for one in answers]


def test_a_form_is_taken_and_leaves_an_act(phone: Client) -> None:
    form = a_form()
    [answer] = send(phone, form)
    assert answer["state"] == "taken"
    assert [row[0] for row in kinds.noted()] == [UUID(form["id"])]
    act = Act.objects.get(verb="sync.form.taken")
    assert act.object_id == form["id"]
    assert "到了" not in json.dumps([act.after, act.before]), "what was written is the job's"


def test_the_same_form_again_gets_the_first_answer(phone: Client) -> None:
    form = a_form()
    first = send(phone, form)
    assert send(phone, form) == first
    assert send(phone, form, form) == [*first, *first]
    assert len(kinds.noted()) == 1


def test_the_same_number_with_other_content_is_refused(phone: Client) -> None:
    form = a_form()
    send(phone, form)
    other = {**form, "fields": {"said": "没有到"}}
    [answer] = send(phone, other)
    assert (answer["state"], answer["code"]) == ("refused", "sync.form.other_content")
    assert [row[2] for row in kinds.noted()] == ["到了"]


def test_nobody_reads_anothers_answer_by_its_number(
    phone: Client, sign_in: Callable[[str], Client]
) -> None:
    form = a_form()
    send(phone, form)
    [answer] = send(sign_in("officer2"), form)
    assert (answer["state"], answer["code"]) == ("refused", "sync.form.other_content")
    assert "url" not in answer


def test_a_refused_form_may_come_corrected_under_its_number(phone: Client) -> None:
    form = a_form("please refuse")
    [answer] = send(phone, form)
    assert answer["state"] == "refused"
    assert (answer["code"], answer["field"]) == ("tests.refused", "said")
    assert answer["sentence"] and answer["hint"]
    assert not ReceivedForm.objects.exists()
    assert states(send(phone, {**form, "fields": {"said": "好"}})) == ["taken"]


def test_what_is_refused_late_leaves_nothing(phone: Client) -> None:
    assert states(send(phone, a_form("late"))) == ["refused"]
    assert kinds.noted() == []
    assert not ReceivedForm.objects.exists()


def test_one_form_does_not_hold_up_the_others(phone: Client) -> None:
    forms = [a_form("一"), a_form("broken"), a_form("refuse"), a_form("二", kind="tests.unknown")]
    answers = send(phone, *forms, a_form("三"))
    assert states(answers) == ["taken", "again", "refused", "refused", "taken"]
    assert answers[3]["code"] == "sync.kind.unknown"
    assert [row[2] for row in kinds.noted()] == ["一", "三"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "11111111-1111-4111-8111-111111111111"},
        {"id": "../../etc/passwd"},
        {"made_at": "yesterday"},
        {"made_at": "0001-01-01T00:00:00+14:00"},
        {"made_at": "2020-06-24T09:00:00"},
        {"fields": {"said": "a\x00b"}},
        {"fields": {"said": 3}},
        {"fields": {f"f{n}": "x" for n in range(61)}},
        {"fields": {"said": "长" * 4_001}},
        {"kind": "k" * 61},
        {"link": "l" * 201},
        {"attachments": [{"id": str(new_id()), "sha256": "0" * 63}]},
    ],
)
def test_a_form_that_cannot_be_read_is_refused_and_named(
    phone: Client, wrong: dict[str, Any]
) -> None:
    form = a_form(**wrong)
    answers = send(phone, form, a_form("好"))
    assert states(answers) == ["refused", "taken"]
    assert answers[0]["sentence"]
    assert [row[2] for row in kinds.noted()] == ["好"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"forms": "all"}',
        b"\xff\xfe",
        b'{"now": "2026-01-01T00:00:00Z", "forms": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        json.dumps(letter(*[{"id": n} for n in range(10_000)])).encode(),  # type: ignore[dict-item]
    ],
)
def test_a_letter_that_cannot_be_read_is_refused_as_a_whole(phone: Client, body: bytes) -> None:
    answer = phone.post("/sync/forms", body, content_type="application/json")
    assert answer.status_code in {413, 422}
    assert answer.json()["sentence"]
    assert kinds.noted() == []


def test_a_letter_that_is_too_long_is_not_read(phone: Client) -> None:
    answer = phone.post("/sync/forms", b"x" * 5_000_000, content_type="application/json")
    assert answer.status_code == 413
    assert answer.json()["code"] == "sync.too_large"


# ── the phone's clock ────────────────────────────────────────────────────────────────────────


def test_what_happened_is_told_by_our_clock_however_wrong_the_phones_is(phone: Client) -> None:
    """Two hours ago by a phone whose battery was empty: it believes in 1970."""
    phones_now = datetime.fromisoformat("1970-01-01T05:00:00+00:00")
    form = a_form(made_at=(phones_now - timedelta(hours=2)).isoformat())
    [answer] = send(phone, form, now=phones_now)
    assert (answer["state"], answer["flags"]) == ("taken", ["clock_off"])
    row = ReceivedForm.objects.get()
    assert abs(row.happened_at - (clock.now() - timedelta(hours=2))) < timedelta(seconds=5)
    assert row.offset_seconds < -1_700_000_000
    assert row.made_at == datetime.fromisoformat(form["made_at"])


@pytest.mark.parametrize(
    ("made_at", "flags"),
    [
        (ago(minutes=-90), ["after_sending"]),
        (ago(days=40), ["long_ago"]),
        (ago(hours=6), []),
    ],
)
def test_what_cannot_be_is_flagged_and_not_lost(
    phone: Client, made_at: datetime, flags: list[str]
) -> None:
    [answer] = send(phone, a_form(made_at=made_at.isoformat()))
    assert (answer["state"], answer["flags"]) == ("taken", flags)
    assert ReceivedForm.objects.get().happened_at <= clock.now()


# ── from whom ────────────────────────────────────────────────────────────────────────────────


def test_who_is_signed_out_is_told_to_sign_in_and_nothing_is_done(client: Client) -> None:
    kinds.make_table()
    answer = client.post(
        "/sync/forms", json.dumps(letter(a_form())), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "sync.sign_in")
    assert kinds.noted() == []


def test_a_session_needs_the_proof_of_our_own_page(phone: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = phone.cookies
    body = json.dumps(letter(a_form()))
    answer = strict.post("/sync/forms", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "sync.csrf")
    assert kinds.noted() == []
    token = strict.get("/sync/state").json()["csrf"]
    answer = strict.post(
        "/sync/forms", body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 200
    assert len(kinds.noted()) == 1


def test_a_link_carries_no_session(phone: Client) -> None:
    """Without proof of our page, and signed in: the form is the link's, not the officer's."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = phone.cookies
    form = a_form(kind="tests.linked", link=kinds.GOOD_LINK)
    answer = strict.post("/sync/forms", json.dumps(letter(form)), content_type="application/json")
    assert states(answer.json()["answers"]) == ["taken"]
    assert [row[1] for row in kinds.noted()] == [None]
    assert ReceivedForm.objects.get().account_id is None


def test_a_bad_link_is_the_handlers_to_refuse(client: Client) -> None:
    kinds.make_table()
    [answer] = send(client, a_form(kind="tests.linked", link="made up"))
    assert (answer["state"], answer["code"]) == ("refused", "tests.bad_link")
    assert kinds.noted() == []


def test_a_practice_form_with_a_made_up_link_writes_nothing(client: Client) -> None:
    form = a_form(kind="sync.practice", link="made up", fields={"note": "一二三"})
    [answer] = send(client, form)
    assert answer["state"] == "refused"
    assert not ReceivedForm.objects.exists()
    assert not Act.objects.filter(verb="sync.form.taken").exists()


def test_links_are_limited_by_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds.make_table()
    monkeypatch.setattr(letters, "BY_LINK", Limit("sync_by_link", most=3))
    form = a_form(kind="tests.linked", link=kinds.GOOD_LINK)
    for _time in range(3):
        send(client, form)
    answer = client.post("/sync/forms", json.dumps(letter(form)), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (429, "limits.sync_by_link")


def test_forms_of_one_account_are_not_sent_as_another(phone: Client) -> None:
    other = Account.objects.get(username="officer2")
    answer = phone.post(
        "/sync/forms",
        json.dumps(letter(a_form(), account=str(other.pk))),
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "sync.other_account")
    assert kinds.noted() == []


def test_the_state_says_who_is_signed_in(client: Client, sign_in: Callable[[str], Client]) -> None:
    assert client.get("/sync/state").json()["account"] == ""
    officer = Account.objects.get(username="officer")
    answer = sign_in("officer").get("/sync/state")
    assert answer.json()["account"] == str(officer.pk)
    assert "no-store" in answer.headers["Cache-Control"]


def test_answers_come_in_the_readers_language(phone: Client) -> None:
    body = json.dumps(letter(a_form(kind="tests.unknown")))
    chinese = phone.post("/sync/forms", body, content_type="application/json")
    english = phone.post("/en/sync/forms", body, content_type="application/json")
    assert "Nobody here" in english.json()["answers"][0]["sentence"]
    assert "Nobody here" not in chinese.json()["answers"][0]["sentence"]
