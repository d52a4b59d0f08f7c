"""Spending: a sum is proposed, decided, asked for and paid. Each second step is somebody else's.

A decision sets its sum aside in the ledger, so a payment above it is an overdraft there, whatever
happens at the same moment here.
"""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from honghui.funds import access, rules
from honghui.funds.askers import account_of, person_of
from honghui.funds.models import Fund, Payment, Proposal
from honghui.funds.models.spending import PAYEE_CONTEXT
from honghui.funds.purposes import CURRENCY, decided_of, money_of
from honghui.journal.acting import Personal, action, record
from honghui.kernel import clock, subject_keys, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid
from honghui.kernel.ids import new_public_id
from honghui.ledger.declaring import declare
from honghui.ledger.drafting import draft, now_as_told, pseudonym_of
from honghui.ledger.posting import post
from honghui.record.agreements import Decision
from honghui.record.steps import Leg, Link, Out
from honghui.registry.access import require
from honghui.registry.permissions import APPROVE_SPENDING, ASK_SPENDING
from honghui.registry.rules import check_four_eyes, check_reason

AskedFor = TypeVar("AskedFor", Proposal, Payment)


@action("funds.proposal.made")
def propose_spending(
    *,
    by: Actor,
    fund: Fund,
    title: str,
    amount_fen: int,
    use: str,
    place: str,
    title_en: str = "",
    source: str = "",
) -> Proposal:
    """`use` and `place` as the ledger has them: relief, award, … and a place's code."""
    fund = access.fund(by, fund.pk)
    require(by, ASK_SPENDING, fund.society_id)
    proposal = Proposal.objects.create(
        fund=fund,
        title=text.name_line(title, limit=80, field="title"),
        title_en=text.clean_line(title_en, limit=120, field="title_en"),
        amount_fen=rules.check_amount(amount_fen),
        use=use,
        place=place,
        source=source,
        asked_by_id=account_of(by),
        asked_at=clock.now(),
    )
    _recorded(by, "funds.proposal.made", proposal, fund.society_id)
    return proposal


@action("funds.proposal.approved")
def approve_proposal(*, by: Actor, proposal: Proposal) -> Proposal:
    """The fund's body has decided, says somebody who did not ask for it."""
    proposal = access.proposal(by, proposal.pk)
    fund = proposal.fund
    proposal = _taken_up(by, proposal, fund.society_id)
    decision = _decision(proposal, fund, by)
    declare(decision)
    steps = [
        Link(
            into=decided_of(fund, decision.id),
            quantity=proposal.amount_fen,
            parts=((Leg(pool=money_of(fund), quantity=proposal.amount_fen),),),
        )
    ]
    entry = draft(
        "decide",
        society=fund.society_id,
        steps=steps,
        occurred_on=clock.today(),
        request=f"proposal/{proposal.pk.hex}",
        decision=decision.id,
        requested_by=proposal.asked_by.person_id,
        approved_by=[person_of(by)],
    )
    proposal.entry_id = UUID(post(entry).id)
    proposal.decision_id = UUID(decision.id)
    proposal.decided_on = clock.today()
    _decide(by, proposal, Proposal.State.APPROVED)
    _recorded(by, "funds.proposal.approved", proposal, fund.society_id)
    return proposal


@action("funds.proposal.declined")
def decline_proposal(*, by: Actor, proposal: Proposal, reason: str) -> Proposal:
    proposal = access.proposal(by, proposal.pk)
    society = proposal.fund.society_id
    proposal = _taken_up(by, proposal, society)
    proposal.decided_reason = check_reason(reason)
    _decide(by, proposal, Proposal.State.DECLINED)
    _recorded(by, "funds.proposal.declined", proposal, society)
    return proposal


@action("funds.payment.asked")
def ask_payment(
    *, by: Actor, proposal: Proposal, amount_fen: int, payee: str, title: str, title_en: str = ""
) -> Payment:
    """`payee`: to whom, for our own eyes. `title`: what for, as everybody may read it."""
    proposal = access.proposal(by, proposal.pk)
    society = proposal.fund.society_id
    require(by, ASK_SPENDING, society)
    Proposal.objects.select_for_update(of=["self"]).get(pk=proposal.pk)
    rules.check_still_open(proposal.state, Proposal.State.APPROVED)
    rules.check_within_decision(
        amount_fen, decided_fen=proposal.amount_fen, asked_fen=_asked_fen(proposal)
    )
    name = text.name_line(payee, limit=80, field="payee")
    payment = Payment(
        proposal=proposal,
        amount_fen=amount_fen,
        title=text.name_line(title, limit=80, field="title"),
        title_en=text.clean_line(title_en, limit=120, field="title_en"),
        asked_by_id=account_of(by),
        asked_at=clock.now(),
    )
    if name in payment.title or name in payment.title_en:
        raise Invalid(
            "funds.payment.payee_in_title",
            _("What everybody may read names the payee."),
            _("Say what it is for, not to whom it goes."),
            field="title",
        )
    payment.payee_sealed = subject_keys.seal_for(payment.pk, name, PAYEE_CONTEXT)
    payment.save(force_insert=True)
    personal = Personal(payment.pk, {}, {"payee": name})
    _recorded(by, "funds.payment.asked", payment, society, personal)
    return payment


@action("funds.payment.paid")
def approve_payment(*, by: Actor, payment: Payment) -> Payment:
    payment = access.payment(by, payment.pk)
    proposal = payment.proposal
    fund = proposal.fund
    payment = _taken_up(by, payment, fund.society_id)
    assert proposal.decision_id is not None
    step = Out(
        pool=decided_of(fund, proposal.decision_id.hex),
        quantity=payment.amount_fen,
        use=proposal.use,
        place=proposal.place,
    )
    entry = draft(
        "use",
        society=fund.society_id,
        steps=[step],
        occurred_on=clock.today(),
        request=f"payment/{payment.pk.hex}",
        decision=proposal.decision_id.hex,
        requested_by=payment.asked_by.person_id,
        approved_by=[person_of(by)],
    )
    payment.entry_id = UUID(post(entry).id)
    payment.paid_on = clock.today()
    _decide(by, payment, Payment.State.PAID)
    _recorded(by, "funds.payment.paid", payment, fund.society_id)
    return payment


@action("funds.payment.declined")
def decline_payment(*, by: Actor, payment: Payment, reason: str) -> Payment:
    payment = access.payment(by, payment.pk)
    society = payment.proposal.fund.society_id
    payment = _taken_up(by, payment, society)
    payment.decided_reason = check_reason(reason)
    _decide(by, payment, Payment.State.DECLINED)
    _recorded(by, "funds.payment.declined", payment, society)
    return payment


def _taken_up(by: Actor, asked: AskedFor, society: str) -> AskedFor:
    """Locked, still open, and asked by somebody else."""
    require(by, APPROVE_SPENDING, society)
    related = (
        ("fund", "asked_by") if isinstance(asked, Proposal) else ("proposal__fund", "asked_by")
    )
    locked: AskedFor = (
        type(asked)
        ._default_manager.select_for_update(of=["self"])
        .select_related(*related)
        .get(pk=asked.pk)
    )
    still = Proposal.State.PROPOSED if isinstance(locked, Proposal) else Payment.State.ASKED
    rules.check_still_open(locked.state, still)
    check_four_eyes(locked.asked_by.person_id, by.person_id)
    return locked


def _decision(proposal: Proposal, fund: Fund, by: Actor) -> Decision:
    return Decision(
        id=new_public_id(),
        recorded_at=now_as_told(),
        society=fund.society_id,
        body=fund.body,
        purpose=fund.code,
        commodity=CURRENCY,
        quantity=proposal.amount_fen,
        decided_on=clock.today(),
        requested_by=pseudonym_of(proposal.asked_by.person_id, fund.society_id),
        approved_by=(pseudonym_of(person_of(by), fund.society_id),),
    )


def _asked_fen(proposal: Proposal) -> int:
    """Paid of it, or waiting to be."""
    waiting = proposal.payments.exclude(state=Payment.State.DECLINED)
    return waiting.aggregate(sum=Sum("amount_fen"))["sum"] or 0


def _decide(by: Actor, asked: Proposal | Payment, state: str) -> None:
    asked.state = state
    asked.decided_by_id = account_of(by)
    asked.decided_at = clock.now()
    asked.save(force_update=True)


def _recorded(
    by: Actor,
    verb: str,
    asked: Proposal | Payment,
    society: str,
    personal: Personal | None = None,
) -> None:
    record(
        by=by,
        verb=verb,
        about=asked,
        society_code=society,
        reason=asked.decided_reason,
        after={"title": asked.title, "amount_fen": asked.amount_fen, "state": asked.state},
        personal=personal,
    )
