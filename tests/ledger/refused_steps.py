"""Steps that must be refused, made of whatever the society holds just then: each drafts an entry
that is wrong, says by which rules they may be refused, and tells the society nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from honghui.record.entries import Entry
from honghui.record.pools import Pool
from honghui.record.steps import Cover, In, Leg, Link, Out
from honghui.record.values import INTEGER_MAX
from tests.audit.bookkeeper import ENDED, TODAY
from tests.ledger.queued import CLOSED, QueuedSociety

Parts = tuple[Entry, ...]
Refused = tuple[Parts, set[str]]
Draft = Callable[[QueuedSociety], Refused | None]
# No rule: no schema knows such a number, whoever comes to it first.
NO_NUMBER = "no number"
REFUSED: dict[str, Draft] = {}


def refused(draft: Draft) -> Draft:
    REFUSED[draft.__name__] = draft
    return draft


def use_of(society: QueuedSociety, pool: Pool, quantity: int, **more: Any) -> Entry:
    """As much as any clause allows to one who has decided on it."""
    use = "award" if pool.purpose == "school" else "relief"
    step = Out(pool=pool, quantity=quantity, use=use, place=more.pop("place", "330602"))
    decision = pool.ref if pool.stage == "decided" else None
    return society.draft("use", pool.society, step, **({"decision": decision} | more))


def gift_of(society: QueuedSociety, quantity: int, **more: Any) -> Entry:
    pool = society.pool(purpose="general", **more)
    return society.draft("gift", pool.society, In(pool=pool, quantity=quantity))


def _money(society: QueuedSociety, *purposes: str) -> tuple[Pool, int] | None:
    purpose = society.chance.choice(purposes or ("general", "flood"))
    return society.some(purpose=purpose, stage="on_hand", commodity="CNY", source="donation")


@refused
def one_more_than_is_left(society: QueuedSociety) -> Refused | None:
    found = society.some(source="donation")
    if found is None or found[0].purpose == ENDED:
        return None
    pool, free = found
    return (use_of(society, pool, free + 1),), {"pool.overdrawn", "purpose.clause"}


@refused
def what_still_waits(society: QueuedSociety) -> Refused | None:
    """Money that nobody has yet, whoever was told of the gift."""
    some = [pool for _id, pool, _quantity in society.units.queue
            if pool.purpose in ("general", "flood") and pool.source == "donation"]  # fmt: skip
    if not some:
        return None
    pool = society.chance.choice(some)
    return (use_of(society, pool, society.units.free(pool) + 1),), {"pool.overdrawn"}


@refused
def a_gift_of_no_number(society: QueuedSociety) -> Refused:
    number = society.chance.choice((0, -1, INTEGER_MAX + 1))
    return (gift_of(society, number),), {NO_NUMBER, "pool.too-large"}


@refused
def a_gift_too_large(society: QueuedSociety) -> Refused:
    return (gift_of(society, INTEGER_MAX),), {"pool.too-large"}


@refused
def a_use_of_no_number(society: QueuedSociety) -> Refused | None:
    found = _money(society, "general")
    if found is None:
        return None
    number = society.chance.choice((0, -1, INTEGER_MAX + 1))
    return (use_of(society, found[0], number),), {NO_NUMBER, "pool.overdrawn"}


def _move(society: QueuedSociety, pool: Pool, quantity: int, into: Pool, given: int) -> Parts:
    link = Link(into=into, quantity=given, parts=((Leg(pool=pool, quantity=quantity),),))
    return (society.draft("move", pool.society, link),)


@refused
def a_move_of_no_number(society: QueuedSociety) -> Refused | None:
    found = _money(society, "general")
    if found is None:
        return None
    number = society.chance.choice((-1, 0, INTEGER_MAX + 1))
    into = replace(found[0], place="store")
    return _move(society, found[0], number, into, number), {NO_NUMBER, "pool.overdrawn"}


@refused
def yuan_that_become_dollars(society: QueuedSociety) -> Refused | None:
    found = _money(society)
    if found is None:
        return None
    pool, free = found
    into = replace(pool, commodity="USD", place="store")
    return _move(society, pool, free, into, free), {"entry.commodity"}


@refused
def a_move_that_gains_one(society: QueuedSociety) -> Refused | None:
    found = _money(society)
    if found is None:
        return None
    pool, free = found
    return _move(society, pool, free, replace(pool, place="store"), free + 1), {"entry.quantity"}


@refused
def a_gift_to_a_closed_society(society: QueuedSociety) -> Refused:
    pool = society.pool(CLOSED, purpose="general")
    return (society.draft("gift", CLOSED, In(pool=pool, quantity=1)),), {"reference.not-in-force"}


@refused
def a_gift_for_a_purpose_that_is_over(society: QueuedSociety) -> Refused:
    pool = society.pool(purpose=ENDED)
    one = society.draft("gift", pool.society, In(pool=pool, quantity=1), occurred_on=TODAY)
    return (one,), {"reference.not-in-force"}


@refused
def spent_before_it_was_allowed(society: QueuedSociety) -> Refused | None:
    found = _money(society, "flood")
    if found is None:
        return None
    return (use_of(society, found[0], 1, occurred_on=date(2020, 5, 31)),), {"purpose.clause"}


@refused
def spent_tomorrow(society: QueuedSociety) -> Refused | None:
    found = _money(society)
    if found is None:
        return None
    day = TODAY + timedelta(days=1)
    return (use_of(society, found[0], 1, occurred_on=day),), {"record.dated-ahead"}


@refused
def a_place_that_is_not_allowed(society: QueuedSociety) -> Refused | None:
    found = _money(society)
    return found and ((use_of(society, found[0], 1, place=None),), {"purpose.clause"})


@refused
def a_purpose_as_it_was_before(society: QueuedSociety) -> Refused | None:
    found = _money(society, "general")
    if found is None or society.purposes["general"].version == 1:
        return None
    first = next(one.id for one in society.records if getattr(one, "code", "") == "general")
    return (replace(use_of(society, found[0], 1), purposes=(first,)),), {"entry.purposes"}


@refused
def somebody_elses_pool(society: QueuedSociety) -> Refused | None:
    found = _money(society, "general")
    if found is None:
        return None
    other = "330100" if found[0].society != "330100" else "330600"
    return (replace(use_of(society, found[0], 1), society=other),), {"entry.society"}


@refused
def one_more_than_was_sent(society: QueuedSociety) -> Refused | None:
    if not society.sent:
        return None
    sent, way, to = society.chance.choice(society.sent)
    quantity = society.units.free(way) + 1
    into = replace(way, society=to, stage="on_hand", ref=None)
    link = Link(into=into, quantity=quantity, parts=((Leg(pool=way, quantity=quantity),),))
    one = society.draft("transfer_in", to, link, of=sent, counterparty=way.society)
    return (one,), {"pool.overdrawn"}


# Undone where nothing is to be undone.


def _again(society: QueuedSociety, *acts: str) -> Parts | None:
    """An earlier entry once more, as a new request."""
    found = society.entries(*acts)
    if not found:
        return None
    id_, request = society.name(), society.name() * 2
    parts = society.chance.choice(found)
    current = {one.id: society.purposes[one.code].id for one in society.records
               if getattr(one, "code", "") in society.purposes}  # fmt: skip
    return tuple(
        replace(one, id=id_, request=request,
                purposes=tuple(sorted({current[of] for of in one.purposes})))
        for one in parts
    )  # fmt: skip


@refused
def the_same_gift_given_back_twice(society: QueuedSociety) -> Refused | None:
    parts = _again(society, "reversal", "refund")
    rules = {"pool.positions-taken", "pool.settled-twice", "pool.beyond-the-gift"}
    return parts and (parts, rules | {"pool.overdrawn", "purpose.clause"})


@refused
def the_same_returned_twice(society: QueuedSociety) -> Refused | None:
    parts = _again(society, "return")
    return parts and (parts, {"pool.settled-twice"})


@refused
def the_same_covered_twice(society: QueuedSociety) -> Refused | None:
    parts = _again(society, "cover")
    return parts and (parts, {"pool.settled-twice"})


@refused
def a_reversal_of_a_reversal(society: QueuedSociety) -> Refused | None:
    parts = _again(society, "reversal", "refund")
    if parts is None:
        return None
    of = society.chance.choice(society.entries("reversal", "refund"))[0].id
    return tuple(replace(one, act="reversal", of=of) for one in parts), {"entry.of"}


@refused
def a_gift_given_back_that_still_waits(society: QueuedSociety) -> Refused | None:
    some = [one for one in society.units.queue if one[1].commodity == "CNY"]
    if not some:
        return None
    gift, pool, _quantity = society.chance.choice(some)
    first = len(society.units.pools[pool])
    step = Out(pool=pool, quantity=1, at=((first, first + 1),))
    return (society.draft("refund", pool.society, step, of=gift),), {"entry.of-waiting"}


@refused
def somebody_elses_gift_given_back(society: QueuedSociety) -> Refused | None:
    """A position that is free, and another's."""
    found = _money(society, "general", "flood", "school")
    if found is None:
        return None
    pool, _free = found
    at = next(n for n, unit in enumerate(society.units.pools[pool]) if unit.left_by is None)
    owner = society.units.pools[pool][at].owner
    others = [
        gift for gift, (its, _quantity) in society.gifts.items()
        if its.society == pool.society and gift not in (owner, *society.units.waiting)
        and its.stage == "on_hand" and society.entries("gift")
    ]  # fmt: skip
    gifts = [parts[0].id for parts in society.entries("gift") if parts[0].id in others]
    if not gifts:
        return None
    step = Out(pool=pool, quantity=1, at=((at, at + 1),))
    one = society.draft("refund", pool.society, step, of=society.chance.choice(gifts))
    return (one,), {"pool.not-the-gifts"}


@refused
def a_cover_of_what_is_still_there(society: QueuedSociety) -> Refused | None:
    found = _money(society, "general")
    uses = society.entries("use")
    if found is None or not uses:
        return None
    pool, _free = found
    at = next(n for n, unit in enumerate(society.units.pools[pool]) if unit.left_by is None)
    own = society.pool(pool.society, purpose="general", source="own")
    of = society.chance.choice(uses)[0].id
    step = Cover(pool=pool, at=((at, at + 1),), spent_by=of, by=own)
    return (society.draft("cover", pool.society, step),), {"pool.not-spent"}


# Requests and ids.


@refused
def the_same_request_for_something_else(society: QueuedSociety) -> Refused | None:
    found = society.entries()
    if not found:
        return None
    parts = society.chance.choice(found)
    one = gift_of(society, 31)
    return (replace(one, request=parts[0].request),), {"request.other-content"}


@refused
def an_id_used_twice(society: QueuedSociety) -> Refused:
    """Of what has its record; what waits is another's until then (test_bad_input)."""
    used = [one.id for one in society.records if one.id not in society.units.waiting]
    one = gift_of(society, 1)
    found = _money(society, "general")
    if found is not None and society.chance.random() < 0.5:
        one = use_of(society, found[0], 1)
    return (replace(one, id=society.chance.choice(used)),), {"record.id-twice"}
