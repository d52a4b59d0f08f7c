"""The picture of a purpose, drawn from records alone: step by step and without positions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from honghui.ledger.flows import Flow, Node
from honghui.record.entries import Entry
from honghui.record.pools import Pool
from honghui.record.schemas import Record
from honghui.record.steps import Back, Cover, In, Link, Out, Shrink, Step, length

Edge = tuple[str | None, Node, Node]


class Road(NamedTuple):
    """From a pool, or outside, to a pool, or outside."""

    left: Pool | None
    came: Pool | None
    gone: int
    becomes: int
    use: str | None = None
    place: str | None = None


def roads(entry: Entry, step: Step) -> Iterator[Road]:
    match step:
        case In():
            yield Road(None, step.pool, step.quantity, step.quantity)
        case Out():
            yield Road(step.pool, None, step.quantity, step.quantity, step.use, step.place)
        case Back():
            size = length(step.at)
            yield Road(None, step.pool, size, size, step.use, step.place)
        case Shrink():
            yield Road(step.pool, None, step.loss, step.loss, step.use)
        case Cover():
            size = length(step.at)
            yield Road(step.by, step.pool, size, size)
            yield Road(step.pool, None, size, size)
        case Link():
            yield from _of_link(step)


def _of_link(step: Link) -> Iterator[Road]:
    for number, part in enumerate(step.parts):
        whole, at = sum(leg.quantity for leg in part), 0
        for leg in part:
            begin, at = at * step.quantity // whole, at + leg.quantity
            becomes = at * step.quantity // whole - begin
            yield Road(leg.pool, step.into, leg.quantity, 0 if number else becomes)


def by_hand(records: Iterable[Record], purpose: str, since: date, until: date) -> set[Flow]:
    """What `flows` should answer."""
    held: Counter[Pool] = Counter()
    first: Counter[Pool] = Counter()
    gone: Counter[Edge] = Counter()
    becomes: Counter[Edge] = Counter()
    by: defaultdict[Edge, set[str]] = defaultdict(set)
    for entry in whole_entries(records):
        if entry.occurred_on > until:
            continue
        for road in (road for step in entry.steps for road in roads(entry, step)):
            for totals in (held, first) if entry.occurred_on < since else (held,):
                if road.left:
                    totals[road.left] -= road.gone
                if road.came:
                    totals[road.came] += road.becomes
            before, after = _ends(entry.act, road, purpose)
            is_ours = "books" in (before.kind, after.kind)
            if entry.occurred_on >= since and is_ours and before != after:
                edge = entry.act, before, after
                gone[edge] += road.gone
                becomes[edge] += road.becomes
                by[edge].add(entry.id)
    found = {Flow(*edge, gone[edge], becomes[edge], len(by[edge])) for edge in gone}
    return found | _bounds(first, purpose, "before") | _bounds(held, purpose, "after")


def whole_entries(records: Iterable[Record]) -> list[Entry]:
    """Without those of which only some parts are among the records."""
    entries = [record for record in records if isinstance(record, Entry)]
    parts = Counter(entry.id for entry in entries)
    return [entry for entry in entries if parts[entry.id] == entry.parts]


def _ends(act: str, road: Road, purpose: str) -> tuple[Node, Node]:
    known = road.left or road.came
    assert known
    outside = {"use": road.use, "place": road.place, "act": act}
    if act in ("refund", "reversal", "cover"):
        outside["use"] = None
    before = Node("came", known.commodity, source=known.source, **outside)  # type: ignore[arg-type]
    after = Node("ended", known.commodity, **outside)  # type: ignore[arg-type]
    if road.left:
        before = _node("from_purpose", road.left, purpose)
    if road.came:
        after = _node("to_purpose", road.came, purpose)
    return before, after


def _node(kind: str, pool: Pool, purpose: str) -> Node:
    if pool.purpose == purpose:
        return Node("books", pool.commodity, pool.society)
    return Node(kind, pool.commodity, pool.society, purpose=pool.purpose)  # type: ignore[arg-type]


def _bounds(held: Counter[Pool], purpose: str, moment: str) -> set[Flow]:
    spots: Counter[tuple[str, str, str, str]] = Counter()
    for pool, quantity in held.items():
        if pool.purpose == purpose:
            spots[pool.commodity, pool.society, pool.place, pool.stage] += quantity
    found = set()
    for (commodity, society, place, stage), quantity in spots.items():
        kind = f"{'held' if quantity > 0 else 'ahead'}_{moment}"
        bound = Node(kind, commodity, society, place=place, stage=stage)  # type: ignore[arg-type]
        books = Node("books", commodity, society)
        is_first = (moment == "before") == (quantity > 0)
        before, after = (bound, books) if is_first else (books, bound)
        if quantity:
            found.add(Flow(None, before, after, abs(quantity), abs(quantity), 0))
    return found
