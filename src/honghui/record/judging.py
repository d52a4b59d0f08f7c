"""Judges a spending by the clauses of its purpose, and says whether one purpose narrows another.

A purpose's clauses are sorted once by the acts they apply to (`compile_clauses`); judging is then a
walk over a few small functions. A clause that is no question of an act, such as a place for a
purchase, is neither held nor counted there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from honghui.record.clauses import (
    Approvers,
    AttestedText,
    Cap,
    Clause,
    Dates,
    Decision,
    Items,
    Limit,
    Places,
    Uses,
)
from honghui.record.lookups import Lookups
from honghui.record.values import is_currency


class Spending(NamedTuple):
    """What an entry does with value of one purpose. `item`: of the lot used, bought or given.
    `approvers`: how many different people approved. `decision`: the body, and how many approved
    there, where the value lay set aside by one. `attested`: clauses somebody vouches for."""

    act: str
    use: str | None
    commodity: str
    quantity: int
    item: str | None
    place: str | None
    occurred_on: date
    approvers: int
    decision: tuple[str, int] | None
    attested: frozenset[int]


class Money(Protocol):
    """Of the purpose so far, this spending included; what came back is taken off again."""

    def received(self, currency: str) -> int: ...

    def used(self, currency: str, use: str) -> int: ...


class Verdict(NamedTuple):
    """`broken` and `unattested` clauses by number from 1; `uncapped`: overhead without a cap."""

    broken: tuple[tuple[int, Clause], ...] = ()
    unattested: tuple[int, ...] = ()
    uncapped: bool = False
    proven: int = 0
    attested: int = 0

    @property
    def kept(self) -> bool:
        return not (self.broken or self.unattested or self.uncapped)


def _uses(clause: Uses, one: Spending, _money: Money, _lookups: Lookups) -> bool | None:
    return one.use in clause.only


def _places(clause: Places, one: Spending, _money: Money, lookups: Lookups) -> bool | None:
    if one.place is None:
        return False
    return any(place in clause.within for place in lookups.places_around(one.place))


def _items(clause: Items, one: Spending, _money: Money, lookups: Lookups) -> bool | None:
    if one.item is None:
        return None
    return any(kind in clause.kinds for kind in lookups.kinds_of(one.item))


def _dates(clause: Dates, one: Spending, _money: Money, _lookups: Lookups) -> bool | None:
    if (clause.what == "received") != (one.act in RECEIVING):
        return None
    after = clause.first is None or clause.first <= one.occurred_on
    return after and (clause.last is None or one.occurred_on <= clause.last)


def _cap(clause: Cap, one: Spending, money: Money, _lookups: Lookups) -> bool | None:
    if one.use not in clause.uses or not is_currency(one.commodity):
        return None
    used = sum(money.used(one.commodity, use) for use in clause.uses)
    return used * 10_000 <= money.received(one.commodity) * clause.share_bp


def _limit(clause: Limit, one: Spending, _money: Money, _lookups: Lookups) -> bool | None:
    if one.commodity != clause.currency:
        return None
    return one.quantity <= clause.quantity


def _decision(clause: Decision, one: Spending, _money: Money, _lookups: Lookups) -> bool | None:
    if one.commodity != clause.currency or one.quantity <= clause.above:
        return None
    if one.decision is None:
        return False
    body, approvers = one.decision
    return approvers >= clause.approvers and clause.body in (None, body)


def _approvers(clause: Approvers, one: Spending, _money: Money, _lookups: Lookups) -> bool | None:
    return one.approvers >= clause.at_least


# Whether a spending keeps a clause; None: the clause is no question of it.
Question = Callable[[Any, Spending, Money, Lookups], bool | None]
QUESTIONS: dict[type[Clause], Question] = {
    Uses: _uses,
    Places: _places,
    Items: _items,
    Dates: _dates,
    Cap: _cap,
    Limit: _limit,
    Decision: _decision,
    Approvers: _approvers,
}
RECEIVING = frozenset({"gift", "appropriation"})
_COVERING = (Uses, Cap)
# Which clauses are a question of which act. An act that is not here spends nothing of a purpose.
APPLIES: dict[str, tuple[type[Clause], ...]] = {
    "gift": (Dates, Items),
    "appropriation": (Dates, Items),
    "use": (Uses, Places, Items, Dates, Cap, Limit, Decision, Approvers, AttestedText),
    "purchase": (Items, Dates, Limit, Decision, Approvers, AttestedText),
    "transfer_out": (Limit, Decision, Approvers),
    "shrink": (Uses, Cap, Dates),
    "cover": _COVERING,
    "refund": _COVERING,
    "reversal": _COVERING,
}


class Rulebook:
    """Clauses of one purpose, ready: by act, those to ask and those to have attested."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self.capped = any(isinstance(one, Cap) and "overhead" in one.uses for one in clauses)
        numbered = list(enumerate(clauses, 1))
        self.asked: dict[str, list[tuple[int, Clause, Question]]] = {}
        self.vouched: dict[str, list[int]] = {}
        for act, kinds in APPLIES.items():
            self.asked[act] = [
                (number, clause, QUESTIONS[type(clause)])
                for number, clause in numbered
                if isinstance(clause, kinds) and not isinstance(clause, AttestedText)
            ]
            self.vouched[act] = [
                number
                for number, clause in numbered
                if AttestedText in kinds and isinstance(clause, AttestedText)
            ]


def compile_clauses(clauses: Sequence[Clause]) -> Rulebook:
    return Rulebook(clauses)


_NOTHING_ASKED = Verdict()


def judge(rulebook: Rulebook, one: Spending, *, money: Money, lookups: Lookups) -> Verdict:
    """Every clause that is a question of the spending, answered."""
    asked = rulebook.asked.get(one.act)
    if asked is None:
        return _NOTHING_ASKED
    broken = []
    proven = 0
    for number, clause, question in asked:
        kept = question(clause, one, money, lookups)
        if kept:
            proven += 1
        elif kept is not None:
            broken.append((number, clause))
    vouched = rulebook.vouched[one.act]
    unattested = tuple(number for number in vouched if number not in one.attested)
    uncapped = one.use == "overhead" and not rulebook.capped
    return Verdict(tuple(broken), unattested, uncapped, proven, len(vouched) - len(unattested))


def narrows(new: Sequence[Clause], old: Sequence[Clause], lookups: Lookups) -> int | None:
    """None where whatever keeps the new clauses keeps the old ones too; else the number of the
    first old clause that nothing new implies. It may miss an implication, and never invents one."""
    if _capped(new) and not _capped(old):
        return 1 if old else 0
    for number, clause in enumerate(old, 1):
        if not any(_implies(one, clause, lookups) for one in new):
            return number
    return None


def _capped(clauses: Sequence[Clause]) -> bool:
    return any(isinstance(one, Cap) and "overhead" in one.uses for one in clauses)


def _implies(new: Clause, old: Clause, lookups: Lookups) -> bool:
    if new == old:
        return True
    match new, old:
        case Uses(only=fewer), Uses(only=more):
            return set(fewer) <= set(more)
        case Places(within=fewer), Places(within=more):
            return all(set(lookups.places_around(one)) & set(more) for one in fewer)
        case Items(kinds=fewer), Items(kinds=more):
            return all(set(lookups.kinds_of(one)) & set(more) for one in fewer)
        case Dates(), Dates():
            return new.what == old.what and _within(new, old)
        case Cap(), Cap():
            return set(old.uses) <= set(new.uses) and new.share_bp <= old.share_bp
        case Limit(), Limit():
            return new.currency == old.currency and new.quantity <= old.quantity
        case Decision(), Decision():
            return (
                new.currency == old.currency
                and new.above <= old.above
                and new.approvers >= old.approvers
                and old.body in (None, new.body)
            )
        case Approvers(), Approvers():
            return new.at_least >= old.at_least
        case _:
            return False


def _within(new: Dates, old: Dates) -> bool:
    after = old.first is None or (new.first is not None and new.first >= old.first)
    before = old.last is None or (new.last is not None and new.last <= old.last)
    return after and before
