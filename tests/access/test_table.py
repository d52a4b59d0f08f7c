"""The table of who may do what, run row by row by the whole cast.

The stage is set once and every case plays in a savepoint of its own, so that some ten thousand
cases cost a minute or two.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, reset_queries, transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

import honghui
from honghui.journal.acting import ACTIONS
from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR as NOBODY_KNOWN
from honghui.kernel.actors import Actor, Elevation
from honghui.registry.models import Account, AdminMode
from honghui.registry.permissions import PERMISSIONS
from honghui.registry.signing_in import actor_of
from honghui.worlds import SAMPLE_PASSWORD
from tests.access.rows import (
    IN_MODE,
    MEMBERS,
    NOBODY,
    OTHER_SOCIETY,
    OWN_SOCIETY,
    REASON,
    VISITOR,
    Row,
)
from tests.access.table import ACTION_ROWS, ROWS, URL_ROWS, Things, things_of

WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Case:
    row: Row
    member: str
    whose: str

    def __str__(self) -> str:
        return f"{self.row}-{self.member}-{self.whose}".replace(" ", "_")

    @property
    def allowed(self) -> bool:
        who = self.row.may if self.whose == "own" else self.row.others
        return self.member in (who or NOBODY)


# Same role, same society: whoever lets one of them in lets the other in too.
TWINS = {"officer2", "volunteer"}
# Nobody of any society: every object is another's to them.
OUTSIDE = {VISITOR, "outsider"}


def cases_of(row: Row) -> Iterator[Case]:
    for member in MEMBERS:
        if member in TWINS and not row.about_oneself:
            continue
        yield Case(row, member, "own")
        if row.others is not None and member not in OUTSIDE:
            yield Case(row, member, "other")


@dataclass(frozen=True)
class Stage:
    things: dict[str, Things]
    accounts: dict[str, Account]
    actors: dict[str, Actor]
    sessions: dict[str, str]
    handler: ClientHandler

    def it(self, case: Case) -> Things:
        code = OWN_SOCIETY[case.member] if case.whose == "own" else OTHER_SOCIETY
        account = self.accounts.get(case.member) if case.whose == "own" else None
        return replace(self.things[code], actor_account=account)

    def client(self, member: str) -> Client:
        client = Client()
        # One stack of middleware for all: WhiteNoise reads the static folder each time it is made.
        client.handler = self.handler
        if member != VISITOR:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[member]
        return client

    def switch_on(self, member: str) -> None:
        """Administrator mode hangs on the account, so it is on for one case at a time."""
        if member == IN_MODE:
            until = clock.machine_now() + timedelta(minutes=30)
            AdminMode.objects.create(
                account=self.accounts[member],
                society_id="330600",
                reason=REASON,
                began_at=clock.machine_now(),
                until=until,
            )


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """One object of each kind in each society, everybody signed in; rolled back at the end."""
    clock.forget_pin()
    with django_db_blocker.unblock(), transaction.atomic():
        accounts = {
            member: Account.objects.get(username=member.split(" ")[0])
            for member in MEMBERS
            if member != VISITOR
        }
        actors = {member: actor_of(account) for member, account in accounts.items()}
        until = clock.machine_now() + timedelta(hours=1)
        actors[IN_MODE] = replace(actors[IN_MODE], elevation=Elevation("330600", until, REASON))
        codes = {*OWN_SOCIETY.values(), OTHER_SOCIETY}
        yield Stage(
            things={code: things_of(code) for code in sorted(codes)},
            accounts=accounts,
            actors={**actors, VISITOR: NOBODY_KNOWN},
            sessions={member: _session(member, each) for member, each in accounts.items()},
            handler=ClientHandler(enforce_csrf_checks=False),
        )
        transaction.set_rollback(True)


def _session(member: str, account: Account) -> str:
    client = Client()
    client.force_login(account, backend=BACKEND)
    if member == IN_MODE:
        session = client.session
        session["admin_mode"] = True
        session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """A request in English leaves English behind in its thread: no test inherits or leaves it."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is let in is asked of everybody; what they would see is drawn for the first of them, page
    and refusal: half the time went into drawing the same page twenty times."""
    drawn, render = set(), Template.render

    def render_once(self: Template, *context: Any, **more: Any) -> str:
        if self.template.name in drawn:
            return ""
        drawn.add(self.template.name)
        return render(self, *context, **more)

    monkeypatch.setattr(Template, "render", render_once)


@contextmanager
def undone() -> Iterator[None]:
    # The log of captured queries holds nine thousand and then complains.
    reset_queries()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_may_what_the_table_says_and_nothing_else(row: Row, stage: Stage) -> None:
    """All members in one test: ten thousand tests of their own cost as much as what they test."""
    wrong = [said for case in cases_of(row) if (said := _what_is_wrong(case, stage))]
    assert not wrong, "\n".join(wrong)


def _what_is_wrong(case: Case, stage: Stage) -> str:
    try:
        with undone():
            _play(case, stage)
    except (Exception, pytest.fail.Exception) as error:
        return f"{case}: {type(error).__name__} {error}"
    return ""


def _play(case: Case, stage: Stage) -> None:
    stage.switch_on(case.member)
    if case.row.kind == "action":
        _run_action(case, stage)
        return
    parts = case.row.given(stage.it(case))
    path = reverse(case.row.name, kwargs=dict(parts))
    for method in case.row.methods:
        _run_request(case, stage, method, path)


def _run_action(case: Case, stage: Stage) -> None:
    function = _action(case.row.name)
    given = {"by": stage.actors[case.member], **case.row.given(stage.it(case))}
    if case.allowed:
        function(**given)
        return
    with CaptureQueriesContext(connection) as queries, pytest.raises(case.row.refused_with):
        function(**given)
    assert _tables_written(queries) == []


def _run_request(case: Case, stage: Stage, method: str, path: str) -> None:
    client = stage.client(case.member)
    newest = Act.objects.order_by("-id").values_list("id", flat=True).first() or 0
    with CaptureQueriesContext(connection) as queries:
        answer = (
            client.generic(method, path)
            if method == "GET"
            else client.post(path, dict(case.row.data))
        )
    if answer.streaming:
        b"".join(answer)  # a file that is read to its end is closed
    let_in = _is_let_in(case.row, answer)
    assert let_in == case.allowed, f"{method} {path}: {answer.status_code}"
    if let_in:
        return
    assert set(_tables_written(queries)) <= {"journal_act"}
    acts = set(Act.objects.filter(id__gt=newest).values_list("verb", flat=True))
    if case.member == VISITOR:
        assert acts == set()
        assert answer.status_code in {302, 401, 403, 404}
        if method == "GET" and path.startswith("/desk/"):
            assert _leads_to_sign_in(answer)
    elif path.startswith(("/desk/", "/field/")):
        assert answer.status_code in {403, 404}
        assert acts - {"registry.admin_mode.request"} == {"access.refused"}


def _is_let_in(row: Row, answer: Any) -> bool:
    return answer.status_code in row.let_in and not _leads_to_sign_in(answer)


def _leads_to_sign_in(answer: HttpResponse) -> bool:
    where = urlsplit(answer.headers.get("Location", "")).path
    return answer.status_code == 302 and where == reverse("account_login")


def _tables_written(queries: CaptureQueriesContext) -> list[str]:
    found = [WRITE.match(query["sql"]) for query in queries.captured_queries]
    return [each.group(1) for each in found if each]


def _action(name: str) -> Any:
    module, _dot, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


# ── the table is whole ───────────────────────────────────────────────────────────────────────


def _url_names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every name in every namespace; an address without a name stands by its pattern."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            space = f"{each.namespace}:" if each.namespace else ""
            yield from _url_names(each, prefix + space)
        elif isinstance(each, URLPattern):
            yield prefix + (each.name or f"(no name) {each.pattern}")


def _action_names() -> set[str]:
    for module in pkgutil.walk_packages(honghui.__path__, "honghui."):
        if ".actions" in module.name:
            importlib.import_module(module.name)
    return {name for name in ACTIONS if name.startswith("honghui.")}


def test_every_address_has_a_row() -> None:
    missing = set(_url_names()) - {row.name for row in URL_ROWS}
    assert not missing, f"without a row in tests/access/table.py: {sorted(missing)}"


def test_every_action_has_a_row() -> None:
    missing = _action_names() - {row.name for row in ACTION_ROWS}
    assert not missing, f"without a row in tests/access/table.py: {sorted(missing)}"


def test_no_row_names_what_does_not_exist() -> None:
    known = {*_url_names(), *_action_names()}
    assert {row.name for row in ROWS} - known == set()


def test_no_row_stands_twice() -> None:
    names = [str(row) for row in ROWS]
    assert len(names) == len(set(names))


def test_every_permission_is_needed_somewhere_and_no_other() -> None:
    needed = {row.permission for row in ROWS if row.permission}
    assert needed == set(PERMISSIONS)


def test_the_whole_cast_plays() -> None:
    cast = set(MEMBERS) - {VISITOR, IN_MODE}
    names = {name for row in ROWS for name in (*row.may, *(row.others or NOBODY))}
    assert names <= set(MEMBERS)
    assert all("@" not in name for name in cast)


# ── what the table must never say ────────────────────────────────────────────────────────────


# Anybody may give, whatever else they may; and what a phone sends is judged form by form.
FOR_EVERYBODY = {"honghui.funds.actions.donations.begin_giving", "give_to", "sync_forms"}


def test_auditors_write_nothing_but_their_own_password() -> None:
    may = {
        row.name
        for row in ACTION_ROWS
        if "auditor" in row.may | (row.others or NOBODY) and not row.about_oneself
    }
    assert may <= FOR_EVERYBODY
    sent = {row.name for row in URL_ROWS if "POST" in row.methods and "auditor" in row.may}
    assert sent <= FOR_EVERYBODY


@pytest.mark.parametrize("member", ["outsider", "volunteer", VISITOR])
def test_without_a_role_nothing_on_the_desk_is_seen_or_done(member: str) -> None:
    seen = [
        str(row)
        for row in ROWS
        if member in row.may | (row.others or NOBODY)
        and row.name not in FOR_EVERYBODY
        and (row.permission or (row.kind == "action" and not row.about_oneself))
    ]
    assert seen == []


def test_no_role_reaches_into_another_society_but_for_shared_organisations() -> None:
    """An upper society sees the teams and incidents of those below it; it changes none."""
    looks_down = [row for row in ROWS if row.others == {"province"} and row.methods == ("GET",)]
    assert all(row.permission == "rescue.see" for row in looks_down)
    shared = {str(row) for row in ROWS if row.others and row.permission and row not in looks_down}
    assert all("organisation" in each for each in shared), shared


def test_the_outsiders_desk_is_closed_whatever_the_address(stage: Stage) -> None:
    for path in ("/desk/", "/en/desk/", f"/desk/people/{uuid4()}/"):
        with undone():
            assert stage.client("outsider").get(path).status_code == 403


def test_nobody_reaches_anothers_second_factor(stage: Stage) -> None:
    with undone():
        key = Authenticator.objects.create(
            user=stage.accounts["officer"], type=Authenticator.Type.WEBAUTHN, data={}
        )
        client = stage.client("administrator")
        client.post(reverse("account_reauthenticate"), {"password": SAMPLE_PASSWORD})
        for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
            assert client.post(reverse(name, args=[key.pk])).status_code == 404
        assert Authenticator.objects.filter(pk=key.pk).exists()
