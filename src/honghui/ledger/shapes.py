"""Whether an entry is one: all that can be said without looking anything up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from honghui.ledger.acts import (
    BETWEEN_SOCIETIES,
    DECIDED,
    HAND,
    KINDS,
    SHORT,
    SHRINKING_BY,
    Kind,
    Turn,
)
from honghui.ledger.refusals import refuse
from honghui.record.entries import Entry
from honghui.record.pools import STAGES_WITH_REF, Pool, in_words
from honghui.record.steps import Back, Cover, In, Leg, Link, Out, Shrink, Step, length
from honghui.record.values import is_currency

_COMMON = (
    "id", "act", "society", "occurred_on", "request", "counterparty", "decision", "consent", "of",
    "requested_by", "approved_by", "emergency", "parts",
)  # fmt: skip


def check_shape(parts: tuple[Entry, ...]) -> None:
    """Raises Refused where the entry contradicts itself, or its act cannot do what it does."""
    for number, entry in enumerate(parts, 1):
        if (entry.part, entry.parts) != (number, len(parts)):
            raise refuse("entry.parts", part=entry.part, parts=entry.parts)
        for field in _COMMON:
            if getattr(entry, field) != getattr(parts[0], field):
                raise refuse("entry.parts-differ", field=field)
        _check_one(entry)


def pools_of(step: Step) -> list[Pool]:
    match step:
        case Link():
            return [step.into, *(leg.pool for leg in step.legs())]
        case Cover():
            return [step.pool, step.by]
        case _:
            return [step.pool]


def spends(step: Step) -> list[Pool]:
    """Pools that something leaves, or is settled in."""
    match step:
        case In():
            return []
        case Link():
            return [leg.pool for leg in step.legs()]
        case _:
            return pools_of(step)


def grows(step: Step) -> list[Pool]:
    """Pools that something comes into."""
    match step:
        case Link():
            return [step.into]
        case In() | Back() | Shrink():
            return [step.pool]
        case _:
            return []


def links(entry: Entry) -> Iterator[Link]:
    return (step for step in entry.steps if isinstance(step, Link))


def legs(entry: Entry) -> Iterator[tuple[Leg, Link]]:
    return ((leg, link) for link in links(entry) for leg in link.legs())


def _check_one(entry: Entry) -> None:
    kind = KINDS[entry.act]
    if (entry.counterparty is not None) != (entry.act in BETWEEN_SOCIETIES):
        raise refuse("entry.counterparty", society=entry.counterparty or "-")
    for step in entry.steps:
        if not isinstance(step, kind.shapes):
            raise refuse("entry.step-not-allowed", act=entry.act, step=_name(step))
        for pool in pools_of(step):
            if (pool.ref is not None) != (pool.stage in STAGES_WITH_REF):
                raise refuse("entry.ref", pool=in_words(pool))
        if isinstance(step, Link):
            _check_link(entry, kind, step)
        else:
            _check_plain(entry, kind, step)


def _check_plain(entry: Entry, kind: Kind, step: In | Out | Back | Cover | Shrink) -> None:
    _check_owner(entry, step.pool, entry.society)
    if step.pool.stage not in kind.stages.split():
        raise refuse("entry.stage", act=entry.act, before=step.pool.stage, after="-")
    match step:
        case In() if kind.source not in (None, step.pool.source):
            raise refuse("entry.source", before=kind.source, after=step.pool.source)
        case Out():
            _check_out(entry, kind, step)
        case Shrink(use=use) if use not in SHRINKING_BY:
            raise refuse("entry.use", act=entry.act, use=use)
        case Shrink(remainder=remainder, loss=loss) if loss > remainder:
            raise refuse("pool.loss", loss=loss, remainder=remainder)
        case Cover():
            _check_cover(entry, step)
        case _:
            pass


def _check_out(entry: Entry, kind: Kind, step: Out) -> None:
    told = bool(step.use) and step.use != "cover" if kind.use == "" else step.use == kind.use
    if not told:
        raise refuse("entry.use", act=entry.act, use=step.use or "-")
    if entry.act == "use":
        _check_decided(entry, step.pool)
    if step.at and length(step.at) != step.quantity:
        raise refuse("pool.positions-sum", length=length(step.at), quantity=step.quantity)


def _check_cover(entry: Entry, step: Cover) -> None:
    _check_owner(entry, step.by, entry.society)
    fits = step.by != step.pool and step.by.commodity == step.pool.commodity
    if step.by.stage not in (HAND, SHORT) or not fits:
        raise refuse("pool.cover", pool=in_words(step.by))
    if step.by_at and length(step.by_at) != length(step.at):
        raise refuse("pool.positions-sum", length=length(step.by_at), quantity=length(step.at))


def _check_link(entry: Entry, kind: Kind, link: Link) -> None:
    _check_owner(entry, link.into, entry.society)
    if kind.turn is not Turn.PACKS and len(link.parts) != 1:
        raise refuse("entry.step-not-allowed", act=entry.act, step=f"{len(link.parts)} parts")
    owner = entry.counterparty if entry.act == "transfer_in" else entry.society
    for leg in link.legs():
        _check_leg(entry, kind, leg, link.into, owner)
    taken = sum(leg.quantity for leg in link.parts[0])
    if kind.turn is Turn.NOTHING and taken != link.quantity:
        raise refuse("entry.quantity", taken=taken, given=link.quantity)


def _check_leg(entry: Entry, kind: Kind, leg: Leg, into: Pool, owner: str | None) -> None:
    pool = leg.pool
    _check_owner(entry, pool, owner)
    if pool == into:
        raise refuse("entry.same-pool", pool=in_words(pool))
    if not kind.goes(pool.stage, into.stage):
        raise refuse("entry.stage", act=entry.act, before=pool.stage, after=into.stage)
    if pool.source != into.source:
        raise refuse("entry.source", before=pool.source, after=into.source)
    if not _turns(kind.turn, pool.commodity, into.commodity):
        raise refuse("entry.commodity", act=entry.act, before=pool.commodity, after=into.commodity)
    if leg.at and length(leg.at) != leg.quantity:
        raise refuse("pool.positions-sum", length=length(leg.at), quantity=leg.quantity)
    _check_decided(entry, pool)
    _check_decided(entry, into)


def _turns(turn: Turn, before: str, after: str) -> bool:
    was_money, is_money = is_currency(before), is_currency(after)
    match turn:
        case Turn.NOTHING:
            return before == after
        case Turn.BUYS:
            return was_money and not is_money
        case Turn.SELLS:
            return is_money and not was_money
        case Turn.EXCHANGES:
            return was_money and is_money and before != after
        case Turn.PACKS:
            return not was_money and not is_money


def _check_owner(entry: Entry, pool: Pool, society: str | None) -> None:
    if pool.society != society:
        raise refuse("entry.society", society=entry.society, other=pool.society)


def _check_decided(entry: Entry, pool: Pool) -> None:
    """What is set aside for a decision moves under that decision alone."""
    if pool.stage == DECIDED and pool.ref != entry.decision:
        raise refuse("decision.unknown", decision=entry.decision or "-", field="ref")


def _name(step: Step) -> str:
    return str(step.__struct_config__.tag)


def involved(parts: Iterable[Entry]) -> tuple[list[Pool], list[Pool]]:
    """What the whole entry spends, and what it grows."""
    steps = [step for entry in parts for step in entry.steps]
    return (
        [pool for step in steps for pool in spends(step)],
        [pool for step in steps for pool in grows(step)],
    )
