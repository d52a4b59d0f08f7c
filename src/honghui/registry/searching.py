"""Finding by name: "张伟", "zw", "zhangwei", "绍兴", "sx", half a word of pinyin.

The vector holds single characters, bigrams and pinyin; a query is turned into the same tokens.
People stand in the index too, but come out only through `access.people`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Model, QuerySet, UUIDField
from django.db.models.functions import Cast

from honghui.kernel import text
from honghui.registry.models import Organisation, SearchEntry

QUERY_LIMIT = 60
_WRITE = (
    "INSERT INTO registry_searchentry"
    " (id, kind, object_id, is_public, label, label_en, rank, vector)"
    " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s::tsvector)"
    " ON CONFLICT (kind, object_id) DO UPDATE SET is_public = excluded.is_public,"
    " label = excluded.label, label_en = excluded.label_en, rank = excluded.rank,"
    " vector = excluded.vector"
)

R = TypeVar("R", bound=Model)


def index(
    kind: str,
    object_id: object,
    label: str,
    *,
    others: tuple[str, ...] = (),
    label_en: str = "",
    is_public: bool,
    rank: int = 5,
) -> None:
    """Writes or rewrites the one entry of an object. kind: one of ours (`SearchEntry.Kind`), or a
    word of a job, which also tells `queries.search.FINDERS` what of it may be found. One query."""
    row = _row(kind, object_id, label, others, label_en, is_public, rank)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, row)


def index_people(names: Mapping[UUID, str]) -> None:
    """The entries of many people at once."""
    rows = [
        _row(SearchEntry.Kind.PERSON, person_id, name, (), "", False, 5)
        for person_id, name in names.items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_WRITE, rows)


def _row(
    kind: str,
    object_id: object,
    label: str,
    others: tuple[str, ...],
    label_en: str,
    is_public: bool,
    rank: int,
) -> list[str | int | bool]:
    tokens: list[str] = []
    for each in (label, *others):
        tokens += [*text.search_tokens(each), *text.pinyin_tokens(each)]
    tokens += text.search_tokens(label_en)
    vector = text.tsvector_text(tokens)
    return [kind, str(object_id), is_public, label, label_en, rank, vector]


def index_organisation(organisation: Organisation) -> None:
    """Under its name, the names it had, and its credit code."""
    index(
        SearchEntry.Kind.ORGANISATION,
        organisation.pk,
        organisation.name,
        others=(*organisation.aliases, organisation.credit_code or ""),
        label_en=organisation.name_en,
        is_public=False,
    )


def forget(kind: SearchEntry.Kind, object_id: object) -> None:
    SearchEntry.objects.filter(kind=kind, object_id=str(object_id)).delete()


def entries(query: str) -> QuerySet[SearchEntry]:
    """Every entry that has all of the query's tokens, best first. An empty query finds none."""
    wanted = text.tsquery_text(text.query_tokens(query[:QUERY_LIMIT]))
    if not wanted:
        return SearchEntry.objects.none()
    search = SearchQuery(wanted, search_type="raw", config="simple")
    return SearchEntry.objects.filter(vector=search).order_by("rank", "label", "id")


def fitting(rows: QuerySet[R], kind: str, query: str) -> QuerySet[R]:
    """Those of `rows`, which `access` has let through, whose entry has all of the query's tokens.
    One subquery without a limit: a thousand strangers of that name push nobody out."""
    found = entries(query).filter(kind=kind).order_by()
    return rows.filter(pk__in=found.values(row_id=Cast("object_id", UUIDField())))
