"""What everybody sees of rescue: released reports and nothing else, with their record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from honghui.kernel.actors import Actor
from honghui.ledger.placing import begin_epoch, place_all
from honghui.rescue.actions.reports import draft_report, withdraw_report
from honghui.rescue.models import RescueReport
from tests.rescue import cases
from tests.rescue.test_report import released

AsActor = Callable[..., Actor]
SignIn = Callable[[str], Client]
pytestmark = pytest.mark.django_db
QUERIES_MAX = 12


@pytest.fixture
def two(as_actor: AsActor) -> tuple[Actor, Actor]:
    return as_actor("province"), as_actor("editor")


def public(report: RescueReport) -> str:
    return reverse("rescue_public", args=[report.incident.number])


def test_a_released_report_is_in_public_with_its_record(two: tuple[Actor, Actor]) -> None:
    report = released(cases.wenling(), *two)
    place_all(begin_epoch())
    client = Client()
    listing = client.get(reverse("rescue")).content.decode()
    assert public(report) in listing and "177人" in listing
    page = client.get(public(report)).content.decode()
    assert report.record_id is not None and report.record_id.hex in page
    assert "第2批18:00到场" in page and "永康" in page and "<table" in page
    english = client.get("/en" + public(report)).content.decode()
    assert "when it withdrew is not told" in english


def test_a_draft_is_nowhere_in_public(two: tuple[Actor, Actor]) -> None:
    report = draft_report(by=two[0], incident=cases.wenling())
    client = Client()
    assert report.incident.title not in client.get(reverse("rescue")).content.decode()
    for address in (public(report), f"{public(report)}1/", f"{public(report)}1/paper.pdf",
                    f"{public(report)}1/teams.csv"):  # fmt: skip
        assert client.get(address).status_code == 404


def test_a_drill_is_no_rescue(two: tuple[Actor, Actor]) -> None:
    incident = cases.wenling()
    type(incident).objects.filter(pk=incident.pk).update(is_drill=True)
    incident.refresh_from_db()
    report = released(incident, *two)
    assert public(report) not in Client().get(reverse("rescue")).content.decode()
    assert ">演练</span>" in Client().get(public(report)).content.decode(), "beside its headline"


def test_the_old_number_stays_and_points_to_the_new(two: tuple[Actor, Actor]) -> None:
    incident = cases.wenling()
    first = released(incident, *two)
    incident.missions.filter(people=35).update(people=36)
    second = released(incident, *two, correction_reason="amount")
    client = Client()
    assert "178人" in client.get(public(second)).content.decode()
    old = client.get(f"{public(first)}1/").content.decode()
    assert "177人" in old and f"{public(first)}2/" in old and "数字有误" in old
    listing = client.get(reverse("rescue")).content.decode()
    assert "178人" in listing and "177人" not in listing


def test_a_withdrawn_report_says_so_and_leaves_the_list(two: tuple[Actor, Actor]) -> None:
    report = released(cases.wenling(), *two)
    withdraw_report(by=two[1], report=report, reason="与指挥部通报不一致，先撤下核对。")
    client = Client()
    assert "与指挥部通报不一致" in client.get(public(report)).content.decode()
    assert public(report) not in client.get(reverse("rescue")).content.decode()


def test_a_replaced_number_does_not_come_back_when_its_successor_is_taken_down(
    two: tuple[Actor, Actor],
) -> None:
    incident = cases.wenling()
    released(incident, *two)
    incident.missions.filter(people=35).update(people=36)
    second = released(incident, *two, correction_reason="amount")
    withdraw_report(by=two[1], report=second, reason="与指挥部通报不一致，先撤下核对。")
    client = Client()
    page = client.get(public(second)).content.decode()
    assert "与指挥部通报不一致" in page and "178人" in page
    assert public(second) not in client.get(reverse("rescue")).content.decode()
    assert "177人" in client.get(f"{public(second)}1/").content.decode(), "it stays to be read"


def test_the_files_of_a_released_report(two: tuple[Actor, Actor]) -> None:
    report = released(cases.wenling(), *two)
    client = Client()
    pdf = client.get(f"{public(report)}1/paper.pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    table = client.get(f"{public(report)}1/teams.csv").content.decode("utf-8-sig")
    assert table.count("\n") == 5


def test_nobodys_name_is_in_any_public_file(two: tuple[Actor, Actor]) -> None:
    incident = cases.wenling()
    people = [cases.responder(mission).person for mission in incident.missions.all()]
    posts = {one.name for one in two}
    report = released(incident, *two)
    client = Client()
    for address in (reverse("rescue"), public(report), f"{public(report)}1/teams.csv"):
        page = client.get(address).content.decode()
        assert not [one for one in people if one.name in page]
        assert not [post for post in posts if post in page]


def test_the_pages_ask_few_questions_and_are_light(two: tuple[Actor, Actor]) -> None:
    report = released(cases.wenling(), *two)
    client = Client()
    for address in (reverse("rescue"), public(report)):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert len(queries) <= QUERIES_MAX, address
        assert len(answer.content) < 100_000


def test_the_desk_counts_and_an_editor_releases_through_the_pages(sign_in: SignIn) -> None:
    incident = cases.wenling()
    officer, editor = sign_in("province"), sign_in("editor")
    new = reverse("rescue_report_new", args=[incident.pk])
    form = {"once": "a" * 32, "note": "样例附言", "note_en": ""}
    answer = officer.post(new, form)
    report = RescueReport.objects.get()
    assert answer.url == reverse("rescue_report", args=[report.pk])
    page = officer.get(answer.url).content.decode()
    assert "样例附言" in page and "5才成立" in page
    assert "等第二双眼" in editor.get(reverse("rescue_reports")).content.decode()
    assert answer.url in editor.get(reverse("desk")).content.decode()
    assert answer.url not in officer.get(reverse("desk")).content.decode()
    shown = editor.get(answer.url)
    seen = shown.context["forms"]["release"].initial["seen"]
    decide = reverse("rescue_report_decide", args=[report.pk, "release"])
    assert officer.post(decide, {"once": "b" * 32, "seen": seen}).status_code in (403, 409, 422)
    assert editor.post(decide, {"once": "c" * 32, "seen": seen}).status_code == 302
    report.refresh_from_db()
    assert report.state == "released"


def test_claims_are_noted_and_taken_back_on_the_page(sign_in: SignIn) -> None:
    incident = cases.wenling()
    client = sign_in("province")
    facts = {"once": "d" * 32, "measure": "vehicles", "qualifier": "exact", "value": "6",
             "told_as": "共6辆", "source": "第370期"}  # fmt: skip
    assert client.post(reverse("claim_new", args=[incident.pk]), facts).status_code == 302
    claim = incident.claims.get(measure="vehicles")
    listing = client.get(reverse("incident_reports", args=[incident.pk])).content.decode()
    assert "共6辆" in listing
    remove = reverse("claim_remove", args=[incident.pk, claim.pk])
    assert client.post(remove, {"once": "e" * 32, "reason": ""}).status_code == 422
    assert (
        client.post(remove, {"once": "f" * 32, "reason": "来源里没有这句话。"}).status_code == 302
    )
    assert not incident.claims.filter(measure="vehicles").exists()
