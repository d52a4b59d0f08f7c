"""Societies, for everybody: the tree, and a page for each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from honghui.kernel import clock
from honghui.registry.queries.societies import society_page, society_tree
from honghui.registry.societies_map import units_in_each_county


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    root = society_tree(clock.today())
    context = {"root": root, "grid": units_in_each_county(root) if root else None}
    return render(request, "registry/societies/tree.html", context)


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "registry/societies/page.html", {"page": society_page(code)})
