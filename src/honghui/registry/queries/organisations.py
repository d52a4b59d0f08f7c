"""Organisations and units, as lists see them."""

from __future__ import annotations

from django.db.models import QuerySet

from honghui.kernel.actors import Actor
from honghui.registry import access, searching
from honghui.registry.models import GrassRootsUnit, Organisation, SearchEntry


def organisation_list(by: Actor, query: str = "") -> QuerySet[Organisation]:
    """Organisations in pinyin order; with a query, those whose name or code fits."""
    rows = access.organisations(by).order_by("name_key", "id")
    if not query.strip():
        return rows
    return searching.fitting(rows, SearchEntry.Kind.ORGANISATION, query)


def units_of(by: Actor) -> QuerySet[GrassRootsUnit]:
    """The open units of the actor's own societies."""
    return (
        GrassRootsUnit.objects.filter(society__in=by.society_codes, closed_on=None)
        .select_related("society", "organisation")
        .order_by("society_id", "name", "id")
    )
