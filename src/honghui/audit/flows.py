"""An entry taken apart into facts: what each pool gained or lost, and under which flow."""

from __future__ import annotations

from honghui.audit.acts import RETURNS
from honghui.record.entries import Entry
from honghui.record.facts import Fact
from honghui.record.measures import Flow
from honghui.record.pools import Pool
from honghui.record.steps import Back, Cover, In, Link, Out, Shrink, Step, length


def facts_of(entry: Entry) -> list[Fact]:
    return [fact for step in entry.steps for fact in _facts(entry, step)]


def _facts(entry: Entry, step: Step) -> list[Fact]:
    act, day = entry.act, entry.occurred_on
    match step:
        case In(pool=pool, quantity=quantity):
            flow: Flow = "shortfall" if pool.stage == "shortfall" else "received"
            return [Fact(act, flow, pool, quantity, day)]
        case Out():
            return [_out(entry, step)]
        case Link():
            return _link(entry, step)
        case Back():
            return [Fact(act, "used", step.pool, length(step.at), day, step.use, step.place)]
        case Cover():
            return [Fact(act, "covered", step.by, -length(step.at), day, "cover")]
        case Shrink():
            return [Fact(act, "used", step.pool, -step.loss, day, step.use)]


def _out(entry: Entry, step: Out) -> Fact:
    flow: Flow = "returned" if entry.act in RETURNS else "used"
    people = step.recipients.value if step.recipients else 0
    return Fact(
        entry.act, flow, step.pool, -step.quantity, entry.occurred_on,
        step.use, step.place, people,
    )  # fmt: skip


def _link(entry: Entry, step: Link) -> list[Fact]:
    """What each leg loses; what is gained leg by leg where it stays the same commodity (one leg may
    cross a border that another does not), and at once where it turns into another."""
    act, into, day = entry.act, step.into, entry.occurred_on
    facts = []
    for leg in step.legs():
        left, entered = _crossing(leg.pool, into)
        to = into.society if left == "transferred_out" else None
        facts.append(Fact(act, left, leg.pool, -leg.quantity, day, counterparty=to))
        if left != "converted_out":
            of = leg.pool.society if entered == "transferred_in" else None
            facts.append(Fact(act, entered, into, leg.quantity, day, counterparty=of))
    if left == "converted_out":
        facts.append(Fact(act, entered, into, step.quantity, day))
    return facts


def _crossing(pool: Pool, into: Pool) -> tuple[Flow | None, Flow | None]:
    """What kind of border lies between the two: of societies first, then of commodities, then of
    purposes. None: the same books."""
    if pool.society != into.society:
        return "transferred_out", "transferred_in"
    if pool.commodity != into.commodity:
        return "converted_out", "converted_in"
    if pool.purpose != into.purpose:
        return "repurposed_out", "repurposed_in"
    return None, None
