"""Money on the desk: received, decided, paid, given back, and everything that must be refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from honghui.funds.actions.donations import withdraw_name
from honghui.funds.actions.funds import open_fund
from honghui.funds.actions.paid import receive_payments
from honghui.funds.actions.refunds import approve_refund, ask_refund
from honghui.funds.actions.spending import (
    approve_payment,
    approve_proposal,
    ask_payment,
    decline_payment,
    propose_spending,
)
from honghui.funds.codes import in_groups, typed_code
from honghui.funds.models import Donation, Fund, Payment, Proposal
from honghui.funds.queries.desk import giver_of, payee_of
from honghui.funds.queries.roads import held_positions
from honghui.funds.receiving import PaidGift
from honghui.journal.models import Act, Record, SideText
from honghui.journal.side_texts import settle_side_texts
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR, Actor, system_actor
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from honghui.ledger.declaring import settle_arrivals
from honghui.ledger.lineage import what_became_of
from honghui.ledger.models import Entry
from honghui.record.commitments import open_text
from honghui.record.entries import Entry as EntryRecord
from honghui.record.schemas import reread
from honghui.record.steps import length
from honghui.registry.models import Society
from tests.access.money import fund_of, proposed, proposed_fund, received

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]
SYSTEM = system_actor("tests")
REASON = "样例：核对过了。"
NAME = "独一无二的捐款人"


@pytest.fixture
def finance(as_actor: As) -> Actor:
    return as_actor("finance")


@pytest.fixture
def officer(as_actor: As) -> Actor:
    return as_actor("officer")


@pytest.fixture
def fund(finance: Actor, officer: Actor) -> Fund:
    return fund_of(finance, officer, Society.objects.get(pk="330600"), "sample-fund")


def decided(finance: Actor, officer: Actor, fund: Fund, amount_fen: int) -> Proposal:
    return approve_proposal(by=officer, proposal=proposed(finance, fund, amount_fen))


def asked(finance: Actor, proposal: Proposal, amount_fen: int) -> Payment:
    return ask_payment(
        by=finance, proposal=proposal, amount_fen=amount_fen, payee=NAME, title="慰问品"
    )


def outcomes(donation: Donation) -> list[tuple[str, int]]:
    return [(one.outcome, one.quantity) for one in what_became_of(donation.entry_id.hex)]


def test_a_gift_is_an_entry_and_its_road_is_exact(
    finance: Actor, officer: Actor, fund: Fund
) -> None:
    first, second = received(finance, fund, 30_00), received(finance, fund, 50_00)
    settle_arrivals()
    proposal = decided(finance, officer, fund, 60_00)
    approve_payment(by=officer, payment=asked(finance, proposal, 45_01))
    assert outcomes(first) == [("spent", 30_00)]
    # set aside by the decision counts as held, there; the rest lies in the fund
    assert outcomes(second) == [("spent", 15_01), ("held", 14_99), ("held", 20_00)]
    assert length(held_positions(second)) == 20_00


def test_a_name_goes_nowhere_but_under_its_seal(finance: Actor, fund: Fund) -> None:
    gift = received(finance, fund, 10_00, showing="alias", giver=NAME, shown_as="路人")
    settle_arrivals()
    assert (gift.shown_as, giver_of(gift)) == ("路人", NAME)
    record = Record.objects.get(id=gift.entry_id)
    act = Act.objects.get(verb="funds.donation.received", object_id=str(gift.pk))
    for kept in (bytes(record.data), bytes(gift.giver_sealed or b""), repr(act.after).encode()):
        assert NAME.encode() not in kept
        assert "路人".encode() not in bytes(record.data)


def test_the_record_vouches_for_the_name_that_is_shown_until_the_giver_objects(
    finance: Actor, fund: Fund, tmp_path: Path, settings: Any, client: Client
) -> None:
    settings.SIDE_FILES = str(tmp_path)
    gift = received(finance, fund, 10_00, showing="alias", giver=NAME, shown_as="路人")
    unnamed = received(finance, fund, 10_00)
    settle_arrivals()
    settle_side_texts()
    told = json.loads(bytes(Record.objects.get(id=gift.entry_id).data))
    opening = client.get(f"/open/texts/{told['text']}").content
    assert open_text(told["text"], opening) == "路人"
    assert "text" not in json.loads(bytes(Record.objects.get(id=unnamed.entry_id).data))
    withdraw_name(by=finance, donation=gift)
    settle_side_texts()
    answer = client.get(f"/open/texts/{told['text']}")
    assert answer.status_code == 404 and "路人" not in answer.content.decode()
    assert "路人" not in str(list(SideText.objects.values_list("opening", flat=True)))


def test_a_giver_who_objects_is_nobody_from_then_on(finance: Actor, fund: Fund) -> None:
    gift = received(finance, fund, 10_00, showing="named", giver=NAME)
    sealed = gift.giver_sealed
    gift = withdraw_name(by=finance, donation=gift)
    assert (gift.shown_as, gift.showing, gift.giver_sealed) == ("", "anonymous", None)
    gift.giver_sealed = sealed  # an old backup of the row
    assert giver_of(gift) is None


@pytest.mark.parametrize("amount_fen", [0, -1])
def test_nothing_is_no_gift(finance: Actor, fund: Fund, amount_fen: int) -> None:
    with pytest.raises(Invalid) as refused:
        received(finance, fund, amount_fen)
    assert (refused.value.code, refused.value.field) == ("funds.amount.nothing", "amount_fen")
    assert not Donation.objects.filter(fund=fund).exists()


@pytest.mark.parametrize("days", [1, -61])
def test_a_day_ahead_or_long_past_is_refused(finance: Actor, fund: Fund, days: int) -> None:
    from honghui.funds.actions.donations import receive_donation

    entries = Entry.objects.count()
    with pytest.raises(Refused):
        receive_donation(
            by=finance, fund=fund, amount_fen=100, channel="cash", showing="anonymous",
            occurred_on=clock.today() + timedelta(days=days),
        )  # fmt: skip
    assert Entry.objects.count() == entries


def test_a_form_sent_twice_is_one_gift(finance: Actor, fund: Fund) -> None:
    by = finance.with_once("a" * 32)
    assert received(by, fund, 10_00).pk == received(by, fund, 10_00).pk
    with pytest.raises(Conflict):
        received(by, fund, 11_00)
    assert Donation.objects.filter(fund=fund).count() == 1


def test_a_transfer_of_the_bank_is_booked_once(finance: Actor, fund: Fund) -> None:
    from honghui.funds.actions.donations import receive_donation

    def receive() -> Donation:
        return receive_donation(
            by=finance, fund=fund, amount_fen=100, channel="transfer", showing="anonymous",
            occurred_on=date(2020, 6, 24), transaction_id="20200624-0001",
        )  # fmt: skip

    gift = receive()
    with pytest.raises(Conflict) as refused:
        receive()
    assert refused.value.code == "funds.donation.known"
    twin = Donation(**{name: getattr(gift, name) for name in ("fund", "channel", "transaction_id")})
    twin.code, twin.amount_fen, twin.entry_id = "0" * 16, 1, gift.pk
    twin.occurred_on, twin.received_at, twin.showing = gift.occurred_on, gift.received_at, "named"
    with pytest.raises(IntegrityError, match="donation_of_a_payment_is_one"), transaction.atomic():
        twin.save(force_insert=True)


def test_no_person_says_what_a_platform_received(finance: Actor, fund: Fund) -> None:
    from honghui.funds.actions.donations import begin_giving

    giving = begin_giving(by=VISITOR, fund=fund, amount_fen=10_00)
    paid = PaidGift(giving.pk, "4200", 10_00, clock.now())
    with pytest.raises(NotAllowed):
        receive_payments(by=finance, paid=[paid])
    with pytest.raises(Conflict) as refused:
        receive_payments(by=SYSTEM, paid=[paid._replace(amount_fen=9_99)])
    assert refused.value.code == "funds.giving.other_amount"
    for _again in range(2):
        receive_payments(by=SYSTEM, paid=[paid])
    with pytest.raises(Conflict) as refused:
        receive_payments(by=SYSTEM, paid=[paid._replace(transaction_id="4201")])
    assert refused.value.code == "funds.giving.paid_twice"
    gift = Donation.objects.get(fund=fund)
    assert (gift.code, gift.amount_fen) == (giving.code, 10_00)


# ── four eyes, and never above the decision ──────────────────────────────────────────────────


def test_nobody_approves_what_they_asked_for(finance: Actor, officer: Actor, fund: Fund) -> None:
    received(finance, fund, 100_00)
    settle_arrivals()
    proposal = proposed(finance, fund, 50_00)
    with pytest.raises(Conflict) as refused:
        approve_proposal(by=finance, proposal=proposal)
    assert refused.value.code == "access.four_eyes"
    payment = asked(finance, approve_proposal(by=officer, proposal=proposal), 10_00)
    with pytest.raises(Conflict):
        approve_payment(by=finance, payment=payment)
    payment.refresh_from_db()
    assert (payment.state, payment.entry_id) == ("asked", None)
    new = proposed_fund(finance, Society.objects.get(pk="330600"), "second-fund")
    with pytest.raises(Conflict):
        open_fund(by=finance, fund=new)
    with pytest.raises(IntegrityError, match="payment_was_seen_by_four_eyes"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(decided_by=finance.account_id)


def test_no_payment_goes_above_its_decision(finance: Actor, officer: Actor, fund: Fund) -> None:
    received(finance, fund, 100_00)
    settle_arrivals()
    proposal = decided(finance, officer, fund, 50_00)
    asked(finance, proposal, 30_00)
    with pytest.raises(Conflict) as refused:
        asked(finance, proposal, 20_01)
    assert refused.value.code == "funds.payment.above_decision"
    assert "20.00" in str(refused.value.sentence)
    last = asked(finance, proposal, 20_00)
    decline_payment(by=officer, payment=last, reason=REASON)
    assert asked(finance, proposal, 20_00).pk != last.pk


def test_the_ledger_holds_even_if_our_own_check_did_not(
    finance: Actor, officer: Actor, fund: Fund
) -> None:
    received(finance, fund, 100_00)
    settle_arrivals()
    payment = asked(finance, decided(finance, officer, fund, 50_00), 50_00)
    Payment.objects.filter(pk=payment.pk).update(amount_fen=50_01)
    with pytest.raises(Refused) as refused:
        approve_payment(by=officer, payment=payment)
    assert refused.value.code == "ledger.pool.overdrawn"
    payment.refresh_from_db()
    assert payment.state == "asked"


def test_what_the_fund_is_not_for_is_refused_by_its_clause(
    finance: Actor, officer: Actor, fund: Fund
) -> None:
    received(finance, fund, 100_00)
    settle_arrivals()
    proposal = propose_spending(
        by=finance, fund=fund, title="培训", amount_fen=10_00, use="training", place="330600"
    )
    payment = asked(finance, approve_proposal(by=officer, proposal=proposal), 10_00)
    with pytest.raises(Refused) as refused:
        approve_payment(by=officer, payment=payment)
    assert refused.value.code == "ledger.purpose.clause"
    assert not Entry.objects.filter(act="use", society="330600", occurred_on="2020-06-24").exists()


def test_more_than_lies_in_the_fund_is_not_decided(
    finance: Actor, officer: Actor, fund: Fund
) -> None:
    received(finance, fund, 10_00)
    settle_arrivals()
    proposal = proposed(finance, fund, 10_01)
    with pytest.raises(Refused) as refused:
        approve_proposal(by=officer, proposal=proposal)
    assert refused.value.code == "ledger.pool.overdrawn"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_id) == ("proposed", None)


def test_a_payee_stays_with_us(finance: Actor, officer: Actor, fund: Fund) -> None:
    received(finance, fund, 10_00)
    settle_arrivals()
    proposal = decided(finance, officer, fund, 10_00)
    payment = approve_payment(by=officer, payment=asked(finance, proposal, 9_00))
    assert payee_of(payment) == NAME
    record = Record.objects.get(id=payment.entry_id)
    entry = reread(bytes(record.data))
    assert isinstance(entry, EntryRecord)
    assert (len(entry.approved_by), entry.requested_by in entry.approved_by) == (1, False)
    assert NAME.encode() not in bytes(record.data)
    with pytest.raises(Invalid) as refused:
        ask_payment(by=finance, proposal=proposal, amount_fen=1, payee=NAME, title=f"给{NAME}")
    assert refused.value.code == "funds.payment.payee_in_title"


# ── given back ───────────────────────────────────────────────────────────────────────────────


def test_what_still_lies_there_goes_back_and_nothing_else(
    finance: Actor, officer: Actor, fund: Fund
) -> None:
    first, gift = received(finance, fund, 10_00), received(finance, fund, 50_00)
    settle_arrivals()
    decided(finance, officer, fund, 30_00)
    with pytest.raises(Invalid) as above:
        ask_refund(by=finance, donation=gift, amount_fen=50_01, reason=REASON)
    assert above.value.code == "funds.refund.above_gift"
    with pytest.raises(Conflict) as used:
        ask_refund(by=finance, donation=gift, amount_fen=30_01, reason=REASON)
    assert used.value.code == "funds.refund.used"
    refund = ask_refund(by=finance, donation=gift, amount_fen=25_00, reason=REASON)
    with pytest.raises(Conflict) as twice:
        ask_refund(by=finance, donation=gift, amount_fen=1, reason=REASON)
    assert twice.value.code == "funds.refund.waiting"
    with pytest.raises(Conflict):
        approve_refund(by=finance, refund=refund)
    approve_refund(by=officer, refund=refund)
    assert outcomes(gift) == [("held", 20_00), ("held", 5_00), ("returned", 25_00)]
    assert outcomes(first) == [("held", 10_00)]
    with pytest.raises(Invalid) as above:
        ask_refund(by=finance, donation=gift, amount_fen=25_01, reason=REASON)
    assert above.value.code == "funds.refund.above_gift"


def test_what_was_decided_meanwhile_does_not_go_back(
    finance: Actor, officer: Actor, fund: Fund
) -> None:
    gift = received(finance, fund, 50_00)
    settle_arrivals()
    refund = ask_refund(by=finance, donation=gift, amount_fen=50_00, reason=REASON)
    decided(finance, officer, fund, 1)
    with pytest.raises(Conflict) as refused:
        approve_refund(by=officer, refund=refund)
    assert refused.value.code == "funds.refund.used"
    refund.refresh_from_db()
    assert refund.state == "asked"


# ── who ──────────────────────────────────────────────────────────────────────────────────────


def test_another_societys_money_does_not_exist(as_actor: As, fund: Fund, finance: Actor) -> None:
    gift = received(finance, fund, 10_00)
    with pytest.raises(NotFound):
        ask_refund(by=as_actor("province"), donation=gift, amount_fen=1, reason=REASON)
    with pytest.raises(NotFound):
        received(as_actor("province"), fund, 10_00)


@pytest.mark.parametrize(
    "typed",
    [
        "SAMPTRACE0000050",
        "samp trac e000 0050",
        "ＳＡＭＰ－ＴＲＡＣ－ＥＯＯＯ－ＯＯ５０",
        "SAMP-TRAC-EO00-0050",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert typed_code(typed) == "SAMPTRACE0000050"
    assert in_groups(typed_code(typed)) == "SAMP-TRAC-E000-0050"


@pytest.mark.parametrize("typed", ["", "SAMP", "SAMPTRACE00000500", "SAMPTRACE000005U", "%" * 500])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert typed_code(typed) == ""
