"""The made-up society (tests/audit), unit by unit, with a queue before it: what comes from outside
has no positions until the sequencer has had its turn."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from msgspec.structs import replace

from honghui.ledger.acts import ARRIVING
from honghui.record.entries import Entry
from honghui.record.pools import Pool
from honghui.record.references import Place, Society
from honghui.record.schemas import Record
from honghui.record.steps import In
from tests.audit.bookkeeper import AT, SOCIETIES
from tests.audit.units import Units
from tests.audit.wrongs import Wrongs

CLOSED = "330700"


class QueuedUnits(Units):
    """`queue`: what waits, with its entry, in the order in which it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: list[tuple[str, Pool, int]] = []
        self.arriving: set[str] = set()

    @property
    def waiting(self) -> list[str]:
        return list(dict.fromkeys(entry for entry, _pool, _quantity in self.queue))

    def put(self, pool: Pool, quantity: int, owner: str) -> None:
        if owner in self.arriving:
            self.queue.append((owner, pool, quantity))
        else:
            super().put(pool, quantity, owner)

    def place(self, count: int) -> None:
        """The first so many entries of the queue get their positions."""
        going = self.waiting[:count]
        for entry, pool, quantity in self.queue:
            if entry in going:
                super().put(pool, quantity, entry)
        self.queue = [one for one in self.queue if one[0] not in going]
        self.arriving.difference_update(going)


class QueuedSociety(Wrongs):
    """Drafts what is valid, and what is wrong, in the state that it is in. Ids are numbers, so that
    nothing is drawn for them."""

    units: QueuedUnits

    def __init__(self) -> None:
        self.queues = False
        super(Wrongs, self).__init__(random.Random(0))
        self.units = QueuedUnits()
        old = next(one for one in self.records if isinstance(one, Society) and one.upper)
        self.write(replace(old, id=self.name(), code=CLOSED, closed_on=date(2020, 6, 1)))
        self._begin()
        self.queues = True

    def _begin(self) -> None:
        """Everybody has something already, so that most of what is tried can be done."""
        for society in SOCIETIES:
            for purpose in ("general", "flood", "school"):
                self.take_in("gift", self.pool(society, purpose=purpose), 20)
            self.take_in("earning", self.pool(society, purpose="general", source="own"), 10)
            for item in ("blanket", "torch"):
                pool = self.pool(society, purpose="flood", commodity=self.lot(item, None),
                                 place="store")  # fmt: skip
                self.take_in("gift", pool, 6)

    def name(self) -> str:
        self._number += 1
        return f"{self._number:032x}"

    def write(self, record: Record) -> Any:
        if self.queues and isinstance(record, Entry) and record.act in ARRIVING:
            self.units.arriving.add(record.id)
        return super().write(record)

    def _room(self, purpose: str) -> int:
        """A gift counts once it has its positions."""
        records, waiting = self.records, set(self.units.waiting)
        self.records = [one for one in records if one.id not in waiting]
        try:
            return super()._room(purpose)
        finally:
            self.records = records

    def cover(self) -> bool:
        """Where the reserve is too small, it earns something first."""
        found = self.shortfalls or self.covers
        last = found[-1:]
        if super().cover():
            return True
        for by, entry in last:
            if any(one.left_by == entry and not one.settled for one in self.units.pools[by]):
                found.insert(0, (by, entry))
                own = by.source == "own" and by.stage == "on_hand"
                act, source = ("appropriation",) * 2 if own else ("earning", "own")
                self.take_in(act, self.pool(by.society, purpose="general", source=source), 20)
                return True
        return False

    def declare_anew(self) -> bool:
        """A place or a society, as it was: what waits is given its positions first."""
        kinds = [one for one in self.records if isinstance(one, Place | Society)]
        self.write(replace(self.chance.choice(kinds), id=self.name()))
        return True

    @contextmanager
    def drafting(self) -> Iterator[None]:
        """What is written meanwhile was never written. No verb may run in it: it would tell the
        units."""
        facts, records, done = len(self.facts), len(self.records), self.done.copy()
        waiting = self.units.arriving.copy()
        yield
        del self.facts[facts:], self.records[records:]
        self.done, self.units.arriving = done, waiting

    def draft(self, act: str, society: str, *steps: Any, **more: Any) -> Entry:
        with self.drafting():
            return self.entry(act, society, *steps, **more)

    def entries(self, *acts: str) -> list[tuple[Entry, ...]]:
        """All parts of each, with those that wait."""
        found: dict[str, list[Entry]] = {}
        for one in self.records:
            if isinstance(one, Entry) and (not acts or one.act in acts):
                found.setdefault(one.id, []).append(one)
        return [tuple(parts) for parts in found.values()]

    def with_nothing_waiting(self) -> QueuedSociety:
        """A copy that goes its own way, without a queue, and with what every wrong begins with: a
        thousand fen in a pool that nobody has touched."""
        shared = (self.chance, *self.records)
        other = copy.deepcopy(self, {id(one): one for one in shared})
        other.queues = False
        other.units.place(len(other.units.waiting))
        other.write(Place(id=other.name(), recorded_at=AT, code="desk", kind="cash_box"))
        other.money = other.pool("330600", purpose="general", place="desk")
        one = other.entry("gift", "330600", In(pool=other.money, quantity=1000))
        other.units.put(other.money, 1000, one.id)
        other.gifts[one.id] = other.money, 1000
        return other
