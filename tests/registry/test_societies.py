"""Societies: founded from the divisions of a day, ended with them, shown as a tree and a page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR, system_actor
from honghui.kernel.errors import Conflict, NotAllowed, NotFound
from honghui.registry import searching
from honghui.registry.actions.divisions import found_societies, load_divisions
from honghui.registry.actions.units import open_unit
from honghui.registry.models import GrassRootsUnit, SearchEntry, Society
from honghui.registry.queries.societies import counts_on, society_page, society_tree

SYSTEM = system_actor("tests")
IN_2019 = date(2019, 1, 1)
IN_2020 = date(2020, 6, 24)
REDRAWN = date(2021, 4, 9)


@pytest.fixture
def empty(db: None) -> None:
    """The world emptied out of the test's own transaction. Only the acts stay: they refuse."""
    labels = ("registry", "kernel")
    found = [each for label in labels for each in apps.get_app_config(label).get_models()]
    tables = ", ".join(model._meta.db_table for model in found)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")
    clock.forget_pin()


@pytest.fixture
def founded(db: None) -> Society:
    """The provincial society of the sample world, where it is 24 June 2020."""
    return Society.objects.get(pk="330000")


def _unit(code: str, name: str, **values: Any) -> GrassRootsUnit:
    society = Society.objects.get(pk=code)
    return open_unit(by=SYSTEM, society=society, name=name, kind="community", **values)


# ── founding and ending ──────────────────────────────────────────────────────────────────────


def test_one_society_a_division(empty: None) -> None:
    load_divisions(by=SYSTEM)
    founded = found_societies(by=SYSTEM, on=IN_2020)
    assert (founded.code, founded.name, founded.name_en) == (
        "330000",
        "浙江省红十字会",
        "Zhejiang Red Cross",
    )
    levels = list(Society.objects.values_list("level", flat=True))
    assert [levels.count(each) for each in ("province", "city", "county")] == [1, 11, 90]
    act = Act.objects.filter(verb="registry.society.founded").latest("pk")
    assert (act.after["founded"], act.after["ended"]) == (102, 0)
    assert len(act.after["codes"]) == 102


@pytest.mark.parametrize(
    ("code", "name", "name_en", "place_name_en", "parent"),
    [
        ("330600", "绍兴市红十字会", "Shaoxing Red Cross", "Shaoxing City", "330000"),
        (
            "330102",
            "上城区红十字会",
            "Shangcheng District Red Cross",
            "Shangcheng District",
            "330100",
        ),
        ("330382", "乐清市红十字会", "Yueqing City Red Cross", "Yueqing City", "330300"),
        (
            "331127",
            "景宁畲族自治县红十字会",
            "Jingning She Autonomous County Red Cross",
            "Jingning She Autonomous County",
            "331100",
        ),
    ],
)
def test_names_and_parents(
    founded: Society, code: str, name: str, name_en: str, place_name_en: str, parent: str
) -> None:
    society = Society.objects.get(pk=code)
    assert (society.name, society.name_en) == (name, name_en)
    assert (society.place_name_en, society.parent_id) == (place_name_en, parent)


def test_a_beginning_we_do_not_know_stays_unknown(founded: Society) -> None:
    known = Society.objects.exclude(began_on=None)
    assert list(known.values_list("code", "began_on")) == [("330383", date(2019, 8, 16))]


def test_founding_again_founds_nothing_and_says_so(founded: Society) -> None:
    before = list(Society.objects.values())
    assert found_societies(by=SYSTEM, on=IN_2020) == founded
    assert list(Society.objects.values()) == before
    act = Act.objects.filter(verb="registry.society.founded").latest("pk")
    assert (act.after["founded"], act.after["ended"], act.after["codes"]) == (0, 0, [])


def test_the_map_of_2021_ends_two_and_founds_two(founded: Society) -> None:
    found_societies(by=SYSTEM, on=date(2022, 1, 1))
    ended = Society.objects.exclude(ended_on=None)
    assert list(ended.values_list("code", "ended_on")) == [
        ("330103", REDRAWN),
        ("330104", REDRAWN),
    ]
    new = Society.objects.filter(began_on=REDRAWN)
    assert [each.name for each in new] == ["临平区红十字会", "钱塘区红十字会"]
    act = Act.objects.filter(verb="registry.society.founded").latest("pk")
    assert act.after["codes"] == ["330113", "330114"]
    assert act.after["codes_ended"] == ["330103", "330104"]
    assert counts_on(date(2020, 6, 24)).counties == counts_on(REDRAWN).counties == 90


def test_longgang_came_in_2019(empty: None) -> None:
    load_divisions(by=SYSTEM)
    found_societies(by=SYSTEM, on=IN_2019)
    assert Society.objects.count() == 101
    found_societies(by=SYSTEM, on=IN_2020)
    assert Society.objects.count() == 102


def test_without_divisions_nothing_is_founded(empty: None) -> None:
    with pytest.raises(Conflict) as caught:
        found_societies(by=SYSTEM, on=IN_2020)
    assert caught.value.code == "registry.divisions.missing"


def test_only_the_system_founds(founded: Society) -> None:
    with pytest.raises(NotAllowed):
        found_societies(by=VISITOR, on=IN_2020)


@pytest.mark.parametrize("query", ["绍兴", "shaoxing", "sx", "绍兴市红", "Shaoxing Red"])
def test_a_society_is_found_by_name_place_and_pinyin(founded: Society, query: str) -> None:
    entry = searching.entries(query)[0]
    assert (entry.object_id, entry.is_public, entry.rank) == ("330600", True, 2)
    assert entry.kind == SearchEntry.Kind.SOCIETY


def test_a_city_finds_its_counties_after_itself(founded: Society) -> None:
    societies = searching.entries("绍兴").filter(kind=SearchEntry.Kind.SOCIETY)
    found = [entry.object_id for entry in societies]
    assert found[0] == "330600"
    assert set(found[1:]) == {"330602", "330603", "330604", "330624", "330681", "330683"}


def test_yueqing_is_found_as_it_is_spoken(founded: Society) -> None:
    assert searching.entries("yueqing")[0].object_id == "330382"


# ── the tree and the figures ─────────────────────────────────────────────────────────────────


def test_the_tree_in_two_queries(founded: Society, django_assert_max_num_queries: Any) -> None:
    _unit("330604", "新社区红十字会")
    with django_assert_max_num_queries(2):
        province = society_tree(IN_2020)
    assert province is not None
    assert (province.code, len(province.branches)) == ("330000", 11)
    assert [city.code for city in province.branches] == sorted(
        city.code for city in province.branches
    )
    assert sum(len(city.branches) for city in province.branches) == 90
    shaoxing = next(city for city in province.branches if city.code == "330600")
    shangyu = next(county for county in shaoxing.branches if county.code == "330604")
    assert (shangyu.place_name, shangyu.units) == ("上虞区", 1)
    assert shaoxing.units == 0
    assert shaoxing.units_below == sum(county.units for county in shaoxing.branches)


def test_before_the_first_society_there_is_no_tree(empty: None) -> None:
    assert society_tree(IN_2020) is None
    assert counts_on(IN_2020).societies == 0


def test_counts_in_three_queries(founded: Society, django_assert_max_num_queries: Any) -> None:
    before = counts_on(IN_2020)
    _unit("330602", "新社区红十字会")
    _unit("330600", "新社区红十字会")
    _unit("330103", "新社区红十字会", opened_on=date(2020, 6, 25))
    with django_assert_max_num_queries(3):
        counts = counts_on(IN_2020)
    assert (counts.provinces, counts.cities, counts.counties) == (1, 11, 90)
    assert (counts.societies, counts.units) == (102, before.units + 2)
    by_city = {city.code: (city.counties, city.units) for city in counts.by_city}
    units_before = {city.code: city.units for city in before.by_city}
    assert by_city["330600"] == (6, units_before["330600"] + 2)
    assert by_city["330100"] == (13, units_before["330100"])
    assert sum(counties for counties, _units in by_city.values()) == 90
    assert counts_on(date(2020, 6, 25)).units == before.units + 3


def test_a_closed_unit_counts_until_the_day_it_closed(founded: Society) -> None:
    before = counts_on(IN_2020).units
    unit = _unit("330602", "新社区红十字会")
    GrassRootsUnit.objects.filter(pk=unit.pk).update(closed_on=date(2020, 6, 20))
    assert counts_on(date(2020, 6, 19)).units == before + 1
    assert counts_on(date(2020, 6, 20)).units == before


# ── the page ─────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_a_county_in_six_queries(
    founded: Society, django_assert_max_num_queries: Any
) -> None:
    _unit("330327", "新社区红十字会")
    with django_assert_max_num_queries(6):
        page = society_page("330327")
        shown = [each.name for each in (page.society, *page.parents)]
        kinds = [(unit.name, unit.kind, unit.organisation) for unit in page.units]
        changes = [(edge.before.code, edge.after.code, edge.kind) for edge in page.changes]
    assert shown == ["苍南县红十字会", "浙江省红十字会", "温州市红十字会"]
    assert kinds == [("新社区红十字会", "community", None)]
    assert changes == [("330327", "330327", "boundary"), ("330327", "330383", "split")]


def test_the_page_of_the_province_has_eleven_branches(
    founded: Society, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        page = society_page("330000")
    assert page.parents == ()
    assert len(page.branches) == 11


def test_the_page_knows_nothing_of_later_years(founded: Society) -> None:
    assert society_page("330103").changes == ()


def test_the_page_tells_former_branches(founded: Society) -> None:
    found_societies(by=SYSTEM, on=date(2022, 1, 1))
    with clock.at(datetime(2022, 1, 1, 9, 0, tzinfo=clock.CHINA)):
        page = society_page("330100")
        assert len(page.branches) == 13
        assert [each.place_name for each in page.former_branches] == ["下城区", "江干区"]
        assert len(society_page("330103").changes) == 1


@pytest.mark.parametrize("code", ["", "330371", "999999", "x' OR 1=1"])
def test_what_never_was_a_society_is_not_found(founded: Society, code: str) -> None:
    with pytest.raises(NotFound):
        society_page(code)
