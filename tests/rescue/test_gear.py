"""Gear and vehicles: listed, counted, inspected, issued, back to the last piece."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from honghui.kernel.errors import Conflict, Invalid
from honghui.rescue.actions.gear import (
    count_gear,
    inspect_gear,
    inspect_vehicle,
    issue_gear,
    list_gear,
    list_vehicle,
    retire_vehicle,
    return_gear,
)
from honghui.rescue.models import Gear, GearIssue, Inspection, Team
from honghui.rescue.queries.gear import stock_of
from honghui.rescue.queries.tasks import waiting_for
from honghui.rescue.rules.gear import Back, check_back
from tests.registry.samples import SYSTEM
from tests.rescue.team_samples import REASON, TODAY, a_mission, a_team, by_name


def some_gear(quantity: int = 10, **more: Any) -> Gear:
    values: dict[str, Any] = {"kind": "light", "name": "样例照明灯", "quantity": quantity, **more}
    return list_gear(by=SYSTEM, team=values.pop("team", None) or a_team(), **values)


@pytest.mark.django_db
def test_gear_goes_out_for_training_and_to_a_mission_and_comes_back() -> None:
    gear = some_gear()
    training = issue_gear(by=SYSTEM, gear=gear, quantity=4, note="周末训练")
    mission = a_mission(gear.team, state="called")
    issue_gear(by=SYSTEM, gear=gear, quantity=6, mission=mission)
    with pytest.raises(Conflict) as refused:
        issue_gear(by=SYSTEM, gear=gear, quantity=1)
    assert refused.value.code == "rescue.gear.not_at_hand"
    return_gear(by=SYSTEM, issue=training, returned=1, damaged=1, lost=1, used_up=1)
    gear.refresh_from_db()
    assert (gear.quantity, gear.damaged) == (8, 1)
    assert stock_of(gear).at_hand == 1
    with pytest.raises(Conflict):
        return_gear(by=SYSTEM, issue=training, returned=4)


@pytest.mark.django_db
@pytest.mark.parametrize("returned", [0, 3, 5])
def test_every_piece_is_accounted_for_or_nothing_is_written(returned: int) -> None:
    gear = some_gear()
    issue = issue_gear(by=SYSTEM, gear=gear, quantity=4)
    with pytest.raises(Invalid) as refused:
        return_gear(by=SYSTEM, issue=issue, returned=returned)
    assert refused.value.code == "rescue.gear.not_accounted"
    assert GearIssue.objects.get(pk=issue.pk).returned_at is None


@given(some.integers(1, 99), some.integers(0, 99), some.integers(0, 99), some.integers(0, 99))
def test_back_is_right_only_when_it_adds_up(out: int, damaged: int, lost: int, used: int) -> None:
    rest = out - damaged - lost - used
    if rest >= 0:
        check_back(out, Back(rest, damaged, lost, used))
    with pytest.raises(Invalid):
        check_back(out, Back(max(rest, 0) + 1, damaged, lost, used))


@pytest.mark.django_db
def test_gear_of_another_team_goes_to_no_mission_of_this_one() -> None:
    gear = some_gear()
    with pytest.raises(Invalid):
        issue_gear(by=SYSTEM, gear=gear, quantity=1, mission=a_mission(a_team(), state="called"))


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["closed", "declined", "cancelled"])
def test_gear_goes_to_no_mission_that_is_over(state: str) -> None:
    """Whoever closed it had counted everything."""
    gear = some_gear()
    with pytest.raises(Conflict) as refused:
        issue_gear(by=SYSTEM, gear=gear, quantity=1, mission=a_mission(gear.team, state=state))
    assert refused.value.code == "rescue.mission.over"
    assert not GearIssue.objects.exists()


@pytest.mark.django_db
def test_a_count_cannot_lose_what_is_out() -> None:
    gear = some_gear()
    issue_gear(by=SYSTEM, gear=gear, quantity=6)
    for quantity, damaged in ((5, 0), (8, 3), (3, 4)):
        with pytest.raises((Invalid, Conflict)):
            count_gear(by=SYSTEM, gear=gear, quantity=quantity, damaged=damaged, reason=REASON)
    assert count_gear(by=SYSTEM, gear=gear, quantity=9, damaged=2, reason=REASON).quantity == 9


@pytest.mark.django_db
def test_the_same_gear_twice_on_a_list_is_refused() -> None:
    gear = some_gear()
    with pytest.raises(Conflict):
        some_gear(team=gear.team)
    with pytest.raises(Invalid):
        some_gear(team=gear.team, name="样例別的", kind="chariot")


@pytest.mark.django_db
def test_an_inspection_of_the_future_is_refused() -> None:
    gear = some_gear()
    for inspected_on, next_due_on in (
        (TODAY + timedelta(days=1), None),
        (TODAY, TODAY),
        (TODAY, TODAY + timedelta(days=366 * 6)),
    ):
        with pytest.raises(Invalid):
            inspect_gear(
                by=SYSTEM, gear=gear, inspected_on=inspected_on, is_fit=True,
                next_due_on=next_due_on,
            )  # fmt: skip
    assert not Inspection.objects.exists()


@pytest.mark.django_db
def test_unfit_gear_stays_at_home_until_it_was_inspected_again() -> None:
    gear = some_gear()
    inspect_gear(by=SYSTEM, gear=gear, inspected_on=TODAY, is_fit=False)
    with pytest.raises(Conflict) as refused:
        issue_gear(by=SYSTEM, gear=gear, quantity=1)
    assert refused.value.code == "rescue.gear.unfit"
    inspect_gear(by=SYSTEM, gear=gear, inspected_on=TODAY - timedelta(days=9), is_fit=True)
    gear.refresh_from_db()
    assert not gear.is_fit, "one that is noted late does not undo a later look"
    inspect_gear(by=SYSTEM, gear=gear, inspected_on=TODAY, is_fit=True)
    issue_gear(by=SYSTEM, gear=gear, quantity=1)


def overdue_team() -> Team:
    team = a_team()
    boat = list_vehicle(by=SYSTEM, team=team, kind="boat", name="样例艇", plate="浙样A12345")
    inspect_vehicle(
        by=SYSTEM, vehicle=boat, inspected_on=TODAY - timedelta(days=400), is_fit=True,
        next_due_on=TODAY - timedelta(days=1),
    )  # fmt: skip
    assert boat.plate_tail == "2345"
    return team


@pytest.mark.django_db
def test_an_overdue_inspection_is_warned_of_and_waits_for_somebody(sign_in: Any) -> None:
    team = overdue_team()
    [task] = [one for one in waiting_for(by_name("officer")) if "gear" in one.url]
    assert task.state == "now"
    shown = sign_in("officer").get(f"/en/desk/teams/{team.pk}/gear/").content.decode()
    assert "Inspection overdue" in shown
    assert "1 inspection overdue" not in shown
    retire_vehicle(by=SYSTEM, vehicle=team.vehicles.get(), retired_on=TODAY, reason=REASON)
    assert [one for one in waiting_for(by_name("officer")) if "gear" in one.url] == []
    with pytest.raises(Conflict):
        retire_vehicle(by=SYSTEM, vehicle=team.vehicles.get(), retired_on=TODAY, reason=REASON)


@pytest.mark.django_db
def test_gear_is_listed_issued_and_back_on_the_desk(sign_in: Any) -> None:
    team, client = a_team(), sign_in("officer")
    values = {"once": "a" * 32, "kind": "pump", "name": "样例水泵", "quantity": "3", "unit": "item"}
    assert client.post(f"/desk/teams/{team.pk}/gear/new/", values).status_code == 302
    gear = team.gear.get()
    client.post(f"/desk/gear/{gear.pk}/issue/", {"once": "b" * 32, "quantity": "2"})
    issue = gear.issues.get()
    back = {"once": "c" * 32, "returned": "2", "damaged": "1", "lost": "0", "used_up": "0"}
    assert client.post(f"/desk/gear-issues/{issue.pk}/back/", back).status_code == 422
    assert (
        client.post(f"/desk/gear-issues/{issue.pk}/back/", {**back, "returned": "1"}).status_code
        == 302
    )
    boat = {"once": "d" * 32, "kind": "boat", "name": "样例艇", "plate": "", "seats": "8"}
    assert client.post(f"/desk/teams/{team.pk}/vehicles/new/", boat).status_code == 302
    vehicle = team.vehicles.get()
    for path in (
        f"teams/{team.pk}/gear/", f"gear/{gear.pk}/count/", f"gear/{gear.pk}/inspect/",
        f"vehicles/{vehicle.pk}/inspect/", f"vehicles/{vehicle.pk}/retire/",
    ):  # fmt: skip
        assert client.get(f"/desk/{path}").status_code == 200
        assert client.get(f"/en/desk/{path}").status_code == 200
    assert client.get(f"/desk/gear/{gear.pk}/juggle/").status_code == 404
