"""What each act may do, as one table: which steps, from which stage to which, and what may change.

It was written from the meaning of the acts, for the audit alone; the ledger has its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from honghui.audit.findings import Broken
from honghui.record.entries import Entry
from honghui.record.pools import STAGES_WITH_REF, Pool, in_words
from honghui.record.steps import Back, Cover, In, Link, Out, Shrink, Step
from honghui.record.values import is_currency

Turns = Literal["same", "money-goods", "goods-money", "money-money", "goods-kit"]
_HAND, _RESERVED, _DECIDED, _WAY, _SHORT = (
    "on_hand", "reserved", "decided", "in_transit", "shortfall",
)  # fmt: skip


class Allowed(NamedTuple):
    """`stages`: (from, to) of a link, or the stage of what comes in, goes out, shrinks, comes back
    or covers. `four_eyes`: one asks, another approves."""

    steps: tuple[type[Step], ...]
    stages: frozenset[object]
    turns: Turns = "same"
    four_eyes: bool = False
    use: str | None = None
    source: str | None = None
    purpose_may_change: bool = False

    @property
    def takes(self) -> bool:
        """Whether value can leave a pool; what only comes in waits for nobody's lock."""
        return self.steps != (In,)


def _from(before: str, after: str) -> set[object]:
    return {(one, other) for one in before.split() for other in after.split()}


def _at(stages: str) -> frozenset[object]:
    return frozenset(stages.split())


_ANY = "on_hand reserved decided in_transit"
ACTS: dict[str, Allowed] = {
    "gift": Allowed((In,), _at(_HAND), source="donation"),
    "appropriation": Allowed((In,), _at(_HAND), source="appropriation"),
    "earning": Allowed((In,), _at(_HAND)),
    "purchase": Allowed(
        (Link,), frozenset(_from("on_hand decided", "on_hand in_transit")), "money-goods", True
    ),
    "sale": Allowed((Link,), frozenset(_from(_HAND, _HAND)), "goods-money", True),
    "exchange": Allowed((Link,), frozenset(_from(_HAND, _HAND)), "money-money", True),
    "pack": Allowed((Link,), frozenset(_from("on_hand reserved", _HAND)), "goods-kit"),
    "move": Allowed(
        (Link,),
        frozenset(
            _from(_HAND, _HAND)
            | _from("on_hand reserved decided", _WAY)
            | _from(_WAY, "on_hand in_transit")
        ),
    ),
    "reserve": Allowed((Link,), frozenset(_from(_HAND, _RESERVED))),
    "decide": Allowed((Link,), frozenset(_from("on_hand reserved", _DECIDED))),
    "release": Allowed((Link,), frozenset(_from("reserved decided", _HAND))),
    "use": Allowed((Out,), _at(_ANY), four_eyes=True),
    "refund": Allowed((Out, Cover), _at(_ANY), four_eyes=True),
    "reversal": Allowed((Out, Cover), _at(_ANY)),
    "return": Allowed((Back,), _at(_ANY), four_eyes=True),
    "cover": Allowed((Cover,), _at(f"{_ANY} {_SHORT}"), four_eyes=True),
    "shortfall": Allowed((In,), _at(_SHORT)),
    "shrink": Allowed((Shrink,), _at(_HAND), four_eyes=True),
    "stocktake": Allowed((In, Out), _at(_HAND), four_eyes=True, use="stocktake"),
    "loss": Allowed((Out,), _at("on_hand reserved in_transit"), four_eyes=True, use="loss"),
    "transfer_out": Allowed(
        (Link,), frozenset(_from("on_hand reserved decided", _WAY)), four_eyes=True
    ),
    "transfer_in": Allowed((Link,), frozenset(_from(_WAY, _HAND))),
    "change_of_purpose": Allowed(
        (Link,), frozenset(_from(_HAND, _HAND)), four_eyes=True, purpose_may_change=True
    ),
    "leftover": Allowed(
        (Link,), frozenset(_from(_HAND, _HAND)), four_eyes=True, purpose_may_change=True
    ),
}
# What can be given back, and the acts that do.
GIFTS = frozenset({"gift", "appropriation", "earning"})
RETURNS = frozenset({"refund", "reversal"})
COVERS_FROM = frozenset({_HAND, _SHORT})
SHRINKS_BY = frozenset({"fee", "loss", "exchange", "overhead"})
WITH_COUNTERPARTY = frozenset({"transfer_out", "transfer_in"})


def pools_of(step: Step) -> list[Pool]:
    match step:
        case Link():
            return [step.into, *(leg.pool for leg in step.legs())]
        case Cover(pool=pool, by=by):
            return [pool, by]
        case _:
            return [step.pool]


def check_shape(entry: Entry) -> None:
    """Everything that can be said of an entry without knowing any other record."""
    allowed = ACTS[entry.act]
    if (entry.counterparty is not None) != (entry.act in WITH_COUNTERPARTY):
        raise Broken("entry.counterparty", society=entry.counterparty or "-")
    for step in entry.steps:
        if not isinstance(step, allowed.steps):
            raise Broken("entry.step-not-allowed", act=entry.act, step=step.__struct_config__.tag)
        _check_refs(step)
        if isinstance(step, Link):
            _check_link(entry, allowed, step)
        else:
            _check_single(entry, allowed, step)


def _check_refs(step: Step) -> None:
    for pool in pools_of(step):
        if (pool.ref is not None) != (pool.stage in STAGES_WITH_REF):
            raise Broken("entry.ref", pool=in_words(pool))


def _check_single(entry: Entry, allowed: Allowed, step: In | Out | Back | Cover | Shrink) -> None:
    _check_owner(entry, step.pool, entry.society)
    if step.pool.stage not in allowed.stages:
        raise Broken("entry.stage", act=entry.act, before=step.pool.stage, after="-")
    match step:
        case In():
            _check_source(allowed, step)
        case Out():
            _check_use(entry, allowed, step)
        case Shrink(use=use) if use not in SHRINKS_BY:
            raise Broken("entry.use", act=entry.act, use=use)
        case Cover():
            _check_cover(entry, step)
        case _:
            pass


def _check_owner(entry: Entry, pool: Pool, society: str | None) -> None:
    if pool.society != society:
        raise Broken("entry.society", society=entry.society, other=pool.society)


def _check_source(allowed: Allowed, step: In) -> None:
    if allowed.source is not None and step.pool.source != allowed.source:
        raise Broken("entry.source", before=allowed.source, after=step.pool.source)


def _check_use(entry: Entry, allowed: Allowed, step: Out) -> None:
    """Why it left is said where it was used, and nowhere else; a cover is no use."""
    if entry.act == "use":
        good = step.use is not None and step.use != "cover"
    else:
        good = step.use == allowed.use
    if not good:
        raise Broken("entry.use", act=entry.act, use=step.use or "-")
    if entry.act == "use":
        _check_decided(entry, step.pool)


def _check_cover(entry: Entry, step: Cover) -> None:
    _check_owner(entry, step.by, entry.society)
    if (
        step.by.stage not in COVERS_FROM
        or step.by == step.pool
        or step.by.commodity != step.pool.commodity
    ):
        raise Broken("pool.cover", pool=in_words(step.by))


def _check_link(entry: Entry, allowed: Allowed, link: Link) -> None:
    _check_owner(entry, link.into, entry.society)
    owner = entry.counterparty if entry.act == "transfer_in" else entry.society
    for leg in link.legs():
        _check_leg(entry, allowed, link, leg.pool, owner)
    if allowed.turns != "goods-kit" and len(link.parts) != 1:
        raise Broken("entry.step-not-allowed", act=entry.act, step=f"{len(link.parts)} parts")
    taken = sum(leg.quantity for leg in link.parts[0])
    if allowed.turns == "same" and taken != link.quantity:
        raise Broken("entry.quantity", taken=taken, given=link.quantity)


def _check_leg(entry: Entry, allowed: Allowed, link: Link, pool: Pool, owner: str | None) -> None:
    into = link.into
    _check_owner(entry, pool, owner)
    if pool == into:
        raise Broken("entry.same-pool", pool=in_words(pool))
    if (pool.stage, into.stage) not in allowed.stages:
        raise Broken("entry.stage", act=entry.act, before=pool.stage, after=into.stage)
    if pool.source != into.source:
        raise Broken("entry.source", before=pool.source, after=into.source)
    if not _TURNS[allowed.turns](pool.commodity, into.commodity):
        raise Broken("entry.commodity", act=entry.act, before=pool.commodity, after=into.commodity)
    _check_decided(entry, pool)
    _check_decided(entry, into)


def _check_decided(entry: Entry, pool: Pool) -> None:
    """What is set aside for a decision moves under that decision alone."""
    if pool.stage == _DECIDED and pool.ref != entry.decision:
        raise Broken("decision.unknown", decision=entry.decision or "-", field="ref")


_TURNS: dict[Turns, Callable[[str, str], bool]] = {
    "same": lambda before, after: before == after,
    "money-goods": lambda before, after: is_currency(before) and not is_currency(after),
    "goods-money": lambda before, after: not is_currency(before) and is_currency(after),
    "money-money": lambda before, after: (
        is_currency(before) and is_currency(after) and before != after
    ),
    "goods-kit": lambda before, after: not is_currency(before) and not is_currency(after),
}
