"""Who to call for an incident: the facts of all teams and people in a dozen queries, the order by
rules/proposing.py. Names only of those who are the reader's own society's people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from honghui.callouts.models import Invitation
from honghui.kernel.actors import Actor
from honghui.registry.access import societies_where
from honghui.registry.models import Person
from honghui.registry.permissions import CALL_OUT, SEE_RESCUE
from honghui.rescue.models import Incident, Member, Mission, Team
from honghui.rescue.queries.duty import Duty, duty_of
from honghui.rescue.queries.rosters import cover_needed, people_on_stand_by
from honghui.rescue.rules import proposing as rules
from honghui.rescue.rules.duty import Why
from honghui.rescue.rules.missions import DECIDED

TEAMS_SHOWN = 20
_ASKED_NO_MORE = [
    Invitation.State.DECLINED,
    Invitation.State.NO_ANSWER,
    Invitation.State.STOOD_DOWN,
]
# Whoever lacks only this can still keep watch at home.
_LACKING = {
    Why.LACKS_SKILL,
    Why.NO_CERTIFICATE,
    Why.CERTIFICATE_EXPIRED,
    Why.CERTIFICATE_REVOKED,
}


@dataclass(frozen=True)
class Answer:
    """`teams`, `duties` (by member) and `names` (by person) say in words what the proposal says in
    ids. `names` holds those that the reader may see."""

    proposal: rules.Proposal
    teams: Mapping[UUID, Team]
    duties: Mapping[UUID, Duty]
    names: Mapping[UUID, str]


def proposal_for(by: Actor, incident: Incident, wish: rules.Wish, *, at: datetime) -> Answer:
    """The same few queries whatever the number of teams and people."""
    known = list(
        Team.objects.filter(state=Team.State.ACTIVE)
        .select_related("society__parent", "kind")
        .order_by("code")
    )
    ids = [team.pk for team in known]
    members = Member.objects.filter(team__in=ids, left_on__isnull=True)
    duties = duty_of(members, at=at, skill=wish.skill or None)
    cover, watch = cover_needed(ids, at), people_on_stand_by(ids, at)
    there = set(
        Mission.objects.filter(incident=incident)
        .exclude(state__in=DECIDED)
        .values_list("team_id", flat=True)
    )
    calling = societies_where(by, CALL_OUT)
    facts = [
        rules.TeamFacts(
            id=team.pk,
            code=team.code,
            kind=team.kind_id,
            is_ours=by.is_system or _is_within(team, calling),
            cover=cover[team.pk],
            base=point_of(team.base_latitude_microdegrees, team.base_longitude_microdegrees),
            is_there=team.pk in there,
            place=team.society_id,
        )
        for team in known
    ]
    place = point_of(incident.latitude_microdegrees, incident.longitude_microdegrees)
    asked = _asked(incident)
    found = rules.propose(
        wish, facts, _people(members, duties, watch, asked, wish), place, incident.place_code
    )
    teams = {team.pk: team for team in known}
    return Answer(found, teams, duties, _names(by, found, teams))


def point_of(latitude: int | None, longitude: int | None) -> rules.Point | None:
    if latitude is None or longitude is None:
        return None
    return rules.Point(latitude, longitude)


def _asked(incident: Incident) -> dict[UUID, str]:
    """Who is being asked now and has not said no, for this incident or for another: whoever waits
    in the reserve of another is free. A drill keeps nobody from what is real. One query."""
    rows = Invitation.objects.exclude(state__in=_ASKED_NO_MORE)
    here = Q(call_out__about=incident.pk, call_out__state__in=["draft", "open"])
    other = Q(call_out__state="open") & ~Q(state=Invitation.State.RESERVE)
    if not incident.is_drill:
        other &= Q(call_out__is_drill=False)
    asked = rows.filter(here | other).values_list("person_id", "call_out__about")
    found = {person: rules.ASKED_ELSEWHERE for person, about in asked if about != incident.pk}
    return found | {person: rules.ASKED for person, about in asked if about == incident.pk}


def _people(
    members: QuerySet[Member],
    duties: Mapping[UUID, Duty],
    watch: Mapping[UUID, set[UUID]],
    asked: Mapping[UUID, str],
    wish: rules.Wish,
) -> list[rules.PersonFacts]:
    rows = members.order_by().values_list("pk", "role", "joined_on")
    found = []
    for member_id, role, joined_on in rows:
        duty = duties.get(member_id)
        if duty is None:  # enrolled a moment ago
            continue
        lacks = {reason.why for reason in duty.reasons}
        is_asked = duty.person_id in asked
        problem = duty.reasons[0].why.value if duty.reasons else rules.FREE
        found.append(
            rules.PersonFacts(
                person_id=duty.person_id,
                team_id=duty.team_id,
                role=role,
                since=joined_on.toordinal(),
                problem=problem or asked.get(duty.person_id, rules.FREE),
                is_cover=not is_asked and (lacks <= _LACKING if wish.skill else not lacks),
                stands_by=duty.person_id in watch.get(duty.team_id, ()),
                if_short=duty.only_if_short,
                member_id=member_id,
            )
        )
    return found


def _names(by: Actor, found: rules.Proposal, teams: Mapping[UUID, Team]) -> dict[UUID, str]:
    seeing = societies_where(by, SEE_RESCUE)
    ids = {
        person.facts.person_id
        for team in found.teams[:TEAMS_SHOWN]
        if by.is_system or teams[team.facts.id].society_id in seeing
        for person in team.people
    }
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _is_within(team: Team, codes: frozenset[str]) -> bool:
    """access.may_call without a query: three levels at most, and the parent is at hand."""
    society = team.society
    above = society.parent
    return bool({society.pk, society.parent_id, above and above.parent_id} & codes)
