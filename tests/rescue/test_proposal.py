"""The proposal over a hundred teams and five thousand people: its questions, names, reasons."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.rescue_teams import SKILL, fill
from honghui.callouts.actions.calling import send_call_out
from honghui.callouts.actions.drafting import draft_call_out
from honghui.callouts.rules import Candidate
from honghui.kernel.actors import Actor
from honghui.registry.models import Society
from honghui.rescue.models import Incident, Mission, Responder
from honghui.rescue.queries.proposal import Answer, proposal_for
from honghui.rescue.rules.proposing import Wish

pytestmark = pytest.mark.django_db
QUESTIONS_MAX = 15


def proposed(by: Actor, incident: Incident, people: int) -> Answer:
    return proposal_for(by, incident, Wish(people, skill=SKILL), at=incident.known_at)


def test_it_asks_the_same_few_questions_of_few_teams_and_of_many(system: Actor) -> None:
    asked = []
    for teams in (3, 40):
        incident = fill(teams, 20)
        with CaptureQueriesContext(connection) as questions:
            found = proposed(system, incident, 10)
        assert found.proposal.found == 10
        asked.append(len(questions))
        Incident.objects.filter(pk=incident.pk).delete()
        for team in found.teams.values():
            type(team).objects.filter(pk=team.pk).update(state="disbanded", code=f"x{team.pk.hex}")
    assert asked[0] == asked[1] <= QUESTIONS_MAX


def test_only_certificates_in_force_go_and_the_reason_names_what_lacks(system: Actor) -> None:
    answer = proposed(system, fill(4, 25), 8)
    for team in answer.proposal.teams:
        for person in team.people:
            duty = answer.duties[person.facts.member_id]
            assert (person.rank > 0) <= duty.is_ready
            assert duty.is_ready or person.reasons[0].code == duty.reasons[0].why.value


def test_names_are_for_those_whose_people_they_are(as_actor: Callable[..., Actor]) -> None:
    incident = fill(4, 5)
    societies = Society.objects.filter(level="county")[:40]
    Incident.objects.filter(pk=incident.pk).update(society="330000")
    by = as_actor("province")
    answer = proposed(by, incident, 3)
    assert answer.proposal.teams, "the province calls the teams of all societies below"
    assert societies and answer.names == {}


def test_a_sisters_teams_are_only_asked(as_actor: Callable[..., Actor]) -> None:
    incident = fill(6, 8)
    answer = proposed(as_actor("officer"), incident, 5)
    theirs = {answer.teams[each.facts.id].society_id for each in answer.proposal.teams}
    assert all(code.startswith("3306") for code in theirs)
    assert {answer.teams[each.facts.id].society_id for each in answer.proposal.sisters}.isdisjoint(
        theirs
    )


def test_whoever_is_out_with_another_incident_is_not_proposed(system: Actor) -> None:
    incident = fill(1, 12)
    before = proposed(system, incident, 4)
    first = next(p for t in before.proposal.teams for p in t.people if p.rank == 1)
    other = Incident.objects.create(
        number="bench-2", society=incident.society, cause="flood", title="另一起",
        place_code="330600", known_at=incident.known_at, opened_at=incident.known_at,
    )  # fmt: skip
    mission = Mission.objects.create(
        incident=other, team_id=first.facts.team_id, opened_at=incident.known_at, state="called"
    )
    Responder.objects.create(
        mission=mission,
        person_id=first.facts.person_id,
        state="coming",
        joined_at=mission.opened_at,
    )
    after = proposed(system, incident, 4)
    (same,) = [p for t in after.proposal.teams for p in t.people
               if p.facts.person_id == first.facts.person_id]  # fmt: skip
    assert same.rank == 0
    assert same.reasons[0].code == "on_mission"


@pytest.mark.parametrize(
    ("state", "is_drill", "says"),
    [
        ("asked", False, "asked_elsewhere"),
        ("reserve", False, ""),
        ("declined", False, ""),
        ("asked", True, ""),
    ],
    ids=["asked", "in reserve", "declined", "in a drill"],
)
def test_whoever_is_being_asked_for_another_incident_is_not_asked_again(
    system: Actor, state: str, is_drill: bool, says: str
) -> None:
    incident = fill(1, 12)
    before = proposed(system, incident, 4)
    first = next(p for t in before.proposal.teams for p in t.people if p.rank == 1)
    asked = Candidate(first.facts.person_id, first.facts.team_id, "样例队", "Sample team", 1)
    call_out = draft_call_out(
        by=system, society=incident.society, about=uuid4(), kind="call_out", title="另一起",
        place="样例", wanted=1, channels=["sms"], candidates=[asked], is_drill=is_drill,
        title_en="", place_en="",
    )  # fmt: skip
    send_call_out(by=system, call_out=call_out)
    never = {"step": 0, "asked_at": None, "next_at": None} if state == "reserve" else {}
    call_out.invitations.update(state=state, **never)
    after = proposed(system, incident, 4)
    (same,) = [p for t in after.proposal.teams for p in t.people
               if p.facts.person_id == first.facts.person_id]  # fmt: skip
    assert same.facts.problem == says
    assert (same.rank == 0) is bool(says)
