"""Search: societies, units and what jobs show for everybody; people, organisations and the rest for
who may see them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from honghui.registry.middleware import actor
from honghui.registry.queries.search import search


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")
    found = search(actor(request), query)
    template = "registry/search_results.html" if _is_live(request) else "registry/search.html"
    response = render(request, template, {"q": query, "found": found})
    # Two answers live at this address: a cache must not mistake one for the other.
    patch_vary_headers(response, ["HX-Request"])
    return response


def _is_live(request: HttpRequest) -> bool:
    """Asked by the page itself while somebody types (shell.js): only the results are wanted."""
    return request.headers.get("HX-Request") == "true"
