"""One of each thing of a mission in one society, for the table of access."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from honghui.callouts.models import CallOut, Invitation
from honghui.kernel import clock
from honghui.registry.models import Person, Society
from honghui.rescue.models import (
    Hours,
    Incident,
    Injury,
    Member,
    Mission,
    MissionVehicle,
    Photo,
    Responder,
    Task,
    Team,
    Telling,
)
from honghui.rescue.rules.proposing import Wish
from honghui.sync.models import Attachment, ReceivedForm
from tests.access.rows import (
    EVERYBODY,
    NOBODY,
    OFFICERS,
    REASON,
    TODAY,
    Row,
    Values,
    act,
    form,
    page,
)

LEAD = OFFICERS | {"team-leader"}
SEE = LEAD | {"auditor"}
ABOVE = frozenset({"province"})
NOBODYS_TOKEN = "0" * 16


@dataclass(frozen=True)
class Sent:
    """`waiting`: a team that was asked; `mission`: one that is out, with one of each thing."""

    incident: Incident
    waiting: Mission
    mission: Mission
    member: Member
    telling: Telling
    responder: Responder
    task: Task
    vehicle: MissionVehicle
    photo: Photo
    attachment: Attachment
    injury: Injury
    hours: Hours
    call_out: CallOut
    other_team: Team


def sent_of(society: Society) -> Sent:
    """By rows. What these say is of no account to the table."""
    now = clock.now()

    def team() -> Team:
        name = f"样例队{uuid4().hex[:6]}"
        return Team.objects.create(
            code=uuid4().hex, society=society, kind_id="psychological", name=name
        )

    def person() -> Person:
        return Person.objects.create(name="样例队员", name_key="yangli", registered_at=now)

    incident = Incident.objects.create(
        number=uuid4().hex, society=society, cause="flood", title="样例", place_code=society.code,
        known_at=now, opened_at=now,
    )  # fmt: skip

    def mission(of: Team, state: str) -> Mission:
        return Mission.objects.create(
            incident=incident, team=of, requester="own", state=state, opened_at=now
        )

    one = mission(team(), "there")
    responder = Responder.objects.create(mission=one, person=person(), state="there", joined_at=now)
    attachment = attachment_of(responder.pk.bytes)
    return Sent(
        incident=incident,
        waiting=mission(team(), "asked"),
        mission=one,
        member=Member.objects.create(
            team=one.team, person=person(), joined_on=TODAY, role="leader"
        ),
        telling=Telling.objects.create(mission=one, kind="arrived", at=now, told_at=now),
        responder=responder,
        task=Task.objects.create(mission=one, kind="search", title="样例", given_at=now),
        vehicle=MissionVehicle.objects.create(mission=one, kind="truck", noted_at=now),
        photo=Photo.objects.create(mission=one, attachment_id=uuid4(), taken_at=now),
        attachment=attachment,
        injury=Injury.objects.create(
            responder=responder, at=now, what_sealed=b"sealed", noted_at=now
        ),
        hours=Hours.objects.create(responder=responder, from_at=now, until_at=now, minutes=0),
        call_out=CallOut.objects.create(
            society=society, about=incident.pk, kind="call_out", title="样例", place="样例",
            wanted=1, first=1, channels=["sms"], drafted_at=now,
        ),
        other_team=team(),
    )  # fmt: skip


def attachment_of(link_hash: bytes) -> Attachment:
    """A photo that is whole, and belongs to a form."""
    now = clock.machine_now()
    received = ReceivedForm.objects.create(
        id=uuid4(), link_hash=link_hash, kind="rescue.photo", made_at=now, sent_at=now,
        received_at=now, happened_at=now, offset_seconds=0, content_hash=b"1",
    )  # fmt: skip
    return Attachment.objects.create(
        id=uuid4(), link_hash=link_hash, sha256=b"1", sent_bytes=1, kept_bytes=1,
        media_type="image/jpeg", width_pixels=1, height_pixels=1, kept_at=now, form=received,
    )  # fmt: skip


def _mission(it: Any) -> Values:
    return {"mission_id": it.sent.mission.pk}


def _step(verb: str) -> Row:
    return form(
        "mission_step", LEAD, "rescue.missions", others=NOBODY, variant=verb,
        given=lambda it: {**_mission(it), "verb": verb},
    )  # fmt: skip


def _row_step(verb: str, thing: str) -> Row:
    return form(
        "mission_row_step", LEAD, "rescue.missions", others=NOBODY, variant=verb,
        given=lambda it: {**_mission(it), "verb": verb, "row_id": getattr(it.sent, thing).pk},
    )  # fmt: skip


def _incident(it: Any) -> Values:
    return {"incident_id": it.sent.incident.pk}


MISSION_PAGES = (
    form("incident_call", LEAD, "rescue.call_out", others=NOBODY, given=_incident),
    form("incident_ask", LEAD, "rescue.call_out", others=NOBODY, given=_incident),
    form("call_out_leader", LEAD, "rescue.call_out", others=NOBODY,
         given=lambda it: {"call_out_id": it.calling.open.pk,
                           "invitation_id": it.calling.asked.pk}),
    page("mission", SEE, "rescue.see", others=ABOVE, given=_mission),
    # Whoever is let in finds that the sample's photo was never taken.
    page("mission_photo", NOBODY, others=NOBODY,
         given=lambda it: {**_mission(it), "photo_id": it.sent.photo.pk}),
    *(_step(verb) for verb in ("tell", "close")),
    *(_row_step(*each) for each in (("void", "telling"), ("correct-hours", "hours"))),
    page("field_rescue", LEAD, "rescue.missions"),
    page("field_mission", LEAD, "rescue.missions", others=NOBODY, given=_mission),
    page("responder", EVERYBODY, given=lambda it: {"token": NOBODYS_TOKEN},
         let_in=frozenset({404})),
)  # fmt: skip


def _act(name: str, given: Callable[[Any], Values], may: frozenset[str] = LEAD,
         permission: str = "rescue.missions", **values: Any) -> Row:  # fmt: skip
    return act(name, may, permission, given, within="rescue.actions", **values)


def _of(thing: str, key: str = "", **more: Any) -> Callable[[Any], Values]:
    return lambda it: {key or thing: getattr(it.sent, thing), **more}


def _by_link(**more: Any) -> Callable[[Any], Values]:
    return lambda it: {"token": NOBODYS_TOKEN, **more}


def _now() -> Any:
    return clock.now()


def _invited(it: Any) -> Values:
    return {
        "invitation": Invitation(call_out=it.sent.call_out, group=it.sent.mission.team_id),
        "answer": None,
    }


def _asked(it: Any) -> Invitation:
    """Of the team that is out, as if its call-out were sent."""
    sent = CallOut(society=it.society, about=it.sent.incident.pk, state="open", sent_at=clock.now())
    return Invitation(call_out=sent, group=it.sent.mission.team_id)


_PLACE = {"latitude_microdegrees": 28_000_000, "longitude_microdegrees": 121_000_000}
MISSION_ACTIONS = (
    _act("asking.ask_team", lambda it: {"incident": it.sent.incident, "team": it.sent.other_team},
         permission="rescue.call_out"),
    _act("asking.accept_request", _of("waiting", "mission")),
    _act("asking.decline_request", _of("waiting", "mission", reason=REASON)),
    _act("asking.cancel_mission", _of("waiting", "mission", reason=REASON),
         permission="rescue.call_out"),
    # Nobody is free in the sample: whoever may is told so.
    _act("calling.call_people",
         lambda it: {"incident": it.sent.incident, "wish": Wish(1, "psychological"),
                     "people": [it.sent.member.person_id], "channels": ["sms"], "place": "样例"},
         permission="rescue.call_out"),
    _act("leaders.show_leader",
         lambda it: {"invitation": _asked(it), "reason": REASON},
         permission="rescue.call_out"),
    _act("calling.note_invited",
         lambda it: {"call_out": it.sent.call_out, "team": it.sent.other_team}, NOBODY, ""),
    _act("calling.take_answer", _invited, NOBODY, ""),
    _act("calling.add_responder",
         lambda it: {"mission": it.sent.mission, "member": it.sent.member}),
    _act("calling.put_in_batch",
         lambda it: {"mission": it.sent.mission, "responders": [it.sent.responder], "batch": 1}),
    _act("tellings.tell", lambda it: {"mission": it.sent.mission, "kind": "back", "at": _now()}),
    _act("tellings.tell_by_link", lambda it: {**_by_link(kind="back")(it), "at": _now()}, NOBODY,
         "", others=None),
    _act("tellings.void_telling", _of("telling", reason=REASON)),
    _act("tellings.settle_telling", _of("telling", reason=REASON)),
    _act("tasks.give_task", _of("mission", kind="search", title="样例")),
    _act("tasks.finish_task", _of("task")),
    _act("tasks.note_vehicle", _of("mission", kind="truck")),
    _act("tasks.vehicle_back", _of("vehicle", "row", odometer_back_km=1)),
    _act("returning.order_back", lambda it: {"mission": it.sent.mission, "at": _now()}),
    _act("returning.close_mission", _of("mission", reason=REASON)),
    _act("positions.share_position",
         lambda it: {"mission": it.sent.mission, "at": _now(), **_PLACE}),
    _act("positions.share_position_by_link",
         lambda it: {**_by_link(**_PLACE)(it), "at": _now()}, NOBODY, "", others=None),
    _act("photos.add_photo",
         lambda it: {"mission": it.sent.mission, "attachment_id": it.sent.attachment.pk}),
    _act("photos.mark_photo", _of("photo", is_for_release=True)),
    _act("hours.confirm_hours", _of("mission")),
    _act("hours.correct_hours",
         lambda it: {"hours": it.sent.hours, "from_at": _now(), "until_at": _now(),
                     "reason": REASON}),
    _act("injuries.note_injury", _of("responder", what="样例"), permission="rescue.injuries"),
    _act("injuries.note_care", _of("injury", what="样例"), permission="rescue.injuries"),
    _act("injuries.ask_for_talk", _by_link(), NOBODY, "", others=None),
)  # fmt: skip
