"""Lineage both ways, of every gift and every use of random societies, against points that are
moved one by one; also as of an earlier record."""

from __future__ import annotations

from collections import Counter

import pytest

from honghui.ledger import lineage
from honghui.record.entries import Entry
from honghui.record.pools import Pool, in_words
from honghui.record.schemas import Record, reread
from tests.audit.societies import random_society
from tests.ledger import books
from tests.ledger.points import Points


def entries(records: list[Record], *acts: str) -> list[str]:
    found = [one for one in records if isinstance(one, Entry)]
    return list(dict.fromkeys(one.id for one in found if one.act in acts))


def became(gift: str, as_of: int | None, pools: dict[int, Pool]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for one in lineage.what_became_of(gift, as_of=as_of):
        outcome = "spent" if one.outcome == "returned" else one.outcome
        found[outcome, one.by or in_words(pools[one.pool_id])] += one.quantity
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_gift_and_every_use_is_traced_unit_for_unit(committed: str, seed: int) -> None:
    society = random_society(seed, 300)
    books.keep(society.records)
    pools = books.pools_by_id()
    outcomes: set[str] = set()
    log = [reread(data) for data in books.log()]
    for as_of in (None, len(log) // 2, len(log) * 3 // 4):
        seen = log[:as_of]
        points = Points().replay(seen)
        for gift in entries(seen, "gift", "appropriation", "earning", "shortfall"):
            expected = points.became(gift)
            outcomes |= {how for how, _by in expected}
            assert became(gift, as_of, pools) == expected, (as_of, gift)
        for use in entries(seen, "use", "loss", "stocktake", "shrink", "refund", "reversal"):
            bore: Counter[str] = Counter()
            for one in lineage.who_bore(use, as_of=as_of):
                bore[one.gift] += one.quantity
            assert bore == points.bore(use), (as_of, use)
    assert outcomes >= {"held", "spent", "covered"}
