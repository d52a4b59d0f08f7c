"""Calling people to an incident, and what follows: teams that are called, answers, who joins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.callouts.access import require_system
from honghui.callouts.actions.drafting import draft_call_out
from honghui.callouts.models import Answer, CallOut, Invitation
from honghui.callouts.rules import Candidate
from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.registry.access import require
from honghui.registry.permissions import CALL_OUT
from honghui.rescue import access, team_access
from honghui.rescue.following import follow, locked
from honghui.rescue.joining import fitness_flags, mark_others, mission_for_call, tell_progress
from honghui.rescue.lines import add_line
from honghui.rescue.models import Batch, Incident, Member, Mission, Responder, Team
from honghui.rescue.queries.proposal import Answer as Shown
from honghui.rescue.queries.proposal import proposal_for
from honghui.rescue.rules.incidents import check_not_closed
from honghui.rescue.rules.proposing import Proposed, Wish
from honghui.rescue.words.missions import reasons_in_both

PATIENCE_MINUTES = 5


@action("rescue.people.called")
def call_people(
    *,
    by: Actor,
    incident: Incident,
    wish: Wish,
    people: Sequence[UUID],
    channels: Sequence[str],
    place: str,
    place_en: str = "",
    kind: str = "call_out",
    patience_minutes: int = PATIENCE_MINUTES,
) -> CallOut:
    """Drafts a call-out of these people, in the order of the proposal as it is now: the first
    `wish.people` are asked at once, the rest are its reserve. Nothing is sent by it."""
    incident = access.incident(by, incident.pk)
    require(by, CALL_OUT, incident.society_id)
    check_not_closed(incident.state)
    shown = proposal_for(by, incident, wish, at=clock.now())
    chosen = _chosen(shown, set(people))
    call_out = draft_call_out(
        by=by.with_once(""),
        society=incident.society,
        about=incident.pk,
        kind=kind,
        title=incident.title,
        title_en=incident.title_en,
        place=place,
        place_en=place_en,
        wanted=wish.people,
        candidates=[_candidate(shown, team_id, each) for team_id, each in chosen],
        channels=channels,
        is_drill=incident.is_drill,
        patience_minutes=patience_minutes,
    )
    record(
        by=by,
        verb="rescue.people.called",
        about=call_out,
        society_code=incident.society_id,
        after={"incident": incident, "people": len(chosen), "wanted": wish.people},
    )
    return call_out


@action("rescue.team.called")
def note_invited(*, by: Actor, call_out: CallOut, team: Team) -> Mission:
    """The first of a team were asked: it is in the incident from now on."""
    require_system(by)
    incident = Incident.objects.select_related("society").get(pk=call_out.about)
    mission = mission_for_call(call_out, incident, team)
    add_line(by, incident, "team_called", mission=mission, team=team.name, team_en=team.name_en)
    record(
        by=by,
        verb="rescue.team.called",
        about=mission,
        society_code=team.society_id,
        after={"incident": incident, "call_out": call_out},
    )
    return mission


@action("rescue.responder.answered")
def take_answer(*, by: Actor, invitation: Invitation, answer: Answer) -> Responder:
    """Where somebody stands, as they said last. An answer after the end of a call-out is kept: who
    would come then stands ready for the next step."""
    require_system(by)
    incident = Incident.objects.select_related("society").get(pk=invitation.call_out.about)
    team = Team.objects.select_related("society").get(pk=invitation.group)
    mission = locked(mission_for_call(invitation.call_out, incident, team))
    member = Member.objects.filter(
        team=team, person=invitation.person_id, left_on__isnull=True
    ).first()
    responder, is_new = Responder.objects.get_or_create(
        mission=mission,
        person_id=invitation.person_id,
        defaults={
            "state": "declined", "answer": "declined", "joined_at": clock.now(), "member": member,
        },
    )  # fmt: skip
    _answered(responder, invitation, answer)
    if responder.answer != "declined":
        flags = fitness_flags(responder, mission) | _kept(responder)
        responder.flags = sorted(flags)
        mark_others(responder, mission)
    responder.save()
    tell_progress(responder, mission, answer)
    follow(mission)
    responder.refresh_from_db()
    record(
        by=by,
        verb="rescue.responder.answered",
        about=responder,
        society_code=team.society_id,
        after={"mission": mission, "answer": responder.answer, "flags": responder.flags,
               "is_new": is_new},
    )  # fmt: skip
    return responder


@action("rescue.responder.added")
def add_responder(
    *, by: Actor, mission: Mission, member: Member, batch: int | None = None
) -> Responder:
    """Somebody who is going and never answered a message: the leader sees them."""
    mission = access.mission(by, mission.pk)
    access.require_leading(by, mission)
    member = team_access.member(by, member.pk)
    mission = locked(mission)
    if member.team_id != mission.team_id or member.left_on is not None:
        raise Conflict(
            "rescue.responder.not_of_team",
            _("This person is not in the team."),
            _("Enrol them first, or add them to their own team’s mission."),
        )
    if mission.responders.filter(person=member.person_id).exists():
        raise Conflict(
            "rescue.responder.known",
            _("This person is in the mission already."),
            _("Look at the list of people."),
        )
    responder = Responder(
        mission=mission, person_id=member.person_id, member=member, state="coming",
        joined_at=clock.now(), batch=_batch_of(mission, batch),
    )  # fmt: skip
    responder.flags = sorted(fitness_flags(responder, mission))
    responder.save(force_insert=True)
    mark_others(responder, mission)
    follow(mission)
    responder.refresh_from_db()
    _recorded(by, "rescue.responder.added", mission, responder)
    return responder


@action("rescue.responder.grouped")
def put_in_batch(
    *, by: Actor, mission: Mission, responders: Iterable[Responder], batch: int | None
) -> Mission:
    """Who travels together; `batch` None takes them out of any."""
    mission = access.mission(by, mission.pk)
    access.require_leading(by, mission)
    mission = locked(mission)
    ids = [each.pk for each in responders]
    mission.responders.filter(pk__in=ids).update(batch=_batch_of(mission, batch))
    follow(mission)
    record(
        by=by,
        verb="rescue.responder.grouped",
        about=mission,
        society_code=mission.team.society_id,
        after={"people": len(ids), "batch": batch},
    )
    return mission


# ── steps ────────────────────────────────────────────────────────────────────────────────────


def _chosen(shown: Shown, wanted: set[UUID]) -> list[tuple[UUID, Proposed]]:
    """In the order of the proposal. Somebody who is not in it any more stops the call: the page
    is drawn anew, with why."""
    ranked = [
        (team.facts.id, each)
        for team in shown.proposal.teams
        for each in team.people
        if each.rank and each.facts.person_id in wanted
    ]
    if len(ranked) != len(wanted):
        raise Conflict(
            "rescue.call.moved_on",
            _("Of the people chosen, %(gone)s can no longer be called.")
            % {"gone": len(wanted) - len(ranked)},
            _("Look at the proposal as it is now, and choose again."),
        )
    return sorted(ranked, key=lambda pair: pair[1].rank)


def _candidate(shown: Shown, team_id: UUID, one: Proposed) -> Candidate:
    team = shown.teams[team_id]
    zh, en = reasons_in_both(one.reasons)
    return Candidate(
        person_id=one.facts.person_id,
        group=team_id,
        group_name=team.name,
        group_name_en=team.name_en,
        rank=one.rank,
        reasons=zh,
        reasons_en=en,
    )


def _answered(responder: Responder, invitation: Invitation, answer: Answer) -> None:
    is_out = responder.departed_at is not None or responder.arrived_at is not None
    said = invitation.state if invitation.state in ("coming", "if_short", "declined") else "coming"
    flags = set(responder.flags)
    if answer.is_late:
        said = "declined" if answer.meaning == "declined" else "if_short"
        flags.add("answered_late")
    if is_out and said == "declined":
        # They are there and write that they cannot: somebody should ask them.
        flags.add("declined_on_the_way")
        said = responder.answer
    if answer.changes:
        flags.add("changed_mind")
    responder.flags = sorted(flags)
    responder.invitation_id = invitation.pk
    responder.answer = said
    responder.eta_at = _eta(invitation, answer) if said != "declined" else None


def _eta(invitation: Invitation, answer: Answer) -> datetime | None:
    return answer.eta_at if answer.is_late else invitation.eta_at


def _kept(responder: Responder) -> set[str]:
    """Flags of what they said; those of whether they are fit are found anew."""
    return {"answered_late", "declined_on_the_way", "changed_mind"} & set(responder.flags)


def _batch_of(mission: Mission, number: int | None) -> Batch | None:
    if number is None:
        return None
    found: Batch = Batch.objects.get_or_create(mission=mission, number=number)[0]
    return found


def _recorded(by: Actor, verb: str, mission: Mission, responder: Responder) -> None:
    values: dict[str, Any] = {"mission": mission, "flags": responder.flags}
    record(by=by, verb=verb, about=responder, society_code=mission.team.society_id, after=values)
