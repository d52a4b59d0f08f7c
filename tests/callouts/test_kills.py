"""Workers are killed in the middle of their steps; answers and buttons race: each step is taken
once, nobody is asked twice, and nothing waits for ever."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import connection

from honghui.callouts.actions.answers import answer_by_link
from honghui.callouts.actions.calling import invite_more, send_call_out
from honghui.callouts.models import Answer, CallOut, Invitation
from honghui.callouts.worker import take_step
from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR
from honghui.kernel.errors import Conflict
from honghui.messaging.models import Message
from tests.callouts.conftest import SYSTEM, draft, person, rows
from tests.environment import HOME

CALL_OUTS, KILLS, WORKERS = 16, 5, 2


def _start(address: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.callouts.killed_worker"],
        env={**os.environ, "DATABASE_URL": address},
        cwd=HOME,
        stderr=subprocess.DEVNULL,
    )


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "nobody works any more"
        time.sleep(0.02)


def _past() -> None:
    """Everybody's patience has run out."""
    before = clock.machine_now() - timedelta(minutes=1)
    Invitation.objects.filter(state="asked").update(next_at=before)
    CallOut.objects.filter(state="open").update(next_step_at=before)


def _steps() -> int:
    return Act.objects.filter(verb="callouts.call_out.escalated").count()


def test_every_step_is_taken_once_however_often_a_worker_is_killed(committed: str) -> None:
    people = [person(f"队员{number}", number) for number in range(1, 4)]
    made = [send_call_out(by=SYSTEM, call_out=draft(people, wanted=1)) for _one in range(CALL_OUTS)]
    chance = random.Random(370)
    for round_, expected in enumerate(("asked", "no_answer"), start=1):
        _past()
        workers = [_start(committed) for _one in range(WORKERS)]
        try:
            for number in range(KILLS):
                least = (round_ - 1) * CALL_OUTS + number * 2
                _until(lambda least=least: _steps() > least)  # type: ignore[misc]
                time.sleep(chance.uniform(0, 0.06))
                workers[number % WORKERS].kill()
                workers[number % WORKERS].wait()
                workers[number % WORKERS] = _start(committed)
            _until(lambda: _steps() == round_ * CALL_OUTS)  # noqa: B023
            time.sleep(0.5)
        finally:
            for one in workers:
                one.kill()
                one.wait()
        assert _steps() == round_ * CALL_OUTS
        assert {rows(each)[0].state for each in made} == {expected}
    told = Counter(Message.objects.filter(person__in=people).values_list("about", "channel"))
    # The first got both ways, the second the first way; each once, and nobody else anything.
    assert set(told.values()) == {1}
    assert len(told) == 3 * CALL_OUTS


def _at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """All of them in threads; what a refusal says instead of a result."""

    def one(job: Callable[[], Any]) -> Any:
        try:
            return job()
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))


def test_people_who_answer_at_the_same_moment_are_all_heard(committed: str) -> None:
    people = [person(f"队员{number}", number) for number in range(1, 9)]
    made = send_call_out(by=SYSTEM, call_out=draft(people, wanted=4, first=8))
    tokens = [one.token for one in rows(made)]
    _at_once(
        *(
            lambda token=token: answer_by_link(by=VISITOR, token=token, meaning="coming")
            for token in tokens
        ),
        take_step,
        take_step,
    )
    while take_step():
        pass
    made.refresh_from_db()
    assert {one.state for one in rows(made)} == {"coming"}
    assert made.is_enough
    assert Answer.objects.filter(call_out=made, counts=True).count() == 8


def test_one_person_who_presses_wildly_stands_where_their_last_answer_says(committed: str) -> None:
    made = send_call_out(by=SYSTEM, call_out=draft([person("队员", 1)], wanted=1))
    token = rows(made)[0].token
    meanings = ["coming", "declined", "if_short"] * 4
    _at_once(
        *(
            lambda meaning=meaning: answer_by_link(by=VISITOR, token=token, meaning=meaning)
            for meaning in meanings
        )
    )
    last = Answer.objects.filter(call_out=made, counts=True).order_by("-said_at").first()
    assert last is not None
    assert rows(made)[0].state == last.meaning
    assert Answer.objects.filter(call_out=made).count() == len(meanings)


def test_a_call_out_is_sent_once_by_two_and_nobody_is_asked_twice(committed: str) -> None:
    people = [person(f"队员{number}", number) for number in range(1, 7)]
    made = draft(people, wanted=2)
    results = _at_once(*[lambda: send_call_out(by=SYSTEM, call_out=made)] * 3)
    assert results.count("callouts.state") == 2
    _at_once(*[lambda: invite_more(by=SYSTEM, call_out=made, count=2)] * 2)
    asked = Counter(Message.objects.filter(about__in=[r.pk for r in rows(made)])
                    .values_list("about", flat=True))  # fmt: skip
    assert len(asked) == 6
    assert set(asked.values()) == {1}
