"""Stand-by: opened, turns taken, given up, swapped; cover kept and cover short."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.clock import CHINA
from honghui.kernel.errors import Conflict, Invalid
from honghui.rescue.actions.availability import tell_availability
from honghui.rescue.actions.members import leave_team
from honghui.rescue.actions.rosters import (
    accept_swap,
    ask_swap,
    cancel_stand_by,
    decline_swap,
    give_up_turn,
    open_stand_by,
    take_turn,
)
from honghui.rescue.actions.teams import change_team
from honghui.rescue.models import Insurance, Member, StandBy, StandByPlace, Swap, Team
from honghui.rescue.nightly import release_turns
from honghui.rescue.queries.rosters import cover_needed, short_soon, week_of
from honghui.rescue.queries.tasks import waiting_for
from honghui.rescue.rules.rosters import turns
from tests.registry.samples import SYSTEM
from tests.rescue.team_samples import (
    NOW,
    REASON,
    TODAY,
    a_member,
    a_mission,
    a_team,
    by_name,
    sent_on,
)

pytestmark = pytest.mark.django_db
SATURDAY = datetime(2020, 6, 27, 20, tzinfo=CHINA)


def a_stand_by(team: Team, begin: datetime = SATURDAY, hours: int = 12, **more: Any) -> StandBy:
    values: dict[str, Any] = {"reason": "roster", "minimum_people": 1, **more}
    return open_stand_by(
        by=SYSTEM, team=team, from_at=begin, until_at=begin + timedelta(hours=hours), **values
    )


def team_of(count: int) -> tuple[Team, list[Member]]:
    team = a_team()
    return team, [a_member(team) for _each in range(count)]


def test_a_week_is_cut_into_turns_of_24_hours() -> None:
    team, _people = team_of(2)
    a_stand_by(team, hours=7 * 24, each_hours=24)
    found = list(StandBy.objects.filter(team=team))
    assert len(found) == 7
    assert all(one.until_at == two.from_at for one, two in zip(found, found[1:], strict=False))
    assert turns(SATURDAY, SATURDAY + timedelta(hours=30), 24)[-1][1] == SATURDAY + timedelta(
        hours=30
    )


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"hours": 0}, "rescue.stand_by.reversed"),
        ({"hours": 24 * 93}, "rescue.stand_by.too_long"),
        ({"hours": 24 * 90, "each_hours": 8}, "rescue.stand_by.too_many_turns"),
        ({"minimum_people": 3}, "rescue.cover.above_members"),
        ({"reason": "boredom"}, "rescue.stand_by.reason"),
        ({"begin": NOW - timedelta(days=3)}, "rescue.stand_by.over"),
    ],
)
def test_a_stand_by_that_cannot_be_is_refused(more: dict[str, Any], code: str) -> None:
    team, _people = team_of(2)
    with pytest.raises((Invalid, Conflict)) as refused:
        a_stand_by(team, **more)
    assert refused.value.code == code
    assert not StandBy.objects.filter(team=team).exists()


def test_a_person_takes_a_turn_once_and_none_elsewhere_at_that_time() -> None:
    team, [one, _other] = team_of(2)
    first = a_stand_by(team)
    take_turn(by=SYSTEM, stand_by=first, member=one)
    with pytest.raises(Conflict) as refused:
        take_turn(by=SYSTEM, stand_by=first, member=one)
    assert refused.value.code == "rescue.turn.twice"
    second_team = a_team(kind="relief")
    again = a_member(second_team, person=one.person, insured=False)
    touching = a_stand_by(second_team, SATURDAY + timedelta(hours=11))
    with pytest.raises(Conflict) as refused:
        take_turn(by=SYSTEM, stand_by=touching, member=again)
    assert refused.value.code == "rescue.turn.elsewhere"
    after = a_stand_by(second_team, SATURDAY + timedelta(hours=12))
    take_turn(by=SYSTEM, stand_by=after, member=again)
    assert StandByPlace.objects.count() == 2


def test_whoever_is_off_duty_then_takes_no_turn() -> None:
    team = a_team()
    uninsured, away, other = a_member(team, insured=False), a_member(team), a_member(a_team())
    tell_availability(by=SYSTEM, member=away, state="away", until_at=SATURDAY + timedelta(hours=1))
    stand_by = a_stand_by(team)
    for member, code in (
        (uninsured, "rescue.turn.off_duty"),
        (away, "rescue.turn.off_duty"),
        (other, "rescue.turn.of_another_team"),
    ):
        with pytest.raises((Conflict, Invalid)) as refused:
            take_turn(by=SYSTEM, stand_by=stand_by, member=member)
        assert refused.value.code == code
    assert not StandByPlace.objects.exists()


def test_a_mission_today_does_not_forbid_a_turn_next_week() -> None:
    team, [member] = team_of(1)
    sent_on(a_mission(team, state="there"), member)
    take_turn(by=SYSTEM, stand_by=a_stand_by(team), member=member)


def test_a_turn_given_up_falls_short_and_waits_for_somebody() -> None:
    team, [member] = team_of(1)
    stand_by = a_stand_by(team)
    place = take_turn(by=SYSTEM, stand_by=stand_by, member=member)
    assert short_soon(StandBy.objects.filter(team=team)) == []
    give_up_turn(by=SYSTEM, place=place, reason=REASON)
    [short] = short_soon(StandBy.objects.filter(team=team))
    assert short.pk == stand_by.pk
    tasks = waiting_for(by_name("officer"))
    assert [task.detail for task in tasks if task.state == "now"][0] == "周六晚上起的备勤还差1人"
    with pytest.raises(Conflict):
        give_up_turn(by=SYSTEM, place=place, reason=REASON)


def test_a_swap_is_asked_and_only_a_yes_changes_the_turn() -> None:
    team, [one, two, three] = team_of(3)
    stand_by = a_stand_by(team)
    place = take_turn(by=SYSTEM, stand_by=stand_by, member=one)
    swap = ask_swap(by=SYSTEM, place=place, member=two)
    place.refresh_from_db()
    assert place.given_up_at is None
    with pytest.raises(Conflict) as refused:
        ask_swap(by=SYSTEM, place=place, member=three)
    assert refused.value.code == "rescue.swap.asked"
    decline_swap(by=SYSTEM, swap=swap)
    swap = ask_swap(by=SYSTEM, place=place, member=three)
    accept_swap(by=SYSTEM, swap=swap)
    place.refresh_from_db()
    assert place.swapped_to is not None
    assert place.swapped_to.member_id == three.pk
    now_there = StandByPlace.objects.filter(stand_by=stand_by, given_up_at__isnull=True)
    assert [each.member_id for each in now_there] == [three.pk]
    with pytest.raises(Conflict):
        accept_swap(by=SYSTEM, swap=swap)


def test_a_swap_with_somebody_unready_is_refused_when_asked_and_when_accepted() -> None:
    team, [one, two] = team_of(2)
    unready = a_member(team, insured=False)
    place = take_turn(by=SYSTEM, stand_by=a_stand_by(team), member=one)
    with pytest.raises(Conflict) as refused:
        ask_swap(by=SYSTEM, place=place, member=unready)
    assert refused.value.code == "rescue.turn.off_duty"
    swap = ask_swap(by=SYSTEM, place=place, member=two)
    tell_availability(by=SYSTEM, member=two, state="away")
    with pytest.raises(Conflict):
        accept_swap(by=SYSTEM, swap=swap)
    place.refresh_from_db()
    assert place.given_up_at is None
    assert Swap.objects.get(pk=swap.pk).state == "asked"


def test_leaving_the_team_gives_up_the_coming_turns() -> None:
    team, [member] = team_of(1)
    place = take_turn(by=SYSTEM, stand_by=a_stand_by(team), member=member)
    leave_team(by=SYSTEM, member=member, left_on=TODAY, reason=REASON)
    place.refresh_from_db()
    assert place.given_up_at is not None


def test_a_cancelled_stand_by_takes_no_turns_and_promises_nothing() -> None:
    team, [member] = team_of(1)
    stand_by = a_stand_by(team, NOW - timedelta(hours=1))
    assert cover_needed([team.pk], NOW) == {team.pk: 1}
    cancel_stand_by(by=SYSTEM, stand_by=stand_by, reason=REASON)
    assert cover_needed([team.pk], NOW) == {team.pk: 0}
    with pytest.raises(Conflict):
        take_turn(by=SYSTEM, stand_by=stand_by, member=member)


def test_what_must_stay_at_home_is_the_larger_of_both_promises(
    django_assert_max_num_queries: Any,
) -> None:
    team, _people = team_of(4)
    change_team(by=SYSTEM, team=team, name=team.name, minimum_cover=2)
    bare = a_team()
    a_stand_by(team, NOW - timedelta(hours=1), minimum_people=3)
    with django_assert_max_num_queries(2):
        assert cover_needed([team.pk, bare.pk], NOW) == {team.pk: 3, bare.pk: 0}
    assert cover_needed([team.pk], NOW + timedelta(hours=11)) == {team.pk: 2}


def test_a_night_is_its_evenings_and_a_long_stand_by_every_days(
    django_assert_max_num_queries: Any,
) -> None:
    team, _people = team_of(2)
    a_stand_by(team, minimum_people=2)
    with django_assert_max_num_queries(1):
        [row] = week_of([team], TODAY - timedelta(days=2))
    assert [day.short for day in row.days] == [0, 0, 0, 0, 0, 2, 0]
    a_stand_by(team, SATURDAY - timedelta(days=3), hours=48, minimum_people=1)
    [row] = week_of([team], TODAY - timedelta(days=2))
    assert [day.short for day in row.days] == [0, 0, 1, 1, 1, 2, 0]


def test_the_night_releases_turns_of_people_whose_papers_will_have_run_out() -> None:
    team, [stays, goes, away] = team_of(3)
    stand_by = a_stand_by(team)
    places = {
        each.pk: take_turn(by=SYSTEM, stand_by=stand_by, member=each)
        for each in (stays, goes, away)
    }
    Insurance.objects.filter(person=goes.person).update(covers_to=TODAY + timedelta(days=2))
    tell_availability(by=SYSTEM, member=away, state="away")
    assert release_turns() == 1
    assert release_turns() == 0
    left = StandByPlace.objects.filter(stand_by=stand_by, given_up_at__isnull=True)
    assert {each.pk for each in left} == {places[stays.pk].pk, places[away.pk].pk}
    act = Act.objects.get(verb="rescue.turns.released")
    assert act.actor_name == "honghui rescue nightly"


# ── pages ────────────────────────────────────────────────────────────────────────────────────


def test_a_stand_by_is_opened_filled_and_swapped_on_the_desk(sign_in: Any) -> None:
    team, [one, two] = team_of(2)
    client = sign_in("officer")
    values = {
        "once": "a" * 32, "reason": "flood_season", "from_at": "2020-06-27T20:00",
        "until_at": "2020-06-28T08:00", "each_hours": "", "minimum_people": "2",
    }  # fmt: skip
    assert client.post(f"/desk/teams/{team.pk}/roster/new/", values).status_code == 302
    stand_by = StandBy.objects.get(team=team)
    assert stand_by.from_at == SATURDAY
    page = f"/desk/stand-bys/{stand_by.pk}/"
    assert client.post(page, {"once": "b" * 32, "member": str(one.pk)}).status_code == 302
    assert client.post(page, {"once": "c" * 32, "member": str(one.pk)}).status_code == 422
    english = client.get(f"/en{page}").content.decode()
    assert "Cover short by 1 from Saturday evening on" in english
    place = StandByPlace.objects.get()
    swap = {"once": "d" * 32, "member": str(two.pk)}
    assert client.post(f"/desk/turns/{place.pk}/swap/", swap).status_code == 302
    asked = Swap.objects.get()
    assert two.person.name in client.get(page).content.decode()
    client.post(f"/desk/swaps/{asked.pk}/accept/", {"once": "e" * 32})
    assert StandByPlace.objects.get(given_up_at__isnull=True).member_id == two.pk
    for path in (
        f"/desk/teams/{team.pk}/roster/?week=2020-06-27",
        "/desk/rosters/?week=2020-06-27",
        "/desk/rosters/?week=nonsense",
        f"/desk/stand-bys/{stand_by.pk}/cancel/",
    ):
        assert client.get(path).status_code == 200
        assert client.get(f"/en{path}").status_code == 200


def test_whoever_has_a_turn_and_cannot_come_is_told_on_the_roster(sign_in: Any) -> None:
    team, [member] = team_of(1)
    stand_by = a_stand_by(team)
    take_turn(by=SYSTEM, stand_by=stand_by, member=member)
    path = f"/en/desk/stand-bys/{stand_by.pk}/"
    assert "Off duty" not in sign_in("officer").get(path).content.decode()
    tell_availability(by=SYSTEM, member=member, state="away")
    assert "Off duty" in sign_in("officer").get(path).content.decode()


def test_the_province_sees_the_cover_of_a_county_and_no_names(sign_in: Any) -> None:
    team, [member] = team_of(1)
    stand_by = a_stand_by(team)
    take_turn(by=SYSTEM, stand_by=stand_by, member=member)
    client = sign_in("province")
    for path in (f"/desk/stand-bys/{stand_by.pk}/", f"/desk/teams/{team.pk}/roster/"):
        shown = client.get(path).content.decode()
        assert member.person.name not in shown
        assert "1/1" in shown or "1人" in shown
    answer = client.post(f"/desk/stand-bys/{stand_by.pk}/", {"once": "a" * 32})
    assert answer.status_code == 403


def test_the_week_of_fifty_teams_asks_no_more_than_of_one(
    sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    for _each in range(50):
        a_team()
    client = sign_in("officer")
    client.get("/desk/rosters/")
    with django_assert_max_num_queries(10):
        assert client.get("/desk/rosters/").status_code == 200


def test_expiring_papers_are_listed_by_team_and_wait_for_whoever_keeps_it(sign_in: Any) -> None:
    team = a_team()
    member = a_member(team, certificates=["first_aid"])
    Insurance.objects.filter(person=member.person).update(covers_to=TODAY + timedelta(days=20))
    a_member(team, insured=False)
    client = sign_in("officer")
    shown = client.get("/en/desk/papers/").content.decode()
    assert "20 days left" in shown
    assert "Never on file" in shown
    assert "First aid" not in shown
    assert "65 days left" in client.get("/en/desk/papers/?within=90").content.decode()
    [task] = [one for one in waiting_for(by_name("officer")) if "papers" in one.url]
    assert str(team.pk) in task.url
    assert client.get(task.url).status_code == 200
    assert member.person.name not in sign_in("province").get("/desk/papers/").content.decode()


def test_the_clock_of_a_world_rules_and_not_the_machines() -> None:
    with clock.at(NOW):
        assert clock.now() == NOW
