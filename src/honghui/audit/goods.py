"""What is particular to goods: what a kit holds, and what was paid for a lot."""

from __future__ import annotations

from honghui.audit.findings import Broken
from honghui.audit.world import World
from honghui.record.entries import Entry
from honghui.record.references import Item
from honghui.record.steps import Link


def check_goods(entry: Entry, world: World) -> None:
    for step in entry.steps:
        if isinstance(step, Link):
            if entry.act == "pack":
                _check_contents(step, world)
            elif entry.act == "purchase":
                _check_price(step, world)


def _check_contents(step: Link, world: World) -> None:
    """Each part is one of the kit's contents, whole, and each of the contents is a part."""
    code = world.item_of(step.into.commodity)
    kit = world.item(code) if code else None
    due = {one.item: one.quantity for one in kit.contents} if isinstance(kit, Item) else {}
    for part in step.parts:
        items = {world.item_of(leg.pool.commodity) for leg in part}
        found = sum(leg.quantity for leg in part)
        item = items.pop() if len(items) == 1 else None
        expected = due.pop(item, 0) if item else 0
        if expected * step.quantity != found:
            raise _wrong_contents(item or "-", expected, step.quantity, found)
    for missing, expected in due.items():
        raise _wrong_contents(missing, expected, step.quantity, 0)


def _wrong_contents(item: str, expected: int, kits: int, found: int) -> Broken:
    return Broken("entry.contents", item=item, expected=expected, kits=kits, found=found)


def _check_price(step: Link, world: World) -> None:
    """A lot valued at what was paid for it was paid exactly that, per unit."""
    lot = world.lot(step.into.commodity)
    if lot is None or lot.value_basis != "purchase":
        return
    paid = sum(leg.quantity for leg in step.parts[0])
    assert lot.value_fen is not None
    assert lot.value_of is not None
    in_fen = step.parts[0][0].pool.commodity == "CNY"
    if not in_fen or paid * lot.value_of != step.quantity * lot.value_fen:
        raise Broken("entry.price", paid=paid, quantity=step.quantity)
