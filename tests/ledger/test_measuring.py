"""Every figure that the database adds up is what the records give by the definition: of random
societies with every act there is, over several windows, as of several records."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest

from honghui.audit.flows import facts_of
from honghui.kernel.errors import Refused
from honghui.ledger.measuring import log_size, measured, waiting_of
from honghui.ledger.world import the_world
from honghui.record.entries import Entry
from honghui.record.figures import Cube
from honghui.record.measures import INFLOWS, OUTFLOWS, Measure
from honghui.record.schemas import Record, reread
from tests.audit.bookkeeper import SOCIETIES
from tests.audit.societies import random_society
from tests.ledger import books

FIRST, BEFORE, LAST = date(2020, 6, 17), date(2020, 6, 19), date(2020, 6, 20)
WINDOWS = ((date(2020, 1, 1), date(2020, 12, 31)), (FIRST, BEFORE), (LAST, LAST))
ONE_DAY = timedelta(days=1)


def by_definition(log: list[Record], first: date, last: date) -> Cube:
    cube = Cube((first, last + ONE_DAY))
    for record in log:
        if isinstance(record, Entry):
            for fact in facts_of(record):
                cube.add(fact)
    return cube


def content(cube: Cube, society: str) -> Counter[tuple[Any, ...]]:
    """All that a measure over this one society can come upon: quantities, steps, what is held."""
    found: Counter[tuple[Any, ...]] = Counter()
    for flow in (*INFLOWS, *OUTFLOWS):
        for key, row in cube._rows.get((society, flow), {}).items():
            *told, _counterparty, slot = key
            found[flow, "quantity", slot, *told] += row.quantity
            found[flow, "steps", slot, *told] += row.steps
    for where, quantity in cube._held[society].items():
        found["held", *where] += quantity
    return Counter({key: count for key, count in found.items() if count})


@pytest.mark.parametrize("seed", range(1, 4))
def test_the_database_gives_every_figure_that_the_records_give(committed: str, seed: int) -> None:
    books.keep(random_society(seed, 300).records)
    log = [reread(data) for data in books.log()]
    whole = [at for at, one in enumerate(log) if not (isinstance(one, Entry) and one.part > 1)]
    seen: set[object] = set()
    for first, last in WINDOWS:
        for as_of in (whole[len(whole) // 2], whole[len(whole) * 3 // 4], len(log)):
            cube = by_definition(log[:as_of], first, last)
            for society in SOCIETIES:
                found = measured(society, first, last, as_of=as_of)
                expected = content(cube, society)
                assert content(found.cube, society) == expected, (first, last, as_of)
                seen |= {key[0] for key in expected}
                for measure in some_measures(society, first, last):
                    assert found.value(measure) == cube.value(measure, the_world()), measure
    assert seen >= {
        "received", "transferred_in", "transferred_out", "converted_in", "converted_out",
        "repurposed_in", "repurposed_out", "used", "returned", "covered", "held",
    }  # fmt: skip


def some_measures(society: str, first: date, last: date) -> list[Measure]:
    """With goods by kind and value too, which the lots' own records decide."""
    of: Any = {"societies": (society,)}
    days: Any = {"first": first, "last": last}
    return [
        Measure(held=True, commodities=("CNY",), **of),
        Measure(held=True, items=("goods",), **of),
        Measure(held=True, items=("blanket",), take="value", **of),
        Measure(flows=INFLOWS, items=("goods",), **days, **of),
        Measure(flows=OUTFLOWS, commodities=("CNY",), last=first - ONE_DAY, **of),
        Measure(flows=("received",), acts=("gift",), take="steps", **days, **of),
        Measure(flows=("used",), uses=("relief",), places=("330600",), first=first, **of),
    ]


def test_what_waits_is_counted_by_society_and_is_in_no_figure(committed: str) -> None:
    groups = books.grouped(random_society(1, 120).records)
    books.keep(one for group in groups[:-40] for one in group)
    size = log_size()
    assert size == sum(map(len, groups[:-40]))
    assert waiting_of("330600") == 0
    before = content(measured("330600", FIRST, LAST, as_of=size).cube, "330600")
    entries: Counter[str] = Counter()
    for group in groups[-40:]:
        # What leans on something that waits itself is refused.
        with suppress(Refused):
            books.book(group)
            if isinstance(group[0], Entry):
                entries[group[0].society] += 1
    assert {code: waiting_of(code) for code in SOCIETIES} == {
        code: entries[code] for code in SOCIETIES
    }
    assert entries["330600"]
    assert log_size() == size
    assert content(measured("330600", FIRST, LAST, as_of=size).cube, "330600") == before
