"""The board of an incident with three hundred people of twelve teams on the way: how long the
page, a change, and "nothing new" take, and how long an answer is on its way to the board.

In this process, by Django's test client, signed in; over HTTP it is looked at in a real browser by
tests/rescue/test_board_live.py.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any

from bench.table import Row

TEAMS, PEOPLE, LINES = 12, 300, 200
ROUNDS = 200
# What a browser waits between two questions (static/rescue/js/board.js).
EVERY_MS = 500
PAGE_MS_MAX, ANSWER_MS_MAX, QUERIES_MAX = 80, 1000, 20
_NOW = datetime.fromisoformat("2020-06-24T09:00:00+08:00")


def fill() -> Any:
    """The incident: twelve teams in all stages, their people, a log of 200 lines."""
    from honghui.registry.models import Person, Society
    from honghui.rescue.models import (
        Incident,
        LogLine,
        Mission,
        MissionVehicle,
        Responder,
        Task,
        Team,
        TeamKind,
        Telling,
    )  # fmt: skip

    societies = list(Society.objects.filter(level__in=["city", "county"])[:TEAMS])
    kind = TeamKind.objects.order_by("code")[0]
    incident = Incident.objects.create(
        number="bench-board", society_id="330000", cause="typhoon", title="样例台风", level=3,
        place_code="330000", known_at=_NOW - timedelta(hours=9),
        opened_at=_NOW - timedelta(hours=9),
    )  # fmt: skip
    people = Person.objects.bulk_create(
        Person(name=f"样例{n}", name_key=f"yangli{n}", registered_at=_NOW) for n in range(PEOPLE)
    )
    size = PEOPLE // TEAMS
    for number in range(TEAMS):
        team = Team.objects.create(
            code=f"board-{number}", society=societies[number % len(societies)], kind=kind,
            name=f"样例大屏队{number}",
        )  # fmt: skip
        mission = Mission.objects.create(
            incident=incident, team=team, state="called", requester="own",
            opened_at=incident.known_at,
        )  # fmt: skip
        left, there = number % 4 > 0, number % 4 > 1
        at = incident.known_at + timedelta(minutes=30 + number)
        for told, is_so in (("departed", left), ("arrived", there), ("ordered_back", number == 3)):
            if is_so:
                at += timedelta(hours=1)
                Telling.objects.create(mission=mission, kind=told, at=at, told_at=at)
        MissionVehicle.objects.create(mission=mission, kind="boat", count=2, noted_at=at)
        Task.objects.create(mission=mission, kind="evacuation", title="样例", given_at=at)
        Responder.objects.bulk_create(
            Responder(
                mission=mission, person=person, joined_at=incident.known_at,
                state="there" if there else "departed" if left else "coming",
                eta_at=_NOW + timedelta(minutes=place % 40),
                departed_at=at if left else None, arrived_at=at if there else None,
            )
            for place, person in enumerate(people[number * size : (number + 1) * size])
        )  # fmt: skip
    LogLine.objects.bulk_create(
        LogLine(
            incident=incident, kind="note", text=f"样例记录 {n}", noted_at=_NOW,
            at=incident.known_at + timedelta(minutes=n),
        )
        for n in range(LINES)
    )  # fmt: skip
    return incident


def board_rows() -> list[Row]:
    """On a fresh database with the societies of rescue_teams.fill(), with Django ready."""
    from django.conf import settings

    from honghui.kernel import clock

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with clock.at(_NOW):
        return _measured()


def _measured() -> list[Row]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from honghui.rescue.models import Responder

    incident, client = fill(), _officer()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    address = f"/desk/rescue/incidents/{incident.pk}/board/"
    page = _times(lambda: client.get(address))
    with CaptureQueriesContext(connection) as queries:
        tag = client.get(f"{address}parts/")["ETag"]
    asked = len(queries)
    same = {"If-None-Match": tag}
    nothing = _times(lambda: client.get(f"{address}parts/", headers=same), status=304)
    one = Responder.objects.filter(mission__incident=incident).first()
    assert one is not None

    def change() -> Any:
        eta = _NOW + timedelta(seconds=change.count)  # type: ignore[attr-defined]
        change.count += 1  # type: ignore[attr-defined]
        Responder.objects.filter(pk=one.pk).update(eta_at=eta)
        return client.get(f"{address}parts/", headers=same)

    change.count = 0  # type: ignore[attr-defined]
    changed = _times(change)
    floor = _times(lambda: client.get("/healthz"))
    return [
        Row(
            f"board with {PEOPLE} responders of {TEAMS} teams, the whole page (p95)",
            page[94], PAGE_MS_MAX, "ms",
            f"median {page[49]:.1f} ms, processor time of our process {page[99]:.1f} ms; "
            f"a change of it p95 {changed[94]:.1f} ms; nothing new p95 "
            f"{nothing[94]:.1f} ms; the health page p95 {floor[94]:.1f} ms; load of the machine "
            f"{os.getloadavg()[0]:.1f}",
        ),
        Row("questions that the board asks the database", asked, QUERIES_MAX, "questions"),
        Row(
            "an answer is on the board: written, asked for, rendered (p95)",
            EVERY_MS + changed[94], ANSWER_MS_MAX, "ms",
            f"of it {EVERY_MS} ms at most until the browser asks again",
        ),
    ]  # fmt: skip


def _officer() -> Any:
    """Somebody signed in who sees the province's incidents."""
    from django.test import Client

    from honghui.registry.models import Account, Person, RoleGrant

    person = Person.objects.create(name="样例值班", name_key="yangli", registered_at=_NOW)
    account = Account.objects.create(
        username="bench-duty", person=person, post="值班岗", is_active=True,
        must_change_password=False, created_at=_NOW,
    )  # fmt: skip
    RoleGrant.objects.create(
        account=account, society_id="330000", role="officer", reason="样例", began_at=_NOW
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _times(ask: Callable[[], Any], *, status: int = 200) -> list[float]:
    """Of a hundred hundredths, the milliseconds; then the median of our own processor's."""
    times, worked = [], []
    for number in range(ROUNDS + 20):
        begun, mine = time.perf_counter(), time.process_time()
        answer = ask()
        if number >= 20:
            times.append((time.perf_counter() - begun) * 1000)
            worked.append((time.process_time() - mine) * 1000)
        assert answer.status_code == status, answer.status_code
    return [*quantiles(times, n=100), median(worked)]
