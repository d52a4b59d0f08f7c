"""Somebody of ours was hurt, or is not well after it: noted, followed, ended. What it is lies
sealed under their own key; the journal says only that something was noted."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, subject_keys, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.access import not_found, require
from honghui.registry.permissions import SEE_INJURIES
from honghui.rescue import access, links
from honghui.rescue.models import Care, Injury, Mission, Responder

INJURY_CONTEXT = "rescue.injury.what"
CARE_CONTEXT = "rescue.care.what"
TEXT_LIMIT = 1_000
# What is sealed when somebody asks for a talk without a word about it.
TALK = "talk"


@action("rescue.injury.noted")
def note_injury(
    *, by: Actor, responder: Responder, what: str, at: datetime | None = None
) -> Injury:
    mission = _require(by, responder)
    injury = _noted(by, responder, _text(what), at)
    _recorded(by, "rescue.injury.noted", mission, injury)
    return injury


@action("rescue.talk.asked")
def ask_for_talk(*, by: Actor, token: str, what: str = "", at: datetime | None = None) -> Injury:
    """A responder who is home and wants to talk. By the link of their message."""
    responder = links.responder_of(token)
    injury = _noted(by, responder, _text(what) if what.strip() else TALK, at)
    _recorded(by, "rescue.talk.asked", responder.mission, injury)
    return injury


@action("rescue.care.given")
def note_care(
    *, by: Actor, injury: Injury, what: str, at: datetime | None = None, is_ended: bool = False
) -> Care:
    """A talk, a visit, treatment. `is_ended`: nothing more is needed."""
    mission = _require(by, injury.responder)
    injury = Injury.objects.select_for_update(of=("self",)).get(pk=injury.pk)
    if injury.state == Injury.State.ENDED:
        raise Conflict(
            "rescue.injury.ended", _("This was ended already."), _("Note it anew if it comes back.")
        )
    person_id = Responder.objects.values_list("person_id", flat=True).get(pk=injury.responder_id)
    care = Care.objects.create(
        injury=injury,
        at=at or clock.now(),
        what_sealed=subject_keys.seal_for(person_id, _text(what), CARE_CONTEXT),
        noted_by_id=by.account_id,
    )
    injury.state = Injury.State.ENDED if is_ended else Injury.State.IN_CARE
    injury.save(update_fields=["state"])
    _recorded(by, "rescue.care.given", mission, injury)
    return care


def _require(by: Actor, responder: Responder) -> Mission:
    found = Responder.objects.filter(pk=responder.pk).first()
    if found is None:
        raise not_found()
    mission = access.mission(by, found.mission_id)
    require(by, SEE_INJURIES, mission.team.society_id)
    return mission


def _noted(by: Actor, responder: Responder, what: str, at: datetime | None) -> Injury:
    return Injury.objects.create(
        responder=responder,
        at=at or clock.now(),
        what_sealed=subject_keys.seal_for(responder.person_id, what, INJURY_CONTEXT),
        noted_by_id=by.account_id,
        noted_at=clock.now(),
    )


def _text(what: str) -> str:
    said = text.clean_line(what, limit=TEXT_LIMIT, field="what")
    if not said:
        raise Invalid(
            "rescue.injury.empty", _("What is it?"), _("Write one sentence."), field="what"
        )
    return said


def _recorded(by: Actor, verb: str, mission: Mission, injury: Injury) -> None:
    record(
        by=by,
        verb=verb,
        about=injury,
        society_code=mission.team.society_id,
        after={"mission": mission, "state": injury.state},
    )
