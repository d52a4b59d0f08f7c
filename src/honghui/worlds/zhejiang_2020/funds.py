"""The Shaoxing fund of issue 370, through the actions that people use.

Facts: the police bureau and the society signed; two firms gave 200,000 and 100,000 yuan, earmarked;
what it is for; a committee decides. Samples: the days, the small gifts, and what was spent.
"""

from __future__ import annotations

from datetime import date, datetime

from honghui.funds.actions.donations import receive_donation
from honghui.funds.actions.funds import open_fund, propose_fund
from honghui.funds.actions.spending import (
    approve_payment,
    approve_proposal,
    ask_payment,
    propose_spending,
)
from honghui.funds.models import Donation, Fund, Proposal
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.clock import CHINA
from honghui.ledger.declaring import settle_arrivals
from honghui.record.clauses import Approvers, Decision, Places, Uses
from honghui.registry.models import Organisation, Society
from honghui.worlds import SAMPLE_CODE
from honghui.worlds.loader import Report
from honghui.worlds.zhejiang_2020.cast import actor_named
from honghui.worlds.zhejiang_2020.registry import ISSUE, SAMPLE

SHAOXING = "330600"
FUND = "pingan-yijing"
COMMITTEE = f"{FUND}-committee"

# fmt: off
FIRMS = (
    ("浙江京新药业股份有限公司", 200_000_00),
    ("浙江点金律师事务所", 100_000_00),
)
# Days in June, amounts, how they may be shown: samples, all of them.
SMALL_GIFTS = (
    (10, 2_000_00, "anonymous", ""),
    (10, 1_000_00, "alias", "越城一家人"),
    (11, 50_00, "anonymous", ""),
    (11, 88_88, "alias", "路过的人"),
    (11, 500_00, "anonymous", ""),
)
# fmt: on
FIRST_BATCH = (3_030_00, "慰问义警集体，第一批", "Thanks to volunteer-police groups, first batch")
SECOND_BATCH = (600_00, "慰问义警集体，第二批", "Thanks to volunteer-police groups, second batch")
PAID = (
    (2_400_00, "慰问品，第一批", "Gifts of thanks, first batch"),
    (615_00, "致敬状，第一批", "Letters of thanks, first batch"),
)
FOLLOWED = 2  # the fifty yuan


def load(report: Report) -> None:
    finance, officer = actor_named("finance"), actor_named("officer")
    fund = _found(finance, officer)
    _receive(finance, fund)
    settle_arrivals()
    report(f"{Fund.objects.count()} fund, {Donation.objects.count()} gifts")


def spend(report: Report) -> None:
    """The week after: what was decided, paid, and still waits."""
    _spend(actor_named("finance"), actor_named("officer"), Fund.objects.get(pk=FUND))
    report(f"{Proposal.objects.count()} decisions of the fund")


def _at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2020, 6, day, hour, minute, tzinfo=CHINA)


def _found(finance: Actor, officer: Actor) -> Fund:
    with clock.at(_at(8)):
        fund = propose_fund(
            by=finance,
            society=Society.objects.get(pk=SHAOXING),
            code=FUND,
            name="平安（义警）基金",
            name_en="Ping’an (Volunteer Police) Fund",
            about="绍兴市公安局与绍兴市红十字会签约设立，向在平安建设中作出突出贡献的集体、"
            "个人和义警组织表达敬意和关爱。",
            about_en="Set up by agreement between Shaoxing Public Security Bureau and Shaoxing Red "
            "Cross: thanks and care for people, groups and volunteer-police organisations who did "
            "outstanding work for public safety.",
            body=COMMITTEE,
            clauses=(
                Uses(only=("award",)),
                Places(within=(SHAOXING,)),
                Decision(currency="CNY", above=0, approvers=1, body=COMMITTEE),
                Approvers(at_least=1),
            ),
            opened_on=date(2020, 6, 10),
            source=ISSUE,
        )
    with clock.at(_at(8, 14)):
        return open_fund(by=officer, fund=fund)


def _receive(finance: Actor, fund: Fund) -> None:
    """Small gifts first, so that what the samples spend below is nobody's but theirs."""
    for number, (day, amount_fen, showing, shown_as) in enumerate(SMALL_GIFTS):
        with clock.at(_at(day, 10, number)):
            gift = receive_donation(
                by=finance,
                fund=fund,
                amount_fen=amount_fen,
                channel="cash",
                occurred_on=date(2020, 6, day),
                showing=showing,
                shown_as=shown_as,
                source=SAMPLE,
            )
        if number == FOLLOWED:
            # No action offers a code of one's choice: outside a sample world nobody may have one.
            Donation.objects.filter(pk=gift.pk).update(code=SAMPLE_CODE)
    for number, (name, amount_fen) in enumerate(FIRMS):
        with clock.at(_at(12, 10, number)):
            receive_donation(
                by=finance,
                fund=fund,
                amount_fen=amount_fen,
                channel="transfer",
                occurred_on=date(2020, 6, 12),
                showing="named",
                giver=name,
                organisation=Organisation.objects.get(name=name),
                source=ISSUE,
            )


def _spend(finance: Actor, officer: Actor, fund: Fund) -> None:
    """Two decisions. The first is paid but for a little; a payment of the second still waits for
    its second pair of eyes, so that somebody finds it on the desk."""
    first = _decided(finance, officer, fund, 17, FIRST_BATCH)
    asked = []
    for number, (amount_fen, title, title_en) in enumerate(PAID):
        with clock.at(_at(18, 9 + number)):
            asked.append(
                ask_payment(
                    by=finance, proposal=first, amount_fen=amount_fen, payee="样例供货商",
                    title=title, title_en=title_en,
                )
            )  # fmt: skip
    for number, payment in enumerate(asked):
        with clock.at(_at(18, 14 + number)):
            approve_payment(by=officer, payment=payment)
    second = _decided(finance, officer, fund, 22, SECOND_BATCH)
    with clock.at(_at(23)):
        ask_payment(
            by=finance, proposal=second, amount_fen=300_00, payee="样例供货商",
            title="慰问品，第二批", title_en="Gifts of thanks, second batch",
        )  # fmt: skip


def _decided(
    finance: Actor, officer: Actor, fund: Fund, day: int, what: tuple[int, str, str]
) -> Proposal:
    amount_fen, title, title_en = what
    with clock.at(_at(day)):
        proposal = propose_spending(
            by=finance, fund=fund, title=title, title_en=title_en, amount_fen=amount_fen,
            use="award", place=SHAOXING, source=SAMPLE,
        )  # fmt: skip
    with clock.at(_at(day, 15)):
        return approve_proposal(by=officer, proposal=proposal)
