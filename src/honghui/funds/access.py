"""Who may see and do what with money. Funds that are open, and what gifts became of theirs, are
public; everything else is fetched here."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from honghui.funds.models import Donation, Fund, Giving, Payment, Proposal, Refund
from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotAllowed, NotFound
from honghui.registry.access import not_found, societies_where
from honghui.registry.permissions import SEE_MONEY


def require_system(by: Actor) -> None:
    """What only a payment platform's signed word may bring about is no person's to do."""
    if not by.is_system:
        raise NotAllowed(
            "access.not_allowed",
            _("Only a payment platform's signed notification does this."),
            _("Book cash and transfers at the desk."),
        )


def open_funds() -> QuerySet[Fund]:
    """What may be given to, and what could be until it closed."""
    return Fund.objects.filter(state=Fund.State.OPEN).select_related("society")


def open_fund(code: str) -> Fund:
    found = open_funds().filter(pk=code).first()
    if found is None:
        raise not_found()
    return found


def funds(by: Actor) -> QuerySet[Fund]:
    found = Fund.objects.select_related("society")
    return found if by.is_system else found.filter(society__in=societies_where(by, SEE_MONEY))


def fund(by: Actor, code: str) -> Fund:
    found = funds(by).filter(pk=code).first()
    if found is None:
        raise not_found()
    return found


def donations(by: Actor) -> QuerySet[Donation]:
    return Donation.objects.filter(fund__in=funds(by)).select_related("fund__society")


def donation(by: Actor, donation_id: UUID) -> Donation:
    found = donations(by).filter(pk=donation_id).first()
    if found is None:
        raise not_found()
    return found


def refund(by: Actor, refund_id: UUID) -> Refund:
    found = (
        Refund.objects.filter(donation__fund__in=funds(by), pk=refund_id)
        .select_related("donation__fund__society", "asked_by")
        .first()
    )
    if found is None:
        raise not_found()
    return found


def proposals(by: Actor) -> QuerySet[Proposal]:
    return Proposal.objects.filter(fund__in=funds(by)).select_related(
        "fund__society", "asked_by", "decided_by"
    )


def proposal(by: Actor, proposal_id: UUID) -> Proposal:
    found = proposals(by).filter(pk=proposal_id).first()
    if found is None:
        raise not_found()
    return found


def payments(by: Actor) -> QuerySet[Payment]:
    return Payment.objects.filter(proposal__fund__in=funds(by)).select_related(
        "proposal__fund__society", "asked_by", "decided_by"
    )


def payment(by: Actor, payment_id: UUID) -> Payment:
    found = payments(by).filter(pk=payment_id).first()
    if found is None:
        raise not_found()
    return found


def giving_by_code(code: str) -> Giving:
    """Whoever has the code may see it: it is unguessable, and given to the giver alone."""
    found = Giving.objects.filter(code=code).select_related("fund__society").first()
    if found is None:
        raise not_found()
    return found


def donation_by_code(code: str) -> Donation:
    found = Donation.objects.filter(code=code).select_related("fund__society").first()
    if found is None:
        raise NotFound(
            "funds.code.unknown",
            _("No gift has this code."),
            _("Compare it with the receipt, character by character. O is read as 0, I and L as 1."),
        )
    return found
