"""The picture of a purpose between two days, of random societies: what comes into each node is what
leaves it, and every edge is what the records say, one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from msgspec.structs import replace

from honghui.kernel.errors import Refused
from honghui.ledger.flows import Flow, Node, flows
from honghui.record.entries import Entry
from honghui.record.pools import Pool
from honghui.record.schemas import Record, reread
from honghui.record.steps import In, Leg, Link
from tests.audit.societies import random_society
from tests.ledger import books
from tests.ledger.flows_by_hand import by_hand
from tests.ledger.test_lineage import between_parts

PURPOSES = ("general", "flood", "school", "ended")
# All of a random society happens on these days; reversals fall on a later one than their gifts.
FIRST, BEFORE, LAST = date(2020, 6, 17), date(2020, 6, 19), date(2020, 6, 20)
EVER = date(1, 1, 1), date(9999, 12, 31)
WINDOWS = (EVER, (FIRST, FIRST), (BEFORE, BEFORE), (LAST, LAST), (FIRST, BEFORE), (BEFORE, LAST))


def check_conservation(found: list[Flow]) -> None:
    came: Counter[Node] = Counter()
    left: Counter[Node] = Counter()
    for one in found:
        assert one.quantity > 0
        came[one.after] += one.becomes
        left[one.before] += one.quantity
    inner = {node for node in [*came, *left] if node.kind == "books"}
    for node in inner:
        assert came[node] == left[node], node


def some_split(records: list[Record]) -> bool:
    """Whether a gift is given back on another day."""
    days = {one.id: one.occurred_on for one in records if isinstance(one, Entry)}
    return any(
        isinstance(one, Entry) and one.of and one.act == "reversal"
        and days[one.of] != one.occurred_on
        for one in records
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_every_edge_is_what_the_records_say_and_nothing_gets_lost(
    committed: str, seed: int
) -> None:
    society = random_society(seed, 300)
    books.keep(society.records)
    log = [reread(data) for data in books.log()]
    assert some_split(log)
    seen: set[str | None] = set()
    for purpose in PURPOSES:
        for since, until in WINDOWS:
            for as_of in (None, len(log) // 2, len(log) * 3 // 4, between_parts(log)):
                found = flows(purpose, since, until, as_of=as_of)
                check_conservation(found)
                assert len(set(found)) == len(found)
                assert set(found) == by_hand(log[:as_of], purpose, since, until)
                seen |= {one.act for one in found}
                seen |= {node.kind for one in found for node in (one.before, one.after)}
    assert seen >= {
        "held_before", "came", "from_purpose", "books", "to_purpose", "ended", "held_after",
        "ahead_before", "gift", "use", "change_of_purpose", "reversal", "refund",
        "purchase", "pack",
    }  # fmt: skip
    assert not seen & {"transfer_out", "reserve", "release", "decide"}


def link(pool: Pool, into: Pool, quantity: int) -> Link:
    return Link(into=into, quantity=quantity, parts=((Leg(pool=pool, quantity=quantity),),))


def test_a_transfer_is_one_edge_between_two_societies(committed: str) -> None:
    society = random_society(0, 0)
    ours = society.pool("330000", purpose="general")
    way = replace(ours, stage="in_transit", ref=society.name())
    theirs = society.pool("330100", purpose="general")
    society.entry("gift", "330000", In(pool=ours, quantity=10), occurred_on=FIRST)
    sent = society.entry(
        "transfer_out", "330000", link(ours, way, 6), occurred_on=BEFORE, counterparty="330100"
    )
    society.entry(
        "transfer_in", "330100", link(way, theirs, 4), of=sent.id, counterparty="330000",
        occurred_on=LAST,
    )  # fmt: skip
    books.keep(society.records)
    sender, accepter = (Node("books", "CNY", code) for code in ("330000", "330100"))
    edges = flows("general", *EVER)
    gift = Node("came", "CNY", act="gift", source="donation")
    assert {one for one in edges if one.act} == {
        Flow("gift", gift, sender, 10, 10, 1),
        Flow("transfer_in", sender, accepter, 4, 4, 1),
    }
    held = {(one.after.society, one.after.stage): one.quantity for one in edges if not one.act}
    assert held == {
        ("330000", "on_hand"): 4, ("330000", "in_transit"): 2, ("330100", "on_hand"): 4
    }  # fmt: skip
    # Sent, and not accepted by then: no edge but what is held.
    assert not [one for one in flows("general", BEFORE, BEFORE) if one.act]


def test_what_another_purpose_pays_for_our_goods_is_told_to_the_last_fen(committed: str) -> None:
    """The last fen buys less than a blanket, so nothing comes in with it."""
    society = random_society(0, 0)
    other = society.pool("330000", purpose="general")
    legs = [(other, 1), (replace(other, place="330100"), 5)]
    into = society.pool(
        "330000", purpose="flood", commodity=society.lot("blanket", 3), place="store"
    )
    for pool, quantity in legs:
        society.entry("gift", "330000", In(pool=pool, quantity=quantity), occurred_on=FIRST)
    part = tuple(Leg(pool=pool, quantity=quantity) for pool, quantity in legs)
    society.entry(
        "purchase", "330000", Link(into=into, quantity=2, parts=(part,)), occurred_on=LAST
    )
    books.keep(society.records)
    (bought, _held) = sorted(flows("flood", *EVER), key=lambda one: not one.act)
    assert (bought.act, bought.before.purpose, bought.after.commodity) == (
        "purchase", "general", into.commodity
    )  # fmt: skip
    assert bought[3:] == (6, 2, 1)
    check_conservation(flows("flood", *EVER))


@pytest.mark.django_db
def test_nothing_is_known_of_an_unknown_purpose() -> None:
    assert flows("nobody-named-it-so", *EVER) == []


def test_days_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(Refused) as refusal:
        flows("general", LAST, FIRST)
    assert refusal.value.code == "ledger.flows.days"
    assert "2020-06-20" in str(refusal.value)
