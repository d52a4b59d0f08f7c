"""Divisions and their history: read, loaded, asked about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import connection

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR, Actor, Grant, system_actor
from honghui.kernel.errors import CannotRun, Conflict, NotAllowed
from honghui.registry import divisions
from honghui.registry.actions.divisions import load_divisions
from honghui.registry.cli import divisions as divisions_command
from honghui.registry.divisions import Table, read_table
from honghui.registry.models import Division, DivisionSuccession
from honghui.registry.models.divisions import Level
from honghui.registry.queries import divisions as queries

SYSTEM = system_actor("tests")
NEW_YEAR_2019 = date(2019, 1, 1)
IN_2020 = date(2020, 6, 24)
DAY_BEFORE = date(2021, 4, 8)
REDRAWN = date(2021, 4, 9)
IN_2024 = date(2024, 1, 1)

# Every county of today with the English name it has on road signs and in the province's own
# English publications: written down here by hand, not computed.
COUNTIES = """
330102 Shangcheng District|330105 Gongshu District|330106 Xihu District|330108 Binjiang District
330109 Xiaoshan District|330110 Yuhang District|330111 Fuyang District|330112 Lin'an District
330113 Linping District|330114 Qiantang District|330122 Tonglu County|330127 Chun'an County
330182 Jiande City|330203 Haishu District|330205 Jiangbei District|330206 Beilun District
330211 Zhenhai District|330212 Yinzhou District|330213 Fenghua District|330225 Xiangshan County
330226 Ninghai County|330281 Yuyao City|330282 Cixi City|330302 Lucheng District
330303 Longwan District|330304 Ouhai District|330305 Dongtou District|330324 Yongjia County
330326 Pingyang County|330327 Cangnan County|330328 Wencheng County|330329 Taishun County
330381 Rui'an City|330382 Yueqing City|330383 Longgang City|330402 Nanhu District
330411 Xiuzhou District|330421 Jiashan County|330424 Haiyan County|330481 Haining City
330482 Pinghu City|330483 Tongxiang City|330502 Wuxing District|330503 Nanxun District
330521 Deqing County|330522 Changxing County|330523 Anji County|330602 Yuecheng District
330603 Keqiao District|330604 Shangyu District|330624 Xinchang County|330681 Zhuji City
330683 Shengzhou City|330702 Wucheng District|330703 Jindong District|330723 Wuyi County
330726 Pujiang County|330727 Pan'an County|330781 Lanxi City|330782 Yiwu City
330783 Dongyang City|330784 Yongkang City|330802 Kecheng District|330803 Qujiang District
330822 Changshan County|330824 Kaihua County|330825 Longyou County|330881 Jiangshan City
330902 Dinghai District|330903 Putuo District|330921 Daishan County|330922 Shengsi County
331002 Jiaojiang District|331003 Huangyan District|331004 Luqiao District|331022 Sanmen County
331023 Tiantai County|331024 Xianju County|331081 Wenling City|331082 Linhai City
331083 Yuhuan City|331102 Liandu District|331121 Qingtian County|331122 Jinyun County
331123 Suichang County|331124 Songyang County|331125 Yunhe County|331126 Qingyuan County
331127 Jingning She Autonomous County|331181 Longquan City
"""
CITIES = [
    "Hangzhou City",
    "Ningbo City",
    "Wenzhou City",
    "Jiaxing City",
    "Huzhou City",
    "Shaoxing City",
    "Jinhua City",
    "Quzhou City",
    "Zhoushan City",
    "Taizhou City",
    "Lishui City",
]


@pytest.fixture(scope="module")
def table() -> Table:
    return read_table()


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
def loaded(db: None) -> Division:
    """The divisions as they stand in the sample world."""
    return Division.objects.get(code="330000")


@pytest.fixture
def later(db: None) -> Iterator[None]:
    with clock.at(datetime(2024, 1, 1, 9, 0, tzinfo=clock.CHINA)):
        yield


def _codes(rows: list[Division]) -> list[str]:
    return [row.code for row in rows]


# ── the files ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "counties"),
    [
        (None, 89),
        (NEW_YEAR_2019, 89),
        (date(2019, 8, 15), 89),
        (date(2019, 8, 16), 90),
        (IN_2020, 90),
        (DAY_BEFORE, 90),
        (REDRAWN, 90),
        (IN_2024, 90),
    ],
)
def test_every_day_has_its_number_of_counties(
    table: Table, day: date | None, counties: int
) -> None:
    assert len(table.on(day, Level.COUNTY)) == counties
    assert len(table.on(day, Level.CITY)) == 11
    assert len(table.on(day, Level.PROVINCE)) == 1


def test_today_has_37_districts_20_cities_and_33_counties(table: Table) -> None:
    words = [row.name_en.rsplit(" ", 1)[-1] for row in table.on(IN_2024, Level.COUNTY)]
    assert [words.count(word) for word in ("District", "City", "County")] == [37, 20, 33]


def test_hangzhou_had_thirteen_before_and_after(table: Table) -> None:
    for day in (DAY_BEFORE, REDRAWN):
        hangzhou = [row for row in table.on(day, Level.COUNTY) if row.parent_code == "330100"]
        assert len(hangzhou) == 13


def test_the_development_zone_of_wenzhou_is_never_a_county(tmp_path: Path) -> None:
    """The list of an older package has it; ours leaves it out whichever package it is."""
    vendor = _copy_of_vendor(tmp_path)
    areas = json.loads((vendor / "areas.json").read_text())
    areas.append({"code": "330371", "name": "温州经济技术开发区", "provinceCode": "33"})
    (vendor / "areas.json").write_text(json.dumps(areas))
    assert "330371" not in {row.code for row in read_table(vendor=vendor).rows}


def test_rows_of_one_code_follow_each_other_without_gap(table: Table) -> None:
    by_code: dict[str, list[divisions.Row]] = {}
    for row in table.rows:
        by_code.setdefault(row.code, []).append(row)
    for rows in by_code.values():
        for earlier, next_row in zip(rows, rows[1:], strict=False):
            assert earlier.valid_to == next_row.valid_from


def test_every_english_name_is_the_right_one(table: Table) -> None:
    wanted = dict(
        each.split(" ", 1) for line in COUNTIES.strip().splitlines() for each in line.split("|")
    )
    found = {row.code: row.name_en for row in table.on(IN_2024, Level.COUNTY)}
    assert len(wanted) == 90
    assert found == wanted
    assert [row.name_en for row in table.on(IN_2024, Level.CITY)] == CITIES
    assert divisions.english_name("浙江省") == "Zhejiang Province"
    assert divisions.english_name("下城区") == "Xiacheng District"
    assert divisions.english_name("江干区") == "Jianggan District"


def test_a_missing_file_is_said_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(CannotRun) as caught:
        read_table(vendor=tmp_path)
    assert caught.value.code == "divisions.file_missing"
    assert caught.value.hint


def _without(code: str) -> Any:
    return lambda areas: [each for each in areas if each["code"] != code]


@pytest.mark.parametrize(
    "change",
    [
        _without("330383"),
        _without("330602"),
        _without("330110"),
        lambda areas: [*areas, {"code": "330103", "name": "下城区"}],
        lambda areas: [*areas, {"code": "330199", "name": "样例区"}],
        lambda areas: {"not": "a list"},
        lambda areas: [{"id": "330102"}],
    ],
)
def test_another_list_than_the_one_we_know_is_refused(tmp_path: Path, change: Any) -> None:
    vendor = _copy_of_vendor(tmp_path)
    areas = json.loads((vendor / "areas.json").read_text())
    (vendor / "areas.json").write_text(json.dumps(change(areas)))
    with pytest.raises(CannotRun) as caught:
        read_table(vendor=vendor)
    assert caught.value.code == "divisions.not_as_expected"


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    vendor = _copy_of_vendor(tmp_path)
    (vendor / "cities.json").write_bytes(b'[{"code": "33\xff')
    with pytest.raises(CannotRun) as caught:
        read_table(vendor=vendor)
    assert caught.value.code == "divisions.not_as_expected"


def _copy_of_vendor(folder: Path) -> Path:
    for file in ("provinces.json", "cities.json", "areas.json"):
        (folder / file).write_bytes((divisions.VENDOR / file).read_bytes())
    return folder


# ── loading ──────────────────────────────────────────────────────────────────────────────────


def test_loading_stores_every_row_and_edge(empty: None, table: Table) -> None:
    loaded = load_divisions(by=SYSTEM)
    assert (loaded.code, loaded.name) == ("330000", "浙江省")
    assert Division.objects.count() == len(table.rows) == 109
    assert DivisionSuccession.objects.count() == len(table.edges) == 11
    act = Act.objects.filter(verb="registry.divisions.loaded").latest("pk")
    assert act.after["divisions_added"] == 109
    assert act.after["successions_added"] == 11


def test_loading_again_changes_nothing_and_says_so(
    loaded: Division, django_assert_max_num_queries: Any
) -> None:
    before = list(Division.objects.values().order_by("pk"))
    edges = list(DivisionSuccession.objects.values().order_by("pk"))
    with django_assert_max_num_queries(14):
        again = load_divisions(by=SYSTEM)
    assert again.pk == loaded.pk
    assert list(Division.objects.values().order_by("pk")) == before
    assert list(DivisionSuccession.objects.values().order_by("pk")) == edges
    act = Act.objects.filter(verb="registry.divisions.loaded").latest("pk")
    assert act.after == {"divisions_added": 0, "divisions_changed": 0, "successions_added": 0}


def test_loading_catches_up_with_a_change_of_the_map(loaded: Division) -> None:
    """As if the installation had been loaded in 2020, from data that ended there."""
    DivisionSuccession.objects.filter(on=REDRAWN).delete()
    Division.objects.filter(valid_from=REDRAWN).delete()
    assert Division.objects.filter(valid_to=REDRAWN).update(valid_to=None) == 6
    ids = dict(Division.objects.values_list("code", "pk"))
    load_divisions(by=SYSTEM)
    assert len(queries.counties_on(IN_2024)) == 90
    assert queries.division_on("330102", IN_2020).pk == ids["330102"]  # type: ignore[union-attr]
    act = Act.objects.filter(verb="registry.divisions.loaded").latest("pk")
    assert act.after == {"divisions_added": 6, "divisions_changed": 6, "successions_added": 9}


def test_a_stored_row_our_data_do_not_know_is_never_dropped(loaded: Division) -> None:
    Division.objects.create(
        code="339999", name="样例区", name_en="", level=Level.COUNTY, parent_code="330100"
    )
    with pytest.raises(Conflict) as caught:
        load_divisions(by=SYSTEM)
    assert caught.value.code == "registry.divisions.unknown_stored"


@pytest.mark.parametrize(
    "by", [VISITOR, Actor(grants=frozenset({Grant("administrator", "330000")}))]
)
def test_only_the_system_loads(empty: None, by: Actor) -> None:
    with pytest.raises(NotAllowed):
        load_divisions(by=by)
    assert not Division.objects.exists()


# ── asking ───────────────────────────────────────────────────────────────────────────────────


def test_a_record_of_2020_prints_xiacheng(
    loaded: Division, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(1):
        assert queries.name_on("330103", IN_2020) == "下城区"
    assert queries.name_on("330103", DAY_BEFORE) == "下城区"
    assert queries.name_on("330103", REDRAWN) == ""
    assert queries.name_on("330113", DAY_BEFORE) == ""
    assert queries.name_on("330113", REDRAWN) == "临平区"
    assert queries.division_on("990100", IN_2020) is None


def test_a_code_that_stayed_is_another_division_after(loaded: Division) -> None:
    before, after = (queries.division_on("330102", day) for day in (DAY_BEFORE, REDRAWN))
    assert before and after
    assert before.pk != after.pk
    assert before.name == after.name == "上城区"


@pytest.mark.parametrize(
    ("code", "day", "codes"),
    [
        ("330103", IN_2020, ["330105"]),
        ("330104", IN_2020, ["330102", "330114"]),
        ("330102", IN_2020, ["330102"]),
        ("330110", IN_2020, ["330110", "330113"]),
        ("330109", IN_2020, ["330109", "330114"]),
        ("330106", IN_2020, ["330106"]),
        ("330327", NEW_YEAR_2019, ["330327", "330383"]),
        ("330103", IN_2024, []),
    ],
)
@pytest.mark.usefixtures("later")
def test_successors(
    loaded: Division,
    django_assert_max_num_queries: Any,
    code: str,
    day: date,
    codes: list[str],
) -> None:
    with django_assert_max_num_queries(2):
        found = queries.successors(code, day)
    assert _codes(found) == codes
    assert all(row.valid_to is None for row in found)


@pytest.mark.parametrize(
    ("code", "day", "codes"),
    [
        ("330102", IN_2024, ["330102", "330104"]),
        ("330105", IN_2024, ["330103", "330105"]),
        ("330114", IN_2024, ["330104", "330109"]),
        ("330113", IN_2024, ["330110"]),
        ("330383", IN_2024, ["330327"]),
        ("330102", IN_2020, ["330102"]),
    ],
)
def test_origins(
    loaded: Division,
    django_assert_max_num_queries: Any,
    code: str,
    day: date,
    codes: list[str],
) -> None:
    with django_assert_max_num_queries(2):
        assert _codes(queries.origins(code, day)) == codes


def test_a_pinned_world_knows_nothing_of_what_came_later(loaded: Division) -> None:
    with clock.at(datetime(2020, 6, 24, 9, 0, tzinfo=clock.CHINA)):
        assert _codes(queries.successors("330103", IN_2020)) == ["330103"]


def test_changes_between_two_days(loaded: Division, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        told = [
            (edge.before.code, edge.after.code, edge.kind)
            for edge in queries.changes_between(NEW_YEAR_2019, IN_2020)
        ]
    assert told == [("330327", "330327", "boundary"), ("330327", "330383", "split")]
    assert len(queries.changes_between(DAY_BEFORE, REDRAWN)) == 9
    assert queries.changes_between(REDRAWN, IN_2024) == []


def test_counties_on_a_day(loaded: Division, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        found = queries.counties_on(IN_2020)
    assert len(found) == 90
    assert {"330103", "330104"} <= set(_codes(found))
    assert not {"330113", "330114", "330371"} & set(_codes(found))


# ── the command line ─────────────────────────────────────────────────────────────────────────


def test_the_commands_load_and_check(empty: None) -> None:
    run = CliRunner().invoke
    assert run(divisions_command, ["check"]).exit_code == 1
    assert "109 rows" in run(divisions_command, ["load"]).output
    checked = run(divisions_command, ["check"])
    assert checked.exit_code == 0
    assert "2021-04-09: 90 counties known, 90 stored" in checked.output


def test_a_command_that_cannot_run_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails() -> Table:
        return read_table(vendor=tmp_path)

    monkeypatch.setattr("honghui.registry.divisions.read_table", fails)
    refused = CliRunner().invoke(divisions_command, ["check"]).exception
    assert isinstance(refused, CannotRun)
    assert "provinces.json" in str(refused)
