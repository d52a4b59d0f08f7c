"""Whoever called a team of a society below sees whom to ask, for a reason, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from honghui.callouts.actions.calling import send_call_out
from honghui.callouts.models import CallOut, Invitation
from honghui.journal.models import Act
from honghui.kernel.errors import Conflict, NotAllowed
from honghui.registry.actions.people import change_person
from honghui.rescue.actions.leaders import show_leader
from honghui.rescue.actions.members import change_member
from honghui.rescue.models import Member
from honghui.rescue.queries.leaders import opened
from tests.registry.samples import SYSTEM
from tests.rescue.mission_samples import REASON, Scene, by, called, invitation, scene

pytestmark = pytest.mark.django_db
ABOVE = "330000"
NUMBER = "13900017777"


@pytest.fixture
def it() -> Scene:
    """An incident of the province, to which it calls the team of Wenling; the last one leads it."""
    found = scene(society=ABOVE)
    leads = found.members[-1]
    change_member(by=SYSTEM, member=leads, role="leader", skills=())
    change_person(by=SYSTEM, person=leads.person, name=leads.person.name, phone=NUMBER)
    return found


@pytest.fixture
def asked(it: Scene) -> Invitation:
    return _of_another(called_by_the_province(it), it.members[-1])


def called_by_the_province(it: Scene) -> CallOut:
    draft = called(it, sent=False, by=by("province"))
    return send_call_out(by=by("province"), call_out=draft)


def _of_another(call_out: CallOut, leads: Member) -> Invitation:
    found = call_out.invitations.exclude(person=leads.person_id).order_by("rank")
    return invitation(call_out, found[0].rank)


def looks() -> list[Act]:
    return list(Act.objects.filter(verb="rescue.leader.shown"))


def test_the_leader_is_shown_for_a_reason_and_every_look_is_an_act(
    it: Scene, asked: Invitation
) -> None:
    show_leader(by=by("province"), invitation=asked, reason=REASON)
    (found,) = opened(asked)
    assert (found.member, found.phone) == (it.members[-1], f"+86{NUMBER}")
    assert NUMBER not in repr(found)
    (act,) = looks()
    assert (act.society_code, act.reason) == (it.team.society_id, REASON)
    assert NUMBER not in str(act.after) and it.members[-1].person.name not in str(act.after)


def test_nobody_else_is_shown_anybody(asked: Invitation) -> None:
    for username in ("officer", "team-leader", "auditor", "volunteer"):
        with pytest.raises(NotAllowed):
            show_leader(by=by(username), invitation=asked, reason=REASON)
    assert looks() == []


def test_a_team_that_nobody_else_leads_says_so(it: Scene, asked: Invitation) -> None:
    change_member(by=SYSTEM, member=it.members[-1], role="member", skills=())
    with pytest.raises(Conflict) as refused:
        show_leader(by=by("province"), invitation=asked, reason=REASON)
    assert refused.value.code == "rescue.leader.unknown"
    deputy = next(each for each in it.members if each.person_id != asked.person_id)
    change_member(by=SYSTEM, member=deputy, role="deputy", skills=())
    show_leader(by=by("province"), invitation=asked, reason=REASON)
    (found,) = opened(asked)
    assert found.member == deputy


def test_nobody_is_shown_before_anybody_was_asked(it: Scene) -> None:
    draft = called(it, sent=False, by=by("province"))
    with pytest.raises(Conflict) as refused:
        show_leader(by=by("province"), invitation=invitation(draft), reason=REASON)
    assert refused.value.code == "rescue.leader.not_called"
    assert looks() == []


def test_the_page_asks_for_the_reason_first(
    it: Scene, asked: Invitation, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("province")
    ask = reverse("call_out_leader", args=[asked.call_out_id, asked.pk])
    assert ask in client.get(asked.call_out.get_absolute_url()).content.decode()
    first = client.get(ask).content.decode()
    name = it.members[-1].person.name
    assert NUMBER not in first and name not in first and looks() == []
    answer = client.post(ask, {"once": "a" * 32, "reason": "答复看不懂，要问本人。"})
    shown = answer.content.decode()
    assert NUMBER in shown and name in shown
    assert asked.person.name not in shown and f"{asked.person.phone_tail}" in shown
    assert len(looks()) == 1
    assert sign_in("officer").get(ask).status_code == 404
