"""How many questions a page may ask the database: the same for ten rows as for two hundred.

Twelve for a page everybody sees, fourteen for a list on the desk. The session and the account
behind it cost four of those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.registry import searching
from honghui.registry.models import (
    Account,
    Affiliation,
    GrassRootsUnit,
    Organisation,
    OrganisationPair,
    Person,
    PersonPair,
    RoleGrant,
    SearchEntry,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
PUBLIC_MAX = 12
DESK_MAX = 14
# What waits for somebody is asked of each job, so the first page costs more with each of them.
MORE = {"/desk/": 25}
ROWS = 200

PUBLIC = {
    "front page": "/",
    "tour": "/tour/",
    "trace, asked": "/trace/",
    "trace": "/trace/SAMP-TRAC-E000-0050/",
    "societies": "/societies/",
    "a province": "/societies/330000/",
    "a city": "/societies/330600/",
    "a county": "/societies/330602/",
    "an ended county": "/societies/330103/",
    "search, empty": "/search/",
    "search, many": "/search/?q=红十字会",
    "search, units": "/search/?q=样例",
    "specimens": "/styleguide/",
    "open data": "/open/",
    "funds": "/funds/",
    "a fund": "/funds/pingan-yijing/",
    "giving": "/give/",
    "giving to a fund": "/give/pingan-yijing/",
    "schemas": "/open/schemas/",
    "sign-in": "/account/login/",
    "not there": "/societies/999999/",
    "health": "/healthz",
}
DESK = {
    "desk": ("officer", "/desk/"),
    "field": ("officer", "/field/"),
    "what I did": ("officer", "/desk/mine/"),
    "people": ("officer", "/desk/people/"),
    "people, found": ("officer", "/desk/people/?q=样例"),
    "people, second page": ("officer", "/desk/people/?page=2"),
    "people, to the auditor": ("auditor", "/desk/people/"),
    "gifts": ("finance", "/desk/donations/"),
    "gifts, found": ("finance", "/desk/donations/?q=SAMP-TRAC-E000-0050"),
    "receiving a gift": ("finance", "/desk/donations/new/"),
    "spending": ("officer", "/desk/spending/"),
    "funds, on the desk": ("officer", "/desk/funds/"),
    "a fund, on the desk": ("officer", "/desk/funds/pingan-yijing/"),
    "duplicates": ("officer", "/desk/duplicates/"),
    "organisations": ("officer", "/desk/organisations/"),
    "organisations, found": ("officer", "/desk/organisations/?q=样例"),
    "a new unit": ("officer", "/desk/units/new/"),
    "units": ("officer", "/desk/units/"),
    "roles": ("administrator", "/desk/roles/"),
    "roles, to the auditor": ("auditor", "/desk/roles/"),
    "acts": ("auditor", "/desk/acts/"),
    "search, on the desk": ("officer", "/search/?q=样例"),
}


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """A request in English leaves English behind in its thread: no test inherits or leaves it."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def _questions(client: Client, path: str) -> int:
    """How many queries the page asked, once it is warm."""
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code in {200, 404}
    return len(asked)


@pytest.fixture
def crowd(db: None) -> None:
    """Two hundred rows more of everything, put in with a few statements."""
    now = clock.now()
    names = [f"样例{number}" for number in range(ROWS)]
    people = Person.objects.bulk_create(
        Person(name=name, name_key=name, registered_at=now) for name in names
    )
    Affiliation.objects.bulk_create(
        Affiliation(person=each, society_id="330600", kind="donor", began_on=now.date())
        for each in people
    )
    firms = Organisation.objects.bulk_create(
        Organisation(
            name=name, name_key=name, kind="other", society_code="330600", registered_at=now
        )
        for name in names
    )
    units = GrassRootsUnit.objects.bulk_create(
        GrassRootsUnit(
            society_id="330600",
            kind="other",
            name=name,
            opened_on=now.date(),
            organisation=firm,
            source="第 370 期",
        )
        for name, firm in zip(names, firms, strict=True)
    )
    kinds = SearchEntry.Kind
    for kind, rows in ((kinds.PERSON, people), (kinds.ORGANISATION, firms), (kinds.UNIT, units)):
        for row in rows[:60]:
            searching.index(kind, row.pk, row.name, is_public=kind == kinds.UNIT)
    _pairs(people, firms, now)
    _paper(people, now)


def _pairs(people: list[Person], firms: list[Organisation], now: Any) -> None:
    colleague = Account.objects.get(username="officer2")
    for model, rows in ((PersonPair, people), (OrganisationPair, firms)):
        model._default_manager.bulk_create(
            model(
                first=one,
                second=other,
                signs=["name"],
                score=80,
                found_at=now,
                state="proposed",
                proposed_by=colleague,
                proposed_reason="样例样例",
            )
            for one, other in zip(rows[::2], rows[1::2], strict=True)
        )


def _paper(people: list[Person], now: Any) -> None:
    accounts = Account.objects.bulk_create(
        Account(username=f"sample-{number}", person=each, post="样例岗", created_at=now)
        for number, each in enumerate(people)
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(account=each, society_id="330600", role="trainer", reason="样例", began_at=now)
        for each in accounts
    )
    officer = Account.objects.get(username="officer")
    Act.objects.bulk_create(
        Act(
            at=now,
            verb="registry.person.registered",
            actor_id=officer.pk,
            person_id=officer.person_id,
            actor_name="样例岗",
            society_code="330600",
            object_type="registry.person",
            object_id=str(each.pk),
            request_id=uuid4(),
        )
        for each in people
    )


@pytest.mark.parametrize("path", PUBLIC.values(), ids=PUBLIC)
def test_a_public_page_keeps_to_its_budget(client: Client, path: str) -> None:
    assert _questions(client, path) <= PUBLIC_MAX


@pytest.mark.parametrize("path", PUBLIC.values(), ids=PUBLIC)
def test_a_public_page_asks_no_more_of_a_crowd(
    client: Client, path: str, django_assert_max_num_queries: Any, crowd: None
) -> None:
    client.get(path)
    with django_assert_max_num_queries(PUBLIC_MAX):
        client.get(path)


@pytest.mark.parametrize(("username", "path"), DESK.values(), ids=DESK)
def test_a_desk_page_keeps_to_its_budget(sign_in: SignIn, username: str, path: str) -> None:
    assert _questions(sign_in(username), path) <= MORE.get(path, DESK_MAX)


@pytest.mark.parametrize(("username", "path"), DESK.values(), ids=DESK)
def test_a_desk_page_asks_no_more_of_a_crowd(
    sign_in: SignIn, username: str, path: str, django_assert_max_num_queries: Any, crowd: None
) -> None:
    client = sign_in(username)
    client.get(path)
    with django_assert_max_num_queries(MORE.get(path, DESK_MAX)):
        client.get(path)


def test_the_front_page_in_english_costs_the_same(client: Client) -> None:
    assert _questions(client, "/en/") == _questions(client, "/")


@pytest.mark.parametrize("name", ["person", "organisation"])
def test_one_objects_page_keeps_to_the_budget_of_a_list(
    sign_in: SignIn, name: str, crowd: None
) -> None:
    model = Person if name == "person" else Organisation
    row = model._default_manager.get(name="样例7")
    assert _questions(sign_in("officer"), reverse(name, args=[row.pk])) <= DESK_MAX


@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_a_pairs_page_keeps_to_the_budget_of_a_list(
    sign_in: SignIn, kind: str, crowd: None
) -> None:
    model = PersonPair if kind == "person" else OrganisationPair
    pair = model._default_manager.filter(state="proposed").first()
    assert pair is not None
    assert _questions(sign_in("officer"), reverse("duplicate", args=[kind, pair.pk])) <= DESK_MAX


def test_every_list_of_the_desk_has_a_budget() -> None:
    """A list is a page of the desk whose address names no object and asks for nothing."""
    from tests.access.table import DESK_PAGES

    forms = {"person_new", "organisation_new", "role_grant", "account_new", "admin_mode"}
    lists = {
        row.name
        for row in DESK_PAGES
        if row.others is None and "GET" in row.methods and row.name not in forms
    }
    budgeted = {path.partition("?")[0] for _username, path in DESK.values()}
    assert {name for name in lists if reverse(name) not in budgeted} == set()
