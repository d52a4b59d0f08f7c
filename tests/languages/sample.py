"""A small map, a few things, and random clauses, spendings, measures and facts over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from honghui.record.clauses import (
    Approvers,
    AttestedText,
    Cap,
    Dates,
    Decision,
    Items,
    Limit,
    Places,
    Uses,
)
from honghui.record.facts import Fact
from honghui.record.judging import Spending
from honghui.record.measures import INFLOWS, OUTFLOWS, Measure
from honghui.record.pools import Pool
from honghui.record.references import Item, Lot

AT = "2020-06-20T01:00Z"
DAYS = [date(2020, 6, 1) + timedelta(days=n) for n in range(6)]
# What lies within what; 330602 is a county of 330600, and that a city of 330000.
PLACES = {"330602": "330600", "330600": "330000", "330100": "330000", "330000": None}
ITEMS = {"blanket": "bedding", "bedding": "goods", "torch": "goods", "goods": None}
SOCIETIES = {"330600": "330000", "330100": "330000", "330602": "330600", "330000": None}
USES = ["relief", "overhead", "fee", "award"]


def _way(table: dict[str, str | None], code: str) -> Sequence[str]:
    found: list[str] = []
    at: str | None = code if code in table else None
    while at is not None:
        found.append(at)
        at = table[at]
    return found


class Map:
    def places_around(self, place: str) -> Sequence[str]:
        return _way(PLACES, place)

    def kinds_of(self, item: str) -> Sequence[str]:
        return _way(ITEMS, item)

    def societies_above(self, society: str) -> Sequence[str]:
        return _way(SOCIETIES, society)

    def lot(self, commodity: str) -> Lot | None:
        item, dash, number = commodity.partition("-")
        if not dash:
            return None
        value: dict[str, Any] = {}
        if number == "1":
            value = {"value_fen": 100, "value_of": 3, "value_basis": "invoice",
                     "value_on": DAYS[0]}  # fmt: skip
        return Lot(id="1" * 32, recorded_at=AT, code=commodity, item=item, **value)

    def item(self, code: str) -> Item | None:
        unit = "pair" if code == "blanket" else "piece"
        return Item(id="1" * 32, recorded_at=AT, code=code, unit=unit)


MAP = Map()


def some(values: Sequence[str], least: int = 1) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True).map(tuple)


days = st.none() | st.sampled_from(DAYS)
clauses = st.one_of(
    st.builds(Uses, only=some(USES)),
    st.builds(Places, within=some(list(PLACES))),
    st.builds(Items, kinds=some(list(ITEMS))),
    st.builds(Dates, what=st.sampled_from(["received", "used"]), first=days, last=days),
    st.builds(Cap, uses=some(USES), share_bp=st.integers(0, 10_000)),
    st.builds(Limit, currency=st.sampled_from(["CNY", "USD"]), quantity=st.integers(1, 100)),
    st.builds(
        Decision, currency=st.just("CNY"), above=st.integers(0, 100), approvers=st.integers(1, 3),
        body=st.sampled_from([None, "committee", "council"]),
    ),
    st.builds(Approvers, at_least=st.integers(1, 3)),
    st.builds(AttestedText, text=st.sampled_from(["a" * 64, "b" * 64])),
)  # fmt: skip
acts = ["gift", "use", "purchase", "transfer_out", "shrink", "cover", "move"]
spendings = st.builds(
    Spending,
    act=st.sampled_from(acts),
    use=st.sampled_from([*USES, None, "cover"]),
    commodity=st.sampled_from(["CNY", "USD", "blanket-1", "torch-2"]),
    quantity=st.integers(1, 120),
    item=st.sampled_from([None, "blanket", "torch"]),
    place=st.sampled_from([None, *PLACES, "nowhere"]),
    occurred_on=st.sampled_from(DAYS),
    approvers=st.integers(0, 3),
    decision=st.none() | st.tuples(st.sampled_from(["committee", "council"]), st.integers(1, 3)),
    attested=st.frozensets(st.integers(1, 6)),
)


class Purse:
    """What was received and used of a purpose, as it is said."""

    def __init__(self, received: int, used: dict[str, int]) -> None:
        self._received = received
        self._used = used

    def received(self, _currency: str) -> int:
        return self._received

    def used(self, _currency: str, use: str) -> int:
        return self._used.get(use, 0)


purses = st.builds(
    Purse,
    received=st.integers(0, 1000),
    used=st.dictionaries(st.sampled_from(USES), st.integers(0, 200)),
)
pools = st.builds(
    Pool,
    society=st.sampled_from(list(SOCIETIES)),
    purpose=st.sampled_from(["flood", "school"]),
    source=st.sampled_from(["donation", "own"]),
    commodity=st.sampled_from(["CNY", "USD", "blanket-1", "blanket-2", "torch-1"]),
    place=st.sampled_from(list(PLACES)),
    stage=st.sampled_from(["on_hand", "shortfall"]),
)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    flow = draw(st.sampled_from([None, *INFLOWS, *OUTFLOWS]))
    quantity = draw(st.integers(1, 50))
    back = flow == "used" and draw(st.booleans())
    gains = flow in INFLOWS or back or (flow is None and draw(st.booleans()))
    transfer = flow in ("transferred_in", "transferred_out")
    return Fact(
        act=draw(st.sampled_from(["gift", "use", "move"])),
        flow=flow,
        pool=draw(pools),
        change=quantity if gains else -quantity,
        occurred_on=draw(st.sampled_from(DAYS)),
        use=draw(st.sampled_from([None, *USES])) if flow == "used" else None,
        place=draw(st.sampled_from([None, *PLACES])) if flow == "used" else None,
        recipients=draw(st.integers(0, 20)) if flow == "used" else 0,
        counterparty=draw(st.sampled_from(list(SOCIETIES))) if transfer else None,
    )


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    held = draw(st.booleans())
    return Measure(
        take=draw(st.sampled_from(["quantity", "value", "steps", "recipients"]))
        if not held
        else draw(st.sampled_from(["quantity", "value"])),
        flows=() if held else draw(some([*INFLOWS, *OUTFLOWS])),  # type: ignore[arg-type]
        held=held,
        societies=draw(some(list(SOCIETIES))),
        with_branches=draw(st.booleans()),
        acts=draw(some(["gift", "use"], 0)),  # type: ignore[arg-type]
        purposes=draw(some(["flood", "school"], 0)),
        sources=draw(some(["donation", "own"], 0)),  # type: ignore[arg-type]
        commodities=draw(some(["CNY", "USD", "blanket-1", "torch-1"], 0)),
        items=draw(some(list(ITEMS), 0)),
        uses=draw(some(USES, 0)),
        stages=draw(some(["on_hand", "shortfall"], 0)),  # type: ignore[arg-type]
        places=draw(some(list(PLACES), 0)),
        first=None if held else draw(days),
        last=None if held else draw(days),
    )
