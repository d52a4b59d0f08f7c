"""The forms that phones send for rescue: each is one action. What happened when is the form's own
time, counted back from our clock (sync.rules): a phone may be offline for hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from honghui.callouts.actions.answers import answer_by_link
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR, Actor
from honghui.kernel.errors import Invalid
from honghui.rescue import access
from honghui.rescue.actions import injuries, log, photos, positions, tasks, tellings
from honghui.rescue.actions.returning import order_back
from honghui.rescue.models import Mission
from honghui.sync import handling
from honghui.sync.handling import Form

TELL = "rescue.tell"
TASK = "rescue.task"
DONE = "rescue.task_done"
NOTE = "rescue.note"
PHOTO = "rescue.photo"
POSITION = "rescue.position"
OWN_ANSWER = "rescue.own_answer"
OWN_TELL = "rescue.own_tell"
OWN_POSITION = "rescue.own_position"
OWN_TALK = "rescue.own_talk"


def accept_forms() -> None:
    for kind, handler in (
        (TELL, take_telling), (TASK, take_task), (DONE, take_done), (NOTE, take_note),
        (PHOTO, take_photo), (POSITION, take_position), (OWN_ANSWER, take_own_answer),
        (OWN_TELL, take_own_telling), (OWN_POSITION, take_own_position),
        (OWN_TALK, take_own_talk),
    ):  # fmt: skip
        handling.accept(kind, handler)


# ── a team leader's, signed in ───────────────────────────────────────────────────────────────


def take_telling(by: Actor, form: Form) -> Model:
    """departed, arrived (of a batch, with its number of people), ordered back, left, back."""
    fields = form.fields
    mission = _mission(by, fields)
    kind = fields.get("kind", "")
    common: dict[str, Any] = {
        "by": by, "mission": mission, "at": form.happened_at, "client_id": form.id,
    }  # fmt: skip
    if kind == "ordered_back":
        return order_back(**common, ordered_by=fields.get("ordered_by", ""))
    return tellings.tell(
        **common,
        kind=kind,
        batch=_number(fields, "batch", tellings.BATCH_MAX),
        people=_number(fields, "people", tellings.PEOPLE_MAX),
        people_qualifier=fields.get("people_qualifier") or "exact",
    )


def take_task(by: Actor, form: Form) -> Model:
    fields = form.fields
    return tasks.give_task(
        by=by,
        mission=_mission(by, fields),
        kind=fields.get("kind", ""),
        title=fields.get("title", ""),
        place_text=fields.get("place_text", ""),
        ordered_by=fields.get("ordered_by", ""),
        given_at=form.happened_at,
        client_id=form.id,
    )


def take_done(by: Actor, form: Form) -> Model:
    """What came of a task; one number at most from a phone."""
    fields = form.fields
    task = access.task(by, _uuid(fields, "task"))
    value = _number(fields, "value", 1_000_000)
    results = []
    if value is not None:
        results.append(
            tasks.Result(
                measure=fields.get("measure", ""),
                value=value,
                unit=fields.get("unit") or "person",
                qualifier=fields.get("qualifier") or "exact",
            )
        )
    return tasks.finish_task(
        by=by, task=task, done_at=form.happened_at, result=fields.get("result", ""), results=results
    )


def take_note(by: Actor, form: Form) -> Model:
    mission = _mission(by, form.fields)
    return log.note_line(
        by=by,
        incident=mission.incident,
        mission=mission,
        text=form.fields.get("text", ""),
        at=min(form.happened_at, clock.now()),
    )


def take_photo(by: Actor, form: Form) -> Model:
    mission = _mission(by, form.fields)
    if not form.attachments:
        raise Invalid(
            "rescue.photo.none", _("There is no photo in this form."), _("Take one, and send it.")
        )
    made: Model = mission
    for each in form.attachments:
        made = photos.add_photo(
            by=by,
            mission=mission,
            attachment_id=each,
            caption=form.fields.get("caption", ""),
            taken_at=form.happened_at,
        )
    return made


def take_position(by: Actor, form: Form) -> Model:
    return positions.share_position(
        by=by, mission=_mission(by, form.fields), at=form.happened_at, client_id=form.id,
        **_place(form.fields),
    )  # fmt: skip


# ── a responder's own, by the link of their message ──────────────────────────────────────────


def take_own_answer(by: Actor, form: Form) -> Model:
    """By the machine's clock, as call-outs compare answers: how long ago the phone noted it."""
    _require_link(form)
    received = form.received_at or clock.machine_now()
    age = max((form.sent_at or form.made_at) - form.made_at, timedelta())
    return answer_by_link(
        by=VISITOR,
        token=form.link,
        meaning=form.fields.get("meaning", ""),
        eta_minutes=_number(form.fields, "eta_minutes", 2 * 24 * 60),
        said_at=received - age,
    )


def take_own_telling(by: Actor, form: Form) -> Model:
    _require_link(form)
    return tellings.tell_by_link(
        by=VISITOR,
        token=form.link,
        kind=form.fields.get("kind", ""),
        at=form.happened_at,
        client_id=form.id,
    )


def take_own_position(by: Actor, form: Form) -> Model:
    _require_link(form)
    return positions.share_position_by_link(
        by=VISITOR, token=form.link, at=form.happened_at, client_id=form.id, **_place(form.fields)
    )


def take_own_talk(by: Actor, form: Form) -> Model:
    """Home, and in need of a talk: both are told."""
    _require_link(form)
    if form.fields.get("is_home"):
        tellings.tell_by_link(
            by=VISITOR, token=form.link, kind="back", at=form.happened_at, client_id=form.id
        )
    return injuries.ask_for_talk(
        by=VISITOR, token=form.link, what=form.fields.get("what", ""), at=form.happened_at
    )


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def _mission(by: Actor, fields: Mapping[str, str]) -> Mission:
    return access.mission(by, _uuid(fields, "mission"))


def _uuid(fields: Mapping[str, str], name: str) -> UUID:
    try:
        return UUID(fields.get(name, ""))
    except ValueError:
        raise _unreadable(name) from None


def _number(fields: Mapping[str, str], name: str, most: int) -> int | None:
    """A whole number, None where nothing was typed. Full-width digits are digits too."""
    typed = fields.get(name, "").strip()
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > 7 or int(typed) > most:
        raise Invalid(
            "rescue.field.number",
            _("This is not a number that can be."),
            _("Type digits only."),
            field=name,
        )
    return int(typed)


def _place(fields: Mapping[str, str]) -> dict[str, Any]:
    """As queue.js fills it in: whole microdegrees, and metres."""
    found: dict[str, Any] = {}
    for name in ("latitude_microdegrees", "longitude_microdegrees"):
        try:
            found[name] = int(fields.get(name, ""))
        except ValueError:
            raise Invalid(
                "rescue.field.no_position",
                _("The phone did not say where it is."),
                _("Press “where I am” first, and allow it."),
            ) from None
    accuracy = fields.get("accuracy_metres", "")
    found["accuracy_metres"] = int(accuracy) if accuracy.isdecimal() and len(accuracy) < 9 else None
    return found


def _require_link(form: Form) -> None:
    if not form.link:
        raise _unreadable("link")


def _unreadable(name: str) -> Invalid:
    return Invalid(
        "rescue.field.unreadable",
        _("Part of this form is missing."),
        _("Open the page anew while there is a signal, and enter it again."),
        field=name,
    )
