"""Keeps the books of a made-up province, record by record, on the unit-by-unit model.

Every verb writes a record that is valid, or says False and writes nothing. What it states of its
own books it counts again from a plain list of facts.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from honghui.record.clauses import Approvers, AttestedText, Cap, Dates, Items, Limit, Places, Uses
from honghui.record.clauses import Decision as DecisionClause
from honghui.record.entries import Attested, Entry
from honghui.record.pools import Pool
from honghui.record.references import (
    Clock,
    Content,
    Item,
    Lot,
    Place,
    Purpose,
    Society,
    Unit,
)
from honghui.record.schemas import Record, encode
from honghui.record.steps import Back, Cover, In, Leg, Link, Out, Shrink, Via
from tests.audit.units import Units

TODAY = date(2020, 6, 20)
AT = "2020-06-20T01:00Z"
SOCIETIES = ("330000", "330100", "330600")
ASKS, APPROVES, CHAIR = "a" * 32, "b" * 32, "c" * 32
ENDED = "ended"
ATTESTED = 3


@dataclass
class Fact:
    index: int
    flow: str
    society: str
    purpose: str
    source: str
    commodity: str
    quantity: int
    other: str | None = None


class Bookkeeper:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.records: list[Record] = []
        self.units = Units()
        self.facts: list[Fact] = []
        self.purposes: dict[str, Purpose] = {}
        self.gifts: dict[str, tuple[Pool, int]] = {}
        self.given_back: Counter[str] = Counter()
        self.uses: dict[str, Pool] = {}
        self.shortfalls: list[tuple[Pool, str]] = []
        self.covers: list[tuple[Pool, str]] = []
        self.decided: dict[str, int] = {}
        self.sent: list[tuple[str, Pool, str]] = []
        self.closed: dict[str, tuple[str, int]] = {}
        self.done: Counter[str] = Counter()
        self._number = 0
        self._open()

    @property
    def entries(self) -> list[bytes]:
        return [encode(record) for record in self.records]

    def name(self) -> str:
        self._number += 1
        return f"{self._number:08x}" + f"{self.chance.getrandbits(96):024x}"

    def write(self, record: Record) -> Any:
        self.records.append(record)
        self.done[getattr(record, "act", str(record.__struct_config__.tag))] += 1
        return record

    # The world.

    def _open(self) -> None:
        common = {"recorded_at": AT}
        for code, kind, within in (
            ("330000", "division", None),
            ("330100", "division", "330000"),
            ("330600", "division", "330000"),
            ("330602", "division", "330600"),
            ("bank", "account", "330000"),
            ("store", "warehouse", "330600"),
        ):
            self.write(Place(id=self.name(), code=code, kind=kind, within=within, **common))
        for code, upper in zip(SOCIETIES, (None, "330000", "330000"), strict=True):
            self.write(
                Society(
                    id=self.name(), code=code, upper=upper, place=code, since=date(1999, 1, 1),
                    level="city" if upper else "province", **common,
                )
            )  # fmt: skip
        self.write(Unit(id=self.name(), code="piece", **common))
        self.write(Clock(id=self.name(), code="reply", trigger="gift", days=10,
                         valid_from=date(2020, 1, 1), **common))  # fmt: skip
        self.write(Item(id=self.name(), code="goods", unit="piece", **common))
        for code in ("blanket", "torch"):
            self.write(Item(id=self.name(), code=code, unit="piece", kind="goods", **common))
        contents = (Content(item="blanket", quantity=2), Content(item="torch", quantity=1))
        self.write(Item(id=self.name(), code="kit", unit="piece", kind="goods",
                        contents=contents, **common))  # fmt: skip
        self._open_purposes()

    def _open_purposes(self) -> None:
        wide = (
            Uses(only=("relief", "award", "overhead", "fee", "cover")),
            Places(within=("330000",)),
            AttestedText(text="d" * 64),
            Cap(uses=("overhead", "fee"), share_bp=1000),
        )
        assert isinstance(wide[ATTESTED - 1], AttestedText)
        self.purpose("general", *wide)
        self.purpose(
            "flood", *wide, Items(kinds=("goods",)), Limit(currency="CNY", quantity=10_000),
            Dates(what="used", first=date(2020, 6, 1)),
        )  # fmt: skip
        self.purpose(
            "school", Uses(only=("award", "fee", "cover")), Approvers(at_least=1),
            DecisionClause(currency="CNY", above=15, approvers=2, body="committee"),
        )  # fmt: skip
        self.purpose(ENDED, *wide, ends_on=date(2020, 6, 18), nearest="general")

    def purpose(self, code: str, *clauses: Any, **more: Any) -> None:
        before = self.purposes.get(code)
        one = Purpose(
            id=self.name(), recorded_at=AT, code=code, clauses=clauses, society="330000",
            version=before.version + 1 if before else 1, starts_on=date(2020, 1, 1),
            requested_by=ASKS, approved_by=(APPROVES,), **more,
        )  # fmt: skip
        self.purposes[code] = self.write(one)

    def new_version(self) -> bool:
        old = self.purposes["general"]
        self.purpose("general", *old.clauses, Limit(currency="CNY", quantity=100_000))
        return True

    def lot(self, item: str, price: int | None) -> str:
        code = f"{item}-{self._number}"
        value: dict[str, Any] = {}
        if price is not None:
            value = {"value_fen": price, "value_of": 1, "value_basis": "purchase",
                     "value_on": TODAY}  # fmt: skip
        self.write(Lot(id=self.name(), recorded_at=AT, code=code, item=item, **value))
        return code

    # What entries have in common.

    def entry(self, act: str, society: str, *steps: Any, **more: Any) -> Entry:
        purposes = {pool.purpose for step in steps for pool in _pools(step)}
        day = more.pop("occurred_on", TODAY - timedelta(days=self.chance.randrange(2)))
        one = Entry(
            id=more.pop("id", None) or self.name(), act=act, society=society, occurred_on=day,
            recorded_at=AT, steps=steps, request=more.pop("request", None) or self.name() * 2,
            requested_by=ASKS,
            purposes=tuple(self.purposes[code].id for code in sorted(purposes)),
            approved_by=more.pop("approved_by", (APPROVES,)),
            attested=tuple(
                Attested(purpose=code, clause=ATTESTED)
                for code in sorted(purposes - {"school"})
            ),
            **more,
        )  # fmt: skip
        self._count(one)
        return self.write(one)

    def _count(self, entry: Entry) -> None:
        for step in entry.steps:
            for flow, pool, quantity, other in _flows(entry, step):
                self.facts.append(
                    Fact(len(self.records), flow, pool.society, pool.purpose, pool.source,
                         pool.commodity, quantity, other)
                )  # fmt: skip

    def pool(self, society: str = "", **more: Any) -> Pool:
        key = {
            "society": society or self.chance.choice(SOCIETIES),
            "purpose": self.chance.choice(("general", "flood", "school")),
            "source": "donation", "commodity": "CNY", "place": "bank",
        }  # fmt: skip
        return Pool(**(key | more))

    def some(self, **like: Any) -> tuple[Pool, int] | None:
        """A pool that has something left and is like that."""
        found = [
            pool
            for pool in self.units.pools
            if all(getattr(pool, field) == value for field, value in like.items())
            and self.units.free(pool)
        ]
        if not found:
            return None
        pool = self.chance.choice(found)
        return pool, self.units.free(pool)

    def move(self, act: str, pool: Pool, quantity: int, into: Pool, **more: Any) -> Entry:
        """One leg, the same commodity."""
        taken = self.units.lowest(pool, quantity)
        link = Link(into=into, quantity=quantity, parts=((Leg(pool=pool, quantity=quantity),),))
        one = self.entry(act, into.society, link, **more)
        self.units.leave(taken, one.id)
        self.units.carry(taken, into, quantity, [Via(entry=one.id, step=0)] * quantity)
        return one


def _pools(step: Any) -> list[Pool]:
    if isinstance(step, Link):
        return [step.into, *(leg.pool for part in step.parts for leg in part)]
    return [step.pool, step.by] if isinstance(step, Cover) else [step.pool]


def _flows(entry: Entry, step: Any) -> list[tuple[str, Pool, int, str | None]]:
    """Flow, pool, quantity, the other society: written from the meaning, not from the audit."""
    if isinstance(step, In):
        short = step.pool.stage == "shortfall"
        return [("shortfall" if short else "received", step.pool, step.quantity, None)]
    if isinstance(step, Out):
        back = entry.act in ("refund", "reversal")
        return [("returned" if back else "used", step.pool, step.quantity, None)]
    if isinstance(step, Back):
        return [("used", step.pool, -sum(b - a for a, b in step.at), None)]
    if isinstance(step, Cover):
        return [("covered", step.by, sum(b - a for a, b in step.at), None)]
    if isinstance(step, Shrink):
        return [("used", step.pool, step.loss, None)]
    return _link_flows(step)


def _link_flows(step: Link) -> list[tuple[str, Pool, int, str | None]]:
    found: list[tuple[str, Pool, int, str | None]] = []
    into = step.into
    for part in step.parts:
        for leg in part:
            pool, quantity = leg.pool, leg.quantity
            if pool.society != into.society:
                found.append(("transferred_out", pool, quantity, into.society))
                found.append(("transferred_in", into, quantity, pool.society))
            elif pool.commodity != into.commodity:
                found.append(("converted_out", pool, quantity, None))
            elif pool.purpose != into.purpose:
                found.append(("repurposed_out", pool, quantity, None))
                found.append(("repurposed_in", into, quantity, None))
    if step.parts[0][0].pool.commodity != into.commodity:
        found.append(("converted_in", into, step.quantity, None))
    return found
