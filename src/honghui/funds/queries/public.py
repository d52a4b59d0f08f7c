"""What everybody may read of a fund: its rule in words, decisions, payments and gifts.

All of it as of one record of the log: what the log does not show yet is not shown here either. Of
a gift nothing is read but its day, its sum and what its giver chose to be called; of a payment
nothing but what it was for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from honghui.funds import access, words
from honghui.funds.models import Fund, Payment, Proposal
from honghui.funds.purposes import decoded
from honghui.funds.queries.sums import Sums, SumsOf, sums_of
from honghui.journal import log_place
from honghui.ledger.purposes import language
from honghui.record.clause_words import clause_in_words
from honghui.record.clauses import Clause, Places
from honghui.record.errors import BadOpening
from honghui.registry.models import Society

GIFTS_SHOWN = 20
DECISIONS_SHOWN = 50
_PAGE = 5_000
_GIFTS = """
    SELECT d.received_at, d.id, d.occurred_on, d.amount_fen, d.shown_as, l.index
    FROM funds_donation d
    JOIN journal_record r ON r.id = d.entry_id AND r.part = 1
    JOIN journal_leaf l ON l.number = r.number AND l.part = 1
    WHERE d.fund_id = %(fund)s AND l.index < %(as_of)s
      AND (d.received_at, d.id) < (%(before_at)s, %(before_id)s)
    ORDER BY d.received_at DESC, d.id DESC LIMIT %(limit)s
"""
_SEEN = """
    SELECT r.id, l.index FROM journal_record r
    JOIN journal_leaf l ON l.number = r.number AND l.part = 1
    WHERE r.id = ANY (%s) AND r.part = 1 AND l.index < %s
"""
_LAST = (datetime.max, UUID(int=2**128 - 1))


class Gift(NamedTuple):
    """`shown_as`: "" for one who is not named. `record`: its index in the log."""

    occurred_on: date
    amount_fen: int
    shown_as: str
    record: int


@dataclass(frozen=True)
class Paid:
    payment: Payment
    record: int

    @property
    def title(self) -> str:
        return words.title_of(self.payment)


@dataclass(frozen=True)
class Decided:
    """A decision and what was paid of it."""

    proposal: Proposal
    record: int
    payments: tuple[Paid, ...]

    @property
    def title(self) -> str:
        return words.title_of(self.proposal)

    @property
    def paid_fen(self) -> int:
        return sum(each.payment.amount_fen for each in self.payments)

    @property
    def left_fen(self) -> int:
        return self.proposal.amount_fen - self.paid_fen


@dataclass(frozen=True)
class FundList:
    funds: tuple[tuple[Fund, Sums], ...]
    total: Sums
    as_of: int

    @property
    def agrees(self) -> bool:
        return not any(sums.difference for _fund, sums in self.funds)


@dataclass(frozen=True)
class FundPage:
    """`rule`: its clauses, a sentence each."""

    fund: Fund
    sums: Sums
    as_of: int
    rule: tuple[str, ...]
    decisions: tuple[Decided, ...]
    gifts: tuple[Gift, ...]


def fund_list() -> FundList:
    """Every open fund, and the sums of them all. Two queries."""
    funds = list(access.open_funds())
    sums = sums_of(funds)
    total = sum((sums.of(fund) for fund in funds), Sums())
    return FundList(tuple((fund, sums.of(fund)) for fund in funds), total, sums.as_of)


def fund_page(code: str) -> FundPage:
    """NotFound for a fund that is not open. Seven queries."""
    fund = access.open_fund(code)
    sums = sums_of([fund])
    return FundPage(
        fund=fund,
        sums=sums.of(fund),
        as_of=sums.as_of,
        rule=rule_of(fund),
        decisions=decisions(fund, sums.as_of),
        gifts=tuple(gift for _key, gift in _gifts(fund, sums.as_of, GIFTS_SHOWN)),
    )


def fund_sums(code: str) -> tuple[Fund, SumsOf]:
    fund = access.open_fund(code)
    return fund, sums_of([fund])


def rule_of(fund: Fund) -> tuple[str, ...]:
    """In the reader's language. One query, for the names of places."""
    clauses = decoded(fund.clauses)
    places = _places_of(clauses)

    def name(kind: str, code: str) -> str | None:
        if kind == "body":
            return str(_("the fund's management committee")) if code == fund.body else None
        return places.get(code) if kind == "place" else None

    return tuple(
        clause_in_words(clause, language(), names=name, text=_text_behind) for clause in clauses
    )


def decisions(fund: Fund, as_of: int) -> tuple[Decided, ...]:
    """The newest first, each with what was paid of it. Three queries."""
    proposals = list(
        Proposal.objects.filter(fund=fund, state=Proposal.State.APPROVED).order_by(
            "-decided_on", "-asked_at", "-id"
        )[:DECISIONS_SHOWN]
    )
    payments = list(
        Payment.objects.filter(proposal__in=proposals, state=Payment.State.PAID)
        .defer("payee_sealed")
        .order_by("paid_on", "asked_at", "id")
    )
    seen = _seen([each.entry_id for each in [*proposals, *payments]], as_of)
    return tuple(
        Decided(
            proposal,
            seen[proposal.entry_id],
            tuple(
                Paid(payment, seen[payment.entry_id])
                for payment in payments
                if payment.proposal_id == proposal.pk and payment.entry_id in seen
            ),
        )
        for proposal in proposals
        if proposal.entry_id in seen
    )


def every_gift(fund: Fund, as_of: int) -> Iterator[Gift]:
    """All of them, the newest first; some thousands at a time: no long query, no large list."""
    page = _gifts(fund, as_of, _PAGE)
    while page:
        yield from (gift for _key, gift in page)
        page = _gifts(fund, as_of, _PAGE, page[-1][0]) if len(page) == _PAGE else []


def _gifts(
    fund: Fund, as_of: int, limit: int, before: tuple[datetime, UUID] = _LAST
) -> list[tuple[tuple[datetime, UUID], Gift]]:
    """Those that were received before that one. One query."""
    at, id_ = before
    facts: dict[str, Any] = {
        "fund": fund.pk,
        "as_of": as_of,
        "before_at": "infinity" if at == datetime.max else at,
        "before_id": id_,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GIFTS, facts)
        return [((row[0], row[1]), Gift(*row[2:])) for row in cursor.fetchall()]


def _seen(entries: list[UUID | None], as_of: int) -> dict[UUID | None, int]:
    """The index of each record that the log shows."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [[each for each in entries if each], as_of])
        return dict(cursor.fetchall())


def _places_of(clauses: tuple[Clause, ...]) -> dict[str, str]:
    """Divisions by their society's code; other places stand as their code."""
    codes = [code for clause in clauses if isinstance(clause, Places) for code in clause.within]
    if not codes:
        return {}
    english = language() == "en"
    return {
        each.code: each.place_name_en if english and each.place_name_en else each.place_name
        for each in Society.objects.filter(pk__in=codes)
    }


def _text_behind(hash_: str) -> str | None:
    try:
        return log_place.side_files().read(hash_)
    except (BadOpening, OSError):
        return None
