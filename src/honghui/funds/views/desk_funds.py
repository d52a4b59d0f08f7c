"""Funds on the desk: proposed, opened, looked at."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.funds import access, purposes, words
from honghui.funds.actions import funds as actions
from honghui.funds.forms.desk import NewFundForm
from honghui.funds.queries.desk import may_decide
from honghui.funds.queries.sums import sums_of
from honghui.kernel import clock
from honghui.registry.access import may, societies_where
from honghui.registry.middleware import actor
from honghui.registry.permissions import APPROVE_SPENDING, ASK_SPENDING, OPEN_FUNDS, SEE_MONEY
from honghui.registry.views.guards import desk_view_for
from honghui.ui.forms import Form, posted


@require_safe
@desk_view_for(SEE_MONEY)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    funds = list(access.funds(by))
    sums = sums_of(funds)
    context = {
        "rows": [(fund, sums.of(fund)) for fund in funds],
        "as_of": sums.as_of,
        "may_propose": bool(societies_where(by, OPEN_FUNDS)),
    }
    return render(request, "funds/desk/funds.html", context)


@desk_view_for(OPEN_FUNDS)
def propose(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = NewFundForm(posted(request), by=by, initial={"opened_on": clock.today()})
    if form.is_valid():
        with form.refusals():
            fund = actions.propose_fund(by=by.with_once(form.once_key), **form.values)
            messages.success(request, _("Proposed. A colleague has to open it."))
            return redirect("desk_fund", fund.pk)
    return render(request, "funds/desk/fund_new.html", {"form": form}, status=form.status)


@require_safe
@desk_view_for(SEE_MONEY)
def page(request: HttpRequest, code: str) -> HttpResponse:
    by = actor(request)
    fund = access.fund(by, code)
    sums = sums_of([fund])
    context = {
        "fund": fund,
        "sums": sums.of(fund),
        "as_of": sums.as_of,
        "clauses": words.clause_sentences(purposes.decoded(fund.clauses)),
        "proposals": access.proposals(by).filter(fund=fund),
        "may_open": fund.state == fund.State.PROPOSED
        and may_decide(by, fund.society_id, fund.asked_by.person_id),
        "may_ask": fund.state == fund.State.OPEN and may(by, ASK_SPENDING, fund.society_id),
        "form": Form(),
    }
    return render(request, "funds/desk/fund.html", context)


@desk_view_for(APPROVE_SPENDING)
def open_fund(request: HttpRequest, code: str) -> HttpResponse:
    by = actor(request)
    fund = access.fund(by, code)
    form = Form(posted(request))
    if form.is_valid():
        with form.refusals():
            actions.open_fund(by=by.with_once(form.once_key), fund=fund)
            messages.success(request, _("Open. From now on the ledger holds everybody to it."))
            return redirect("desk_fund", fund.pk)
    context = {"fund": fund, "form": form}
    return render(request, "funds/desk/fund_open.html", context, status=form.status)
