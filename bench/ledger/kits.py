"""Kits of eleven parts: donated money buys lots, lots are packed, kits are handed out. How long does
a trace through eleven conversions at once take, and is its answer right to the fen?

The ledger's own code moves them (`moving.Mover`), in memory; who gave what is counted beside it,
from prices alone.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from math import ceil
from typing import NamedTuple, cast

import psycopg

from bench.ledger.tracing import Spread, backward_of, forward_of, spread
from honghui.ledger.moving import COLUMNS, Mover, Row
from honghui.ledger.pools import Axes, Axis
from honghui.record.entries import Act, Entry
from honghui.record.pools import Pool
from honghui.record.steps import In, Leg, Link, Out, Step
from honghui.record.values import Interval

KITS, PACKED, HANDED_OUT_MOST = 6_000, 100, 9
SAMPLES, CHECKED = 1_000, 300


class Part(NamedTuple):
    item: str
    each: int  # of it in a kit
    price_fen: int


PARTS = (
    Part("quilt", 2, 8_500), Part("blanket", 3, 4_950), Part("coat", 2, 12_000),
    Part("towel", 5, 790), Part("soap", 10, 320), Part("cup", 4, 450),
    Part("bucket", 1, 1_850), Part("lamp", 1, 2_990), Part("stove", 1, 6_500),
    Part("boots", 2, 3_900), Part("water-can", 1, 2_400),
)  # fmt: skip


class Lot(NamedTuple):
    """Units [first, past) of all that is ever bought of the item, for `cost` fen, which are those
    from `paid_from` of all money that was not given back."""

    pool: Pool
    first: int
    past: int
    cost: int
    paid_from: int


class _Alone(Axis):
    """A pool that nobody else moves, so that everything about it is in memory."""

    def _holes_before_us(self, begin: int) -> Iterator[Interval]:
        return iter(())

    def _is_there(self, side: str, first: int, past: int) -> bool:
        return False


class Kits:
    """`borne`: use → gift → fen; `given`: gift → use → fen; `size`: gift → fen, of those that were
    not given back; `handed_out`: use → kits."""

    def __init__(self, first_pool: int, first_number: int) -> None:
        self.chance = random.Random(371)
        self.rows: list[tuple[int, Row]] = []
        self.axes: dict[Pool, Axis] = {}
        self._first_pool = first_pool
        self._number = first_number
        self._gifts: list[tuple[int, int]] = []  # (where its money begins, number), without holes
        self.borne: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self.given: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self.size: dict[int, int] = {}
        self.handed_out: dict[int, int] = {}
        lots = self._lots()
        self._give(max(lot.paid_from + lot.cost for some in lots.values() for lot in some))
        self._buy(lots)
        self._pack(lots)
        self._hand_out(lots)

    def _pool(self, commodity: str) -> Pool:
        pool = Pool(
            society="330000", purpose="kits", source="donation", commodity=commodity, place="store"
        )
        if pool not in self.axes:
            self.axes[pool] = _Alone(pool, self._first_pool + len(self.axes))
        return pool

    def _book(self, act: Act, step: Step) -> int:
        number, nobody = self._number, "0" * 32
        entry = Entry(
            id=nobody, act=act, society="330000", occurred_on=date(2020, 6, 20),
            recorded_at="2020-06-20T01:00Z", steps=(step,), request=nobody * 2,
        )  # fmt: skip
        rows = Mover(cast(Axes, self.axes)).carry_out([entry])
        self.rows += [(number, row) for row in rows]
        self._number += 1
        return number

    def _lots(self) -> dict[Part, list[Lot]]:
        """A lot is enough for about 400 kits and a bit, at a price that no unit comes out even of.
        All parts are bought in turn."""
        sizes = [(part, 400 * part.each + 7 + at) for at, part in enumerate(PARTS)]
        bought = sorted(
            (first / (KITS * part.each), part, first, min(first + size, KITS * part.each))
            for part, size in sizes
            for first in range(0, KITS * part.each, size)
        )
        lots: dict[Part, list[Lot]] = {part: [] for part in PARTS}
        paid = 0
        for _turn, part, first, past in bought:
            pool = self._pool(f"{part.item}-{len(lots[part])}")
            cost = (past - first) * part.price_fen * 97 // 100 + 1
            lots[part].append(Lot(pool, first, past, cost, paid))
            paid += cost
        return lots

    def _give(self, fen: int) -> None:
        """As much as is needed; every hundredth gift is given back before anything is bought."""
        money, kept, at = self._pool("CNY"), 0, 0
        back: list[Interval] = []
        while kept < fen:
            quantity = ceil(self.chance.lognormvariate(8.5, 1.2))
            number = self._book("gift", In(pool=money, quantity=quantity))
            if number % 100 == 7:
                back.append((at, at + quantity))
            else:
                self._gifts.append((kept, number))
                self.size[number] = quantity
                kept += quantity
            at += quantity
        for first, past in back:
            self._book("reversal", Out(pool=money, quantity=past - first, at=((first, past),)))

    def _buy(self, lots: dict[Part, list[Lot]]) -> None:
        every = (lot for some in lots.values() for lot in some)
        for lot in sorted(every, key=lambda lot: lot.paid_from):
            leg = Leg(pool=self._pool("CNY"), quantity=lot.cost)
            link = Link(into=lot.pool, quantity=lot.past - lot.first, parts=((leg,),))
            self._book("purchase", link)

    def _pack(self, lots: dict[Part, list[Lot]]) -> None:
        for first in range(0, KITS, PACKED):
            parts = tuple(
                tuple(
                    Leg(pool=lot.pool, quantity=past - begin)
                    for lot, begin, past in _within(
                        lots[part], first * part.each, (first + PACKED) * part.each
                    )
                )
                for part in PARTS
            )
            self._book("pack", Link(into=self._pool("kit"), quantity=PACKED, parts=parts))

    def _hand_out(self, lots: dict[Part, list[Lot]]) -> None:
        first = 0
        while (past := first + self.chance.randint(1, HANDED_OUT_MOST)) <= KITS:
            use = self._book("use", Out(pool=self._pool("kit"), quantity=past - first, use="kits"))
            self.handed_out[use] = past - first
            for part in PARTS:
                for lot, begin, end in _within(lots[part], first * part.each, past * part.each):
                    units = lot.past - lot.first
                    self._count(
                        use,
                        lot.paid_from - (lot.first - begin) * lot.cost // units,
                        lot.paid_from - (lot.first - end) * lot.cost // units,
                    )
            first = past

    def _count(self, use: int, first: int, past: int) -> None:
        at = bisect_right(self._gifts, (first, 2**63)) - 1
        while first < past:
            begin, gift = self._gifts[at]
            end = min(past, begin + self.size[gift])
            self.borne[use][gift] += end - first
            self.given[gift][use] += end - first
            first, at = end, at + 1


def _within(lots: list[Lot], first: int, past: int) -> Iterator[tuple[Lot, int, int]]:
    """Whose units [first, past) of the item are, in pieces."""
    for lot in lots:
        begin, end = max(first, lot.first), min(past, lot.past)
        if begin < end:
            yield lot, begin, end


def fill(db: psycopg.Connection) -> Kits:
    """Into the books as they stand, straight into the tables."""
    row = db.execute(
        "SELECT (SELECT max(id) FROM ledger_pool), (SELECT max(number) FROM ledger_movement)"
    ).fetchone()
    assert row
    kits = Kits(row[0] + 1, row[1] + 1)
    columns = ", ".join(COLUMNS)
    with db.cursor().copy(f"COPY ledger_movement (number, {columns}) FROM STDIN") as copy:
        for number, one in kits.rows:
            copy.write_row((number, *astuple(one)))
    with db.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_pool (id, society, purpose, source, commodity, place, stage)"
            " OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                (axis.id, pool.society, pool.purpose, pool.source, pool.commodity, pool.place, pool.stage)
                for pool, axis in kits.axes.items()
            ],
        )  # fmt: skip
        cursor.executemany(
            "INSERT INTO ledger_intake VALUES (%s, %s, %s)",
            [(axis.id, axis.taken_in, axis.parts) for axis in kits.axes.values()],
        )
    db.execute(
        "SELECT setval(pg_get_serial_sequence('ledger_pool', 'id'), max(id)) FROM ledger_pool"
    )
    for table in ("ledger_movement", "ledger_intake"):
        db.execute(f"VACUUM ANALYZE {table}")
    return kits


class Traced(NamedTuple):
    """What became of a gift that went into kits; who bore a handing out; one of a single kit."""

    forward: Spread
    backward: Spread
    single: Spread


def trace(db: psycopg.Connection, kits: Kits) -> Traced:
    check(db, kits)
    chance = random.Random(372)
    gifts, uses = list(kits.given), list(kits.borne)
    single = [use for use, count in kits.handed_out.items() if count == 1]

    def of_uses(some: list[int]) -> Spread:
        return spread(lambda: len(backward_of(db, chance.choice(some))), SAMPLES)

    forward = spread(lambda: len(forward_of(db, chance.choice(gifts))), SAMPLES)
    return Traced(forward, of_uses(uses), of_uses(single))


def check(db: psycopg.Connection, kits: Kits) -> None:
    """Some gifts and uses, to the fen, against what the prices say."""
    chance = random.Random(373)
    # Each part of a kit has its own money, so a giver left out of any of the eleven is fen left out.
    assert max(axis.parts for axis in kits.axes.values()) == len(PARTS) == 11
    for use in chance.sample(list(kits.borne), CHECKED):
        bore: Counter[int] = Counter()
        for number, _piece, _pool, first, past, _ended in backward_of(db, use):
            bore[number] += past - first
        assert bore == kits.borne[use]
    for gift in chance.sample(list(kits.given), CHECKED):
        pieces = sorted((row[6], row[7], row[0], row[1]) for row in forward_of(db, gift))
        spent: Counter[int] = Counter()
        for first, past, outcome, number in pieces:
            if outcome == "spent":
                spent[number] += past - first
        assert spent == kits.given[gift]
        ends = [past for _first, past, *_more in pieces]
        assert [first for first, *_more in pieces][1:] == ends[:-1]
        assert ends[-1] - pieces[0][0] == kits.size[gift]
