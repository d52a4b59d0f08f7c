"""Accounts and roles: who gets which, who gives it, and what is gone with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import Actor, Grant
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from honghui.registry import access
from honghui.registry.actions.accounts import (
    close_account,
    end_role,
    grant_role,
    open_account,
    reset_password,
)
from honghui.registry.models import Account, Person, RoleGrant, Society
from honghui.registry.permissions import MANAGE_ROLES, SEE_PEOPLE, Role
from honghui.registry.signing_in import actor_of
from tests.registry.samples import PASSWORD, REASON, SYSTEM, account, person

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]


@pytest.fixture
def chief(as_actor: As) -> Actor:
    """The administrator of Shaoxing, in administrator mode."""
    return as_actor("administrator", elevated="330600")


@pytest.fixture
def staff() -> Account:
    """Somebody of Shaoxing who signs in and may do nothing yet."""
    return account("sample-one", person("样例甲", kind="staff"))


def _grant(by: Actor, to: Account, role: str, code: str = "330600") -> RoleGrant:
    society = Society.objects.get(pk=code)
    return grant_role(by=by, society=society, account=to, role=role, reason=REASON)


# ── granting ─────────────────────────────────────────────────────────────────────────────────


def test_a_role_is_granted_for_a_reason_and_the_grant_is_an_act(
    chief: Actor, staff: Account
) -> None:
    granted = _grant(chief, staff, "trainer")
    assert actor_of(staff).grants == {Grant("trainer", "330600")}
    assert (granted.granted_by_id, granted.reason) == (chief.account_id, REASON)
    act = Act.objects.get(verb="registry.role.granted", object_id=str(granted.pk))
    assert (act.society_code, act.reason) == ("330600", REASON)
    assert act.after == {"account": "sample-one", "role": "trainer"}


def test_an_administrator_without_administrator_mode_is_told_to_switch_it_on(
    as_actor: As, staff: Account
) -> None:
    with pytest.raises(NotAllowed) as refused:
        _grant(as_actor("administrator"), staff, "trainer")
    assert refused.value.code == "access.admin_mode_needed"


def test_nobody_grants_themselves_a_role(chief: Actor) -> None:
    own = Account.objects.get(pk=chief.account_id)
    with pytest.raises(Conflict) as refused:
        _grant(chief, own, "finance")
    assert refused.value.code == "registry.role.own"


def test_the_database_refuses_a_role_granted_to_oneself(staff: Account, chief: Actor) -> None:
    granted = _grant(chief, staff, "trainer")
    with pytest.raises(IntegrityError, match="not_granted_to_oneself"), transaction.atomic():
        RoleGrant.objects.filter(pk=granted.pk).update(granted_by=staff)


def test_nobody_grants_their_own_second_account_a_role(chief: Actor) -> None:
    own = Account.objects.get(pk=chief.account_id)
    with pytest.raises(Conflict):
        _grant(chief, account("administrator-too", own.person), "finance")


def test_a_role_is_held_once_and_may_be_held_again_after_it_ended(
    chief: Actor, staff: Account
) -> None:
    granted = _grant(chief, staff, "trainer")
    with pytest.raises(Conflict) as refused:
        _grant(chief, staff, "trainer")
    assert refused.value.code == "registry.role.held"
    end_role(by=chief, grant=granted, reason=REASON)
    assert _grant(chief, staff, "trainer").pk != granted.pk


def test_one_account_may_hold_several_roles(chief: Actor, staff: Account) -> None:
    for role in ("officer", "finance", "storekeeper"):
        _grant(chief, staff, role)
    assert actor_of(staff).roles_in("330600") == {"officer", "finance", "storekeeper"}


@pytest.mark.parametrize("first", [role for role in Role if role is not Role.AUDITOR])
def test_an_auditor_holds_no_other_role(chief: Actor, staff: Account, first: Role) -> None:
    _grant(chief, staff, first)
    with pytest.raises(Conflict) as refused:
        _grant(chief, staff, "auditor")
    assert refused.value.code == "registry.role.auditor_alone"


def test_no_role_is_added_to_an_auditors(chief: Actor) -> None:
    auditor = Account.objects.get(username="auditor")
    with pytest.raises(Conflict):
        _grant(chief, auditor, "finance")
    assert auditor.grants.count() == 1


def test_an_auditor_here_may_be_an_officer_elsewhere(staff: Account) -> None:
    _grant(SYSTEM, staff, "auditor")
    _grant(SYSTEM, staff, "officer", "330400")
    assert staff.grants.count() == 2


def test_an_auditor_holds_no_other_role_on_a_second_account_either(
    chief: Actor, staff: Account
) -> None:
    _grant(chief, staff, "auditor")
    with pytest.raises(Conflict):
        _grant(chief, account("sample-two", staff.person), "finance")


@pytest.mark.parametrize(
    ("role", "reason", "field"), [("emperor", REASON, "role"), ("trainer", "no", "reason")]
)
def test_an_unknown_role_and_a_missing_reason_are_refused_at_their_field(
    chief: Actor, staff: Account, role: str, reason: str, field: str
) -> None:
    society = Society.objects.get(pk="330600")
    with pytest.raises(Invalid) as refused:
        grant_role(by=chief, society=society, account=staff, role=role, reason=reason)
    assert (refused.value.field, staff.grants.count()) == (field, 0)


def test_an_administrator_grants_nothing_in_another_society(chief: Actor, staff: Account) -> None:
    with pytest.raises(NotAllowed):
        _grant(chief, staff, "trainer", "330000")


# ── ending ───────────────────────────────────────────────────────────────────────────────────


def test_who_left_has_no_powers_any_more(chief: Actor, staff: Account) -> None:
    granted = _grant(chief, staff, "officer")
    assert access.may(actor_of(staff), SEE_PEOPLE, "330600")
    end_role(by=chief, grant=granted, reason=REASON)
    assert actor_of(staff).grants == frozenset()
    assert not access.may(actor_of(staff), SEE_PEOPLE, "330600")
    act = Act.objects.get(verb="registry.role.ended")
    assert act.before == {"account": "sample-one", "role": "officer"}


def test_an_administrator_who_left_keeps_no_mode_either(chief: Actor) -> None:
    granted = RoleGrant.objects.get(account_id=chief.account_id)
    end_role(by=SYSTEM, grant=granted, reason=REASON)
    former = actor_of(Account.objects.get(pk=chief.account_id))
    assert former.elevation is not None
    assert not access.may(former, MANAGE_ROLES, "330600")


def test_a_role_ends_once(chief: Actor, staff: Account) -> None:
    granted = _grant(chief, staff, "officer")
    ended_at = end_role(by=chief, grant=granted, reason=REASON).ended_at
    with pytest.raises(Conflict) as refused:
        end_role(by=chief, grant=granted, reason=REASON)
    assert refused.value.code == "registry.role.ended_already"
    granted.refresh_from_db()
    assert granted.ended_at == ended_at


def test_a_closed_account_signs_in_no_more_and_its_roles_end(
    chief: Actor, staff: Account, sign_in: Callable[[str], object]
) -> None:
    _grant(chief, staff, "officer")
    close_account(by=chief, society=Society.objects.get(pk="330600"), account=staff, reason=REASON)
    staff.refresh_from_db()
    assert not staff.is_active
    assert not staff.grants.filter(ended_at=None).exists()


def test_an_account_closed_in_the_middle_of_a_session_ends_it(
    chief: Actor, sign_in: Callable[..., object]
) -> None:
    client = sign_in("officer2")
    assert client.get("/desk/").status_code == 200  # type: ignore[attr-defined]
    close_account(
        by=chief,
        society=Society.objects.get(pk="330600"),
        account=Account.objects.get(username="officer2"),
        reason=REASON,
    )
    assert client.get("/desk/").status_code == 401  # type: ignore[attr-defined]


def test_nobody_closes_their_own_account(chief: Actor) -> None:
    with pytest.raises(Conflict) as refused:
        close_account(
            by=chief,
            society=Society.objects.get(pk="330600"),
            account=Account.objects.get(pk=chief.account_id),
            reason=REASON,
        )
    assert refused.value.code == "registry.account.own"


def test_an_account_another_society_relies_on_is_not_closed(chief: Actor, staff: Account) -> None:
    _grant(chief, staff, "officer")
    _grant(SYSTEM, staff, "trainer", "330400")
    with pytest.raises(Conflict) as refused:
        close_account(
            by=chief, society=Society.objects.get(pk="330600"), account=staff, reason=REASON
        )
    assert refused.value.code == "registry.account.needed_elsewhere"
    assert Account.objects.get(pk=staff.pk).is_active


def test_an_account_of_another_society_is_not_found(chief: Actor) -> None:
    with pytest.raises(NotFound):
        close_account(
            by=chief,
            society=Society.objects.get(pk="330600"),
            account=Account.objects.get(username="caseworker"),
            reason=REASON,
        )


# ── opening ──────────────────────────────────────────────────────────────────────────────────


def _open(by: Actor, owner: Person, **values: str) -> Account:
    given = {"username": "sample-two", "post": "岗 02", "password": PASSWORD, **values}
    return open_account(by=by, society=Society.objects.get(pk="330600"), person=owner, **given)


def test_an_account_is_opened_with_a_first_password_that_must_be_changed(chief: Actor) -> None:
    made = _open(chief, person("样例乙", kind="staff"), username=" Sample-Two ")
    assert (made.username, made.must_change_password) == ("sample-two", True)
    assert check_password(PASSWORD, made.password)
    act = Act.objects.get(verb="registry.account.opened", object_id=str(made.pk))
    assert PASSWORD not in f"{act.before}{act.after}{act.reason}"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "王会计"}, "username"),
        ({"username": "ab"}, "username"),
        ({"username": "-abc"}, "username"),
        ({"username": "a b c"}, "username"),
        ({"username": "a" * 41}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"password": "sample-two-1"}, "password"),
        ({"post": " "}, "post"),
        ({"post": "岗\u202e"}, "post"),
    ],
)
def test_a_bad_name_password_or_post_is_refused_at_its_field(
    chief: Actor, values: dict[str, str], field: str
) -> None:
    owner = person("样例乙", kind="staff")
    with pytest.raises(Invalid) as refused:
        _open(chief, owner, **values)
    assert (refused.value.field, owner.accounts.count()) == (field, 0)


def test_an_account_name_is_taken_once_whatever_its_case(chief: Actor) -> None:
    with pytest.raises(Conflict) as refused:
        _open(chief, person("样例乙", kind="staff"), username="OFFICER")
    assert (refused.value.code, refused.value.field) == ("registry.account.taken", "username")


def test_a_stranger_to_the_society_gets_no_account(chief: Actor) -> None:
    with pytest.raises(NotAllowed) as refused:
        _open(chief, person("样例乙", society="330400"))
    assert refused.value.code == "registry.account.stranger"


def test_a_forgotten_password_is_reset_on_the_server_only(chief: Actor, staff: Account) -> None:
    with pytest.raises(NotAllowed):
        reset_password(by=chief, username="sample-one", password=PASSWORD)
    staff.must_change_password = False
    staff.save()
    reset_password(by=SYSTEM, username="Sample-One", password="another long password 8")
    staff.refresh_from_db()
    assert staff.must_change_password
    assert check_password("another long password 8", staff.password)


def test_the_database_knows_only_our_roles_and_plain_names(staff: Account) -> None:
    with pytest.raises(IntegrityError, match="role_is_known"), transaction.atomic():
        RoleGrant.objects.create(
            account=staff, society_id="330600", role="emperor", reason="", began_at=clock.now()
        )
    with pytest.raises(IntegrityError, match="account_name_is_plain"), transaction.atomic():
        Account.objects.filter(pk=staff.pk).update(username="Sample One")
