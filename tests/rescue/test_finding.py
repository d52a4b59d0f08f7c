"""Rescue in the one search: what everybody finds, what only the desk finds, what nobody finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from honghui.kernel.actors import Actor
from honghui.registry.models import Society
from honghui.rescue.actions import alerts
from honghui.rescue.actions.incidents import open_incident
from honghui.rescue.actions.reports import draft_report, withdraw_report
from honghui.rescue.finding import index_incident
from honghui.rescue.words.places import Place
from tests.rescue import cases
from tests.rescue.team_samples import a_team
from tests.rescue.test_incidents_alerts import TYPHOON
from tests.rescue.test_report import released

AsActor = Callable[..., Actor]
pytestmark = pytest.mark.django_db


def finds(client: Client, query: str, language: str = "") -> str:
    return client.get(f"{language}/search/", {"q": query}).content.decode()


def test_a_released_report_is_found_in_both_languages_and_a_draft_by_nobody(
    as_actor: AsActor, client: Client
) -> None:
    incident = cases.wenling()
    index_incident(incident)  # these rows are written past the actions
    address = reverse("rescue_public", args=[incident.number])
    first = draft_report(by=as_actor("province"), incident=incident)
    assert address not in finds(client, "温岭")
    first.delete()
    report = released(incident, as_actor("province"), as_actor("editor"))
    assert address in finds(client, "温岭")
    assert address in finds(client, incident.title[:4])
    assert f"/en{address}" in finds(client, "Wenling", "/en")
    assert reverse("incident", args=[incident.pk]) not in finds(client, "温岭")
    withdraw_report(by=as_actor("editor"), report=report, reason="与指挥部通报不一致，先撤下。")
    assert address not in finds(client, "温岭")


def test_a_drill_is_found_on_the_desk_alone(
    as_actor: AsActor, shaoxing: Society, client: Client, sign_in: Callable[[str], Client]
) -> None:
    incident = open_incident(
        by=as_actor("officer"), society=shaoxing, cause="flood", place=Place("330681"),
        title="曹娥江堤防演练样例", title_en="Dyke exercise sample", is_drill=True,
    )  # fmt: skip
    address = reverse("incident", args=[incident.pk])
    assert "曹娥江堤防演练样例" not in finds(client, "堤防")
    assert address in finds(sign_in("officer"), "堤防")
    assert address in finds(sign_in("officer"), "difang")
    assert f"/en{address}" in finds(sign_in("officer"), "dyke", "/en")
    assert address not in finds(sign_in("outsider"), "堤防")


def test_public_warnings_are_found_and_no_draft_private_one_or_exercise(
    as_actor: AsActor, shaoxing: Society, client: Client
) -> None:
    def drafted(**values: object) -> object:
        return alerts.draft_alert(
            by=as_actor("officer"), society=shaoxing, warning=replace(TYPHOON, **values)
        )

    hidden = [
        drafted(),
        *(
            alerts.publish_alert(by=as_actor("officer2"), alert=drafted(**values))
            for values in ({"is_exercise": True}, {"scope": "Private", "addresses": "样例"})
        ),
    ]
    shown = alerts.publish_alert(by=as_actor("officer2"), alert=drafted())
    for query, language in (("远离江河", ""), ("台风", ""), ("typhoon", "/en")):
        page = finds(client, query, language)
        assert reverse("alert", args=[shown.pk]) in page
        assert not [one for one in hidden if str(one.pk) in page]


def test_a_team_leads_to_its_society_and_on_the_desk_to_itself(
    client: Client, sign_in: Callable[[str], Client]
) -> None:
    team = a_team(name="样例水上搜救队", aliases=["蓝鲸样例队"])
    own = reverse("team", args=[team.pk])
    for query in ("水上搜救", "蓝鲸样例", "shuishang"):
        page = finds(client, query)
        assert "样例水上搜救队" in page and own not in page
        assert reverse("society", args=["330600"]) in page
    assert own in finds(sign_in("officer"), "水上搜救")
