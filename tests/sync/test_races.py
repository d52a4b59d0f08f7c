"""Two of the same at once, and a server that is killed: on a database that commits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from honghui.journal.models import Act
from honghui.registry.models import Account
from honghui.sync.models import Attachment, ReceivedForm
from tests.environment import HOME
from tests.sync import kinds
from tests.sync.phone import a_form, a_photo, named, put, send


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(
        Account.objects.get(username=username),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def at_once(work: Callable[[], Any], times: int) -> list[Any]:
    """The same from several threads, each with a connection of its own."""
    gate, done = threading.Barrier(times), []

    def run() -> None:
        gate.wait(10)
        try:
            done.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _time in range(times)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return done


def test_a_form_whose_twin_still_runs_gets_the_twins_answer(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds.make_table()
    client = client_of("officer")
    monkeypatch.setattr(kinds, "SLOW_SECONDS", 0.4)
    form = a_form()
    answers = at_once(lambda: send(client, form)[0], 6)
    assert len(answers) == 6
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["state"] == "taken"
    assert len(kinds.noted()) == 1
    assert ReceivedForm.objects.count() == 1
    assert Act.objects.filter(verb="sync.form.taken").count() == 1


def test_of_two_forms_with_one_number_one_is_taken_and_the_other_refused(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds.make_table()
    client = client_of("officer")
    monkeypatch.setattr(kinds, "SLOW_SECONDS", 0.3)
    form = a_form("一")
    texts = iter(["一", "二"])
    answers = at_once(lambda: send(client, {**form, "fields": {"said": next(texts)}})[0], 2)
    assert sorted(answer["state"] for answer in answers) == ["refused", "taken"]
    assert len(kinds.noted()) == 1


def test_a_twin_that_is_refused_leaves_the_number_free(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds.make_table()
    client = client_of("officer")
    monkeypatch.setattr(kinds, "SLOW_SECONDS", 0.3)
    form = a_form("late")
    answers = at_once(lambda: send(client, form)[0], 3)
    assert [answer["state"] for answer in answers] == ["refused"] * 3
    assert kinds.noted() == []


def test_a_photo_sent_twice_at_once_is_one(committed: str) -> None:
    client, data = client_of("officer"), a_photo(1200)
    form = a_form(attachments=[named((number := _number()), data)])
    kinds.make_table()
    states = {answer.status_code for answer in at_once(lambda: put(client, data, number=number), 4)}
    assert states <= {200, 409}, "kept, or busy: the phone asks again"
    assert put(client, data, number=number).json()["state"] == "whole"
    assert Attachment.objects.count() == 1
    assert send(client, form)[0]["state"] == "taken"


def _number() -> Any:
    from honghui.kernel.ids import new_id

    return new_id()


@pytest.mark.parametrize(("when", "left"), [("after", 1), ("before", 0)])
def test_a_server_killed_around_the_commit_loses_nothing_and_doubles_nothing(
    committed: str, when: str, left: int
) -> None:
    kinds.make_table()
    form = a_form("杀")
    killed = subprocess.run(
        [sys.executable, "-m", "tests.sync.killed_server", json.dumps(form), "officer", when],
        env={**os.environ, "DATABASE_URL": committed},
        cwd=HOME,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(kinds.noted()) == left
    [answer] = send(client_of("officer"), form)
    assert answer["state"] == "taken"
    assert len(kinds.noted()) == 1
