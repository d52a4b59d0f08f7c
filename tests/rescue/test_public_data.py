"""What everybody takes along: HXL sheets of what was released, and the ways to warnings."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from honghui.kernel.actors import Actor
from honghui.registry.models import Society
from honghui.rescue.actions import alerts
from honghui.rescue.actions.reports import draft_report
from honghui.rescue.models import Team
from tests.rescue import cases
from tests.rescue.team_samples import a_team
from tests.rescue.test_incidents_alerts import TYPHOON
from tests.rescue.test_report import released

AsActor = Callable[..., Actor]
pytestmark = pytest.mark.django_db
SCHEMAS = Path(__file__).parent / "hxl"


@pytest.fixture
def two(as_actor: AsActor) -> tuple[Actor, Actor]:
    return as_actor("province"), as_actor("editor")


def rows_of(data: bytes) -> list[dict[str, str]]:
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    return [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]


def faults(data: bytes, schema: str) -> list[str]:
    """What libhxl finds wrong."""
    import hxl

    wrong: list[str] = []
    options = hxl.InputOptions(allow_local=True)
    judge = hxl.schema(
        hxl.data(io.BytesIO((SCHEMAS / f"{schema}.csv").read_bytes()), options),
        lambda error: wrong.append(str(error.message)),
    )
    fits = judge.validate(hxl.data(io.BytesIO(data), options))
    return wrong if wrong or fits else ["it does not fit"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("language", ["", "/en"])
def test_released_figures_are_taken_along_and_libhxl_finds_them_valid(
    two: tuple[Actor, Actor], language: str, client: Client
) -> None:
    report = released(cases.wenling(), *two)
    one = reverse("rescue_public_figures", args=[report.incident.number, report.number])
    for address in (one, reverse("rescue_figures")):
        answer = client.get(language + address)
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert faults(answer.content, "figures") == []
        rows = rows_of(answer.content)
        people = {
            row["#org+team+code"]: row["#indicator+value+num"]
            for row in rows
            if row["#indicator+code"] == "people"
        }
        assert people.pop("all") == "177"
        assert sorted(people.values()) == ["35", "50", "92"]
        assert report.record_id is not None
        assert {row["#meta+record"] for row in rows} == {report.record_id.hex}
    assert faults(answer.content.replace(b",177,", b",many,"), "figures") != []


def test_figures_of_drafts_and_drills_are_nowhere(two: tuple[Actor, Actor], client: Client) -> None:
    draft = draft_report(by=two[0], incident=cases.wenling())
    assert rows_of(client.get(reverse("rescue_figures")).content) == []
    one = reverse("rescue_public_figures", args=[draft.incident.number, 1])
    assert client.get(one).status_code == 404
    type(draft.incident).objects.filter(pk=draft.incident.pk).update(is_drill=True)
    draft.incident.refresh_from_db()
    draft.delete()
    released(draft.incident, *two)
    assert rows_of(client.get(reverse("rescue_figures")).content) == []


def test_few_people_are_under_a_number_in_the_sheet_too(
    two: tuple[Actor, Actor], client: Client
) -> None:
    incident = cases.wenling()
    incident.missions.filter(people=35).update(people=3)
    released(incident, *two)
    rows = rows_of(client.get(reverse("rescue_figures")).content)
    told = {
        (row["#indicator+value+num"], row["#meta+qualifier"])
        for row in rows
        if row["#indicator+code"] == "people"
    }
    assert ("10", "under") in told and all(value != "3" for value, _how in told)


@pytest.mark.filterwarnings("ignore")
def test_teams_by_county_name_every_county(client: Client) -> None:
    cases.wenling()
    data = client.get(reverse("rescue_teams_table")).content
    assert faults(data, "teams") == []
    rows = rows_of(data)
    counties = {row["#adm3+code"]: row["#capacity+teams+num"] for row in rows}
    assert len([code for code in counties if code]) == 90
    total = sum(int(row["#capacity+teams+num"]) for row in rows)
    assert total == Team.objects.filter(state="active").count() > 0
    own = Team.objects.filter(society="330600", state="active").count()
    page = client.get(reverse("rescue")).content.decode()
    assert own == 0 or f"市级{own}支" in page
    a_team("330600")
    assert f"市级{own + 1}支" in client.get(reverse("rescue")).content.decode()
    with CaptureQueriesContext(connection) as asked:
        client.get("/en" + reverse("rescue_teams_table"))
    assert len(asked) <= 8


def test_the_columns_are_those_of_the_docs(two: tuple[Actor, Actor], client: Client) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "rescue-data.md").read_text()
    told = set(re.findall(r"`(#[^`]+)`", docs))
    found = set()
    for name in ("rescue_teams_table", "rescue_figures"):
        text = client.get(reverse(name)).content.decode("utf-8-sig")
        found |= set(next(csv.reader([text.splitlines()[1]])))
    assert found == told


def test_warnings_are_found_from_every_public_page_and_the_front_page_shows_those_in_force(
    as_actor: AsActor, shaoxing: Society, client: Client
) -> None:
    def publish(**values: object) -> str:
        draft = alerts.draft_alert(
            by=as_actor("officer"), society=shaoxing, warning=replace(TYPHOON, **values)
        )
        return str(alerts.publish_alert(by=as_actor("officer2"), alert=draft).pk)

    drill = publish(is_exercise=True)
    private = publish(scope="Private", addresses="样例")
    for address in ("/", "/rescue/"):
        page = client.get(address).content.decode()
        assert drill not in page and private not in page
        assert reverse("alerts") in page and reverse("alerts_feed") in page
    real = publish()
    for address in ("/", "/rescue/", "/en/", "/en/rescue/"):
        assert real in client.get(address).content.decode()
    for address in ("/societies/", "/en/bulletins/"):
        foot = client.get(address).content.decode().split("<footer")[1]
        assert "/alerts/feed.xml" in foot and "/rescue/teams.csv" in foot
    listing = client.get("/alerts/").content.decode()
    assert re.search(r'href="/rescue/" aria-current="page"', listing)
