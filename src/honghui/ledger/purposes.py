"""Enforces purposes: every clause that is a question of an act is asked before anything is booked,
and the refusal names the clause.

What a cap is held to is counted under a lock (`Used`); what was received for a purpose only grows
(`Received`), and is what the log knows so far: a gift counts once the sequencer has placed it, so
the audit, which reads the log in order, comes to the same answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection
from django.utils.translation import get_language

from honghui.ledger.agreements import find_decision
from honghui.ledger.refusals import refuse
from honghui.ledger.world import World
from honghui.record.clause_words import clause_in_words
from honghui.record.clauses import Clause
from honghui.record.entries import Entry
from honghui.record.judging import Spending, judge
from honghui.record.pools import Pool
from honghui.record.rules import Language
from honghui.record.steps import Back, Cover, In, Link, Out, Shrink, Step, length
from honghui.record.values import is_currency

# An emergency waives how many approve. They review it afterwards.
_WAIVED = 32

Key = tuple[str, str, str]


class Spent(NamedTuple):
    """What a step does with value of one purpose, as a clause asks for it. `goods`: the commodity
    whose item counts."""

    pool: Pool
    quantity: int
    use: str | None
    goods: str
    place: str | None


def enforce(parts: tuple[Entry, ...], world: World) -> None:
    """Raises Refused at the first clause that is broken; counts what is used. After the pools are
    locked."""
    counted = _used_by(parts)
    money = _Money(_locked(counted), counted, _received_by(parts))
    sums: Counter[tuple[str, str]] = Counter()
    for entry in parts:
        for step in entry.steps:
            for spent in _spent(entry, step):
                _judge(entry, spent, sums, money, world)
    _write(counted)


class _Money:
    """Of all purposes of the entry, the entry included."""

    def __init__(self, before: Counter[Key], now: Counter[Key], coming: Counter[str]) -> None:
        self._before, self._now, self._coming = before, now, coming
        self.purpose = ""

    def received(self, currency: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT quantity FROM ledger_received WHERE purpose = %s AND currency = %s",
                [self.purpose, currency],
            )
            row = cursor.fetchone()
        return (row[0] if row else 0) + self._coming[f"{self.purpose}/{currency}"]

    def used(self, currency: str, use: str) -> int:
        key = self.purpose, currency, use
        return self._before[key] + self._now[key]


def _judge(
    entry: Entry, spent: Spent, sums: Counter[tuple[str, str]], money: _Money, world: World
) -> None:
    pool = spent.pool
    sums[pool.purpose, pool.commodity] += spent.quantity
    money.purpose = pool.purpose
    one = Spending(
        act=entry.act,
        use=spent.use,
        commodity=pool.commodity,
        quantity=sums[pool.purpose, pool.commodity],
        item=world.item_of(spent.goods) if spent.goods else None,
        place=spent.place,
        occurred_on=entry.occurred_on,
        approvers=_WAIVED if entry.emergency else len(entry.approved_by),
        decision=_decision(pool),
        attested=frozenset(one.clause for one in entry.attested if one.purpose == pool.purpose),
    )
    rulebook = world.purpose(pool.purpose).rulebook
    verdict = judge(rulebook, one, money=money, lookups=world)
    for number, clause in verdict.broken:
        raise refuse(
            "purpose.clause", purpose=pool.purpose, number=number, sentence=in_words(clause)
        )
    for number in verdict.unattested:
        raise refuse("purpose.not-attested", purpose=pool.purpose, number=number)
    if verdict.uncapped:
        raise refuse("purpose.overhead-uncapped", purpose=pool.purpose)


def in_words(clause: Clause) -> str:
    """The clause as a sentence, in the language of whoever reads it."""
    return clause_in_words(clause, language())


def language() -> Language:
    """In which sentences about records are said to whoever reads now."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


def _decision(pool: Pool) -> tuple[str, int] | None:
    if pool.stage != "decided" or pool.ref is None:
        return None
    decision = find_decision(pool.ref)
    return (decision.body, len(decision.approved_by)) if decision else None


def _spent(entry: Entry, step: Step) -> Iterator[Spent]:
    """What of a step is a question of clauses at all."""
    match entry.act, step:
        case (("gift" | "appropriation"), In(pool=pool, quantity=quantity)):
            yield Spent(pool, quantity, None, pool.commodity, None)
        case "use", Out(pool=pool, quantity=quantity):
            yield Spent(pool, quantity, step.use, pool.commodity, step.place)
        case (("purchase" | "transfer_out"), Link()):
            for leg in step.legs():
                yield Spent(leg.pool, leg.quantity, None, step.into.commodity, None)
        case (("cover" | "refund" | "reversal"), Cover()):
            yield Spent(step.by, length(step.at), "cover", "", None)
        case "shrink", Shrink(pool=pool, loss=loss):
            yield Spent(pool, loss, step.use, pool.commodity, None)
        case _:
            return


def _used_by(parts: tuple[Entry, ...]) -> Counter[Key]:
    """What the entry adds to what is used, by purpose, currency and use."""
    found: Counter[Key] = Counter()
    for entry in parts:
        for step in entry.steps:
            for pool, use, quantity in _uses(entry, step):
                if use is not None and is_currency(pool.commodity):
                    found[pool.purpose, pool.commodity, use] += quantity
    return found


def _uses(entry: Entry, step: Step) -> Iterator[tuple[Pool, str | None, int]]:
    match step:
        case Out() if entry.act not in ("refund", "reversal"):
            yield step.pool, step.use, step.quantity
        case Shrink():
            yield step.pool, step.use, step.loss
        case Cover():
            yield step.by, "cover", length(step.at)
        case Back():
            yield step.pool, step.use, -length(step.at)
        case _:
            return


def _received_by(parts: tuple[Entry, ...]) -> Counter[str]:
    """What comes in with the very entry: counted with it, as the audit does."""
    found: Counter[str] = Counter()
    for entry in parts:
        for step in entry.steps:
            if isinstance(step, In) and step.pool.stage != "shortfall":
                found[f"{step.pool.purpose}/{step.pool.commodity}"] += step.quantity
    return found


def _locked(counted: Counter[Key]) -> Counter[Key]:
    """What was used before, of every use of the purposes concerned: a cap adds several up."""
    before: Counter[Key] = Counter()
    if not counted:
        return before
    # One row of each purpose is there for its lock alone: a use that nobody has counted yet cannot
    # slip past a cap that adds several up.
    keys = sorted({*counted, *((purpose, currency, "") for purpose, currency, _use in counted)})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_used (purpose, currency, use, quantity)"
            " SELECT *, 0 FROM unnest(%s::text[], %s::text[], %s::text[])"
            " ON CONFLICT DO NOTHING",
            [list(column) for column in zip(*keys, strict=True)],
        )
        cursor.execute(
            "SELECT purpose, currency, use, quantity FROM ledger_used WHERE purpose = ANY(%s)"
            " ORDER BY purpose, currency, use FOR NO KEY UPDATE",
            [sorted({purpose for purpose, _currency, _use in keys})],
        )
        for purpose, currency, use, quantity in cursor.fetchall():
            before[purpose, currency, use] = quantity
    return before


def _write(counted: Counter[Key]) -> None:
    if not counted:
        return
    keys = sorted(counted)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_used AS u SET quantity = u.quantity + new.quantity"
            " FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])"
            " AS new (purpose, currency, use, quantity)"
            " WHERE u.purpose = new.purpose AND u.currency = new.currency AND u.use = new.use",
            [
                *(list(column) for column in zip(*keys, strict=True)),
                [counted[key] for key in keys],
            ],
        )


def receive(parts: tuple[Entry, ...]) -> None:
    """Counts what came in with an entry that was placed at once. What waits in the queue is
    counted by the sequencer."""
    coming = _received_by(parts)
    with connection.cursor() as cursor:
        for key in sorted(coming):
            purpose, _slash, currency = key.partition("/")
            if is_currency(currency):
                cursor.execute(RECEIVE, [[purpose], [currency], [coming[key]]])


RECEIVE = """
    INSERT INTO ledger_received AS r (purpose, currency, quantity)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[])
    ON CONFLICT (purpose, currency) DO UPDATE SET quantity = r.quantity + excluded.quantity
"""
