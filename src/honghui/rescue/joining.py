"""Steps of somebody's joining a mission, inside the actions: the mission of a called team, whether
the person is fit to go, and what their message told of their way."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from honghui.callouts.models import Answer, CallOut
from honghui.kernel import clock
from honghui.rescue.models import Incident, Member, Mission, Requester, Responder, Team, Telling
from honghui.rescue.queries.duty import BOUND, OVER, duty_of
from honghui.rescue.rules.duty import Why

# What a responder is flagged with, before the wheels turn.
_FLAGS = {
    Why.CERTIFICATE_EXPIRED: "certificate_expired",
    Why.CERTIFICATE_REVOKED: "certificate_expired",
    Why.NO_CERTIFICATE: "no_certificate",
    Why.UNINSURED: "uninsured",
    Why.ON_MISSION: "in_two_missions",
    Why.AWAY: "said_away",
}

# Those that can pass: a paper is renewed, a mission ends.
FITNESS = frozenset({*_FLAGS.values(), "not_a_member"})


def mission_for_call(call_out: CallOut, incident: Incident, team: Team) -> Mission:
    """The team's mission in the incident; one that was only asked is called now."""
    found = (
        Mission.objects.filter(incident=incident, team=team)
        .exclude(state__in=["declined", "cancelled"])
        .select_related("incident", "team__society")
        .first()
    )
    if found is not None:
        if found.state == Mission.State.ASKED:
            found.state = Mission.State.CALLED
        # A team that was asked and accepted is called by this one.
        found.call_out_id = found.call_out_id or call_out.pk
        found.save(update_fields=["state", "call_out_id"])
        return found
    heard = incident.requests.order_by("heard_at", "id").first()
    return Mission.objects.create(
        incident=incident,
        team=team,
        state=Mission.State.CALLED,
        requester=heard.requester if heard else Requester.OWN,
        requester_name=heard.requester_name if heard else "",
        call_out_id=call_out.pk,
        opened_by_id=call_out.sent_by_id or call_out.drafted_by_id,
        opened_at=clock.now(),
    )


def fitness_flags(responder: Responder, mission: Mission) -> set[str]:
    """What to look at before they set out. Six queries."""
    if responder.member_id is None:
        return {"not_a_member"}
    members = Member.objects.filter(pk=responder.member_id)
    duty = duty_of(members, at=clock.now(), skill=None, besides=mission.pk)[responder.member_id]
    return {_FLAGS[reason.why] for reason in (*duty.reasons, *duty.limits) if reason.why in _FLAGS}


def judge_anew(person_ids: Iterable[UUID]) -> None:
    """Whoever is going is shown as their papers, and other missions, are now. What was found when
    they answered stays in the journal, with its time. Two queries, and seven for each who goes."""
    going = Responder.objects.filter(
        person__in=list(person_ids), state__in=[*BOUND, Responder.State.IF_SHORT]
    ).exclude(mission__state__in=OVER)
    changed = []
    for each in going.select_related("mission"):
        flags = sorted(fitness_flags(each, each.mission) | (set(each.flags) - FITNESS))
        if flags != each.flags:
            each.flags = flags
            changed.append(each)
    Responder.objects.bulk_update(changed, ["flags"])


def mark_others(responder: Responder, mission: Mission) -> None:
    """Somebody in two missions at once is flagged in both."""
    others = (
        Responder.objects.filter(person=responder.person_id, state__in=BOUND)
        .exclude(mission=mission)
        .exclude(mission__state__in=OVER)
    )
    changed = [each for each in others if "in_two_missions" not in each.flags]
    for each in changed:
        each.flags = sorted({*each.flags, "in_two_missions"})
    Responder.objects.bulk_update(changed, ["flags"])


def tell_progress(responder: Responder, mission: Mission, answer: Answer) -> None:
    """ "On my way" and "I am there" in an answer are told of themselves, once each."""
    kind = answer.progress
    if kind not in ("departed", "arrived"):
        return
    if not responder.tellings.filter(kind=kind, void_reason="").exists():
        Telling.objects.create(
            mission=mission,
            responder=responder,
            kind=kind,
            at=answer.at,
            told_at=clock.now(),
            source="message",
        )
