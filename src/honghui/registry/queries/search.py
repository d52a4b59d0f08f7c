"""One search over everything this reader may find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import get_language

from honghui.kernel.actors import Actor
from honghui.registry import access, naming, searching
from honghui.registry.models import GrassRootsUnit, SearchEntry

FOUND_MAX = 50


@dataclass(frozen=True)
class Hit:
    kind: str
    kind_words: object
    label: str
    url: str


# What jobs add: each finds among its own rows what this actor may see, and little of it.
FINDERS: list[Callable[[Actor, str], list[Hit]]] = []


def search(by: Actor, query: str) -> list[Hit]:
    """What fits the query and may be seen, best first, then what jobs found; at most FOUND_MAX.
    Four queries, and those of the jobs."""
    if not query.strip():
        return []
    entries = list(searching.entries(query).filter(is_public=True)[:FOUND_MAX])
    if by.is_signed_in:
        entries += _protected(by, query)
    entries.sort(key=lambda entry: (entry.rank, entry.label))
    units = _unit_societies(entries)
    found = [hit for finder in FINDERS for hit in finder(by, query)]
    own = entries[: max(0, FOUND_MAX - len(found))]
    return [*(_hit(entry, units) for entry in own), *found][:FOUND_MAX]


def _protected(by: Actor, query: str) -> list[SearchEntry]:
    """People and organisations: only those that `access` lets this actor see."""
    return [
        *_entries_of(access.people(by), SearchEntry.Kind.PERSON, query),
        *_entries_of(access.organisations(by), SearchEntry.Kind.ORGANISATION, query),
    ]


def _entries_of(rows: QuerySet[Any], kind: SearchEntry.Kind, query: str) -> QuerySet[SearchEntry]:
    ids = searching.fitting(rows, kind, query).order_by().values(as_text=Cast("pk", CharField()))
    return searching.entries(query).filter(kind=kind, object_id__in=ids)[:FOUND_MAX]


def _unit_societies(entries: list[SearchEntry]) -> dict[str, str]:
    ids = [entry.object_id for entry in entries if entry.kind == SearchEntry.Kind.UNIT]
    if not ids:
        return {}
    rows = GrassRootsUnit.objects.filter(pk__in=ids).values_list("pk", "society_id")
    return {str(pk): code for pk, code in rows}


def _hit(entry: SearchEntry, units: dict[str, str]) -> Hit:
    in_english = get_language() == "en" and entry.label_en
    return Hit(
        entry.kind,
        naming.ENTRY_KINDS[entry.kind],
        entry.label_en if in_english else entry.label,
        _url(entry, units),
    )


def _url(entry: SearchEntry, units: dict[str, str]) -> str:
    if entry.kind == SearchEntry.Kind.UNIT:
        return reverse("society", args=[units.get(entry.object_id, "330000")])
    return reverse(entry.kind, args=[entry.object_id])
