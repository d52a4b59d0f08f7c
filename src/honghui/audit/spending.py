"""Holds what is spent to the clauses of its purpose, and counts what was proven and what somebody
vouches for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from honghui.audit.agreements import Agreements
from honghui.audit.findings import Broken
from honghui.audit.purposes import Purposes
from honghui.audit.world import World
from honghui.record.entries import Entry
from honghui.record.judging import Spending, judge
from honghui.record.pools import Pool
from honghui.record.steps import Cover, In, Link, Out, Shrink, Step, length

# What an emergency release waives: people in number. They review it afterwards.
_WAIVED = 32


class Spendings:
    """`proven`: clauses held by public fields alone; `attested`: those a person vouches for."""

    def __init__(self, world: World, purposes: Purposes, agreements: Agreements) -> None:
        self._world = world
        self._purposes = purposes
        self._agreements = agreements
        # Of the entry at hand, over all its parts: by purpose and commodity.
        self._sums: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.proven = 0
        self.attested = 0

    def judge(self, entry: Entry) -> None:
        """Raises Broken at the first clause that the entry breaks."""
        if entry.part == 1:
            self._sums.clear()
        for step in entry.steps:
            found = _SPENT.get((entry.act, type(step)))
            if found is not None:
                for pool, quantity, use, goods, place in found(step):
                    self._judge(entry, pool, quantity, use, goods, place)

    def _judge(
        self,
        entry: Entry,
        pool: Pool,
        quantity: int,
        use: str | None,
        goods: str,
        place: str | None,
    ) -> None:
        standing = self._purposes[pool.purpose]
        self._sums[pool.purpose, pool.commodity] += quantity
        spending = Spending(
            act=entry.act,
            use=use,
            commodity=pool.commodity,
            quantity=self._sums[pool.purpose, pool.commodity],
            item=self._world.item_of(goods),
            place=place,
            occurred_on=entry.occurred_on,
            approvers=_WAIVED if entry.emergency else len(entry.approved_by),
            decision=self._decision(entry, pool),
            attested=frozenset(one.clause for one in entry.attested if one.purpose == pool.purpose),
        )
        verdict = judge(standing.rulebook, spending, money=standing.money, lookups=self._world)
        code = pool.purpose
        for number, clause in verdict.broken:
            raise Broken("purpose.clause", purpose=code, number=number, sentence=clause)
        for number in verdict.unattested:
            raise Broken("purpose.not-attested", purpose=code, number=number)
        if verdict.uncapped:
            raise Broken("purpose.overhead-uncapped", purpose=code)
        self.proven += verdict.proven
        self.attested += verdict.attested

    def _decision(self, entry: Entry, pool: Pool) -> tuple[str, int] | None:
        """Only what lies set aside for the decision is spent by it."""
        if pool.stage != "decided" or pool.ref is None:
            return None
        decision = self._agreements.decisions.get(pool.ref)
        return (decision.body, decision.approvers) if decision else None


# pool, quantity, use, the commodity whose item counts, place
_Spent = tuple[Pool, int, str | None, str, str | None]


def _of_in(step: In) -> Iterator[_Spent]:
    yield step.pool, step.quantity, None, step.pool.commodity, None


def _of_out(step: Out) -> Iterator[_Spent]:
    yield step.pool, step.quantity, step.use, step.pool.commodity, step.place


def _of_link(step: Link) -> Iterator[_Spent]:
    for leg in step.legs():
        yield leg.pool, leg.quantity, None, step.into.commodity, None


def _of_cover(step: Cover) -> Iterator[_Spent]:
    yield step.by, length(step.at), "cover", "", None


def _of_shrink(step: Shrink) -> Iterator[_Spent]:
    yield step.pool, step.loss, step.use, step.pool.commodity, None


_SPENT: dict[tuple[str, type[Step]], Callable[[Any], Iterator[_Spent]]] = {
    ("gift", In): _of_in,
    ("appropriation", In): _of_in,
    ("use", Out): _of_out,
    ("purchase", Link): _of_link,
    ("transfer_out", Link): _of_link,
    ("cover", Cover): _of_cover,
    ("refund", Cover): _of_cover,
    ("reversal", Cover): _of_cover,
    ("shrink", Shrink): _of_shrink,
}
