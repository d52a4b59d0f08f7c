"""Lineage both ways, of every gift and every use of random societies, against points that are
moved one by one; also as of an earlier record."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from honghui.ledger import lineage
from honghui.record.entries import Entry
from honghui.record.pools import Pool, in_words
from honghui.record.schemas import Record, reread
from honghui.record.steps import In, Out
from tests.audit.bookkeeper import TODAY
from tests.audit.societies import random_society
from tests.audit.stating import Stating
from tests.ledger import books
from tests.ledger.flows_by_hand import whole_entries
from tests.ledger.points import Points

GIFTS = ("gift", "appropriation", "earning", "shortfall")
USES = ("use", "loss", "stocktake", "shrink", "refund", "reversal")


def entries(records: list[Record], *acts: str) -> list[str]:
    found = [one for one in records if isinstance(one, Entry)]
    return list(dict.fromkeys(one.id for one in found if one.act in acts))


def became(gift: str, as_of: int | None, pools: dict[int, Pool]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for one in lineage.what_became_of(gift, as_of=as_of):
        outcome = "spent" if one.outcome == "returned" else one.outcome
        found[outcome, one.by or in_words(pools[one.pool_id])] += one.quantity
    return found


def bore(use: str, as_of: int | None) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in lineage.who_bore(use, as_of=as_of):
        found[one.gift] += one.quantity
    return found


def use_in_two_parts(society: Stating) -> None:
    pool = society.pool("330000", purpose="general")
    society.entry("gift", "330000", In(pool=pool, quantity=10))
    same: dict[str, Any] = {"id": society.name(), "request": society.name() * 2}
    for part, quantity in ((1, 7), (2, 3)):
        step = Out(pool=pool, quantity=quantity, use="relief", place="330600")
        society.entry("use", "330000", step, **same, part=part, parts=2, occurred_on=TODAY)


def between_parts(log: list[Record]) -> int:
    """So many records that an entry is cut: its second part is the next one."""
    return next(n for n, one in enumerate(log) if isinstance(one, Entry) and one.part == 2)


@pytest.mark.parametrize("seed", range(4))
def test_every_gift_and_every_use_is_traced_unit_for_unit(committed: str, seed: int) -> None:
    society = random_society(seed, 300)
    books.keep(society.records)
    pools = books.pools_by_id()
    outcomes: set[str] = set()
    log = [reread(data) for data in books.log()]
    for as_of in (None, len(log) // 2, len(log) * 3 // 4, between_parts(log)):
        points = Points().replay(whole_entries(log[:as_of]))
        for gift in entries(log, *GIFTS):
            expected = points.became(gift)
            outcomes |= {how for how, _by in expected}
            assert became(gift, as_of, pools) == expected, (as_of, gift)
        for use in entries(log, *USES):
            assert bore(use, as_of) == points.bore(use), (as_of, use)
    assert outcomes >= {"held", "spent", "covered"}


def test_nothing_is_known_of_what_does_not_yet_stand_whole_in_the_log(committed: str) -> None:
    society = random_society(4, 100)
    use_in_two_parts(society)
    books.keep(society.records)
    pools = books.pools_by_id()
    log = [reread(data) for data in books.log()]
    for acts in (GIFTS, USES):
        cut = 0
        for id_ in entries(log, *acts):
            at = [n for n, one in enumerate(log) if one.id == id_]
            cut += len(at) > 1
            for as_of in (0, *at):  # before it, and between its parts
                assert not lineage.what_became_of(id_, as_of=as_of)
                assert not lineage.who_bore(id_, as_of=as_of)
            whole = at[-1] + 1
            points = Points().replay(whole_entries(log[:whole]))
            assert became(id_, whole, pools) == points.became(id_)
            assert bore(id_, whole) == points.bore(id_)
        assert cut
