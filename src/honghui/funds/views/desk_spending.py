"""Spending on the desk: proposed, decided, asked for, paid. The row and its approval lie side by
side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from honghui.funds import access
from honghui.funds.actions import refunds, spending
from honghui.funds.forms.desk import DecideForm, PaymentForm, ProposalForm
from honghui.funds.models import Payment, Proposal, Refund
from honghui.funds.platform import give_back
from honghui.funds.queries.desk import may_decide, payee_of, url_of
from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotFound
from honghui.registry.access import may, societies_where
from honghui.registry.middleware import actor
from honghui.registry.permissions import APPROVE_SPENDING, ASK_SPENDING, SEE_MONEY
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.ui.forms import posted

Asked = Proposal | Payment | Refund
# kind -> how to fetch one, and what approving and declining it is.
KINDS: dict[str, tuple[Callable[[Actor, UUID], Asked], Callable[..., Any], Callable[..., Any]]] = {
    "proposal": (access.proposal, spending.approve_proposal, spending.decline_proposal),
    "payment": (access.payment, spending.approve_payment, spending.decline_payment),
    "refund": (access.refund, give_back, refunds.decline_refund),
}
PAGES = {
    "proposal": "funds/desk/proposal.html",
    "payment": "funds/desk/payment.html",
    "refund": "funds/desk/refund.html",
}


@require_safe
@desk_view_for(SEE_MONEY)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    context = {
        "page": page_of(request, access.proposals(by)),
        "may_ask": bool(societies_where(by, ASK_SPENDING)),
    }
    return render(request, "funds/desk/spending.html", context)


@desk_view_for(ASK_SPENDING)
def propose(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = ProposalForm(posted(request), by=by)
    if form.is_valid():
        with form.refusals():
            made = spending.propose_spending(by=by.with_once(form.once_key), **form.values)
            messages.success(request, _("Proposed. A colleague has to say what was decided."))
            return redirect(made)
    return render(request, "funds/desk/proposal_new.html", {"form": form}, status=form.status)


@desk_view_for(ASK_SPENDING)
def pay(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    by = actor(request)
    proposal = access.proposal(by, proposal_id)
    form = PaymentForm(posted(request))
    if form.is_valid():
        with form.refusals():
            made = spending.ask_payment(
                by=by.with_once(form.once_key), proposal=proposal, **form.values
            )
            messages.success(request, _("Asked for. A colleague has to approve it."))
            return redirect(made)
    context = {"form": form, "proposal": proposal}
    return render(request, "funds/desk/payment_new.html", context, status=form.status)


@require_safe
@desk_view_for(SEE_MONEY)
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    return _show(request, "proposal", access.proposal(actor(request), proposal_id), DecideForm())


@require_safe
@desk_view_for(SEE_MONEY)
def payment(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    return _show(request, "payment", access.payment(actor(request), payment_id), DecideForm())


@require_safe
@desk_view_for(SEE_MONEY)
def refund(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    return _show(request, "refund", access.refund(actor(request), refund_id), DecideForm())


@require_POST
@desk_view_for(APPROVE_SPENDING)
def decide(request: HttpRequest, kind: str, asked_id: UUID, verb: str) -> HttpResponse:
    """Approving needs no reason: it is in what was asked. Declining does."""
    by = actor(request)
    if kind not in KINDS or verb not in {"approve", "decline"}:
        raise NotFound("web.not_found", _("There is no page at this address."))
    fetch, approve, decline = KINDS[kind]
    asked = fetch(by, asked_id)
    form = DecideForm(request.POST)
    if form.is_valid():
        with form.refusals():
            given = {"by": by.with_once(form.once_key), kind: asked}
            approve(**given) if verb == "approve" else decline(**given, **form.values)
            messages.success(request, _("Recorded."))
            return redirect(url_of(asked))
    return _show(request, kind, asked, form)


def _show(request: HttpRequest, kind: str, asked: Asked, form: DecideForm) -> HttpResponse:
    by = actor(request)
    society = _fund(asked).society_id
    still = Proposal.State.PROPOSED if kind == "proposal" else Payment.State.ASKED
    context = {
        "kind": kind,
        "asked": asked,
        "fund": _fund(asked),
        "form": form,
        "may_decide": asked.state == still and may_decide(by, society, asked.asked_by.person_id),
        "is_open": asked.state == still,
        "is_mine": asked.asked_by.person_id == by.person_id,
        **_more(by, asked),
    }
    return render(request, PAGES[kind], context, status=form.status)


def _fund(asked: Asked) -> Any:
    if isinstance(asked, Proposal):
        return asked.fund
    return asked.proposal.fund if isinstance(asked, Payment) else asked.donation.fund


def _more(by: Actor, asked: Asked) -> dict[str, Any]:
    if isinstance(asked, Proposal):
        paid = [each for each in asked.payments.all() if each.state != Payment.State.DECLINED]
        return {
            "payments": asked.payments.select_related("asked_by", "decided_by"),
            "left_fen": asked.amount_fen - sum(each.amount_fen for each in paid),
            "may_pay": asked.state == Proposal.State.APPROVED
            and may(by, ASK_SPENDING, asked.fund.society_id),
        }
    return {"payee": payee_of(asked)} if isinstance(asked, Payment) else {}
