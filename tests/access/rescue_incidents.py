"""One of each thing of incidents and warnings in one society, for the table of access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from honghui.kernel import clock
from honghui.registry.models import Account, Society
from honghui.rescue.actions.alerts import WarningText
from honghui.rescue.alerting.cap import Info, Message
from honghui.rescue.alerting.writing import written
from honghui.rescue.models import Alert, Incident, LogLine, Need, SituationReport
from honghui.rescue.words.places import Place
from tests.access.rows import EVERYBODY, NOBODY, OFFICERS, REASON, Row, Values, act, form, page

LEAD = OFFICERS | {"team-leader"}
SEE = LEAD | {"auditor"}
ABOVE = frozenset({"province"})


@dataclass(frozen=True)
class Told:
    """`alert`: published for all; `draft`: waits for a second person; `came`: a stranger's."""

    incident: Incident
    watch: Incident
    closed: Incident
    line: LogLine
    report: SituationReport
    need: Need
    alert: Alert
    draft: Alert
    came: Alert


def told_of(society: Society, writer: Account, approver: Account) -> Told:
    """By rows. What these say is of no account to the table."""
    now = clock.now()

    def incident(state: str) -> Incident:
        return Incident.objects.create(
            number=uuid4().hex, society=society, cause="flood", title="样例", known_at=now,
            place_code=society.code, opened_at=now, state=state,
            closed_at=now if state == "closed" else None,
        )  # fmt: skip

    def alert(direction: str, state: str, **values: Any) -> Alert:
        return Alert.objects.create(
            direction=direction, state=state, society=society, identifier=uuid4().hex,
            sender="x", sent_at=now, status="Actual", message_type="Alert", scope="Public",
            category="Met", event="样例", urgency="Expected", severity="Minor",
            certainty="Likely", expires_at=now + timedelta(days=1), area_codes=[society.code],
            xml=b"<x/>", taken_in_at=now, **values,
        )  # fmt: skip

    one = incident("open")
    return Told(
        incident=one,
        watch=incident("watch"),
        closed=incident("closed"),
        line=LogLine.objects.create(incident=one, at=now, kind="note", text="样例", noted_at=now),
        report=SituationReport.objects.create(
            incident=one, number=1, stage="first", as_of=now, source="样例", written_at=now
        ),
        need=Need.objects.create(incident=one, what="样例", told_at=now),
        alert=alert("out", "published", written_by=writer, approved_by=approver),
        draft=alert("out", "draft", written_by=writer),
        came=alert("in", "received"),
    )


def _incident(it: Any) -> Values:
    return {"incident_id": it.told.incident.pk}


def _seen(name: str, **more: Any) -> Row:
    given = more.pop("given", _incident)
    return page(name, SEE, "rescue.see", others=ABOVE, given=given, **more)


def _led(name: str, may: frozenset[str] = OFFICERS, **more: Any) -> Row:
    given, permission = more.pop("given", _incident), more.pop("permission", "rescue.incidents")
    return form(name, may, permission, others=NOBODY, given=given, **more)


def _with(thing: str, key: str) -> Any:
    return lambda it: {**_incident(it), key: getattr(it.told, thing).pk}


def _alert(thing: str) -> Any:
    return lambda it: {"alert_id": getattr(it.told, thing).pk}


def _number(it: Any) -> Values:
    return {**_incident(it), "number": 1}


INCIDENT_PAGES = (
    page("incidents", SEE, "rescue.see"),
    page("incidents_csv", SEE, "rescue.see"),
    form("incident_new", OFFICERS, "rescue.incidents"),
    _seen("incident"),
    _seen("incident_log"),
    _seen("incident_situation_csv"),
    _seen("incident_needs_csv"),
    _seen("situation", given=_number),
    *(
        _led(f"incident_{name}")
        for name in ("change", "request", "level", "begin", "close", "reopen")
    ),
    _led("incident_note", LEAD, permission="rescue.missions"),
    _led("incident_correct", LEAD, permission="rescue.missions", given=_with("line", "line_id")),
    _led("situation_new"),
    _led("situation_correct", given=_number),
    _led("need_new"),
    _led("need_met", given=_with("need", "need_id")),
    _led("need_close", given=_with("need", "need_id")),
    page("alerts", EVERYBODY),
    page("alerts_feed", EVERYBODY),
    *(
        page(name, EVERYBODY, others=EVERYBODY, given=_alert("alert"))
        for name in ("alert", "alert_xml")
    ),
    page("desk_alerts", SEE, "rescue.see"),
    form("alert_new", OFFICERS, "rescue.incidents"),
    form("alert_read", OFFICERS, "rescue.incidents"),
    _seen("desk_alert", given=_alert("draft")),
    # What a stranger sent is every society's to see and to act on.
    page("desk_alert", SEE, "rescue.see", given=_alert("came"), variant="that came"),
    form("alert_watch", OFFICERS, "rescue.incidents", given=_alert("came")),
    _led("alert_update", given=_alert("alert")),
    _led("alert_cancel", given=_alert("alert")),
    _led("alert_publish", given=_alert("draft")),
    _led("alert_withdraw", given=_alert("draft")),
)


def _act(name: str, values: Any, may: frozenset[str] = OFFICERS, **more: Any) -> Row:
    permission = more.pop("permission", "rescue.incidents")
    return act(name, may, permission, values, within="rescue.actions", **more)


def _on(thing: str, key: str, **values: Any) -> Any:
    return lambda it: {key: getattr(it.told, thing), **values}


def _warning(it: Any) -> WarningText:
    return WarningText(
        event="样例", event_en="Sample", headline="样例", headline_en="Sample",
        area_codes=(it.society.code,), area_text="样例", area_text_en="Sample",
        expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip


def _cap() -> bytes:
    info = Info("zh-CN", "Met", "样例", "Expected", "Minor", "Likely")
    at = clock.now()
    return written(Message(uuid4().hex, "x", at, "Actual", "Alert", "Public", [info]))


INCIDENT_ACTIONS = (
    _act(
        "incidents.open_incident",
        lambda it: {"society": it.society, "cause": "flood", "place": Place(it.society.code)},
    ),
    _act("incidents.begin_incident", _on("watch", "incident", reason=REASON)),
    _act(
        "incidents.change_incident",
        lambda it: {
            "incident": it.told.incident, "title": "样例乙", "title_en": "",
            "place": Place(it.society.code), "happened_at": None,
        },
    ),
    _act("incidents.request_heard", _on("incident", "incident", requester="police")),
    _act("incidents.set_level", _on("incident", "incident", level=4, reason=REASON)),
    _act("incidents.close_incident", _on("incident", "incident", reason=REASON)),
    _act("incidents.reopen_incident", _on("closed", "incident", reason=REASON)),
    _act(
        "log.note_line", _on("incident", "incident", text="样例"), LEAD,
        permission="rescue.missions",
    ),
    _act(
        "log.correct_line", _on("line", "line", text="样例"), LEAD, permission="rescue.missions"
    ),
    _act(
        "situation.report_situation",
        lambda it: {
            "incident": it.told.incident, "as_of": clock.now(), "source": "样例",
            "figures": (), "text": "样例",
        },
    ),
    _act("needs.tell_need", _on("incident", "incident", what="样例")),
    _act("needs.change_need", _on("need", "need", met=1)),
    _act("needs.close_need", _on("need", "need")),
    _act("alerts.draft_alert", lambda it: {"society": it.society, "warning": _warning(it)}),
    _act("alerts.publish_alert", _on("draft", "alert")),
    _act("alerts.withdraw_alert", _on("draft", "alert")),
    _act("alerts.read_alert", lambda it: {"society": it.society, "xml": _cap()}),
    _act("alerts.watch_alert", lambda it: {"society": it.society, "alert": it.told.came}),
)  # fmt: skip
