"""The books as Beancount text, which other people's programs add up again.

One account a pool, one transaction an entry. What comes from outside comes out of `Income`, what
reached its end lies in `Expenses`, both by society and purpose. Where one thing became another,
both sides stand against `Equity:Conversions`, so that a transaction is even in every commodity. At
the end stands what our totals say is left in each pool. The transactions come from the movements
alone: whoever loads the file has counted the books once more.

Beancount goes by days, we by the order of the log. So only the end is compared, the day after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, TextIO
from uuid import UUID

from django.db import connection

from honghui.ledger.acts import KINDS, Turn
from honghui.ledger.exporting.beancount_names import (
    amount,
    commodity_name,
    component,
    pool_account,
)
from honghui.ledger.recounting import one_moment
from honghui.record.pools import Pool
from honghui.tlog.verification import Progress, quiet

# No rounding is forgiven: ours are whole numbers of the smallest unit.
_HEAD = """option "title" "Honghui"
option "tolerance_multiplier" "0"
"""
_DAYS = "SELECT min(occurred_on), max(occurred_on) FROM ledger_entry"
_POOLS = """
    SELECT p.id, society, purpose, source, commodity, place, stage, ref, taken_in - booked
    FROM ledger_pool p JOIN ledger_intake i ON i.pool_id = p.id
    JOIN ledger_booking b ON b.pool_id = p.id ORDER BY p.id
"""
_MOVED = """
    SELECT e.number, r.id, e.act, e.occurred_on, m.out_pool, m.in_pool, m.part,
        coalesce(m.out_hi - m.out_lo, 0), coalesce(m.in_hi - m.in_lo, 0), m.use, m.place
    FROM ledger_entry e JOIN journal_record r ON r.number = e.number AND r.part = 1
    JOIN ledger_movement m ON m.number = e.number
    ORDER BY e.number, m.piece
"""
_ROWS = 10_000
_CONVERTING = frozenset(act for act, kind in KINDS.items() if kind.turn is not Turn.NOTHING)


class _Moved(NamedTuple):
    number: int
    entry: UUID
    act: str
    occurred_on: date
    out_pool: int | None
    in_pool: int | None
    part: int
    gone: int
    came: int
    use: str | None
    place: str | None


class _Kept(NamedTuple):
    """A pool, its account, and what its totals say is left in it."""

    pool: Pool
    account: str
    left: int


class _Posting(NamedTuple):
    """`is_in`: what a pool lost and what it took in stay two lines."""

    account: str
    commodity: str
    place: str | None = None
    is_in: bool = False


def write_beancount(path: Path, progress: Progress = quiet) -> int:
    """How many entries were written. The file is there when it is whole, and not before."""
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file, one_moment():
        count = _write(file, progress)
    unfinished.replace(path)
    return count


def _write(file: TextIO, progress: Progress) -> int:
    file.write(_HEAD)
    with connection.cursor() as cursor:
        cursor.execute(_DAYS)
        first, last = cursor.fetchone()
    if first is None:
        return 0
    pools = _pools()
    _open_pools(file, first, pools.values())
    opened: set[str] = set()
    count = 0
    for _number, rows in groupby(_moved(), key=itemgetter(0)):
        moved = list(rows)
        postings = _postings(moved, pools)
        for account in sorted({each.account for each in postings} - opened):
            if not account.startswith("Assets:"):
                file.write(f"{first} open {account}\n")
                opened.add(account)
        file.write(_transaction(moved[0], postings))
        count += 1
        if count % _ROWS == 0:
            progress(count)
    progress(count)
    for kept in pools.values():
        left = amount(kept.left, kept.pool.commodity)
        file.write(f"{last + timedelta(days=1)} balance {kept.account} {left}\n")
    return count


def _pools() -> dict[int, _Kept]:
    with connection.cursor() as cursor:
        cursor.execute(_POOLS)
        rows = cursor.fetchall()
    found = {}
    for number, society, purpose, source, commodity, place, stage, ref, left in rows:
        pool = Pool(
            society=society, purpose=purpose, source=source, commodity=commodity, place=place,
            stage=stage, ref=ref.hex if ref else None,
        )  # fmt: skip
        found[number] = _Kept(pool, pool_account(pool), left)
    return found


def _open_pools(file: TextIO, first: date, pools: Iterable[_Kept]) -> None:
    """The commodities too, each with the code that it has with us."""
    kept = list(pools)
    for commodity in sorted({one.pool.commodity for one in kept}):
        file.write(f'{first} commodity {commodity_name(commodity)}\n  code: "{commodity}"\n')
    for one in kept:
        pool = one.pool
        file.write(f"{first} open {one.account} {commodity_name(pool.commodity)}\n")
        for field in pool.__struct_fields__:
            if value := getattr(pool, field):
                file.write(f'  {field}: "{value}"\n')


def _moved() -> Iterator[_Moved]:
    """In the order of their entries, with a cursor of the database's own: never all at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_MOVED)
        while rows := cursor.fetchmany(_ROWS):
            yield from map(_Moved._make, rows)


def _postings(moved: list[_Moved], pools: dict[int, _Kept]) -> Counter[_Posting]:
    """Pieces are added up: how a quantity lies on the axis is no matter of Beancount's."""
    sums: Counter[_Posting] = Counter()
    for one in moved:
        out = pools[one.out_pool].pool if one.out_pool is not None else None
        # A kit comes in once, though every one of its parts is mapped onto it.
        into = pools[one.in_pool].pool if one.in_pool is not None and not one.part else None
        if one.out_pool is not None and out:
            sums[_Posting(pools[one.out_pool].account, out.commodity)] -= one.gone
        if one.in_pool is not None and into:
            account = pools[one.in_pool].account
            sums[_Posting(account, into.commodity, is_in=True)] += one.came
        if one.act in _CONVERTING:
            against = f"Equity:Conversions:{component(one.act)}"
            if out:
                sums[_Posting(against, out.commodity)] += one.gone
            if into:
                sums[_Posting(against, into.commodity, is_in=True)] -= one.came
        elif out is None or into is None or out == into:
            pool = out or into
            assert pool is not None, "a movement moves something"
            against = _outside(one, pool)
            sums[_Posting(against, pool.commodity, one.place)] += one.gone - one.came
    return sums


def _outside(one: _Moved, pool: Pool) -> str:
    """What stands for whoever gave it, or for what it was used for."""
    whose = f"{pool.society}:{component(pool.purpose)}"
    if one.use or one.act == "return":
        return f"Expenses:{whose}:{component(one.use or one.act)}"
    if one.act == "shortfall":
        return f"Equity:Shortfall:{whose}"
    return f"Income:{whose}:{component(one.act)}"


def _transaction(one: _Moved, postings: Counter[_Posting]) -> str:
    lines = [f'{one.occurred_on} * "{one.act}"', f'  entry: "{one.entry.hex}"']
    lines.append(f'  act: "{one.act}"')
    for posting, quantity in postings.items():
        if quantity:
            lines.append(f"  {posting.account} {amount(quantity, posting.commodity)}")
            if posting.place:
                lines.append(f'    place: "{posting.place}"')
    return "\n".join(lines) + "\n"
