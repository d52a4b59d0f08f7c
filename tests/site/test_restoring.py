"""Somebody cannot sign in any more: what an administrator may do, and what nobody may do alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.db import IntegrityError, transaction
from django.test import Client

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, NotFound
from honghui.registry.account_cli import account as account_command
from honghui.registry.actions.accounts import enter_admin_mode, grant_role
from honghui.registry.actions.recovery import issue_password, remove_second_factors
from honghui.registry.models import Account, AdminMode, Society
from honghui.registry.signing_in import actor_of
from tests.registry.samples import PASSWORD, REASON, SYSTEM, account, person

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]
SignIn = Callable[[str], Client]
NEW_PASSWORD = "four larks over the Cao'e river"
FORM = {"once": "7" * 32, "reason": REASON}


@pytest.fixture
def chief(as_actor: As) -> Actor:
    """The administrator of Shaoxing, in administrator mode."""
    return as_actor("administrator", elevated="330600")


@pytest.fixture
def colleague() -> Account:
    return account("storekeeper-02", person("样例甲", kind="staff"), role="storekeeper")


def enter(username: str, password: str, client: Client | None = None) -> tuple[Client, str]:
    client = client or Client()
    answer = client.post("/account/login/", {"login": username, "password": password})
    return client, answer.headers.get("Location", "")


def add_factor(to: Account) -> Authenticator:
    return Authenticator.objects.create(user=to, type=Authenticator.Type.WEBAUTHN, data={})


def verbs_about(whom: Account) -> list[str]:
    acts = Act.objects.filter(object_type="registry.account", object_id=str(whom.pk))
    return list(acts.order_by("id").values_list("verb", flat=True))


# ── a one-time password ──────────────────────────────────────────────────────────────────────


def shown_on_the_desk(sign_in: SignIn, whom: Account) -> tuple[str, str]:
    """(the password, the answer to the same form sent a second time)"""
    client = sign_in("administrator")
    path = f"/desk/accounts/{whom.pk}/password/"
    assert "no-store" in client.get(path)["Cache-Control"]
    answer = client.post(path, FORM)
    assert "no-store" in answer["Cache-Control"]
    found = re.search(r'id="one-time-password">([0-9a-z-]{19})<', answer.content.decode())
    assert found
    return found[1], client.post(path, FORM).content.decode()


def test_the_desk_shows_it_once_and_it_must_be_changed(
    chief: Actor, colleague: Account, sign_in: SignIn
) -> None:
    password, again = shown_on_the_desk(sign_in, colleague)
    assert password not in again
    assert "再发一个" in again
    client, where = enter(colleague.username, password)
    assert where == "/desk/"
    assert client.get("/desk/")["Location"] == "/account/password/change/"
    form = {"oldpassword": password, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post("/account/password/change/", form)["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert enter(colleague.username, password)[1] == ""
    colleague.refresh_from_db()
    assert (colleague.must_change_password, colleague.password_until) == (False, None)


def test_it_is_an_act_that_does_not_hold_the_password(
    chief: Actor, colleague: Account, sign_in: SignIn
) -> None:
    password, _again = shown_on_the_desk(sign_in, colleague)
    act = Act.objects.get(verb="registry.account.password_issued")
    assert (act.actor_id, act.society_code, act.reason) == (chief.account_id, "330600", REASON)
    assert password not in str(act.__dict__)
    assert colleague.username in str(Account.objects.get(pk=colleague.pk))
    assert password not in Account.objects.get(pk=colleague.pk).password


def test_it_ends_the_sessions_and_administrator_mode(chief: Actor, colleague: Account) -> None:
    client, _where = enter(colleague.username, PASSWORD)
    AdminMode.objects.create(
        account=colleague,
        society_id="330600",
        reason=REASON,
        began_at=clock.machine_now(),
        until=clock.machine_now() + timedelta(minutes=30),
    )
    assert client.get("/account/password/change/").status_code == 200
    issue_password(by=chief, account=colleague, reason=REASON)
    assert client.get("/account/password/change/").status_code == 302
    assert not AdminMode.objects.filter(account=colleague, left_at=None).exists()


def test_after_two_hours_it_opens_nothing_and_says_why(chief: Actor, colleague: Account) -> None:
    issued = issue_password(by=chief, account=colleague, reason=REASON)
    Account.objects.filter(pk=issued.pk).update(password_until=clock.machine_now())
    credentials = {"login": issued.username, "password": issued.one_time_password}
    answer = Client().post("/account/login/", credentials)
    assert "这个一次性密码已经过期" in answer.content.decode()
    wrong = Client().post("/account/login/", {**credentials, "password": "wrong"})
    assert "过期" not in wrong.content.decode()


def test_the_second_factor_is_still_asked_for(chief: Actor, colleague: Account) -> None:
    add_factor(colleague)
    issued = issue_password(by=chief, account=colleague, reason=REASON)
    client, where = enter(issued.username, issued.one_time_password)
    assert where == "/account/2fa/authenticate/"
    assert client.get("/desk/").status_code != 200


def test_the_database_knows_no_one_time_password_that_may_be_kept(colleague: Account) -> None:
    with pytest.raises(IntegrityError, match="changed_at_first_use"), transaction.atomic():
        Account.objects.filter(pk=colleague.pk).update(
            password_until=clock.machine_now(), must_change_password=False
        )


# ── second factors ───────────────────────────────────────────────────────────────────────────


def test_removing_factors_leaves_the_password_and_ends_the_sessions(
    chief: Actor, colleague: Account, sign_in: SignIn
) -> None:
    theirs, _where = enter(colleague.username, PASSWORD)
    others = sign_in("officer")
    add_factor(colleague)
    answer = sign_in("administrator").post(f"/desk/accounts/{colleague.pk}/factors/", FORM)
    assert answer["Location"] == f"/desk/accounts/{colleague.pk}/"
    assert not Authenticator.objects.filter(user=colleague).exists()
    assert theirs.get("/account/password/change/").status_code == 302
    assert others.get("/desk/").status_code == 200
    assert enter(colleague.username, PASSWORD)[1] == "/desk/"
    act = Act.objects.get(verb="registry.account.factors_removed")
    assert (act.before, act.reason) == ({"kinds": ["webauthn"]}, REASON)


def test_there_must_be_something_to_remove(chief: Actor, colleague: Account) -> None:
    with pytest.raises(Conflict) as refused:
        remove_second_factors(by=chief, account=colleague, reason=REASON)
    assert refused.value.code == "registry.account.no_factor"


# ── what nobody may do alone ─────────────────────────────────────────────────────────────────


def second_administrator() -> Actor:
    other = account("admin-02", person("样例乙", kind="staff"), role="administrator")
    shaoxing = Society.objects.get(pk="330600")
    enter_admin_mode(by=actor_of(other), society=shaoxing, reason=REASON)
    return actor_of(other)


@pytest.mark.parametrize("password_first", [True, False])
def test_nobody_does_both_halves(chief: Actor, colleague: Account, password_first: bool) -> None:
    add_factor(colleague)
    halves = [issue_password, remove_second_factors]
    first, second = halves if password_first else reversed(halves)
    first(by=chief, account=colleague, reason=REASON)
    before = verbs_about(colleague)
    with pytest.raises(Conflict) as refused:
        second(by=chief, account=colleague, reason=REASON)
    assert refused.value.code == "registry.account.other_half"
    assert verbs_about(colleague) == before
    second(by=second_administrator(), account=colleague, reason=REASON)


def test_once_the_person_has_signed_in_the_other_half_may_be_done(
    chief: Actor, colleague: Account
) -> None:
    issued = issue_password(by=chief, account=colleague, reason=REASON)
    enter(issued.username, issued.one_time_password)
    add_factor(colleague)
    remove_second_factors(by=chief, account=colleague, reason=REASON)


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_administrators_and_auditors_are_helped_on_the_server(chief: Actor, role: str) -> None:
    strong = account("strong-one", person("样例乙", kind="staff"), role=role)
    add_factor(strong)
    for half in (issue_password, remove_second_factors):
        with pytest.raises(Conflict) as refused:
            half(by=chief, account=strong, reason=REASON)
        assert refused.value.code == "registry.account.on_server"
    run = CliRunner().invoke(account_command, ["remove-factors", "Strong-One", "--reason", REASON])
    assert run.exit_code == 0
    assert verbs_about(strong)[-1] == "registry.account.factors_removed"
    assert not Authenticator.objects.filter(user=strong).exists()


def test_an_account_that_another_society_relies_on_is_helped_on_the_server(
    chief: Actor, colleague: Account
) -> None:
    jiaxing = Society.objects.get(pk="330400")
    grant_role(by=SYSTEM, society=jiaxing, account=colleague, role="trainer", reason=REASON)
    with pytest.raises(Conflict) as refused:
        issue_password(by=chief, account=colleague, reason=REASON)
    assert refused.value.code == "registry.account.relied_on_elsewhere"


def test_nobody_helps_themselves_nor_a_closed_account_nor_a_stranger(
    chief: Actor, colleague: Account
) -> None:
    own = Account.objects.get(pk=chief.account_id)
    Account.objects.filter(pk=colleague.pk).update(is_active=False)
    stranger = Account.objects.get(username="caseworker")
    for whom, error, code in (
        (own, Conflict, "registry.account.own_help"),
        (colleague, Conflict, "registry.account.closed_already"),
        (stranger, NotFound, "access.not_found"),
    ):
        with pytest.raises(error) as refused:
            issue_password(by=chief, account=whom, reason=REASON)
        assert refused.value.code == code
    assert not Act.objects.filter(verb="registry.account.password_issued").exists()
