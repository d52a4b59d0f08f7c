"""Finding by name, in characters or pinyin; and who finds whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from honghui.kernel import clock
from honghui.kernel.actors import VISITOR, Actor
from honghui.registry import searching
from honghui.registry.actions.people import change_person, erase_person
from honghui.registry.models import Account, Organisation, Person, SearchEntry, Society
from honghui.registry.queries.organisations import organisation_list
from honghui.registry.queries.people import person_list
from honghui.registry.queries.search import FOUND_MAX, search
from tests.registry.samples import REASON, SYSTEM, person

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]
HOSTILE = [
    "'",
    "''';--",
    "\\",
    "' | '",
    "张 & !伟",
    "a:*b",
    "(((",
    "<->",
    "\x00",
    "张\x00伟",
    "%_%",
    "$(id)",
    "<script>alert(1)</script>",
    "🀄🀄🀄",
    "\u202e张伟",
    "\ud800",
    "'; DROP TABLE registry_person; --",
    "é" * 500,
    "张" * 10_000,
    "a " * 10_000,
    "   ",
    "",
]


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """A request in English leaves English behind in its thread: no test inherits or leaves it."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def _labels(by: Actor, query: str) -> list[str]:
    return [hit.label for hit in search(by, query)]


@pytest.mark.parametrize(
    "query", ["张伟", "zw", "zhangwei", "zhang wei", "ZhangW", "张", "wei", "张w"]
)
def test_zhang_wei_is_found_however_he_is_asked_for(as_actor: As, query: str) -> None:
    made = person("张伟")
    by = as_actor("officer")
    assert made in person_list(by, query)
    assert "张伟" in _labels(by, query)


@pytest.mark.parametrize("query", ["伟张", "张三", "zhangsan", "wz", "zhangweix"])
def test_zhang_wei_is_not_found_by_what_he_is_not_called(as_actor: As, query: str) -> None:
    made = person("张伟")
    assert made not in person_list(as_actor("officer"), query)


@pytest.mark.parametrize("query", ["绍兴", "sx", "shaoxing", "Shaoxing", "绍兴市红十字会", "ＳＸ"])
def test_shaoxing_is_found_by_everybody(query: str) -> None:
    assert "绍兴市红十字会" in _labels(VISITOR, query)


def test_the_province_stands_before_its_counties() -> None:
    found = _labels(VISITOR, "红十字会")
    assert found[0] == "浙江省红十字会"
    assert len(found) == FOUND_MAX


def test_english_readers_find_english_names() -> None:
    with translation.override("en"):
        assert "Shaoxing Red Cross" in _labels(VISITOR, "shaoxing")


# ── who finds whom ───────────────────────────────────────────────────────────────────────────


def test_people_are_never_found_in_public() -> None:
    person("张伟")
    assert _labels(VISITOR, "张伟") == []
    for member in Account.objects.select_related("person"):
        assert member.person.name not in _labels(VISITOR, member.person.name)


@pytest.mark.parametrize("username", ["outsider", "volunteer", "storekeeper", "administrator"])
def test_people_are_not_found_without_a_role_that_sees_them(as_actor: As, username: str) -> None:
    person("张伟")
    by = as_actor(username)
    assert _labels(by, "张伟") == []
    assert list(person_list(by, "张伟")) == list(person_list(by)) == []


def test_another_societys_people_are_not_found(as_actor: As) -> None:
    theirs = person("张伟", society="330400")
    for username in ("officer", "province", "team-leader", "caseworker", "auditor"):
        by = as_actor(username)
        assert _labels(by, "张伟") == []
        assert theirs not in person_list(by, "张伟")


def test_a_crowd_of_strangers_pushes_nobody_out(as_actor: As) -> None:
    """Access is applied to all that fit, not to the first few hundred."""
    _strangers(600, "张伟")
    mine, theirs = person("张伟伟"), person("张伟伟", society="330400")
    by = as_actor("officer")
    assert list(person_list(by, "张伟")) == [mine]
    assert _labels(by, "张伟") == ["张伟伟"]
    assert theirs not in person_list(by, "张伟")


def test_many_organisations_of_one_name_are_all_listed(as_actor: As, shaoxing: Society) -> None:
    rows = [
        Organisation(name=f"样例{number}", name_key="yl", kind="other", registered_at=clock.now())
        for number in range(600)
    ]
    Organisation.objects.bulk_create(rows)
    _index(SearchEntry.Kind.ORGANISATION, rows)
    found = organisation_list(as_actor("officer"), "样例")
    assert {row.pk for row in rows} <= set(found.values_list("pk", flat=True))


def _strangers(count: int, name: str) -> None:
    rows = [Person(name=name, name_key="zw", registered_at=clock.now()) for _ in range(count)]
    Person.objects.bulk_create(rows)
    _index(SearchEntry.Kind.PERSON, rows)


def _index(kind: SearchEntry.Kind, rows: Sequence[Person | Organisation]) -> None:
    for row in rows:
        searching.index(kind, row.pk, row.name, is_public=False)


def test_nobody_finds_even_themselves_without_a_role(as_actor: As) -> None:
    assert _labels(as_actor("outsider"), "赵外人") == []


def test_a_renamed_person_is_found_by_the_new_name_only(as_actor: As) -> None:
    made = person("张伟")
    by = as_actor("officer")
    change_person(by=by, person=made, name="王秀英")
    assert (_labels(by, "张伟"), _labels(by, "wxy")) == ([], ["王秀英"])


def test_an_erased_person_is_not_found(as_actor: As) -> None:
    made = person("张伟")
    erase_person(by=SYSTEM, person=made, reason=REASON)
    assert _labels(as_actor("officer"), "张伟") == []


# ── hostile queries ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("query", HOSTILE, ids=ascii)
def test_no_query_breaks_the_search(as_actor: As, query: str) -> None:
    person("张伟")
    for by in (VISITOR, as_actor("officer")):
        assert len(search(by, query)) <= FOUND_MAX
    list(person_list(as_actor("officer"), query))


@pytest.mark.parametrize("query", [q for q in HOSTILE if q != "\ud800"], ids=ascii)
def test_no_query_breaks_the_page(client: Client, query: str) -> None:
    answer = client.get("/search/", {"q": query})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_nothing_asked_finds_nothing(as_actor: As) -> None:
    assert search(as_actor("officer"), "  ") == []
    assert not searching.entries("!!!").exists()


@trying(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=st.text(max_size=80))
def test_any_text_at_all_may_be_asked(query: str) -> None:
    assert len(search(VISITOR, query)) <= FOUND_MAX
