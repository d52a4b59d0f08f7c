"""The desk's first page: what waits for me; and what I did."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from honghui.registry.middleware import actor
from honghui.registry.queries.desk import done_by, waiting_for
from honghui.registry.views.guards import desk_view
from honghui.registry.views.pages import page_of


@require_safe
@desk_view
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "registry/desk/home.html", {"tasks": waiting_for(actor(request))})


@require_safe
@desk_view
def mine(request: HttpRequest) -> HttpResponse:
    page = page_of(request, done_by(actor(request)))
    return render(request, "registry/desk/mine.html", {"page": page})
