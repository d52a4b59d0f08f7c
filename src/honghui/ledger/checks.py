"""Holds an entry to what it refers to: places, societies, days, people, kits, prices."""

from __future__ import annotations

from datetime import date

from honghui.kernel import clock
from honghui.ledger.acts import AFTER_THE_END, KINDS
from honghui.ledger.refusals import refuse
from honghui.ledger.shapes import links, pools_of
from honghui.ledger.world import World
from honghui.record.entries import Entry
from honghui.record.references import Society
from honghui.record.steps import In, Link, Out
from honghui.record.values import Count


def check_references(entry: Entry, world: World) -> None:
    day = entry.occurred_on
    if day > clock.today():
        raise refuse("record.dated-ahead", day=day, today=clock.today())
    world.check_society(entry.society, day)
    purposes = set()
    for step in entry.steps:
        for pool in pools_of(step):
            world.check_place(pool.place)
            world.check_commodity(pool.commodity)
            purposes.add(pool.purpose)
        if isinstance(step, Out):
            _check_told(entry, step, world)
    for code in purposes:
        _check_purpose(entry, code, day, world)


def _check_told(entry: Entry, step: Out, world: World) -> None:
    if step.place is not None:
        world.check_place(step.place, entry.occurred_on)
    if step.recipients is not None:
        check_count(entry.society, step.recipients, world)


def check_count(society: str, count: Count, world: World) -> None:
    """A handful of people is never told exactly."""
    told: Society = world.must("society", society)
    if count.qualifier == "exact" and count.value < told.count_min:
        raise refuse("entry.count-too-small", value=count.value, count_min=told.count_min)


def _check_purpose(entry: Entry, code: str, day: date, world: World) -> None:
    standing = world.purpose(code)
    current = standing.current
    ended = current.ends_on is not None and day > current.ends_on
    if (ended and entry.act not in AFTER_THE_END) or day < current.starts_on:
        raise refuse("reference.not-in-force", kind="purpose", code=code, day=day)
    only_comes = KINDS[entry.act].shapes == (In,)
    if only_comes and (not entry.purposes or standing.before in entry.purposes):
        return
    if current.id not in entry.purposes:
        raise refuse("entry.purposes", purpose=code)


def check_people(entry: Entry) -> None:
    """One asks, another approves. An emergency waives the second for now, never the reason."""
    needed = KINDS[entry.act].four_eyes and not entry.emergency
    if needed or entry.approved_by:
        check_eyes(entry.act, entry.requested_by, entry.approved_by, needed=needed)
    if entry.emergency and (entry.requested_by is None or entry.text is None):
        raise refuse("four-eyes.no-reason")


def check_eyes(
    act: str, requested_by: str | None, approved_by: tuple[str, ...], *, needed: bool
) -> None:
    if len(approved_by) != len(set(approved_by)):
        raise refuse("four-eyes.twice")
    if requested_by is not None and requested_by in approved_by:
        raise refuse("four-eyes.same")
    if needed and (requested_by is None or not approved_by):
        raise refuse("four-eyes.missing", act=act)


def check_goods(entry: Entry, world: World) -> None:
    for link in links(entry):
        if entry.act == "pack":
            _check_contents(link, world)
        elif entry.act == "purchase":
            _check_price(link, world)


def _check_contents(link: Link, world: World) -> None:
    """Each part is one of the kit's contents, whole, and each of the contents is a part."""
    code = world.item_of(link.into.commodity)
    kit = world.item(code) if code else None
    due = {one.item: one.quantity for one in kit.contents} if kit else {}
    for part in link.parts:
        items = {world.item_of(leg.pool.commodity) for leg in part}
        item = items.pop() if len(items) == 1 else None
        found = sum(leg.quantity for leg in part)
        _check_content(item or "-", due.pop(item or "-", 0), link.quantity, found)
    for item, each in due.items():
        _check_content(item, each, link.quantity, 0)


def _check_content(item: str, each: int, kits: int, found: int) -> None:
    if each * kits != found:
        raise refuse("entry.contents", item=item, expected=each, kits=kits, found=found)


def _check_price(link: Link, world: World) -> None:
    """A lot valued at what was paid for it was paid exactly that."""
    lot = world.lot(link.into.commodity)
    if lot is None or lot.value_basis != "purchase":
        return
    paid = sum(leg.quantity for leg in link.parts[0])
    assert lot.value_of is not None
    assert lot.value_fen is not None
    currencies = {leg.pool.commodity for leg in link.legs()}
    if currencies != {"CNY"} or paid * lot.value_of != link.quantity * lot.value_fen:
        raise refuse("entry.price", paid=paid, quantity=link.quantity)
