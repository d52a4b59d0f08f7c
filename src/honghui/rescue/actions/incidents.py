"""Incidents: opened, asked about, raised and lowered, closed.

The one hard idea: the number (330000-20200613-a) names the society, the day it was known and which
of that day. The letter is the next one free, tried under the unique index: two who open at once
get two numbers, and nobody waits for a counter.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from honghui.callouts.actions.ending import cancel_call_out, close_call_out
from honghui.callouts.models import CallOut
from honghui.journal.acting import action
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.kernel.measures import Qualifier
from honghui.registry.access import require
from honghui.registry.models import Society
from honghui.registry.permissions import OPEN_INCIDENTS
from honghui.registry.rules import check_reason
from honghui.rescue.finding import index_incident
from honghui.rescue.leading import check_code, locked, record_of
from honghui.rescue.lines import add_line
from honghui.rescue.models import (
    Incident,
    IncidentRequest,
    LevelChange,
    Requester,
)
from honghui.rescue.reaching import tell_not_home
from honghui.rescue.rules import incidents as rules
from honghui.rescue.wordings import INCIDENT_CLOSED
from honghui.rescue.words.incidents import made_title
from honghui.rescue.words.places import Place, place_names

TRIES = 40
TITLE, NAME, WISH = 80, 80, 200


@action("rescue.incident.opened")
def open_incident(
    *,
    by: Actor,
    society: Society,
    cause: str,
    place: Place,
    known_at: datetime | None = None,
    happened_at: datetime | None = None,
    happened_qualifier: str = "exact",
    title: str = "",
    title_en: str = "",
    requester: str = "",
    requester_name: str = "",
    requester_name_en: str = "",
    wanted: str = "",
    wanted_en: str = "",
    is_watch: bool = False,
    is_drill: bool = False,
    source: str = "",
) -> Incident:
    """Cause and place are enough. Without a title it gets one from both; without `known_at` it is
    known now; what happened when may stay unknown."""
    require(by, OPEN_INCIDENTS, society.code)
    now = clock.now()
    known_at = known_at or now
    check_code(cause, Incident.Cause.values, "cause")
    _check_times(known_at, happened_at, happened_qualifier, now)
    where = place.cleaned()
    incident = _numbered(
        society,
        known_at,
        cause=cause,
        **where,
        **_titles(cause, where["place_code"], title, title_en),
        happened_at=happened_at,
        happened_qualifier=happened_qualifier,
        state=Incident.State.WATCH if is_watch else Incident.State.OPEN,
        is_drill=is_drill,
        opened_by_id=by.account_id,
        opened_at=now,
        source=source,
    )
    kind = "watch_opened" if is_watch else "incident_opened"
    add_line(by, incident, kind, at=known_at, cause=cause)
    if requester or requester_name or wanted:
        _hear(
            by, incident, requester, known_at,
            requester_name=requester_name, requester_name_en=requester_name_en,
            wanted=wanted, wanted_en=wanted_en,
        )  # fmt: skip
    after = {"number": incident.number, "cause": cause, "is_drill": is_drill, "place": place.code}
    record_of(by, "rescue.incident.opened", incident, after=after)
    return incident


@action("rescue.incident.begun")
def begin_incident(*, by: Actor, incident: Incident, reason: str) -> Incident:
    """What was on watch has come: from now on it is open."""
    incident = locked(by, incident)
    reason = check_reason(reason)
    if incident.state != Incident.State.WATCH:
        raise Conflict(
            "rescue.incident.not_on_watch",
            _("This incident is not on watch."),
            _("Nothing needs to be done."),
        )
    incident.state = Incident.State.OPEN
    incident.save(update_fields=["state"])
    add_line(by, incident, "incident_begun", reason=reason)
    record_of(by, "rescue.incident.begun", incident, reason=reason)
    return incident


@action("rescue.incident.changed")
def change_incident(
    *,
    by: Actor,
    incident: Incident,
    title: str,
    title_en: str,
    place: Place,
    happened_at: datetime | None,
    happened_qualifier: str = "exact",
) -> Incident:
    """What was written at two in the morning, put right. The log says what was changed."""
    incident = locked(by, incident)
    _check_times(incident.known_at, happened_at, happened_qualifier, clock.now())
    values = {
        **_titles(incident.cause, place.code, title, title_en),
        **place.cleaned(),
        "happened_at": happened_at,
        "happened_qualifier": happened_qualifier,
    }
    fields = [name for name, value in values.items() if getattr(incident, name) != value]
    for name in fields:
        setattr(incident, name, values[name])
    if fields:
        incident.save(update_fields=fields)
        index_incident(incident)
        add_line(by, incident, "incident_changed", changed=_groups(fields))
    record_of(by, "rescue.incident.changed", incident, after={"fields": fields})
    return incident


@action("rescue.request.heard")
def request_heard(
    *,
    by: Actor,
    incident: Incident,
    requester: str,
    requester_name: str = "",
    requester_name_en: str = "",
    heard_at: datetime | None = None,
    by_means: str = "",
    wanted: str = "",
    wanted_en: str = "",
) -> IncidentRequest:
    """Somebody asked. Several may ask for the same."""
    incident = locked(by, incident)
    heard = _hear(
        by, incident, requester, heard_at or clock.now(),
        requester_name=requester_name, requester_name_en=requester_name_en,
        wanted=wanted, wanted_en=wanted_en, by_means=by_means,
    )  # fmt: skip
    after = {"request": heard, "requester": requester}
    record_of(by, "rescue.request.heard", incident, about=heard, after=after)
    return heard


@action("rescue.level.set")
def set_level(
    *,
    by: Actor,
    incident: Incident,
    level: int | None,
    reason: str,
    from_at: datetime | None = None,
) -> LevelChange:
    """Response opened, raised, lowered, or (`level` none) ended. 1 is level I, the highest."""
    incident = locked(by, incident)
    reason = check_reason(reason)
    from_at = from_at or clock.now()
    rules.check_not_in_future(from_at, clock.now(), field="from_at")
    kind = rules.check_level_change(incident.level, level)
    last = incident.level_changes.order_by("-from_at", "-id").first()
    rules.check_order(last.from_at if last else None, from_at, field="from_at")
    before = incident.level
    change = _change_level(by, incident, level, from_at, reason)
    add_line(by, incident, kind, at=from_at, level=level, before=before, reason=reason)
    record_of(
        by, "rescue.level.set", incident, about=change, reason=reason,
        before={"level": before}, after={"level": level},
    )  # fmt: skip
    return change


@action("rescue.incident.closed")
def close_incident(*, by: Actor, incident: Incident, reason: str) -> Incident:
    """Over. Refused while a team is out; ends the response if one stands. Nobody is called any
    more, and whoever is not home by all we know is told."""
    incident = locked(by, incident)
    reason = check_reason(reason)
    rules.check_nothing_out(
        list(
            incident.missions.exclude(state__in=rules.MISSION_OVER).values_list(
                "team__name", flat=True
            )
        )
    )
    now = clock.now()
    if incident.level is not None:
        add_line(by, incident, "level_ended", at=now, before=incident.level, reason="")
        _change_level(by, incident, None, now, reason)
    incident.state, incident.closed_at = Incident.State.CLOSED, now
    incident.save(update_fields=["state", "closed_at"])
    add_line(by, incident, "incident_closed", at=now, reason=reason)
    _end_call_outs(by, incident, reason)
    told = tell_not_home(by, incident, INCIDENT_CLOSED)
    record_of(by, "rescue.incident.closed", incident, reason=reason, after={"told": told})
    return incident


@action("rescue.incident.reopened")
def reopen_incident(*, by: Actor, incident: Incident, reason: str) -> Incident:
    incident = locked(by, incident, closed_too=True)
    reason = check_reason(reason)
    if incident.state != Incident.State.CLOSED:
        raise Conflict(
            "rescue.incident.not_closed",
            _("This incident is not closed."),
            _("Nothing needs to be done."),
        )
    incident.state, incident.closed_at = Incident.State.OPEN, None
    incident.save(update_fields=["state", "closed_at"])
    add_line(by, incident, "incident_reopened", reason=reason)
    record_of(by, "rescue.incident.reopened", incident, reason=reason)
    return incident


def _end_call_outs(by: Actor, incident: Incident, reason: str) -> None:
    """Whoever was asked and waits is told that they need not come; a draft is dropped."""
    going = CallOut.objects.filter(about=incident.pk, state__in=["draft", "open"])
    for each in going.order_by("drafted_at", "id"):
        end = close_call_out if each.state == CallOut.State.OPEN else cancel_call_out
        end(by=by.with_once(""), call_out=each, reason=reason)


def _numbered(society: Society, known_at: datetime, **values: Any) -> Incident:
    """Saved under the next free number of its day."""
    day = known_at.astimezone(clock.CHINA).date()
    prefix = rules.number_prefix(society.code, day)
    first = Incident.objects.filter(number__startswith=prefix).count()
    for place in range(first, first + TRIES):
        incident = Incident(
            number=prefix + rules.letters(place), society=society, known_at=known_at, **values
        )
        try:
            with transaction.atomic():
                incident.save(force_insert=True)
                index_incident(incident)
        except IntegrityError as error:
            if "number" not in str(error):
                raise
        else:
            return incident
    raise Conflict(
        "rescue.incident.no_number",
        _("So many incidents are being opened that none of the numbers tried was free."),
        _("Send the form once more."),
    )


def _titles(cause: str, place_code: str, title: str, title_en: str) -> dict[str, str]:
    title = text.clean_line(title, limit=TITLE, field="title")
    title_en = text.clean_line(title_en, limit=120, field="title_en")
    if not title:
        names = place_names([place_code])[place_code]
        title, made_en = made_title(cause, names.name, names.name_en)
        title_en = title_en or made_en
    return {"title": title, "title_en": title_en}


def _check_times(
    known_at: datetime, happened_at: datetime | None, qualifier: str, now: datetime
) -> None:
    rules.check_not_in_future(known_at, now, field="known_at")
    rules.check_not_in_future(happened_at, now, field="happened_at")
    check_code(qualifier, list(Qualifier), "happened_qualifier")
    if qualifier == "exact":
        # "about 16:40" may be known at 16:35.
        rules.check_order(happened_at, known_at + timedelta(minutes=1), field="happened_at")


def _hear(
    by: Actor, incident: Incident, requester: str, heard_at: datetime, **values: str
) -> IncidentRequest:
    check_code(requester, Requester.values, "requester")
    limits = {"requester_name_en": 120, "wanted": WISH, "wanted_en": 240, "by_means": 16}
    cleaned = {
        name: text.clean_line(value, limit=limits.get(name, NAME), field=name)
        for name, value in values.items()
    }
    rules.check_no_private_name(requester, cleaned.get("requester_name", ""))
    rules.check_not_in_future(heard_at, clock.now(), field="heard_at")
    heard = IncidentRequest.objects.create(
        incident=incident, requester=requester, heard_at=heard_at, **cleaned
    )
    said: dict[str, Any] = {k: v for k, v in cleaned.items() if k != "by_means"}
    add_line(by, incident, "request_heard", at=heard_at, requester=requester, **said)
    return heard


def _change_level(
    by: Actor, incident: Incident, level: int | None, from_at: datetime, reason: str
) -> LevelChange:
    incident.level = level
    incident.save(update_fields=["level"])
    return LevelChange.objects.create(
        incident=incident,
        level=level,
        from_at=from_at,
        reason=reason,
        decided_by_id=by.account_id,
    )


def _groups(fields: list[str]) -> list[str]:
    """What the log calls the columns that were changed."""
    names = {
        "title": "title",
        "title_en": "title",
        "place_code": "place",
        "place_text": "place",
        "place_text_en": "place",
        "latitude_microdegrees": "point",
        "longitude_microdegrees": "point",
        "happened_at": "happened_at",
        "happened_qualifier": "happened_at",
    }
    return list(dict.fromkeys(names[field] for field in fields))
