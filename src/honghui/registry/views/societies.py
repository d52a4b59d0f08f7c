"""Societies, for everybody: the tree, and a page for each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from honghui.kernel import clock
from honghui.registry.queries.societies import society_page, society_tree


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    return render(request, "registry/societies/tree.html", {"root": society_tree(clock.today())})


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "registry/societies/page.html", {"page": society_page(code)})
