"""Gifts on the desk: received, looked up, given back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.funds import access
from honghui.funds.actions import donations as actions
from honghui.funds.actions.refunds import ask_refund
from honghui.funds.forms.desk import DonationForm, RefundForm
from honghui.funds.models import Donation
from honghui.funds.queries.desk import donation_list, giver_of
from honghui.funds.queries.roads import held_positions
from honghui.kernel import clock
from honghui.record.steps import length
from honghui.registry.access import may, societies_where
from honghui.registry.middleware import actor
from honghui.registry.permissions import ASK_SPENDING, RECEIVE, SEE_MONEY
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.ui.forms import Form, posted


@require_safe
@desk_view_for(SEE_MONEY)
def listing(request: HttpRequest) -> HttpResponse:
    by, query = actor(request), request.GET.get("q", "")
    context = {
        "page": page_of(request, donation_list(by, query)),
        "q": query,
        "may_receive": bool(societies_where(by, RECEIVE)),
    }
    return render(request, "funds/desk/donations.html", context)


@desk_view_for(RECEIVE)
def receive(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = DonationForm(posted(request), by=by, initial={"occurred_on": clock.today()})
    if form.is_valid():
        with form.refusals():
            donation = actions.receive_donation(by=by.with_once(form.once_key), **form.values)
            messages.success(request, _("Received and recorded. Give the giver the code."))
            return redirect(donation)
    return render(request, "funds/desk/receive.html", {"form": form}, status=form.status)


@require_safe
@desk_view_for(SEE_MONEY)
def page(request: HttpRequest, donation_id: UUID) -> HttpResponse:
    return _show(request, access.donation(actor(request), donation_id))


def _show(request: HttpRequest, donation: Donation) -> HttpResponse:
    by, society = actor(request), donation.fund.society_id
    context = {
        "donation": donation,
        "giver": giver_of(donation),
        "held_fen": length(held_positions(donation)),
        "refunds": donation.refunds.select_related("asked_by", "decided_by"),
        "may_refund": may(by, ASK_SPENDING, society),
        "may_withdraw": may(by, RECEIVE, society) and donation.giver_sealed is not None,
    }
    return render(request, "funds/desk/donation.html", context)


@desk_view_for(ASK_SPENDING)
def refund(request: HttpRequest, donation_id: UUID) -> HttpResponse:
    by = actor(request)
    donation = access.donation(by, donation_id)
    form = RefundForm(posted(request))
    if form.is_valid():
        with form.refusals():
            asked = ask_refund(by=by.with_once(form.once_key), donation=donation, **form.values)
            messages.success(request, _("Asked for. A colleague has to approve it."))
            return redirect("refund", asked.pk)
    context = {"form": form, "donation": donation, "held_fen": length(held_positions(donation))}
    return render(request, "funds/desk/refund_new.html", context, status=form.status)


@desk_view_for(RECEIVE)
def withdraw_name(request: HttpRequest, donation_id: UUID) -> HttpResponse:
    by = actor(request)
    donation = access.donation(by, donation_id)
    form = Form(posted(request))
    if form.is_valid():
        with form.refusals():
            actions.withdraw_name(by=by.with_once(form.once_key), donation=donation)
            messages.success(request, _("The name is gone, here and wherever we show gifts."))
            return redirect(donation)
    context = {"form": form, "donation": donation}
    return render(request, "funds/desk/withdraw_name.html", context, status=form.status)
