"""One account on the desk: who sees it, and closing one that never held a role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from honghui.journal.models import Act
from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotFound
from honghui.registry import access
from honghui.registry.actions.accounts import (
    close_account,
    end_role,
    enter_admin_mode,
    grant_role,
)
from honghui.registry.models import Account, Society
from honghui.registry.queries.accounts import accounts_without_role
from honghui.registry.signing_in import actor_of
from tests.registry.samples import REASON, SYSTEM, account, person

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]


def switch_on(username: str, society: str = "330600") -> None:
    enter_admin_mode(
        by=actor_of(Account.objects.get(username=username)),
        society=Society.objects.get(pk=society),
        reason=REASON,
    )


def test_an_account_that_never_held_a_role_is_listed_and_closed(
    sign_in: Callable[[str], Client],
) -> None:
    idle = account("idle-one", person("样例甲", kind="staff"))
    client = sign_in("administrator")
    switch_on("administrator")
    assert f'href="/desk/accounts/{idle.pk}/"' in client.get("/desk/roles/").content.decode()
    page = client.get(f"/desk/accounts/{idle.pk}/").content.decode()
    assert f'href="/desk/accounts/{idle.pk}/close/"' in page
    form = {"once": "1" * 32, "reason": REASON}
    answer = client.post(f"/desk/accounts/{idle.pk}/close/", form)
    assert answer["Location"] == "/desk/roles/"
    idle.refresh_from_db()
    assert not idle.is_active
    assert Act.objects.get(verb="registry.account.closed").society_code == "330600"
    assert f"/desk/accounts/{idle.pk}/" not in client.get("/desk/roles/").content.decode()


def test_an_account_that_lost_its_last_role_is_listed_too(as_actor: As) -> None:
    by = as_actor("administrator", elevated="330600")
    was = account("was-officer", person("样例甲", kind="staff"), role="officer")
    assert was not in accounts_without_role(by)
    end_role(by=by, grant=was.grants.get(), reason=REASON)
    assert was in accounts_without_role(by)


def test_it_is_nobody_elses_business(as_actor: As, shaoxing: Society) -> None:
    theirs = account("idle-two", person("样例甲", kind="staff", society="330400"), society="330400")
    by = as_actor("administrator", elevated="330600")
    with pytest.raises(NotFound):
        close_account(by=by, society=shaoxing, account=theirs, reason=REASON)
    theirs.refresh_from_db()
    assert theirs.is_active


def test_once_it_holds_a_role_it_is_that_societys_alone(as_actor: As, shaoxing: Society) -> None:
    """Knowing the person is no longer enough."""
    shared = account("idle-three", person("样例甲", kind="staff"))
    by = as_actor("administrator", elevated="330600")
    assert access.account(by, shared.pk) == shared
    jiaxing = Society.objects.get(pk="330400")
    grant_role(by=SYSTEM, society=jiaxing, account=shared, role="trainer", reason=REASON)
    with pytest.raises(NotFound):
        close_account(by=by, society=shaoxing, account=shared, reason=REASON)
