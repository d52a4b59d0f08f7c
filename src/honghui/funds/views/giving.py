"""Giving: choose a fund, say how much, pay at the platform, come back and see what came of it."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from honghui.funds import access
from honghui.funds.codes import typed_code
from honghui.funds.forms.giving import GivingForm
from honghui.funds.platform import begin, cashier_for, order_for
from honghui.funds.queries.giving import given
from honghui.funds.queries.public import fund_list, rule_of
from honghui.funds.views.discreet import discreet
from honghui.kernel.errors import Refused
from honghui.registry.limits import Limit
from honghui.registry.middleware import actor
from honghui.ui.forms import posted

# Each gift that is begun is a row and an order. A whole town may share one address of its telephone
# company, and all of it may be watching the same appeal.
BEGUN = Limit("giving", 1200)


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    return render(request, "funds/public/choose.html", {"page": fund_list()})


def give(request: HttpRequest, code: str) -> HttpResponse:
    fund = access.open_fund(code)
    form = GivingForm(posted(request))
    if form.is_valid():
        with form.refusals():
            BEGUN.count(request)
            by = actor(request).with_once(form.once_key)
            return redirect("give_pay", begin(by=by, fund=fund, **form.values).code)
    context = {"fund": fund, "form": form, "rule": rule_of(fund)}
    return render(request, "funds/public/give.html", context, status=form.status)


@require_safe
@discreet
def pay(request: HttpRequest, code: str) -> HttpResponse:
    """On the way to the cashier. A page of its own, because our content policy lets no form be
    sent elsewhere, and a redirect after a form counts as that."""
    one = given(code)
    order = order_for(one.giving)
    if order is None or not one.can_pay:
        return redirect("given", one.giving.code)
    try:
        payer = get_adapter(request).get_client_ip(request)
        cashier = cashier_for(one.giving, order, payer_address=payer)
    except Refused as refusal:
        context = {"given": one, "refusal": refusal}
        return render(request, "funds/public/pay.html", context, status=refusal.status)
    return render(request, "funds/public/pay.html", {"given": one, "cashier": cashier})


@require_safe
@discreet
def done(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "funds/public/done.html", {"given": given(typed_code(code))})


@require_safe
@discreet
def state(request: HttpRequest, code: str) -> HttpResponse:
    """One word, for the page that waits."""
    return HttpResponse(given(code).state, content_type="text/plain; charset=utf-8")
