"""What the desk shows of money."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from honghui.funds import access, words
from honghui.funds.codes import typed_code
from honghui.funds.models import Donation, Fund, Payment, Proposal, Refund
from honghui.funds.models.donations import GIVER_CONTEXT
from honghui.funds.models.spending import PAYEE_CONTEXT
from honghui.kernel import subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.amounts import format_yuan
from honghui.registry.access import may, societies_where
from honghui.registry.permissions import APPROVE_SPENDING
from honghui.registry.queries.desk import Task


def donation_list(by: Actor, query: str) -> QuerySet[Donation]:
    """The newest first; by a code, or what others see as the giver's name."""
    found = access.donations(by)
    if not query.strip():
        return found
    code = typed_code(query)
    return found.filter(Q(code=code) if code else Q(shown_as__icontains=query.strip()))


def giver_of(donation: Donation) -> str | None:
    """The name as the giver gave it; None where there is none, or where it was withdrawn."""
    key = donation.giving_id or donation.pk
    return subject_keys.open_for(key, donation.giver_sealed, GIVER_CONTEXT)


def payee_of(payment: Payment) -> str | None:
    return subject_keys.open_for(payment.pk, payment.payee_sealed, PAYEE_CONTEXT)


def may_decide(by: Actor, society: str, asked_by_person: UUID) -> bool:
    """Whether this actor could be the second pair of eyes."""
    return may(by, APPROVE_SPENDING, society) and by.person_id != asked_by_person


def waiting_for(by: Actor) -> list[Task]:
    """Proposals, payments, refunds and funds that this actor may approve, and their own that wait
    for a colleague. Four queries."""
    codes = societies_where(by, APPROVE_SPENDING)
    if not codes:
        return []
    funds = Fund.objects.filter(society__in=codes, state="proposed").select_related("asked_by")
    proposals = access.proposals(by).filter(fund__society__in=codes, state="proposed")
    payments = access.payments(by).filter(proposal__fund__society__in=codes, state="asked")
    refunds = Refund.objects.filter(
        donation__fund__society__in=codes, state="asked"
    ).select_related("donation__fund", "asked_by")
    return [
        *(_row(by, one, _("Fund"), words.fund_name(one), "") for one in funds),
        *(
            _row(by, one, _("Proposal"), words.title_of(one), _sum(one), one.fund)
            for one in proposals
        ),
        *(
            _row(by, one, _("Payment"), words.title_of(one), _sum(one), one.proposal.fund)
            for one in payments
        ),
        *(
            _row(by, one, _("Refund"), words.fund_name(one.donation.fund), _sum(one))
            for one in refunds
        ),
    ]


def _row(
    by: Actor, one: words.Waiting, kind: object, subject: str, detail: str, fund: Fund | None = None
) -> Task:
    mine = one.asked_by.person_id == by.person_id
    if fund is not None:
        detail = f"{detail} · {words.fund_name(fund)}"
    state_words = _("Waiting for a colleague") if mine else words.STATES["asked"][1]
    return Task(kind, subject, detail, url_of(one), "way" if mine else "half", state_words)


def _sum(one: Proposal | Payment | Refund) -> str:
    return format_yuan(one.amount_fen)


def url_of(one: words.Waiting) -> str:
    names = {Fund: "desk_fund", Proposal: "proposal", Payment: "payment", Refund: "refund"}
    return reverse(names[type(one)], args=[one.pk])
