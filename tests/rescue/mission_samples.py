"""A team of Wenling with its leader, an incident there, and people to be called to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from honghui.callouts.actions.calling import send_call_out
from honghui.callouts.models import CallOut, Invitation
from honghui.kernel.actors import Actor
from honghui.kernel.clock import CHINA
from honghui.registry.actions.people import change_person
from honghui.registry.models import Account, Society
from honghui.registry.signing_in import actor_of
from honghui.rescue.actions.asking import ask_team
from honghui.rescue.actions.calling import add_responder, call_people
from honghui.rescue.models import Incident, Member, Mission, Responder, Team
from honghui.rescue.rules.proposing import Wish
from tests.registry.samples import SYSTEM
from tests.rescue.team_samples import a_member, a_team

NOW = datetime(2020, 6, 24, 9, tzinfo=CHINA)
WENLING, SHAOXING = "331081", "330600"
REASON = "打电话核实过了。"


def by(username: str) -> Actor:
    return actor_of(Account.objects.get(username=username))


@dataclass(frozen=True)
class Scene:
    incident: Incident
    team: Team
    members: list[Member]

    @property
    def leader(self) -> Actor:
        return by("team-leader")


def scene(members: int = 4, **more: Any) -> Scene:
    """Led by Wenling; everybody has a telephone and an insurance."""
    team = a_team(WENLING)
    people = [a_member(team) for _ in range(members)]
    for number, each in enumerate(people):
        change_person(
            by=SYSTEM, person=each.person, name=each.person.name, phone=f"1390001{number:04d}"
        )
    return Scene(an_incident(**more), team, people)


def an_incident(society: str = WENLING, **more: Any) -> Incident:
    known = more.pop("known_at", NOW - timedelta(hours=2))
    facts: dict[str, Any] = {
        "number": f"M-{Incident.objects.count():04d}",
        "society": Society.objects.get(pk=society),
        "cause": "explosion",
        "title": "样例事故",
        "title_en": "Sample accident",
        "place_code": society,
        "place_text": "高速出口",
        "latitude_microdegrees": 28_440_000,
        "longitude_microdegrees": 121_370_000,
        "known_at": known,
        "opened_at": known,
        **more,
    }
    return Incident.objects.create(**facts)


def a_mission(of: Scene, *, going: int = 0) -> Mission:
    """The team is called; so many of its members were added by hand."""
    mission = Mission.objects.create(
        incident=of.incident, team=of.team, requester="own", state="called",
        opened_at=of.incident.opened_at,
    )  # fmt: skip
    for member in of.members[:going]:
        add_responder(by=SYSTEM, mission=mission, member=member)
    return mission


def asked(of: Scene, team: Team) -> Mission:
    return ask_team(by=of.leader, incident=of.incident, team=team, wanted_people=10)


def called(of: Scene, people: int = 2, *, sent: bool = True, **more: Any) -> CallOut:
    """The proposal as it is, everybody ticked: two wanted, the others in reserve."""
    given: dict[str, Any] = {
        "by": of.leader,
        "incident": of.incident,
        "wish": Wish(people),
        "people": [each.person_id for each in of.members],
        "channels": ["sms"],
        "place": "队部",
        **more,
    }
    call_out = call_people(**given)
    return send_call_out(by=of.leader, call_out=call_out) if sent else call_out


def invitation(call_out: CallOut, rank: int = 1) -> Invitation:
    return call_out.invitations.select_related("call_out", "person").get(rank=rank)


def responder(mission: Mission, place: int = 0) -> Responder:
    return list(mission.responders.order_by("joined_at", "id"))[place]
