"""The receipt as a PDF. Its address stands in processes/urls.py, beside the trace page's: who tries
codes there and here is counted once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from honghui.funds.actions.receipts import show_giver
from honghui.funds.models import Donation
from honghui.funds.papers.receipt import receipt_pdf
from honghui.funds.queries.receipts import number_of, receipt_of
from honghui.registry.access import may
from honghui.registry.middleware import actor
from honghui.registry.permissions import RECEIVE


def paper(request: HttpRequest, donation: Donation) -> HttpResponse:
    """For whoever has the code; with the giver's sealed name for those of the society who receive
    gifts, and hand the paper to the giver."""
    by = actor(request)
    is_staff = by.is_signed_in and may(by, RECEIVE, donation.fund.society_id)
    if is_staff and donation.giver_sealed is not None:
        show_giver(by=by, donation=donation)
    trace_path = reverse("trace_gift", args=[donation.code])
    pdf = receipt_pdf(receipt_of(donation, trace_path=trace_path, with_sealed_name=is_staff))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{number_of(donation)}.pdf"'
    return answer
