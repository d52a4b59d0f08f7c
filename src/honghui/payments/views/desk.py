"""Online payments on the desk: what does not fit, what is stuck, what came lately."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.payments import access, queries
from honghui.payments.actions.discrepancies import settle_discrepancy
from honghui.registry.access import may, require, societies_where
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import SEE_PAYMENTS, SETTLE_PAYMENTS
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.ui.forms import posted


@require_safe
@desk_view_for(SEE_PAYMENTS)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    context = {
        "open": queries.open_discrepancies(by),
        "stuck": queries.stuck_deliveries(by),
        "refunds": queries.stuck_refunds(by),
        "page": page_of(request, queries.recent_deliveries(by)),
        "may_settle": bool(societies_where(by, SETTLE_PAYMENTS)),
    }
    return render(request, "payments/list.html", context)


@desk_view_for(SEE_PAYMENTS)
def discrepancy(request: HttpRequest, discrepancy_id: UUID) -> HttpResponse:
    by = actor(request)
    found = access.discrepancy(by, discrepancy_id)
    form = ReasonForm(posted(request))
    if request.method == "POST":
        require(by, SETTLE_PAYMENTS, found.society_id)
    if form.is_valid():
        with form.refusals():
            settle_discrepancy(by=by.with_once(form.once_key), discrepancy=found, **form.values)
            messages.success(request, _("Recorded."))
            return redirect("payment_discrepancy", found.pk)
    context = {
        "found": found,
        "told": found.delivery,
        "form": form,
        "may_settle": may(by, SETTLE_PAYMENTS, found.society_id),
    }
    return render(request, "payments/discrepancy.html", context, status=form.status)
