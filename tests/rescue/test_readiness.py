"""The plan for the season beside what there is; stand-by without turning out; drills."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from honghui.kernel.errors import Invalid, NotAllowed, NotFound
from honghui.kernel.tables import read_pasted
from honghui.registry.models import Society
from honghui.rescue.actions.gear import inspect_vehicle, list_vehicle
from honghui.rescue.actions.readiness import count_stock, make_plan, set_targets
from honghui.rescue.actions.teams import suspend_team
from honghui.rescue.models import ReadinessPlan, StandBy
from honghui.rescue.queries.readiness import Readiness, current_plan, readiness
from honghui.rescue.queries.targets import read_targets, targets_as_table
from honghui.rescue.readiness_map import readiness_map
from honghui.rescue.rules.readiness import Cell, Target, met, share
from tests.registry.samples import SYSTEM
from tests.rescue.team_samples import NOW, REASON, TODAY, a_member, a_mission, a_team, by_name

WENLING, YONGJIA = "331081", "330324"


def a_plan(society: str = "330000") -> ReadinessPlan:
    return make_plan(
        by=SYSTEM, society=Society.objects.get(pk=society), title="样例备汛计划",
        from_on=date(2020, 4, 15), until_on=date(2020, 10, 15),
    )  # fmt: skip


def planned(*targets: Target, society: str = "330000") -> ReadinessPlan:
    return set_targets(by=SYSTEM, plan=a_plan(society), targets=list(targets))


def cell_of(found: Readiness, code: str, measure: str) -> Cell:
    row = next(row for row in found.rows if row.society.pk == code)
    return next(cell for cell in row.cells if cell.measure == measure)


def test_what_nobody_counted_is_not_zero_and_counts_as_missing() -> None:
    cell = Cell("tents", target=5, actual=None, is_typed=True)
    assert cell.is_met is False
    assert cell.short == 5
    assert Cell("tents", target=None, actual=3).is_met is None


def test_where_nothing_was_planned_and_nothing_is_there_no_zero_stands() -> None:
    assert Cell("boats", target=None, actual=0).is_idle
    assert Cell("tents", target=None, actual=None, is_typed=True).is_idle
    for cell in (
        Cell("boats", target=2, actual=0),
        Cell("boats", target=None, actual=1),
        Cell("tents", target=None, actual=0, as_of=NOW, is_typed=True),
    ):
        assert not cell.is_idle


@given(some.lists(some.tuples(some.integers(0, 9), some.integers(0, 9)), max_size=9))
def test_a_plan_is_whole_only_when_every_target_is_met(pairs: list[tuple[int, int]]) -> None:
    done, wanted = met(Cell("boats", target, actual) for target, actual in pairs)
    assert (share(done, wanted) == 100) == (
        bool(pairs) and all(actual >= target for target, actual in pairs)
    )
    assert share(0, 0) is None


@pytest.mark.django_db
def test_rows_are_counted_and_typed_numbers_stand_marked_with_their_time() -> None:
    plan = planned(
        *(Target(WENLING, measure, value) for measure, value in
          (("teams", 1), ("ready", 2), ("boats", 2), ("family_kits", 100), ("tents", 5))),
    )  # fmt: skip
    team = a_team(WENLING)
    a_member(team)
    a_member(team, insured=False)
    for name in ("样例一号艇", "样例二号艇"):
        boat = list_vehicle(by=SYSTEM, team=team, kind="boat", name=name)
    inspect_vehicle(by=SYSTEM, vehicle=boat, inspected_on=TODAY, is_fit=False)
    wenling = Society.objects.get(pk=WENLING)
    counted = NOW - timedelta(days=3)
    for value, at in ((80, counted), (500, counted - timedelta(days=9))):
        count_stock(by=SYSTEM, society=wenling, measure="family_kits", value=value, counted_at=at)
    found = readiness(by_name("province"), plan)
    assert cell_of(found, WENLING, "teams").actual == 1
    assert cell_of(found, WENLING, "ready").actual == 1
    assert cell_of(found, WENLING, "boats").actual == 1
    kits = cell_of(found, WENLING, "family_kits")
    assert (kits.actual, kits.as_of, kits.is_typed) == (80, counted, True)
    assert cell_of(found, WENLING, "tents").actual is None
    assert (found.met, found.planned) == (1, 5)
    suspend_team(by=SYSTEM, team=team, reason=REASON)
    assert cell_of(readiness(by_name("province"), plan), WENLING, "ready").actual == 0


@pytest.mark.django_db
def test_a_society_sees_its_own_row_of_the_provinces_plan_and_no_sisters() -> None:
    plan = planned(Target(WENLING, "boats", 2), Target("330600", "boats", 2))
    rows = readiness(by_name("officer"), plan).rows
    assert [row.society.pk for row in rows] == ["330600"]
    assert current_plan(by_name("officer")) == plan
    other = planned(Target(WENLING, "boats", 2), society="331000")
    with pytest.raises(NotFound):
        set_targets(by=by_name("officer"), plan=other, targets=[])
    with pytest.raises(NotAllowed):
        set_targets(by=by_name("officer"), plan=plan, targets=[])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "targets",
    [
        [Target("330000", "boats", 1)],
        [Target("331000", "cannons", 1)],
        [Target("331000", "boats", 1), Target("331000", "boats", 2)],
        [Target("331000", "boats", -1)],
        [Target("999999", "boats", 1)],
    ],
)
def test_targets_that_cannot_be_change_nothing(targets: list[Target]) -> None:
    plan = planned(Target("331081", "teams", 1), society="331000")
    with pytest.raises(Invalid):
        set_targets(by=SYSTEM, plan=plan, targets=targets)
    assert [each.measure for each in plan.targets.all()] == ["teams"]


@pytest.mark.django_db
def test_stock_is_counted_by_hand_only_where_rows_do_not_count() -> None:
    shaoxing = Society.objects.get(pk="330600")
    for values in (
        {"measure": "boats", "value": 1},
        {"measure": "tents", "value": -1},
        {"measure": "tents", "value": 1, "counted_at": NOW + timedelta(hours=1)},
    ):
        with pytest.raises(Invalid):
            count_stock(by=SYSTEM, society=shaoxing, **values)


@pytest.mark.django_db
def test_a_plan_goes_out_as_a_table_and_comes_back_the_same() -> None:
    plan = planned(Target(WENLING, "boats", 2), Target(YONGJIA, "tents", 30))
    table = targets_as_table(plan)
    read = read_targets(plan, read_pasted(table))
    assert read.faults == []
    assert set(read.targets) == {Target(WENLING, "boats", 2), Target(YONGJIA, "tents", 30)}


@pytest.mark.django_db
def test_a_plan_with_faults_names_row_and_column() -> None:
    plan = a_plan("331000")
    read = read_targets(
        plan, read_pasted("代码\t红会\t可用艇\n331081\t\t１２\n330600\t\t1\n331003\t\t许多")
    )
    assert read.targets == [Target("331081", "boats", 12)]
    assert [(fault.row, fault.column) for fault in read.faults] == [(3, "A"), (4, "C")]
    assert read_targets(plan, read_pasted("随便")).faults[0].row == 0


@pytest.mark.django_db
def test_stand_by_without_turning_out_is_told_from_one_that_turned_out() -> None:
    plan = planned(Target(WENLING, "teams", 1))
    team = a_team(WENLING)
    a_member(team)

    def stood(days_ago: int) -> StandBy:
        begin = NOW - timedelta(days=days_ago)
        return StandBy.objects.create(
            team=team, reason="flood_season", from_at=begin, minimum_people=1,
            until_at=begin + timedelta(days=1),
        )  # fmt: skip

    quiet, went, running = stood(9), stood(5), stood(0)
    a_mission(team, at=went.from_at + timedelta(hours=2), state="back")
    a_mission(team, at=quiet.from_at + timedelta(hours=2), state="back", is_drill=True)
    a_mission(team, at=quiet.from_at + timedelta(hours=3), state="declined")
    found = readiness(by_name("province"), plan)
    said = {one.stand_by.pk: (one.turned_out, one.is_running) for one in found.stand_bys}
    assert said == {quiet.pk: (False, False), went.pk: (True, False), running.pk: (False, True)}
    assert (found.quiet, found.quiet_hours) == (2, 24)
    [drill] = found.drills
    assert drill.last is not None
    assert drill.last.is_drill


@pytest.mark.django_db
def test_the_map_shows_counties_or_cities_as_the_plan_does() -> None:
    counties = readiness(by_name("province"), planned(Target(WENLING, "boats", 0)))
    grid = readiness_map(counties.rows)
    assert grid is not None
    tiles = {tile.code: tile.value for tile in grid.tiles}
    assert (tiles[WENLING], tiles[YONGJIA]) == (100, None)
    cities = readiness_map(
        readiness(by_name("province"), planned(Target("330600", "boats", 9))).rows
    )
    assert cities is not None
    assert {tile.code: tile.value for tile in cities.tiles}["330600"] == 0


@pytest.mark.django_db
def test_the_whole_way_on_the_desk(sign_in: Any) -> None:
    client = sign_in("province")
    assert client.get("/desk/readiness/").status_code == 200
    values = {
        "once": "a" * 32, "society": "330000", "title": "二〇二〇年备汛", "title_en": "Floods 2020",
        "from_on": "2020-04-15", "until_on": "2020-10-15",
    }  # fmt: skip
    assert client.post("/desk/readiness/new/", values).status_code == 302
    plan = ReadinessPlan.objects.get(title_en="Floods 2020")
    path = f"/desk/readiness/{plan.pk}/targets/"
    assert WENLING in client.get(path).content.decode()
    bad = {"once": "b" * 32, "pasted": f"代码\t可用艇\n{WENLING}\t两"}
    assert client.post(path, bad).status_code == 422
    good = {"once": "b" * 32, "pasted": f"代码\t可用艇\t帐篷\n{WENLING}\t2\t10"}
    assert client.post(path, good).status_code == 302
    shown = client.get("/en/desk/readiness/").content.decode()
    assert "0 of 2 targets met" in shown
    assert "not counted" in shown
    stock = {"once": "c" * 32, "society": "330000", "measure": "tents", "value": "12"}
    assert client.post("/desk/readiness/count/", stock).status_code == 302
    assert client.get(f"/desk/readiness/{plan.pk}/").status_code == 200


@pytest.mark.django_db
def test_readiness_of_ninety_counties_asks_no_more_than_of_one(
    sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    counties = Society.objects.filter(level="county").values_list("code", flat=True)
    planned(*(Target(code, "boats", 1) for code in counties))
    for code in counties[:20]:
        a_team(code)
    client = sign_in("province")
    client.get("/desk/readiness/")
    with django_assert_max_num_queries(28):
        assert client.get("/desk/readiness/").status_code == 200
