"""Rescue in the one search: reports, warnings and teams for everybody, incidents on the desk.

The one hard idea: the index knows words, and access knows who may see. Every entry is written as
not public; what is found is asked for among the rows that this actor may see, so that a draft, a
drill or a private warning never comes out, however it stands in the index.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import pgettext

from honghui.kernel.actors import Actor
from honghui.registry import naming
from honghui.registry.queries.search import Hit
from honghui.registry.searching import fitting, index
from honghui.rescue import access, alert_access
from honghui.rescue.models import Alert, Incident, Team
from honghui.rescue.queries import public
from honghui.rescue.reporting.contents import from_json
from honghui.rescue.words.alerts import headline_of

INCIDENT, ALERT, TEAM = "incident", "alert", "team"
EACH_MAX = 10
_LABEL, _LABEL_EN = 160, 200


def index_incident(incident: Incident) -> None:
    """Under its title, its number and where it is."""
    _index(
        INCIDENT, incident.pk, incident.title, incident.title_en,
        (incident.number, incident.place_text),
    )  # fmt: skip


def index_alert(alert: Alert) -> None:
    """Under its headline, what it warns of, and the area in words."""
    _index(
        ALERT, alert.pk, alert.headline, f"{alert.headline_en} {alert.event_en}",
        (alert.event, alert.area_text[:_LABEL]),
    )  # fmt: skip


def index_team(team: Team) -> None:
    """Under its name, its other names and its code."""
    _index(TEAM, team.pk, team.name, team.name_en, (*team.aliases, team.code))


def found(by: Actor, query: str) -> list[Hit]:
    """registry.queries.search.FINDERS. Three queries; two more for who is signed in."""
    return [
        *_reports(query),
        *_alerts(query),
        *_teams(by, query),
        *(_incidents(by, query) if by.is_signed_in else ()),
    ]


def _index(kind: str, pk: object, label: str, label_en: str, others: tuple[str, ...]) -> None:
    index(
        kind, pk, label[:_LABEL], label_en=label_en[:_LABEL_EN],
        others=tuple(each for each in others if each), is_public=False,
    )  # fmt: skip


def _reports(query: str) -> list[Hit]:
    """Of the newest released report of each incident, by what the report says, not the incident."""
    incidents = fitting(Incident.objects.order_by(), INCIDENT, query).values("pk")
    hits = []
    for report in public.released().filter(incident__in=incidents)[:EACH_MAX]:
        held = from_json(report.contents)
        label = naming.local_text(held.title, held.title_en)
        url = reverse("rescue_public", args=[held.number])
        hits.append(Hit("rescue", pgettext("found", "Report of a rescue"), label, url))
    return hits


def _alerts(query: str) -> list[Hit]:
    rows = fitting(alert_access.public_alerts().filter(status="Actual"), ALERT, query)
    return [
        Hit(ALERT, pgettext("found", "Warning"), headline_of(one), reverse("alert", args=[one.pk]))
        for one in rows.order_by("-sent_at")[:EACH_MAX]
    ]


def _teams(by: Actor, query: str) -> list[Hit]:
    """The team's own page for who may see it; for everybody the page of its society."""
    active = Team.objects.filter(state=Team.State.ACTIVE).select_related("society")
    teams = list(fitting(active, TEAM, query).order_by("name")[:EACH_MAX])
    own: set[object] = set()
    if by.is_signed_in and teams:
        ids = [one.pk for one in teams]
        own = set(access.teams(by).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        Hit(
            TEAM,
            pgettext("found", "Rescue team"),
            naming.local_name(one),
            reverse("team", args=[one.pk])
            if one.pk in own
            else reverse("society", args=[one.society_id]),
        )
        for one in teams
    ]


def _incidents(by: Actor, query: str) -> list[Hit]:
    rows = fitting(access.incidents(by), INCIDENT, query).order_by("-known_at")[:EACH_MAX]
    return [
        Hit(
            INCIDENT,
            pgettext("found", "Drill") if one.is_drill else pgettext("found", "Incident"),
            naming.local_text(one.title, one.title_en),
            reverse("incident", args=[one.pk]),
        )
        for one in rows
    ]
