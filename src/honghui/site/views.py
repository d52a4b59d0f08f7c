"""The front page, the tour, and a page for machines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from honghui import __version__
from honghui.funds.codes import in_groups
from honghui.journal.models import LogState
from honghui.kernel import clock
from honghui.rescue.queries.alerts import in_force
from honghui.site.front_page import front_page
from honghui.worlds import SAMPLE_CODE


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {"page": front_page(clock.today()), "warnings": in_force(), "front": True}
    return render(request, "site/home.html", context)


@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    names = (
        *("societies", "search", "desk", "funds", "give", "bulletins", "open"),
        *("rescue", "incidents", "messages"),
        *("rosters", "papers", "readiness", "alerts", "rescue_board", "rescue_reports"),
    )
    addresses = {f"{name}_url": reverse(name) for name in names}
    addresses["field_url"] = reverse("field_rescue")
    gift = {"trace_url": reverse("trace_gift", args=[SAMPLE_CODE]), "code": in_groups(SAMPLE_CODE)}
    return render(request, "site/tour.html", {**addresses, **gift})


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For load balancers and `./dev up`: the database answers, and this version runs. How far the
    public log has come stands beside it; a log that lags stops nobody from working."""
    log = LogState.objects.get()
    behind = {"size": log.size, "published": log.published, "failing": bool(log.failing_since)}
    return JsonResponse({"status": "ok", "version": __version__, "log": behind})
