"""Figures as people type them, and distances: pure rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honghui.kernel.errors import Invalid
from honghui.rescue.rules.bearings import Mark, bearing_degrees, chart, compass, distance_metres
from honghui.rescue.rules.figures import understand

UNITS = ("person", "person_time", "household", "room", "mu", "yuan")

# Issue 370 and other newsletters write them so.
TYPED = """
近400人|400 under person
80余人|80 over person
30余名|30 over person
约三十户|30 about household
４００人|400 exact person
１，２００人次|1200 exact person_time
114万元|1140000 exact yuan
84万余元|840000 over yuan
1.2亿元|120000000 exact yuan
80余万元|800000 over yuan
十余万元|100000 over yuan
上百人|100 over person
百余人|100 over person
近百人|100 under person
三百二十人|320 exact person
一百零五人|105 exact person
两千三|2300 exact person
两百五|250 exact person
一万二千人|12000 exact person
二〇|20 exact person
廿五人|25 exact person
五十几人|50 over person
30人左右|30 about person
30人以上|30 over person
不到20人|20 under person
超过 50 人|50 over person
至少80人|80 over person
约80余人|80 about person
1.5万人|15000 exact person
12户30间|12 exact household, 30 exact room
12户、约30间|12 exact household, 30 about room
受灾不详|!
不详|None exact person
待核|None exact person
无|0 exact person
0|0 exact person
about 400 people|400 about person
over 1,200|1200 over person
nearly 30 persons|30 under person
more than 5k people|5000 over person
fewer than 10|10 under person
12 households and 30 rooms|12 exact household, 30 exact room
unknown|None exact person
none|0 exact person
7 people or more|7 over person
""".strip().splitlines()


@pytest.mark.parametrize("line", TYPED)
def test_a_figure_is_read_as_it_was_told(line: str) -> None:
    text, _bar, wanted = line.partition("|")
    if wanted == "!":
        with pytest.raises(Invalid):
            understand(text, UNITS)
        return
    found = [f"{one.value} {one.qualifier} {one.unit}" for one in understand(text, UNITS)]
    assert ", ".join(found) == wanted


@pytest.mark.parametrize("text", ["", "  ", "—", "-", "　"])
def test_an_empty_line_tells_nothing(text: str) -> None:
    assert understand(text, UNITS) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("数十人", "vague"),
        ("几十名", "vague"),
        ("若干户", "vague"),
        ("-3", "negative"),
        ("−3人", "negative"),
        ("30-40人", "unclear"),
        ("3.5人", "not_whole"),
        ("12栋", "wrong_unit"),
        ("30人40人", "twice"),
        ("很多很多", "unclear"),
        ("约", "unclear"),
        ("9" * 20, "too_large"),
        ("1" * 500, "unclear"),
        ("=1+1", "unclear"),
        ("12人间", "unclear"),
    ],
)
def test_what_is_no_figure_is_never_made_into_one(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        understand(text, UNITS)
    assert refused.value.code == f"rescue.figure.{code}"


@given(st.text(max_size=40))
def test_whatever_is_typed_it_is_read_or_refused(text: str) -> None:
    try:
        found = understand(text, UNITS)
    except Invalid:
        return
    assert all(one.value is None or one.value >= 0 for one in found)


@given(st.integers(min_value=0, max_value=10**9))
def test_a_plain_number_comes_back(number: int) -> None:
    assert [one.value for one in understand(f"{number:,}人", UNITS)] == [number]


# ── distances ────────────────────────────────────────────────────────────────────────────────

WENLING = (28_451_200, 121_410_300)
HANGZHOU = (30_274_100, 120_155_100)


def test_distances_and_directions_are_those_of_the_map() -> None:
    # 236 km as the crow flies, towards the north-west.
    assert 232_000 < distance_metres(WENLING, HANGZHOU) < 240_000
    assert compass(bearing_degrees(WENLING, HANGZHOU)) == 7
    assert distance_metres(WENLING, WENLING) == 0


def test_the_nearest_is_number_one_and_everything_lies_inside() -> None:
    marks = [Mark("base", "杭州", HANGZHOU), Mark("base", "近", (28_460_000, 121_420_000))]
    drawn = chart(WENLING, marks)
    assert drawn is not None
    assert [each.mark.name for each in drawn.drawn] == ["近", "杭州"]
    assert all(0 <= float(part) <= 400 for each in drawn.drawn for part in (each.x, each.y))
    assert [km for _radius, km in drawn.rings] == [100, 200, 500]
    assert chart(WENLING, []) is None
