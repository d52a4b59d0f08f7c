"""A fund with gifts, decisions and payments through the real actions, and a log of its own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from honghui.funds.actions.donations import receive_donation
from honghui.funds.actions.funds import open_fund, propose_fund
from honghui.funds.actions.refunds import approve_refund, ask_refund
from honghui.funds.actions.spending import (
    approve_payment,
    approve_proposal,
    ask_payment,
    propose_spending,
)
from honghui.funds.models import Donation, Fund, Payment, Proposal, Refund
from honghui.journal import log_head
from honghui.kernel import clock
from honghui.ledger.sequencer import sequencing
from honghui.record.clauses import Approvers, Decision, Uses
from honghui.registry.models import Society
from tests.registry.samples import actor

SOCIETY = "330600"
CODE = "road-to-the-fen"
NAME = "不公开的李样例"
PAYEE = "不公开的收款样例户"
REASON = "样例：核对过了。"


def own_log(settings: Any, folder: Path) -> None:
    """The log of this test lies in its own folder."""
    settings.DATA_FOLDER = folder
    settings.LOG_LOCATION = str(folder / "log")
    settings.LOG_HEADS = str(folder / "log-heads")
    settings.SIDE_FILES = str(folder / "side-files")
    log_head._kept.clear()


def publish() -> None:
    """All that waits gets its place in the log, and the log is signed."""
    with sequencing() as sequencer:
        while sequencer.turn():
            pass
    log_head._kept.clear()


def a_fund(code: str = CODE) -> Fund:
    day = clock.today() - timedelta(days=30)
    fund = propose_fund(
        by=actor("finance"),
        society=Society.objects.get(pk=SOCIETY),
        code=code,
        name="样例基金",
        name_en="Sample Fund",
        about="样例。",
        body=f"{code}-committee",
        clauses=(
            Uses(only=("award", "relief")),
            Decision(currency="CNY", above=0, approvers=1, body=f"{code}-committee"),
            Approvers(at_least=1),
        ),
        opened_on=day,
    )
    return open_fund(by=actor("officer"), fund=fund)


def give(fund: Fund, amount_fen: int, *, shown_as: str = "", giver: str = NAME) -> Donation:
    return receive_donation(
        by=actor("finance"),
        fund=fund,
        amount_fen=amount_fen,
        channel="cash",
        occurred_on=clock.today(),
        showing="alias" if shown_as else "anonymous",
        giver=giver,
        shown_as=shown_as,
    )


def decide(fund: Fund, amount_fen: int, title: str, title_en: str = "") -> Proposal:
    proposal = propose_spending(
        by=actor("finance"), fund=fund, title=title, title_en=title_en, amount_fen=amount_fen,
        use="award", place=SOCIETY,
    )  # fmt: skip
    return approve_proposal(by=actor("officer"), proposal=proposal)


def pay(proposal: Proposal, amount_fen: int, title: str, title_en: str = "") -> Payment:
    payment = ask_payment(
        by=actor("finance"), proposal=proposal, amount_fen=amount_fen, payee=PAYEE, title=title,
        title_en=title_en,
    )  # fmt: skip
    return approve_payment(by=actor("officer"), payment=payment)


def give_back(donation: Donation, amount_fen: int) -> Refund:
    refund = ask_refund(
        by=actor("finance"), donation=donation, amount_fen=amount_fen, reason=REASON
    )
    return approve_refund(by=actor("officer"), refund=refund)
