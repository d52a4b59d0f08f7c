from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from honghui.record.facts import Fact
from honghui.record.figures import Cube
from honghui.record.measure_words import measure_in_words
from honghui.record.measures import INFLOWS, OUTFLOWS, Measure
from tests.languages.sample import DAYS, MAP, SOCIETIES, facts, measures


def cube_of(some: list[Fact], *measures: Measure) -> Cube:
    ends = {one.first for one in measures} | {
        one.last + timedelta(days=1) for one in measures if one.last
    }
    cube = Cube(day for day in ends if day)
    for fact in some:
        cube.add(fact)
    return cube


def counts(fact: Fact, measure: Measure) -> bool:
    """Whether a fact is one of those that a measure asks for: its docstring, word by word."""
    pool = fact.pool
    if measure.with_branches:
        scope = {one for one in SOCIETIES if set(MAP.societies_above(one)) & set(measure.societies)}
    else:
        scope = set(measure.societies)
    several = measure.with_branches or len(measure.societies) > 1
    if several and fact.counterparty in scope and not measure.held:
        return False
    lot = MAP.lot(pool.commodity)
    kinds = MAP.kinds_of(lot.item) if lot else ()
    place = pool.place if measure.held else fact.place
    return (
        pool.society in scope
        and (measure.held or fact.flow in measure.flows)
        and (measure.held or not measure.acts or fact.act in measure.acts)
        and (not measure.purposes or pool.purpose in measure.purposes)
        and (not measure.sources or pool.source in measure.sources)
        and (not measure.commodities or pool.commodity in measure.commodities)
        and (not measure.items or bool(set(kinds) & set(measure.items)))
        and (measure.held or not measure.uses or fact.use in measure.uses)
        and (not measure.held or not measure.stages or pool.stage in measure.stages)
        and (not measure.places or bool(set(MAP.places_around(place or "")) & set(measure.places)))
        and (measure.first is None or fact.occurred_on >= measure.first)
        and (measure.last is None or fact.occurred_on <= measure.last)
    )


def naive(some: list[Fact], measure: Measure) -> int:
    """One fact after the other, from the list."""
    found = [fact for fact in some if counts(fact, measure)]
    by_lot: defaultdict[str, int] = defaultdict(int)
    total = 0
    for fact in found:
        gain = fact.change if measure.held or fact.flow in INFLOWS else -fact.change
        forth = measure.held or gain > 0
        if measure.take == "steps":
            total += forth
        elif measure.take == "recipients":
            total += fact.recipients if forth else 0
        elif measure.take == "quantity":
            total += gain
        else:
            by_lot[fact.pool.commodity] += gain
    for commodity, quantity in by_lot.items():
        lot = MAP.lot(commodity)
        if commodity == "CNY":
            total += quantity
        elif lot and lot.value_fen is not None and lot.value_of is not None:
            total += quantity * lot.value_fen // lot.value_of
    return total


@settings(max_examples=500)
@given(some=st.lists(facts(), max_size=25), measure=measures())
def test_a_figure_is_what_the_list_of_facts_gives(some: list[Fact], measure: Measure) -> None:
    assert cube_of(some, measure).value(measure, MAP).value == naive(some, measure)


@given(some=st.lists(facts(), max_size=25), measure=measures(), cut=st.sampled_from(DAYS))
def test_two_windows_add_up_to_one(some: list[Fact], measure: Measure, cut: object) -> None:
    if measure.held or measure.take == "value":
        return
    whole = replace(measure, first=None, last=None)
    before = replace(whole, last=cut)
    after = replace(whole, first=cut + timedelta(days=1))  # type: ignore[operator]
    cube = cube_of(some, whole, before, after)
    assert (
        cube.value(before, MAP).value + cube.value(after, MAP).value == cube.value(whole, MAP).value
    )


@given(some=st.lists(facts(), max_size=30))
def test_a_roll_up_is_the_sum_of_its_parts_less_what_passed_between_them(
    some: list[Fact],
) -> None:
    flows = ("received", "transferred_in")
    cube = cube_of(some)
    one = Measure(flows=flows, societies=("330000",), with_branches=True, take="steps")
    parts = [
        cube.value(replace(one, societies=(code,), with_branches=False), MAP).value
        for code in SOCIETIES
    ]
    between = sum(fact.flow == "transferred_in" for fact in some)
    assert cube.value(one, MAP).value == sum(parts) - between


@given(some=st.lists(facts(), max_size=30))
def test_in_less_out_is_held(some: list[Fact]) -> None:
    some = [fact for fact in some if fact.flow is not None]
    cube = cube_of(some)
    base = Measure(societies=("330600",), commodities=("CNY",))
    flow = {
        name: cube.value(replace(base, flows=(name,)), MAP).value for name in (*INFLOWS, *OUTFLOWS)
    }
    held = cube.value(replace(base, held=True), MAP).value
    assert held == sum(flow[one] for one in INFLOWS) - sum(flow[one] for one in OUTFLOWS)


def test_units_tell_what_was_added_up() -> None:
    from honghui.record.pools import Pool

    def fact(commodity: str) -> Fact:
        pool = Pool(
            society="330600", purpose="flood", source="donation", commodity=commodity,
            place="330600",
        )  # fmt: skip
        return Fact("gift", "received", pool, 3, DAYS[0])

    cube = cube_of([fact("CNY"), fact("USD"), fact("blanket-1"), fact("torch-1")])
    asked = Measure(flows=("received",), societies=("330600",))
    assert cube.value(asked, MAP).units == {"fen", "USD", "pair", "piece"}
    assert cube.value(replace(asked, commodities=("CNY",)), MAP).units == {"fen"}
    assert cube.value(replace(asked, take="value"), MAP) == (3 + 100 + 100, frozenset({"fen"}))
    assert cube.value(replace(asked, take="steps"), MAP).units == {"steps"}


def test_memory_grows_with_what_differs_and_not_with_the_facts() -> None:
    cube = Cube([DAYS[1]])
    for at in range(2000):
        pool_fact = FACT._replace(occurred_on=DAYS[at % 6], change=1)
        cube.add(pool_fact)
    assert sum(len(rows) for rows in cube._rows.values()) == 2, "before the window, and in it"


def _fact() -> Fact:
    from honghui.record.pools import Pool

    pool = Pool(
        society="330600", purpose="flood", source="donation", commodity="CNY", place="330600"
    )
    return Fact("gift", "received", pool, 1, DAYS[0])


FACT = _fact()


def test_a_measure_is_a_sentence() -> None:
    measure = Measure(
        flows=("received",), societies=("330600",), with_branches=True, sources=("donation",),
        commodities=("CNY",), first=DAYS[0], last=DAYS[5],
    )  # fmt: skip
    assert measure_in_words(
        measure, "zh", names=lambda _kind, code: {"CNY": "人民币"}.get(code)
    ) == (
        "330600及其下级红会（相互之间的往来已抵销），2020-06-01至2020-06-06，来自捐赠，人民币，"
        "收到，合计。"
    )
    assert measure_in_words(measure, "en") == (
        "330600 and all below, what passed between them left out; from 2020-06-01 to 2020-06-06; "
        "out of donations; of CNY; received; the sum."
    )


@given(measure=measures())
def test_every_measure_has_a_sentence_in_both_languages(measure: Measure) -> None:
    zh, en = measure_in_words(measure, "zh"), measure_in_words(measure, "en")
    assert zh.endswith("。")
    assert en.endswith(".")
    assert zh != en
