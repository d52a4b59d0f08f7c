"""A large society, record after record, as fast as they can be made: for the bench alone.

102 societies and as many pools as are asked for. All of it audits clean, bulletins and bank
statements included; nothing is kept but a few numbers a pool.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from honghui.record.agreements import Decision
from honghui.record.clauses import Approvers, Cap, Limit, Places, Uses
from honghui.record.entries import Entry
from honghui.record.measures import Measure
from honghui.record.pools import Pool
from honghui.record.references import Item, Lot, Place, Purpose, Society, Unit
from honghui.record.schemas import Record
from honghui.record.statements import Bulletin, Figure, Reconciliation
from honghui.record.steps import In, Leg, Link, Out
from honghui.record.values import Count

SOCIETIES = 102
AT = "2020-06-30T08:00Z"
DAYS = [date(2020, 6, day) for day in range(1, 29)]
BULLETIN_EVERY = 20_000
CLAUSES = (
    Uses(only=("relief", "overhead", "award")),
    Cap(uses=("overhead",), share_bp=1000),
    Places(within=("330000",)),
    Limit(currency="CNY", quantity=10**9),
    Approvers(at_least=1),
)


class Stream:
    def __init__(self, pools: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.codes = [f"33{number:04d}" for number in range(SOCIETIES)]
        self.asks, self.approves = self.name(), self.name()
        self.size = 0
        self.versions: dict[str, str] = {}
        self.pools = self._pools(pools)
        self.left = [0] * pools
        self.taken_in = [0] * pools
        self.received = 0
        self.lines: defaultdict[str, defaultdict[tuple[str, str], list[int]]]
        self.lines = defaultdict(lambda: defaultdict(lambda: [0, 0]))

    def _pools(self, pools: int) -> list[Pool]:
        """Societies first, then purposes, so that every society has some of many."""
        return [
            Pool(
                society=self.codes[at % SOCIETIES],
                purpose=f"purpose-{at // SOCIETIES}",
                source="donation",
                commodity="CNY",
                place="330000",
            )
            for at in range(pools)
        ]

    def name(self, bits: int = 128) -> str:
        return f"{self.chance.getrandbits(bits):0{bits // 4}x}"

    def records(self, count: int) -> Iterator[Record]:
        for record in self._all():
            yield record
            self.size += 1
            if self.size == count:
                return

    def _all(self) -> Iterator[Record]:
        yield from self._references()
        kinds = (self.gift, self.use, self.reserve, self.buy, self.send, self.decide, self.bounce)
        weights = (74, 10, 6, 2, 2, 3, 3)
        while True:
            for kind in self.chance.choices(kinds, weights, k=BULLETIN_EVERY // 2):
                at = self.chance.randrange(len(self.pools))
                if kind != self.gift and self.left[at] < 10_000:
                    kind = self.gift
                yield from kind(at)
            yield self._bulletin()
            yield self._reconciliation(self.codes[self.size % SOCIETIES])

    def _references(self) -> Iterator[Record]:
        yield Place(id=self.name(), recorded_at=AT, code="330000", kind="division")
        yield Unit(id=self.name(), recorded_at=AT, code="piece")
        yield Item(id=self.name(), recorded_at=AT, code="blanket", unit="piece")
        for number, code in enumerate(self.codes):
            yield Society(
                id=self.name(), recorded_at=AT, code=code, level="county", place="330000",
                upper=self.codes[0] if number else None, since=date(2000, 1, 1),
            )  # fmt: skip
        for purpose in dict.fromkeys(pool.purpose for pool in self.pools):
            self.versions[purpose] = self.name()
            yield Purpose(
                id=self.versions[purpose], recorded_at=AT, code=purpose, society=self.codes[0],
                clauses=CLAUSES, starts_on=date(2020, 1, 1), requested_by=self.asks,
                approved_by=(self.approves,),
            )  # fmt: skip

    def _entry(self, act: str, society: str, *steps: object, **more: object) -> Entry:
        return Entry(
            id=self.name(), act=act, society=society, occurred_on=DAYS[self.size % 28],  # type: ignore[arg-type]
            recorded_at=AT, steps=steps, request=self.name(256), **more,  # type: ignore[arg-type]
        )  # fmt: skip

    def _spending(self, act: str, pool: Pool, *steps: object, **more: object) -> Entry:
        return self._entry(
            act, pool.society, *steps, purposes=(self.versions[pool.purpose],),
            requested_by=self.asks, approved_by=(self.approves,), evidence=(self.name(256),),
            **more,
        )  # fmt: skip

    def _count(self, pool: Pool, came: int, went: int) -> None:
        line = self.lines[pool.society][pool.purpose, pool.commodity]
        line[0] += came
        line[1] += went

    def gift(self, at: int) -> Iterator[Record]:
        quantity = self.chance.randint(100, 100_000)
        yield self._gift(at, quantity)

    def _gift(self, at: int, quantity: int) -> Entry:
        self.left[at] += quantity
        self.taken_in[at] += quantity
        self.received += quantity
        self._count(self.pools[at], quantity, 0)
        step = In(pool=self.pools[at], quantity=quantity)
        return self._entry("gift", self.pools[at].society, step, text=self.name(256))

    def _some(self, at: int) -> int:
        quantity = self.chance.randint(1, self.left[at] // 2)
        self.left[at] -= quantity
        return quantity

    def use(self, at: int) -> Iterator[Record]:
        pool, quantity = self.pools[at], self._some(at)
        self._count(pool, 0, quantity)
        step = Out(
            pool=pool, quantity=quantity, use="relief", place="330000",
            recipients=Count(value=12),
        )  # fmt: skip
        yield self._spending("use", pool, step)

    def _move(self, act: str, pool: Pool, quantity: int, into: Pool, **more: object) -> Entry:
        link = Link(into=into, quantity=quantity, parts=((Leg(pool=pool, quantity=quantity),),))
        return self._spending(act, replace(pool, society=into.society), link, **more)

    def reserve(self, at: int) -> Iterator[Record]:
        pool = self.pools[at]
        into = replace(pool, stage="reserved", ref="a" * 32)
        yield self._move("reserve", pool, self._some(at), into)

    def decide(self, at: int) -> Iterator[Record]:
        pool, quantity = self.pools[at], self._some(at)
        decision = Decision(
            id=self.name(), recorded_at=AT, society=pool.society, body="committee",
            purpose=pool.purpose, commodity="CNY", quantity=quantity, decided_on=DAYS[0],
            requested_by=self.asks, approved_by=(self.approves,),
        )  # fmt: skip
        yield decision
        into = replace(pool, stage="decided", ref=decision.id)
        yield self._move("decide", pool, quantity, into, decision=decision.id)
        self._count(pool, 0, quantity)
        step = Out(pool=into, quantity=quantity, use="award", place="330000")
        yield self._spending("use", pool, step, decision=decision.id)

    def buy(self, at: int) -> Iterator[Record]:
        """A lot, and all of it handed out."""
        pool, pieces = self.pools[at], 5
        self.left[at] -= pieces * 1000
        lot = f"blanket-{self.size}"
        yield Lot(
            id=self.name(), recorded_at=AT, code=lot, item="blanket", value_fen=1000, value_of=1,
            value_basis="purchase", value_on=DAYS[0],
        )  # fmt: skip
        into = replace(pool, commodity=lot)
        link = Link(into=into, quantity=pieces, parts=((Leg(pool=pool, quantity=pieces * 1000),),))
        yield self._spending("purchase", pool, link)
        step = Out(pool=into, quantity=pieces, use="relief", place="330000")
        yield self._spending("use", pool, step)
        self._count(pool, 0, pieces * 1000)
        self._count(into, pieces, pieces)

    def send(self, at: int) -> Iterator[Record]:
        """To another society, which accepts it."""
        pool, quantity = self.pools[at], self._some(at)
        group = at - at % SOCIETIES
        to = group + (at - group + 1) % SOCIETIES
        if to >= len(self.pools) or to == at:
            return
        into = self.pools[to]
        way = replace(pool, stage="in_transit", ref=self.name())
        sent = self._move("transfer_out", pool, quantity, way, counterparty=into.society)
        yield sent
        more = {"of": sent.id, "counterparty": pool.society}
        yield self._move("transfer_in", way, quantity, into, **more)
        self._count(pool, 0, quantity)
        self._count(into, quantity, 0)
        self.left[to] += quantity
        self.taken_in[to] += quantity

    def bounce(self, at: int) -> Iterator[Record]:
        """A gift, and its reversal from where it lies."""
        pool = self.pools[at]
        first = self.taken_in[at]
        gift = self._gift(at, 500)
        yield gift
        self.left[at] -= 500
        self._count(pool, 0, 500)
        step = Out(pool=pool, quantity=500, at=((first, first + 500),))
        yield self._spending("reversal", pool, step, of=gift.id)

    def _bulletin(self) -> Bulletin:
        """What was received since the first, over all societies."""
        measure = Measure(
            flows=("received",), societies=(self.codes[0],), with_branches=True, first=DAYS[0]
        )
        figure = Figure(name="received", measure=measure, value=self.received, unit="fen")
        return Bulletin(
            id=self.name(), recorded_at=AT, society=self.codes[0], published_on=DAYS[-1],
            as_of=self.size, figures=(figure,), requested_by=self.asks,
            approved_by=(self.approves,),
        )  # fmt: skip

    def _reconciliation(self, society: str) -> Reconciliation:
        """All money of one society lies at one place, and the bank says so."""
        held = sum(
            came - went
            for (_purpose, commodity), (came, went) in self.lines[society].items()
            if commodity == "CNY"
        )
        return Reconciliation(
            id=self.name(), recorded_at=AT, society=society, place="330000", commodity="CNY",
            statement_on=DAYS[-1], statement=held, as_of=self.size, requested_by=self.asks,
            approved_by=(self.approves,),
        )  # fmt: skip
