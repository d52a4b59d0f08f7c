"""Warnings: drafted, approved by a second person and published; others' taken in, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.kernel.ids import new_id
from honghui.registry.access import require
from honghui.registry.models import Society
from honghui.registry.permissions import OPEN_INCIDENTS
from honghui.registry.rules import check_four_eyes
from honghui.rescue import alert_access
from honghui.rescue.actions.incidents import open_incident
from honghui.rescue.alerting import cap, shapes
from honghui.rescue.alerting.columns import columns_of, kept_area
from honghui.rescue.alerting.reading import read
from honghui.rescue.alerting.writing import written
from honghui.rescue.finding import index_alert
from honghui.rescue.leading import check_code
from honghui.rescue.lines import add_line
from honghui.rescue.models import Alert, Incident
from honghui.rescue.queries.alerts import identifier_of, message_of, reference_to, sender_of
from honghui.rescue.rules.incidents import check_point
from honghui.rescue.words.alerts import CAUSE_OF
from honghui.rescue.words.places import Place, is_place

_LIMITS = {
    "event": 120, "event_en": 160, "headline": 200, "headline_en": 260, "area_text": 400,
    "area_text_en": 500, "addresses": 500,
}  # fmt: skip
_PROSE = {
    "description": 4000, "description_en": 6000, "instruction": 4000, "instruction_en": 6000
}  # fmt: skip


@dataclass(frozen=True)
class WarningText:
    """What a warning says, in both languages; urgency, severity and certainty as CAP has them.
    polygons: as `shapes.pasted` reads them."""

    event: str
    event_en: str
    headline: str
    headline_en: str
    area_codes: tuple[str, ...]
    area_text: str
    area_text_en: str
    expires_at: datetime
    category: str = "Safety"
    urgency: str = "Expected"
    severity: str = "Moderate"
    certainty: str = "Likely"
    description: str = ""
    description_en: str = ""
    instruction: str = ""
    instruction_en: str = ""
    scope: str = "Public"
    addresses: str = ""
    is_exercise: bool = False
    circle: cap.Circle | None = None
    polygons: tuple[cap.Ring, ...] = ()

    def __str__(self) -> str:
        return repr(self)


@action("rescue.alert.drafted")
def draft_alert(
    *,
    by: Actor,
    society: Society,
    warning: WarningText,
    incident: Incident | None = None,
    message_type: str = "Alert",
    replaces: Alert | None = None,
) -> Alert:
    """A draft, which a colleague publishes. An Update or a Cancel `replaces` one of ours."""
    require(by, OPEN_INCIDENTS, society.code)
    check_code(message_type, ("Alert", "Update", "Cancel"), "message_type")
    values = _checked(warning)
    alert_id = new_id()
    alert = Alert.objects.create(
        id=alert_id,
        direction=Alert.Direction.OUT,
        state=Alert.State.DRAFT,
        society=society,
        incident=incident or (replaces.incident if replaces else None),
        identifier=identifier_of(society.code, alert_id),
        sender=sender_of(society.code),
        sent_at=clock.now(),
        message_type=message_type,
        references=_references(society, message_type, replaces),
        xml=b"",
        taken_in_at=clock.now(),
        written_by_id=by.account_id,
        **values,
    )
    record(
        by=by, verb="rescue.alert.drafted", about=alert, society_code=society.code,
        after={"identifier": alert.identifier, "message_type": message_type,
               "status": alert.status, "scope": alert.scope},
    )  # fmt: skip
    return alert


@action("rescue.alert.published")
def publish_alert(*, by: Actor, alert: Alert) -> Alert:
    """By a second person. Now it gets its bytes, and they stay."""
    alert = _draft(by, alert)
    check_four_eyes(alert.written_by.person_id if alert.written_by else None, by.person_id)
    now = clock.now()
    if alert.expires_at is not None and alert.expires_at <= now:
        raise Conflict(
            "rescue.alert.over",
            _("This warning would be over before it is published."),
            _("Withdraw the draft and write a new one with a later end."),
        )
    alert.state, alert.sent_at, alert.approved_by_id = Alert.State.PUBLISHED, now, by.account_id
    alert.xml = written(message_of(alert))
    alert.save(update_fields=["state", "sent_at", "approved_by", "xml"])
    index_alert(alert)
    if alert.incident is not None:
        kind = "alert_cancelled" if alert.message_type == "Cancel" else "alert_published"
        add_line(by, alert.incident, kind, headline=alert.headline, headline_en=alert.headline_en)
    record(
        by=by, verb="rescue.alert.published", about=alert, society_code=alert.society_id or "",
        after={"identifier": alert.identifier, "scope": alert.scope},
    )  # fmt: skip
    return alert


@action("rescue.alert.withdrawn")
def withdraw_alert(*, by: Actor, alert: Alert) -> Alert:
    """A draft that shall not go out. What is published is cancelled, not withdrawn."""
    alert = _draft(by, alert)
    alert.state = Alert.State.WITHDRAWN
    alert.save(update_fields=["state"])
    record(by=by, verb="rescue.alert.withdrawn", about=alert, society_code=alert.society_id or "")
    return alert


@action("rescue.alert.read")
def read_alert(*, by: Actor, society: Society, xml: bytes) -> Alert:
    """Takes in somebody's warning. The same message (sender, identifier, sent) is one row, however
    often it comes."""
    require(by, OPEN_INCIDENTS, society.code)
    message = read(xml)
    same = {
        "sender": message.sender,
        "identifier": message.identifier,
        "sent_at": message.sent_at,
    }
    alert, is_new = Alert.objects.get_or_create(
        **same,
        defaults={
            **columns_of(message),
            "direction": Alert.Direction.IN,
            "state": Alert.State.RECEIVED,
            "society": society,
            "taken_in_at": clock.now(),
            "xml": xml,
        },
    )
    record(
        by=by, verb="rescue.alert.read", about=alert, society_code=society.code,
        after={"is_new": is_new, "message_type": message.message_type, "bytes": len(xml)},
    )  # fmt: skip
    return alert


@action("rescue.alert.watched")
def watch_alert(*, by: Actor, alert: Alert, society: Society, cause: str = "") -> Incident:
    """Opens an incident on watch because of a warning; an exercise makes a drill."""
    require(by, OPEN_INCIDENTS, society.code)
    alert = _seen_and_locked(by, alert)
    if alert.incident is not None and alert.incident.society_id == society.code:
        raise Conflict(
            "rescue.alert.watched_already",
            _("An incident was opened for this warning already."),
            _("It stands on the warning's page."),
        )
    codes = [code for code in alert.area_codes if is_place(code)]
    incident = open_incident(
        by=by.with_once(""),
        society=society,
        cause=cause or CAUSE_OF.get(alert.category, "other"),
        place=Place(codes[0] if len(codes) == 1 else society.code, alert.area_text[:120]),
        title=(alert.headline or alert.event)[:80],
        title_en=(alert.headline_en or alert.event_en)[:120],
        is_watch=True,
        is_drill=alert.status != "Actual",
        source=alert.sender[:160],
    )
    add_line(
        by, incident, "alert_read",
        headline=alert.headline or alert.event, headline_en=alert.headline_en,
    )  # fmt: skip
    if alert.incident_id is None:
        alert.incident = incident
        alert.save(update_fields=["incident"])
    record(
        by=by, verb="rescue.alert.watched", about=incident, society_code=society.code,
        after={"alert": alert},
    )  # fmt: skip
    return incident


def _seen_and_locked(by: Actor, alert: Alert) -> Alert:
    """As it stands, if this actor may see it: two who watch it at once open one incident."""
    seen = alert_access.alert(by, alert.pk)
    return (
        Alert.objects.select_for_update(no_key=True, of=("self",))
        .select_related("incident")
        .get(pk=seen.pk)
    )


def _draft(by: Actor, alert: Alert) -> Alert:
    """The draft, locked, for whoever may publish in its society."""
    require(by, OPEN_INCIDENTS, alert.society_id or "")
    found = (
        Alert.objects.select_for_update(no_key=True, of=("self",))
        .select_related("society", "incident", "written_by")
        .get(pk=alert.pk)
    )
    if found.state != Alert.State.DRAFT:
        raise Conflict(
            "rescue.alert.no_draft",
            _("This warning is no draft any more."),
            _("A published warning is changed by an update and ended by a cancellation."),
        )
    return found


def _references(society: Society, message_type: str, replaces: Alert | None) -> list[str]:
    """The whole chain: the message it replaces, and what that one replaced."""
    if (message_type == "Alert") != (replaces is None):
        raise Invalid(
            "rescue.alert.nothing_to_replace",
            _("An update or a cancellation names the warning that it follows."),
            _("Begin on the page of that warning."),
            field="message_type",
        )
    if replaces is None:
        return []
    if replaces.state != Alert.State.PUBLISHED or replaces.society_id != society.code:
        raise Conflict(
            "rescue.alert.not_ours",
            _("Only a published warning of this society can be updated or cancelled by it."),
            _("Write a warning of your own."),
        )
    return [*replaces.references, reference_to(replaces)]


def _checked(warning: WarningText) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: text.clean_line(getattr(warning, name), limit=limit, field=name)
        for name, limit in _LIMITS.items()
    }
    values |= {
        name: text.clean_text(getattr(warning, name), limit=limit, field=name)
        for name, limit in _PROSE.items()
    }
    for name in ("event", "event_en", "headline", "headline_en", "area_text", "area_text_en"):
        if not values[name]:
            raise Invalid(
                "rescue.alert.missing",
                _("A warning says it in both languages."),
                _("Fill in this line too."),
                field=name,
            )
    for name, known in (
        ("category", cap.CATEGORIES), ("urgency", cap.URGENCIES), ("severity", cap.SEVERITIES),
        ("certainty", cap.CERTAINTIES), ("scope", ("Public", "Private")),
    ):  # fmt: skip
        check_code(getattr(warning, name), known, name)
        values[name] = getattr(warning, name)
    if warning.scope == "Private" and not values["addresses"]:
        raise Invalid(
            "rescue.alert.no_addresses",
            _("A private warning names whom it is for."),
            _("Write the teams or offices, or make it public."),
            field="addresses",
        )
    if warning.expires_at <= clock.now():
        raise Invalid(
            "rescue.alert.expires_before",
            _("The warning ends before it begins."),
            _("Give an end that lies ahead."),
            field="expires_at",
        )
    if not warning.area_codes or not all(is_place(code) for code in warning.area_codes):
        raise Invalid(
            "rescue.place.unknown",
            _("There is no such place in the list."),
            _("Choose the counties that the warning is for."),
            field="area_codes",
        )
    return {
        **values,
        "status": "Exercise" if warning.is_exercise else "Actual",
        "expires_at": warning.expires_at,
        "area_codes": list(warning.area_codes),
        "areas": _areas(warning, values),
    }


def _areas(warning: WarningText, values: dict[str, Any]) -> list[dict[str, Any]]:
    """One area with all its shapes; none where it is told in words and counties alone."""
    circles = [warning.circle] if warning.circle else []
    for one in circles:
        check_point(one.latitude_microdegrees, one.longitude_microdegrees)
    try:
        for ring in warning.polygons:
            shapes.check_ring(ring)
            for point in ring:
                check_point(*point)
    except ValueError as error:
        raise Invalid(
            "rescue.shape.too_few",
            _("A polygon of this warning is not closed, or has fewer than three corners."),
            _("Give at least three corners; the last pair repeats the first."),
            field="polygons",
        ) from error
    if not warning.polygons and not circles:
        return []
    return [kept_area(warning.polygons, circles, values["area_text"], values["area_text_en"])]
