"""One way to cut a long list into pages: by `?page=N`, never more than fifty rows."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

ROWS_MAX = 50
M = TypeVar("M", bound=Model)


def page_of(request: HttpRequest, rows: QuerySet[M]) -> Page[Any]:
    """The asked page; a page that does not exist is the nearest that does. Two queries."""
    return Paginator(rows, ROWS_MAX).get_page(request.GET.get("page"))
