from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honghui.kernel.errors import Invalid
from honghui.kernel.measures import AsOf, Measure, Qualifier, text, total
from honghui.kernel.units import Unit, unit

NOON = AsOf(datetime(2020, 6, 24, 4, tzinfo=UTC), record=1200)
EXACT, ABOUT, OVER, UNDER = Qualifier
QUALIFIERS = st.sampled_from(Qualifier)


def people(
    value: int | None,
    covers: str = "",
    qualifier: Qualifier = EXACT,
    *,
    counted_in: Unit | None = None,
    as_of: AsOf = NOON,
    cumulative: bool = False,
) -> Measure:
    return Measure(
        value,
        counted_in or unit("person"),
        as_of,
        "全省",
        qualifier,
        frozenset(covers.split()),
        cumulative,
    )


def refusal(*measures: Measure) -> str:
    with pytest.raises(Invalid) as refused:
        total(measures, scope="全省")
    return refused.value.code


@pytest.mark.parametrize(
    ("qualifier", "chinese", "english"),
    [
        (EXACT, "400人", "400 people"),
        (ABOUT, "约400人", "about 400 people"),
        (OVER, "超过400人", "over 400 people"),
        (UNDER, "不足400人", "under 400 people"),
    ],
)
def test_a_figure_says_how_surely_it_is_known(
    qualifier: Qualifier, chinese: str, english: str
) -> None:
    measure = people(400, qualifier=qualifier)
    assert text(measure, language="zh-hans") == chinese
    assert text(measure, language="en") == english


def test_money_is_shown_in_yuan() -> None:
    money = people(1_284_630_000, counted_in=unit("fen"), qualifier=ABOUT)
    assert text(money, language="zh") == "约12,846,300.00元"


def test_an_unknown_figure_says_so_and_is_not_zero() -> None:
    assert text(people(None), language="zh-hans") == "不详"
    assert text(people(None), language="en") == "not known"
    assert total([people(None, "a"), people(3, "b")], scope="全省").value is None


def test_separate_parts_add_up() -> None:
    result = total([people(3, "330602"), people(4, "330603 330604", OVER)], scope="绍兴")
    assert (result.value, result.qualifier, result.scope) == (7, OVER, "绍兴")
    assert result.covers == {"330602", "330603", "330604"}
    assert result.as_of == NOON


def test_nothing_that_may_be_counted_twice_is_added() -> None:
    later = AsOf(NOON.at, record=1201)
    assert refusal() == "measures.nothing"
    assert refusal(people(1, "a"), people(1, "b", cumulative=True)) == "measures.cumulative"
    assert refusal(people(1, "a"), people(1, "b", counted_in=unit("box"))) == "measures.units"
    assert refusal(people(1, "a"), people(1, "b", as_of=later)) == "measures.as_of"
    assert refusal(people(1, "a"), people(1, "a b")) == "measures.overlap"
    assert refusal(people(1, "a"), people(1)) == "measures.undeclared"


def test_one_moment_in_two_zones_is_one_moment() -> None:
    beijing = AsOf(NOON.at.astimezone(timezone(timedelta(hours=8))), record=1200)
    assert total([people(1, "a"), people(2, "b", as_of=beijing)], scope="全省").value == 3


def test_a_moment_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        AsOf(datetime(2020, 6, 24))  # noqa: DTZ001


@pytest.mark.parametrize("value", [1.0, True])
def test_a_figure_is_a_whole_number(value: object) -> None:
    with pytest.raises(Invalid):
        Measure(value, unit("person"), NOON, "全省")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "sum_"),
    [
        (EXACT, EXACT, EXACT),
        (EXACT, OVER, OVER),
        (UNDER, EXACT, UNDER),
        (OVER, OVER, OVER),
        (OVER, UNDER, ABOUT),
        (ABOUT, EXACT, ABOUT),
        (ABOUT, OVER, ABOUT),
    ],
)
def test_a_sum_claims_no_more_than_its_parts(
    one: Qualifier, other: Qualifier, sum_: Qualifier
) -> None:
    assert one.joined(other) == sum_


def test_the_order_of_parts_does_not_change_the_claim() -> None:
    for one, two, three in product(Qualifier, repeat=3):
        assert one.joined(two) == two.joined(one)
        assert one.joined(two).joined(three) == one.joined(two.joined(three))


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), QUALIFIERS), min_size=1, max_size=8))
def test_a_total_of_declared_parts_is_their_sum(parts: list[tuple[int, Qualifier]]) -> None:
    measures = [people(value, f"part{n}", each) for n, (value, each) in enumerate(parts)]
    result = total(measures, scope="全省")
    assert result.value == sum(value for value, _each in parts)
    assert len(result.covers) == len(parts)
    assert (result.qualifier is EXACT) == all(each is EXACT for _value, each in parts)
