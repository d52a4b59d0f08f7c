"""Who may be sent, and why not: the rule alone, and over many people at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from honghui.kernel import clock
from honghui.kernel.clock import CHINA
from honghui.rescue.actions.availability import tell_availability
from honghui.rescue.actions.papers import revoke_qualification
from honghui.rescue.actions.teams import suspend_team
from honghui.rescue.models import Member, Qualification
from honghui.rescue.queries.duty import duty_of
from honghui.rescue.rules.duty import (
    Certificate,
    Facts,
    KnownSkill,
    Told,
    Why,
    readiness_of,
)
from tests.registry.samples import SYSTEM
from tests.rescue.team_samples import (
    NOW,
    REASON,
    TODAY,
    a_member,
    a_mission,
    a_team,
    many,
    sent_on,
)

NURSE = {"nurse": KnownSkill(needs_certificate=True, is_risky=False)}
BOTH = {**NURSE, "boat": KnownSkill(needs_certificate=True, is_risky=True)}
PAPER = Certificate("nurse", date(2018, 6, 30), date(2020, 6, 24))


def whys(facts: Facts, **asked: Any) -> list[Why]:
    return [one.why for one in readiness_of(facts, at=NOW, **asked).reasons]


def test_the_last_day_of_a_certificate_is_still_a_good_one() -> None:
    facts = Facts(skills=NURSE, certificates=[PAPER], insured=True)
    assert readiness_of(facts, at=NOW, skill="nurse").is_ready
    tomorrow = readiness_of(facts, at=NOW + timedelta(days=1), skill="nurse")
    assert [one.why for one in tomorrow.reasons] == [Why.CERTIFICATE_EXPIRED]
    assert tomorrow.reasons[0].on == date(2020, 6, 24)


def test_an_expired_certificate_takes_off_duty_what_needs_it_and_nothing_else() -> None:
    boat = Certificate("boat", date(2018, 1, 1), date(2020, 1, 1))
    facts = Facts(skills=BOTH, certificates=[PAPER, boat], insured=True)
    assert readiness_of(facts, at=NOW, skill="nurse").is_ready
    assert whys(facts, skill="boat") == [Why.CERTIFICATE_EXPIRED]
    anything = readiness_of(facts, at=NOW)
    assert anything.is_ready
    assert anything.skills == {"nurse"}
    assert [one.skill for one in anything.limits] == ["boat"]


def test_whoever_can_do_nothing_without_a_paper_that_ran_out_is_off_duty() -> None:
    boat = Certificate("boat", date(2018, 1, 1), date(2020, 1, 1))
    facts = Facts(skills={"boat": BOTH["boat"]}, certificates=[boat], insured=True)
    assert whys(facts) == [Why.CERTIFICATE_EXPIRED]
    assert readiness_of(Facts(skills={}, insured=True), at=NOW).is_ready


def test_a_renewed_certificate_puts_back_on_duty() -> None:
    renewed = Certificate("nurse", date(2020, 6, 1), date(2022, 6, 1))
    old = Certificate("nurse", date(2016, 6, 1), date(2018, 6, 1))
    facts = Facts(skills=NURSE, certificates=[renewed, old], insured=True)
    assert readiness_of(facts, at=NOW, skill="nurse").is_ready


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (Facts(skills=NURSE, insured=True), Why.NO_CERTIFICATE),
        (Facts(insured=False), Why.UNINSURED),
        (Facts(insured=True, team_state="suspended"), Why.TEAM_SUSPENDED),
        (Facts(insured=True, team_state="disbanded"), Why.TEAM_DISBANDED),
        (Facts(insured=True, left_on=TODAY), Why.LEFT),
        (Facts(insured=True, told=Told("away")), Why.AWAY),
        (Facts(insured=True, missions=frozenset({uuid4()})), Why.ON_MISSION),
    ],
)
def test_each_reason_is_told(facts: Facts, why: Why) -> None:
    assert whys(facts) == [why]


def test_insurance_is_asked_for_where_the_service_or_the_skill_is_risky() -> None:
    calm = Facts(team_is_risky=False, skills=BOTH, certificates=[PAPER])
    assert readiness_of(calm, at=NOW, skill="nurse").is_ready
    assert Why.UNINSURED in whys(calm, skill="boat")


def test_only_if_short_is_ready_with_a_reserve() -> None:
    ready = readiness_of(Facts(insured=True, told=Told("if_short")), at=NOW)
    assert ready.is_ready
    assert ready.only_if_short


def test_the_mission_that_asks_does_not_bind() -> None:
    mission = uuid4()
    facts = Facts(insured=True, missions=frozenset({mission}))
    assert whys(facts, besides=mission) == []


@given(some.dates(date(2019, 1, 1), date(2021, 1, 1)), some.integers(0, 800))
def test_more_papers_never_take_anybody_off_duty(issued: date, days: int) -> None:
    base = Facts(skills=NURSE, certificates=[PAPER], insured=True)
    more = Certificate("nurse", issued, issued + timedelta(days=days))
    richer = Facts(skills=NURSE, certificates=[PAPER, more], insured=True)
    for at in (NOW, NOW + timedelta(days=30)):
        if readiness_of(base, at=at, skill="nurse").is_ready:
            assert readiness_of(richer, at=at, skill="nurse").is_ready


# ── over rows ────────────────────────────────────────────────────────────────────────────────


def of(member: Member, at: datetime = NOW, skill: str | None = None) -> list[Why]:
    found = duty_of(Member.objects.filter(pk=member.pk), at=at, skill=skill)[member.pk]
    return [one.why for one in found.reasons]


@pytest.mark.django_db
def test_what_rows_say_is_what_the_rule_is_asked() -> None:
    team = a_team()
    good = a_member(team, certificates=["first_aid"])
    bare = a_member(team, insured=False)
    none = a_member(team, skills=["boat"])
    assert of(good, skill="first_aid") == []
    assert of(good, skill="drone") == [Why.LACKS_SKILL]
    assert of(bare) == [Why.UNINSURED]
    assert of(none) == [Why.NO_CERTIFICATE]
    assert of(good, at=NOW + timedelta(days=66), skill="first_aid") == [Why.CERTIFICATE_EXPIRED]
    assert of(good, at=NOW + timedelta(days=200)) == [Why.UNINSURED, Why.CERTIFICATE_EXPIRED]


@pytest.mark.django_db
def test_a_day_is_chinas_day_whatever_zone_asks() -> None:
    """17:00 UTC of the last day is the next day in China."""
    member = a_member(a_team(), certificates=["first_aid"])
    last = datetime(2020, 8, 28, 23, 30, tzinfo=CHINA)
    assert of(member, at=last, skill="first_aid") == []
    later = last.astimezone(clock.UTC) + timedelta(hours=1)
    assert of(member, at=later, skill="first_aid") == [Why.CERTIFICATE_EXPIRED]


@pytest.mark.django_db
def test_what_is_told_later_holds_over_what_was_told_before() -> None:
    member = a_member(a_team())
    week = NOW + timedelta(days=7)
    tell_availability(by=SYSTEM, member=member, state="away", until_at=week)
    assert of(member) == [Why.AWAY]
    assert of(member, at=week) == []
    tell_availability(by=SYSTEM, member=member, state="available")
    assert of(member) == []


@pytest.mark.django_db
def test_a_person_away_is_away_in_every_team_of_theirs() -> None:
    one = a_member(a_team())
    other = a_member(a_team(kind="relief"), person=one.person, insured=False)
    tell_availability(by=SYSTEM, member=one, state="away")
    assert of(other) == [Why.AWAY]


@pytest.mark.django_db
def test_a_mission_binds_until_somebody_is_back() -> None:
    member = a_member(a_team())
    mission = a_mission(member.team, state="there")
    responder = sent_on(mission, member)
    assert of(member) == [Why.ON_MISSION]
    found = duty_of(Member.objects.filter(pk=member.pk), at=NOW, skill=None, besides=mission.pk)
    assert found[member.pk].is_ready
    responder.state, responder.back_at = "back", NOW
    responder.save()
    assert of(member) == []


@pytest.mark.django_db
def test_a_revoked_certificate_and_a_suspended_team_are_told() -> None:
    member = a_member(a_team(), certificates=["first_aid"])
    paper = Qualification.objects.get(person=member.person)
    revoke_qualification(by=SYSTEM, qualification=paper, revoked_on=TODAY, reason=REASON)
    assert of(member, skill="first_aid") == [Why.CERTIFICATE_REVOKED]
    suspend_team(by=SYSTEM, team=member.team, reason=REASON)
    assert Why.TEAM_SUSPENDED in of(member)


@pytest.mark.django_db
def test_five_thousand_members_in_at_most_six_queries(django_assert_max_num_queries: Any) -> None:
    teams = [a_team() for _each in range(10)]
    many(teams, 500)
    with django_assert_max_num_queries(6):
        found = duty_of(Member.objects.filter(team__in=teams), at=NOW, skill="first_aid")
    assert len(found) == 5_000
    assert not any(one.is_ready for one in found.values())
