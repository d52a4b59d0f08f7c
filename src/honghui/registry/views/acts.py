"""The journal of a society, for its auditors: who did what, when, why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from honghui.registry.middleware import actor
from honghui.registry.permissions import SEE_ACTS
from honghui.registry.queries.desk import acts_seen_by
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of


@require_safe
@desk_view_for(SEE_ACTS)
def listing(request: HttpRequest) -> HttpResponse:
    page = page_of(request, acts_seen_by(actor(request)))
    return render(request, "registry/acts.html", {"page": page})
