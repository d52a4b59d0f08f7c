"""Steps that a turnout without messages takes: asked, accepted, who goes, what is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.rescue.actions.asking import accept_request, ask_team
from honghui.rescue.actions.calling import add_responder
from honghui.rescue.actions.tellings import tell
from honghui.rescue.models import Incident, Member, Mission, Team
from honghui.worlds.zhejiang_2020.registry import SAMPLE


def turn_out(by: Actor, incident: Incident, team: Team, people: Sequence[Member]) -> Mission:
    """A team is asked and comes, with these people; nobody gets a message."""
    mission = ask_team(by=by, incident=incident, team=team, requester="own", source=SAMPLE)
    mission = accept_request(by=by, mission=mission)
    for member in people:
        add_responder(by=by, mission=mission, member=member)
    return mission


def told(by: Actor, mission: Mission, kind: str, at: datetime, people: int | None = None) -> None:
    with clock.at(at):
        tell(by=by, mission=mission, kind=kind, at=at, people=people, source=SAMPLE)
