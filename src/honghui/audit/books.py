"""Amounts, rules and statements: the audit's other half, which never looks at a position.

A record is checked whole before anything of it is counted. What refuses an entry last, the clauses
of its purpose, is asked with the entry already counted, for a cap is over all that was used; where
it is refused, the counting is taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import date
from sys import intern

from honghui.audit.acts import ACTS, pools_of
from honghui.audit.agreements import Agreements
from honghui.audit.findings import Broken
from honghui.audit.flows import facts_of
from honghui.audit.goods import check_goods
from honghui.audit.purposes import Purposes
from honghui.audit.spending import Spendings
from honghui.audit.statements import Account, Line, Shortfalls, Statements, Totals
from honghui.audit.world import World
from honghui.record.agreements import Consent, Decision
from honghui.record.entries import Entry
from honghui.record.facts import Fact
from honghui.record.figures import Cube
from honghui.record.measures import INFLOWS
from honghui.record.references import Clock, Item, Lot, Place, Purpose, Society, Unit
from honghui.record.schemas import Record
from honghui.record.steps import Cover, Out, length
from honghui.record.values import is_currency


class Books:
    """`cube` holds what figures will be asked of; `totals` what came and went, by books."""

    def __init__(self, boundaries: Iterable[date], wanted: Container[str]) -> None:
        self.world = World()
        self.agreements = Agreements()
        self.purposes = Purposes(self.world, self.agreements.consents)
        self.spendings = Spendings(self.world, self.purposes, self.agreements)
        self.cube = Cube(boundaries)
        self.totals: Totals = defaultdict(dict)
        self.flows: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.shortfalls: Shortfalls = defaultdict(int)
        self.statements = Statements(self.world, self.cube, self.totals, self.shortfalls, wanted)
        self.acts: defaultdict[str, int] = defaultdict(int)

    def record(self, index: int, record: Record) -> None:
        """Raises Broken where the record breaks a rule; then nothing of it counts."""
        match record:
            case Entry():
                self._entry(record)
            case Purpose():
                self.world.check_society(record.society, record.starts_on)
                self.purposes.learn(record)
            case Decision() | Consent():
                self._agreement(record)
            case Place() | Item():
                self.world.learn(record)
                self.purposes.look_again()
            case Society() | Unit() | Lot() | Clock():
                self.world.learn(record)
            case _:
                self.statements.learn(index, record)

    def _agreement(self, record: Decision | Consent) -> None:
        self.world.check_society(record.society)
        if isinstance(record, Decision):
            self.purposes[record.purpose]
            self.world.check_commodity(record.commodity)
        else:
            self.purposes[record.from_purpose]
            self.purposes[record.to_purpose]
        self.agreements.learn(record)

    # Entries.

    def _entry(self, entry: Entry) -> None:
        self._check_references(entry)
        check_goods(entry, self.world)
        self.agreements.take_up(entry, self.purposes)
        facts = facts_of(entry)
        self.purposes.count(facts)
        try:
            self.spendings.judge(entry)
        except Broken:
            self.purposes.count(facts, -1)
            self.agreements.put_down(entry)
            raise
        self._count(entry, facts)

    def _check_references(self, entry: Entry) -> None:
        world, day = self.world, entry.occurred_on
        world.check_society(entry.society, day)
        purposes = set()
        for step in entry.steps:
            for pool in pools_of(step):
                purposes.add(pool.purpose)
                world.check_place(pool.place)
                world.check_commodity(pool.commodity)
            if isinstance(step, Out):
                self._check_told(entry, step)
        for code in purposes:
            self.purposes.check_in_force(code, entry.act, day)
        self.purposes.check_cited(entry, purposes, takes=ACTS[entry.act].takes)

    def _check_told(self, entry: Entry, step: Out) -> None:
        """Where it was used is a known place; how many were helped is not too exactly said."""
        if step.place is not None:
            self.world.check_place(step.place, entry.occurred_on)
        if step.recipients is not None:
            self.statements.check_count(entry.society, step.recipients)

    def _count(self, entry: Entry, facts: list[Fact]) -> None:
        if entry.part == 1:
            self.acts[entry.act] += 1
            self.statements.note_day(entry.society, entry.occurred_on)
        for fact in facts:
            self.cube.add(fact)
            if fact.flow is None:
                continue
            pool, change = fact.pool, fact.change
            lines = self.totals[pool.society]
            line = Line(pool.purpose, pool.source, pool.commodity)
            account = lines.get(line)
            if account is None:
                account = lines[Line(*map(intern, line))] = Account()
            if change > 0:
                account.came += change
            else:
                account.went -= change
            if is_currency(pool.commodity):
                gain = change if fact.flow in INFLOWS else -change
                self.flows[pool.purpose, pool.commodity, fact.flow] += gain
        for step in entry.steps:
            if isinstance(step, Cover):
                self._shortfall(step)

    def _shortfall(self, step: Cover) -> None:
        """What a shortfall pool bore is open until a reserve bears that in turn."""
        for pool, change in ((step.by, 1), (step.pool, -1)):
            if pool.stage == "shortfall":
                place = pool.society, pool.place, pool.commodity
                self.shortfalls[place] += change * length(step.at)
