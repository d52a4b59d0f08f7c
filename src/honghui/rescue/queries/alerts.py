"""Warnings for pages and feeds, and a row as the CAP message that it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.registry.access import societies_where
from honghui.registry.permissions import OPEN_INCIDENTS
from honghui.registry.queries.desk import Task
from honghui.rescue import alert_access
from honghui.rescue.alerting import cap
from honghui.rescue.alerting.columns import circles_of, polygons_of
from honghui.rescue.models import Alert
from honghui.rescue.words.alerts import MESSAGE_TYPES, STATUSES, headline_of

SHOWN_MAX = 200


def sender_of(society_code: str) -> str:
    """ "330600@redcross.example": unique, and no personal address."""
    host = urlsplit(settings.ADDRESS).hostname or "localhost"
    return f"{society_code}@{host}"


def identifier_of(society_code: str, alert_id: UUID) -> str:
    """No counter: nobody waits for it, and it tells nothing about how many there are."""
    return f"honghui-{society_code}-{alert_id.hex}"


def reference_to(alert: Alert) -> str:
    return cap.reference(alert.sender, alert.identifier, alert.sent_at)


def message_of(alert: Alert) -> cap.Message:
    """What a row of ours says as CAP: two blocks, Chinese first."""
    is_drill = alert.status == "Exercise"
    return cap.Message(
        identifier=alert.identifier,
        sender=alert.sender,
        sent_at=alert.sent_at.astimezone(clock.CHINA),
        status=alert.status,
        message_type=alert.message_type,
        scope=alert.scope,
        addresses=" ".join(f'"{one}"' if " " in one else one for one in _addresses(alert)),
        note="演练 Exercise" if is_drill else "",
        references=alert.references,
        incidents=[alert.incident.number] if alert.incident else [],
        infos=[_info(alert, "zh-CN"), _info(alert, "en-GB")],
    )


def _addresses(alert: Alert) -> list[str]:
    return [one.strip() for one in alert.addresses.replace("，", ",").split(",") if one.strip()]


def _info(alert: Alert, language: str) -> cap.Info:
    end = "_en" if language.startswith("en") else ""
    assert alert.society is not None, "ours has a society"
    with override("en" if end else "zh-hans"):
        web = settings.ADDRESS + reverse("alert", args=[alert.pk])
    return cap.Info(
        language=language,
        category=alert.category,
        event=getattr(alert, f"event{end}"),
        urgency=alert.urgency,
        severity=alert.severity,
        certainty=alert.certainty,
        expires_at=alert.expires_at and alert.expires_at.astimezone(clock.CHINA),
        sender_name=getattr(alert.society, f"name{end}"),
        headline=getattr(alert, f"headline{end}"),
        description=getattr(alert, f"description{end}"),
        instruction=getattr(alert, f"instruction{end}"),
        web=web if alert.scope == "Public" else "",
        areas=[_area(alert, end)],
    )


def _area(alert: Alert, end: str) -> cap.Area:
    """Of ours there is one area, with all its counties and shapes."""
    return cap.Area(
        getattr(alert, f"area_text{end}"),
        alert.area_codes,
        [one for kept in alert.areas for one in circles_of(kept)],
        [one for kept in alert.areas for one in polygons_of(kept)],
    )


@dataclass(frozen=True)
class Standing:
    """A warning and how it stands now. newer: the update or cancellation that follows it."""

    alert: Alert
    kind: str
    newer: Alert | None = None


def standing(alerts: list[Alert], *, now: datetime | None = None) -> list[Standing]:
    """Each with what follows it. Only its own sender's word ends a warning, only an update or a
    cancellation does, and an exercise ends nothing real. A file that came in may say that it is
    from us: what we have published ends by what we publish. One query."""
    now = now or clock.now()
    named = {reference_to(alert): alert for alert in alerts}
    later = Alert.objects.filter(
        references__overlap=list(named),
        state__in=["published", "received"],
        message_type__in=["Update", "Cancel"],
    ).order_by("sent_at", "id")
    newer: dict[UUID, Alert] = {}
    for one in later:
        for text in one.references:
            older = named.get(text)
            if older is not None and _speaks_of(older) == _speaks_of(one):
                newer[older.pk] = one
    return [
        Standing(each, _kind(each, newer.get(each.pk), now), newer.get(each.pk)) for each in alerts
    ]


def _speaks_of(alert: Alert) -> tuple[str, str, str]:
    return alert.sender, alert.status, alert.direction


def _kind(alert: Alert, newer: Alert | None, now: datetime) -> str:
    if alert.state in {"draft", "withdrawn"}:
        return alert.state
    if newer is not None:
        return "cancelled" if newer.message_type == "Cancel" else "updated"
    if alert.message_type == "Cancel":
        return "cancel"
    if alert.expires_at is not None and alert.expires_at <= now:
        return "expired"
    return "in_force"


def in_force(most: int = 3) -> list[Standing]:
    """Real warnings of ours that hold now, the newest first. One query, and one more with any."""
    now = clock.now()
    found = alert_access.public_alerts().filter(status="Actual", expires_at__gt=now)
    rows = list(newest_first(found.exclude(message_type="Cancel"))[:SHOWN_MAX])
    return [one for one in standing(rows, now=now) if one.kind == "in_force"][:most] if rows else []


def newest_first(found: QuerySet[Alert]) -> QuerySet[Alert]:
    return found.order_by("-sent_at", "-id")


def waiting_for(by: Actor) -> list[Task]:
    """Drafts that this actor may publish, and their own that wait for a colleague. One query."""
    codes = societies_where(by, OPEN_INCIDENTS)
    if not codes:
        return []
    found = Alert.objects.filter(Q(society__in=codes), state="draft").select_related("written_by")
    tasks = []
    for alert in found:
        mine = alert.written_by is not None and alert.written_by.person_id == by.person_id
        tasks.append(
            Task(
                gettext_lazy("Warning"),
                headline_of(alert),
                str(MESSAGE_TYPES[alert.message_type])
                if alert.status == "Actual"
                else str(STATUSES[alert.status]),
                reverse("desk_alert", args=[alert.pk]),
                "way" if mine else "half",
                gettext_lazy("Waiting for a colleague")
                if mine
                else gettext_lazy("Waiting for a second pair of eyes"),
            )
        )
    return tasks
