"""A team's calendar: read by somebody else's program, by a secret address, without names."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import vobject

from honghui.kernel.clock import CHINA
from honghui.rescue.actions.rosters import cancel_stand_by, open_stand_by, take_turn
from honghui.rescue.actions.teams import make_calendar_feed, revoke_calendar_feed
from honghui.rescue.models import CalendarFeed, Member
from tests.registry.samples import REASON, SYSTEM
from tests.rescue.team_samples import NOW, a_member, a_mission, a_team, by_name

pytestmark = pytest.mark.django_db
BEGIN = datetime(2020, 6, 27, 20, tzinfo=CHINA)


@pytest.fixture
def member() -> Member:
    member = a_member(a_team(name="样例；队,一", name_en="Sample; team, one"))
    stand_by = open_stand_by(
        by=SYSTEM, team=member.team, reason="flood_season", from_at=BEGIN,
        until_at=BEGIN + timedelta(hours=12), minimum_people=1,
    )  # fmt: skip
    take_turn(by=SYSTEM, stand_by=stand_by, member=member)
    a_mission(member.team, is_drill=True, at=NOW + timedelta(days=3))
    return member


def read(client: Any, secret: str) -> Any:
    answer = client.get(f"/calendar/{secret}.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    calendar = vobject.readOne(answer.content.decode())
    calendar.validate(raiseException=True)
    return calendar


def test_an_outside_reader_finds_stand_by_and_drills_and_no_name(
    member: Member, client: Any
) -> None:
    feed = make_calendar_feed(by=by_name("officer"), team=member.team)
    calendar = read(client, feed.secret)
    events = {each.summary.value: each for each in calendar.vevent_list}
    assert len(events) == 2
    watch = events["样例；队,一：备勤（汛期）"]
    assert watch.dtstart.value == BEGIN
    assert watch.dtend.value == BEGIN + timedelta(hours=12)
    assert member.person.name not in calendar.serialize()
    assert len({each.uid.value for each in calendar.vevent_list}) == 2


def test_a_cancelled_stand_by_is_told_to_a_calendar_that_has_it(
    member: Member, client: Any
) -> None:
    feed = make_calendar_feed(by=by_name("officer"), team=member.team)
    before = {each.uid.value for each in read(client, feed.secret).vevent_list}
    cancel_stand_by(by=SYSTEM, stand_by=member.team.stand_bys.get(), reason=REASON)
    events = read(client, feed.secret).vevent_list
    assert {each.uid.value for each in events} == before
    assert [each.status.value for each in events if "stand-by" in each.uid.value] == ["CANCELLED"]


def test_the_secret_is_shown_once_and_kept_nowhere(member: Member, sign_in: Any) -> None:
    client = sign_in("officer")
    path = f"/desk/teams/{member.team_id}/calendar/"
    assert client.get(path).status_code == 200
    shown = client.post(path, {"once": "a" * 32}).content.decode()
    secret = shown.split("/calendar/")[-1].split(".ics")[0]
    assert len(secret) == 43
    assert client.get(f"/calendar/{secret}.ics").status_code == 200
    assert secret not in client.get(path).content.decode()
    assert secret.encode() not in bytes(CalendarFeed.objects.get().secret_hash)


def test_a_new_address_ends_the_old_one_and_revoking_ends_both(member: Member, client: Any) -> None:
    officer = by_name("officer")
    old = make_calendar_feed(by=officer, team=member.team)
    new = make_calendar_feed(by=officer, team=member.team)
    assert client.get(f"/calendar/{old.secret}.ics").status_code == 404
    assert client.get(f"/calendar/{new.secret}.ics").status_code == 200
    revoke_calendar_feed(by=officer, team=member.team)
    assert client.get(f"/calendar/{new.secret}.ics").status_code == 404
    assert client.get("/calendar/guessed.ics").status_code == 404


def test_it_ends_with_the_account_and_with_the_role(member: Member, client: Any) -> None:
    officer = by_name("officer")
    feed = make_calendar_feed(by=officer, team=member.team)
    account = CalendarFeed.objects.get().account
    account.grants.update(ended_at=NOW)
    assert client.get(f"/calendar/{feed.secret}.ics").status_code == 404
    account.grants.update(ended_at=None)
    assert client.get(f"/calendar/{feed.secret}.ics").status_code == 200
    account.is_active = False
    account.save()
    assert client.get(f"/calendar/{feed.secret}.ics").status_code == 404


def test_an_address_made_in_english_speaks_english(member: Member, sign_in: Any) -> None:
    client = sign_in("officer")
    shown = client.post(f"/en/desk/teams/{member.team_id}/calendar/", {"once": "b" * 32})
    secret = shown.content.decode().split("/calendar/")[-1].split(".ics")[0]
    names = {each.summary.value for each in read(client, secret).vevent_list}
    assert "Sample; team, one: stand-by (Flood season)" in names
