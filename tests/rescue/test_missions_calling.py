"""Calling people out: from the proposal to who is coming, through the call-out's own actions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from honghui.callouts.actions.answers import answer_by_link, note_answer
from honghui.callouts.actions.calling import invite_more
from honghui.callouts.actions.ending import close_call_out
from honghui.callouts.models import CallOut
from honghui.callouts.worker import take_step
from honghui.journal.models import Act
from honghui.kernel.errors import Conflict, NotAllowed, NotFound
from honghui.rescue.actions.asking import ask_team, cancel_mission
from honghui.rescue.actions.availability import tell_availability
from honghui.rescue.actions.calling import add_responder, call_people
from honghui.rescue.actions.members import change_member
from honghui.rescue.actions.papers import end_insurance, note_insurance, note_qualification
from honghui.rescue.actions.tellings import tell_by_link
from honghui.rescue.models import Insurance, LogLine, Member, Mission, Responder, Telling
from honghui.rescue.nightly import release_turns
from honghui.rescue.rules.proposing import Wish
from tests.registry.samples import SYSTEM
from tests.rescue.mission_samples import (
    NOW,
    REASON,
    SHAOXING,
    Scene,
    a_mission,
    an_incident,
    by,
    called,
    invitation,
    scene,
)
from tests.rescue.team_samples import a_member, a_team

pytestmark = pytest.mark.django_db


def answer(call_out: CallOut, meaning: str, *, rank: int = 1, minutes: int | None = None) -> None:
    answer_by_link(
        by=SYSTEM, token=invitation(call_out, rank).token, meaning=meaning, eta_minutes=minutes
    )


def the_mission() -> Mission:
    return Mission.objects.select_related("team").get()


def test_a_drafted_call_is_nobodys_mission_until_it_is_sent() -> None:
    it = scene()
    call_out = called(it, sent=False)
    assert call_out.about == it.incident.pk
    assert call_out.invitations.count() == 4
    assert call_out.wanted == 2
    assert not Mission.objects.exists()
    assert [each.rank for each in call_out.invitations.all()] == [1, 2, 3, 4]
    assert invitation(call_out).reasons["en"][0] == "is free"


def test_sending_makes_the_mission_and_says_so_once() -> None:
    it = scene()
    called(it)
    mission = the_mission()
    assert (mission.state, mission.team_id) == ("called", it.team.pk)
    called(scene(), people=1)
    assert LogLine.objects.filter(kind="team_called", incident=it.incident).count() == 1


def test_an_answer_makes_a_responder_who_changes_their_mind() -> None:
    call_out = called(scene())
    answer(call_out, "coming", minutes=30)
    one = Responder.objects.get()
    assert (one.state, one.answer) == ("coming", "coming")
    assert one.eta_at == NOW + timedelta(minutes=30)
    assert one.invitation_id == invitation(call_out).pk
    answer(call_out, "declined")
    one.refresh_from_db()
    assert (one.state, one.eta_at) == ("declined", None)
    assert "changed_mind" in one.flags
    answer(call_out, "if_short", rank=2)
    assert Responder.objects.filter(state="if_short").count() == 1


def test_an_answer_after_the_end_is_kept_and_stands_ready() -> None:
    it = scene()
    call_out = called(it)
    close_call_out(by=it.leader, call_out=call_out, reason=REASON)
    answer(call_out, "coming")
    one = Responder.objects.get()
    assert one.state == "if_short"
    assert "answered_late" in one.flags


def test_who_is_under_way_and_writes_cannot_is_flagged_and_stays() -> None:
    call_out = called(scene())
    answer(call_out, "coming")
    token = invitation(call_out).token
    tell_by_link(by=SYSTEM, token=token, kind="departed", at=NOW)
    answer(call_out, "declined")
    one = Responder.objects.get()
    assert one.state == "departed"
    assert "declined_on_the_way" in one.flags


def test_no_insurance_is_flagged_on_the_answer() -> None:
    it = scene(1)
    call_out = called(it, people=1)
    it.members[0].person.rescue_insurances.all().delete()
    answer(call_out, "coming")
    assert Responder.objects.get().flags == ["uninsured"]


def test_somebody_of_two_teams_is_asked_once() -> None:
    it = scene(2)
    second = a_team("331081")
    a_member(second, person=it.members[0].person)
    call_out = called(it)
    assert call_out.invitations.filter(person=it.members[0].person_id).count() == 1


def test_whoever_can_no_longer_go_stops_the_call() -> None:
    it = scene(2)
    it.members[0].person.rescue_insurances.all().delete()
    with pytest.raises(Conflict):
        called(it)
    assert not CallOut.objects.exists()


def test_who_was_asked_already_is_not_proposed_again() -> None:
    it = scene(3)
    called(it)
    with pytest.raises(Conflict):
        called(it)
    assert CallOut.objects.count() == 1


def test_a_sisters_people_are_never_called() -> None:
    it = scene(1)
    sister = a_team(SHAOXING)
    stranger = a_member(sister)
    with pytest.raises(Conflict):
        call_people(
            by=it.leader, incident=it.incident, wish=Wish(1), people=[stranger.person_id],
            channels=["sms"], place="队部",
        )  # fmt: skip


def test_nobody_calls_in_anothers_incident() -> None:
    it = scene(1)
    ask_team(by=it.leader, incident=it.incident, team=a_team(SHAOXING))
    with pytest.raises((NotAllowed, NotFound)):
        called(it, by=by("officer"))
    with pytest.raises((NotAllowed, NotFound)):
        called(it, by=by("auditor"))
    assert not CallOut.objects.exists()


def test_a_forged_link_tells_nothing() -> None:
    call_out = called(scene())
    answer(call_out, "coming")
    for token in ("", "x" * 16, invitation(call_out).token[::-1], invitation(call_out, 2).token):
        with pytest.raises(NotFound):
            tell_by_link(by=SYSTEM, token=token, kind="arrived", at=NOW)
    assert not Telling.objects.exists()


def test_a_responders_own_report_is_theirs_alone() -> None:
    call_out = called(scene())
    answer(call_out, "coming")
    answer(call_out, "coming", rank=2)
    tell_by_link(by=SYSTEM, token=invitation(call_out).token, kind="arrived", at=NOW)
    states = dict(Responder.objects.values_list("invitation_id", "state"))
    assert states[invitation(call_out).pk] == "there"
    assert states[invitation(call_out, 2).pk] == "coming"
    assert the_mission().state == "called"


def test_an_answer_that_says_on_my_way_is_a_report_too() -> None:
    it = scene()
    call_out = called(it)
    one = invitation(call_out)
    note_answer(by=it.leader, invitation=one, meaning="coming", eta_minutes=10)
    assert Act.objects.filter(verb="rescue.responder.answered").count() == 1
    assert not Telling.objects.exists()


# ── fit to go: judged from the papers as they are now ────────────────────────────────────────


def test_a_paper_that_is_renewed_takes_the_flag_away_and_the_journal_keeps_what_was(
    sign_in,
) -> None:
    it = scene(2)
    cover = Insurance.objects.get(person=it.members[0].person)
    past = {"covers_from": date(2020, 1, 1), "covers_to": date(2020, 1, 2)}
    Insurance.objects.filter(pk=cover.pk).update(**past)
    mission = a_mission(it, going=1)
    one = mission.responders.get()
    assert one.flags == ["uninsured"]
    note_insurance(
        by=SYSTEM, member=it.members[0], insurer="样例保险", covers_from=date(2020, 6, 24),
        covers_to=date(2020, 12, 31),
    )  # fmt: skip
    one.refresh_from_db()
    assert one.flags == []
    page = sign_in("team-leader").get(mission.get_absolute_url()).content.decode()
    assert "出发前请看" not in page and "征询时" in page, "what was, with its time"


def test_a_paper_that_ends_on_the_way_is_flagged_at_once_and_what_runs_out_by_night() -> None:
    it = scene(2)
    mission = a_mission(it, going=2)
    first, second = mission.responders.order_by("joined_at", "id")
    assert (first.flags, second.flags) == ([], [])
    cover = Insurance.objects.get(person=first.person_id)
    Insurance.objects.filter(pk=cover.pk).update(covers_from=date(2020, 1, 1))
    cover.refresh_from_db()
    end_insurance(by=SYSTEM, insurance=cover, covers_to=date(2020, 6, 23), reason="保单退保了。")
    first.refresh_from_db()
    assert first.flags == ["uninsured"]
    later = Insurance.objects.filter(person=second.person_id)
    later.update(covers_from=date(2020, 1, 1), covers_to=date(2020, 6, 23))
    release_turns()
    second.refresh_from_db()
    assert second.flags == ["uninsured"]


def test_in_two_missions_until_the_other_is_called_off() -> None:
    it = scene(1)
    first = a_mission(it, going=1)
    other = a_mission(Scene(an_incident(), it.team, it.members), going=1)
    assert first.responders.get().flags == other.responders.get().flags == ["in_two_missions"]
    cancel_mission(by=it.leader, mission=other, reason=REASON)
    assert first.responders.get().flags == []


def test_what_they_said_stays_when_their_papers_are_judged_anew() -> None:
    it = scene(1)
    one = a_mission(it, going=1).responders.get()
    one.flags = ["changed_mind"]
    one.save()
    change_member(by=SYSTEM, member=it.members[0], role="member", skills=["first_aid"])
    one.refresh_from_db()
    assert one.flags == ["changed_mind", "no_certificate"]
    note_qualification(
        by=SYSTEM, member=it.members[0], skill="first_aid", issued_on=date(2020, 1, 1),
        expires_on=date(2021, 2, 1),
    )  # fmt: skip
    one.refresh_from_db()
    assert one.flags == ["changed_mind"]


def test_the_reserve_is_asked_in_order_but_who_cannot_come_by_now_is_passed_over() -> None:
    it = scene(5)
    made = called(it, 1)
    second, third = invitation(made, 2), invitation(made, 3)
    away = Member.objects.get(person=second.person_id)
    tell_availability(by=SYSTEM, member=away, state="away", until_at=NOW + timedelta(days=2))
    other = a_mission(Scene(an_incident(), it.team, it.members))
    add_responder(by=SYSTEM, mission=other, member=Member.objects.get(person=third.person_id))
    note_answer(by=it.leader, invitation=invitation(made, 1), meaning="declined")
    while take_step():
        pass
    states = [invitation(made, rank).state for rank in (1, 2, 3, 4, 5)]
    assert states == ["declined", "reserve", "reserve", "asked", "reserve"]
    tell_availability(by=SYSTEM, member=away, state="available")
    note_answer(by=it.leader, invitation=invitation(made, 4), meaning="declined")
    while take_step():
        pass
    assert invitation(made, 2).state == "asked", "they are back, and it is their turn"
    made.invitations.filter(rank=5).update(state="declined")
    with pytest.raises(Conflict):
        invite_more(by=it.leader, call_out=made, count=3)
    assert invitation(made, 3).state == "reserve", "the one on another mission is left alone"
