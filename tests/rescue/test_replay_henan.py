"""Case C2, through actions and messages: 25 people of Shaoxing drove to Henan in July 2021. The
hour of their return is not told, and nothing makes one up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from honghui.callouts.models import Answer
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.clock import CHINA
from honghui.registry.models import Society
from honghui.rescue.actions.claims import note_claim
from honghui.rescue.actions.incidents import open_incident
from honghui.rescue.actions.members import import_roster
from honghui.rescue.actions.reports import draft_report, release_report
from honghui.rescue.actions.teams import open_team
from honghui.rescue.actions.tellings import tell
from honghui.rescue.models import Incident, Mission, RescueReport, Responder
from honghui.rescue.words.places import Place
from honghui.worlds.rolls import roll
from honghui.worlds.zhejiang_2020.calling import Call, call_and_answer

pytestmark = pytest.mark.django_db
As = Callable[..., Actor]
SHAOXING = "330600"
PEOPLE = 25
CLAIMS = (
    ("people", PEOPLE, "person", "25名队员", "exact"),
    ("travel.hours", 16, "hour", "路上16小时", "about"),
    ("duration.days", 6, "day", "近6天5夜", "under"),
    ("duration.nights", 5, "night", "近6天5夜", "under"),
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2021, 7, day, hour, minute, tzinfo=CHINA)


@pytest.fixture
def report(as_actor: As) -> RescueReport:
    officer, colleague = as_actor("officer"), as_actor("officer2")
    incident = _called_and_answered(officer)
    mission = Mission.objects.get(incident=incident)
    _told(officer, mission, "departed", at(23, 17), "exact", told_at=at(23, 17))
    _told(officer, mission, "arrived", at(24, 9), "about", told_at=at(24, 9, 5))
    _told(officer, mission, "back", at(28, 0), "over", told_at=at(28, 20))
    with clock.at(at(29, 9)):
        for measure, value, unit, told_as, qualifier in CLAIMS:
            note_claim(by=officer, incident=incident, measure=measure, value=value, unit=unit,
                       told_as=told_as, qualifier=qualifier, source="官网")  # fmt: skip
        drafted = draft_report(by=officer, incident=incident)
        return release_report(by=colleague, report=drafted)


def _called_and_answered(officer: Actor) -> Incident:
    society = Society.objects.get(pk=SHAOXING)
    with clock.at(at(23, 9)):
        team = open_team(by=officer, society=society, kind="water_rescue",
                         name="绍兴市红十字救援队", code="shaoxing-rescue")  # fmt: skip
        lines = roll(301, PEOPLE + 3, skills=((),), insured_until=date(2021, 12, 31))
        import_roster(by=officer, team=team, lines=[replace(each, skills=()) for each in lines])
        incident = open_incident(by=officer, society=society, cause="flood",
                                 place=Place(code="410000", words="河南"),
                                 title="河南暴雨救援", title_en="Henan floods")  # fmt: skip
    call = Call(at(23, 9, 30), "officer", "河南", "Henan")
    assert call_and_answer(incident, call, [(team, PEOPLE)]) == PEOPLE + 3
    return incident


def _told(
    by: Actor, mission: Mission, kind: str, when: datetime, qualifier: str, *, told_at: datetime
) -> None:
    people = PEOPLE if kind == "departed" else None
    with clock.at(told_at):
        tell(by=by, mission=mission, kind=kind, at=when, at_qualifier=qualifier, people=people)


def test_twenty_five_answered_went_and_came_back(report: RescueReport) -> None:
    (team,) = report.contents["teams"]
    assert team["people"] == [PEOPLE, "exact"]
    assert Answer.objects.filter(invitation__call_out__about=report.incident_id,
                                 meaning="coming").count() == PEOPLE  # fmt: skip
    states = Responder.objects.filter(mission__incident=report.incident).values_list("state")
    assert [state for (state,) in states].count("back") == PEOPLE
    (group,) = team["groups"]
    assert group["told"]["departed"] == ["2021-07-23T09:00:00Z", "exact"]
    assert group["told"]["arrived"] == ["2021-07-24T01:00:00Z", "about"]
    assert group["told"]["back"][1] == "over"


def test_what_was_published_is_held_against_the_times(report: RescueReport) -> None:
    found = {each["code"]: each["kind"] for each in report.findings}
    assert found["people.total"] == "holds"
    assert {code: kind for code, kind in found.items() if kind == "differs"} == {}
    assert report.state == "released" and report.record_id is not None
