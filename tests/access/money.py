"""One of each thing of `funds` in one society, for the table of access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from honghui.funds.actions.donations import begin_giving, receive_donation
from honghui.funds.actions.funds import open_fund, propose_fund
from honghui.funds.actions.refunds import ask_refund
from honghui.funds.actions.spending import approve_proposal, ask_payment, propose_spending
from honghui.funds.models import Donation, Fund, Giving, Payment, Proposal, Refund
from honghui.kernel.actors import Actor
from honghui.ledger.declaring import settle_arrivals
from honghui.record.clauses import Approvers, Places, Uses
from honghui.registry.models import Account, Society

DAY = date(2020, 6, 24)


@dataclass(frozen=True)
class Money:
    """`open` ones wait for their second pair of eyes."""

    fund: Fund
    proposed_fund: Fund
    giving: Giving
    donation: Donation
    open_proposal: Proposal
    proposal: Proposal
    payment: Payment
    refund: Refund


def person_of_the_system(account: Account) -> Actor:
    """May everything, and is somebody: for writing things down before the cast comes."""
    return Actor(account_id=account.pk, person_id=account.person_id, is_system=True)


def fund_of(asks: Actor, approves: Actor, society: Society, code: str) -> Fund:
    return open_fund(by=approves, fund=proposed_fund(asks, society, code))


def proposed_fund(asks: Actor, society: Society, code: str) -> Fund:
    return propose_fund(
        by=asks,
        society=society,
        code=code,
        name=f"样例基金{code}",
        about="样例。",
        body=f"{code}-committee",
        clauses=(Uses(only=("award",)), Places(within=(society.code,)), Approvers(at_least=1)),
        opened_on=date(2020, 6, 1),
    )


def received(by: Actor, fund: Fund, amount_fen: int, **more: str) -> Donation:
    return receive_donation(
        by=by,
        fund=fund,
        amount_fen=amount_fen,
        channel="cash",
        occurred_on=DAY,
        showing=more.pop("showing", "anonymous"),
        **more,  # type: ignore[arg-type]
    )


def proposed(by: Actor, fund: Fund, amount_fen: int) -> Proposal:
    return propose_spending(
        by=by, fund=fund, title="慰问", amount_fen=amount_fen, use="award", place=fund.society_id
    )


def money_of(society: Society, asker: Account, approver: Account) -> Money:
    asks, approves = person_of_the_system(asker), person_of_the_system(approver)
    fund = fund_of(asks, approves, society, f"f{society.code}")
    _spent, donation, bounced = (received(asks, fund, fen) for fen in (100_00, 30_00, 20_00))
    settle_arrivals()
    proposal = approve_proposal(by=approves, proposal=proposed(asks, fund, 50_00))
    return Money(
        fund=fund,
        proposed_fund=proposed_fund(asks, society, f"g{society.code}"),
        giving=begin_giving(by=asks, fund=fund, amount_fen=10_00),
        donation=donation,
        open_proposal=proposed(asks, fund, 20_00),
        proposal=proposal,
        payment=ask_payment(
            by=asks, proposal=proposal, amount_fen=10_00, payee="样例收款人", title="慰问品"
        ),
        refund=ask_refund(by=asks, donation=bounced, amount_fen=1_00, reason="样例：多付了。"),
    )
