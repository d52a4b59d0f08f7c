"""The field's first page: who I am, which society, what is queued on this phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from honghui.registry.views.guards import desk_view


@require_safe
@desk_view
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "registry/field.html")
