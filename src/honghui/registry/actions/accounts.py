"""Accounts, roles, administrator mode."""

from __future__ import annotations

import re
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, in_a_row
from honghui.registry import access, rules
from honghui.registry.models import Account, AdminMode, Person, RoleGrant, Society
from honghui.registry.permissions import ENTER_ADMIN_MODE, MANAGE_ROLES, Role

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


@action("registry.account.opened")
def open_account(
    *, by: Actor, society: Society, person: Person, username: str, post: str, password: str
) -> Account:
    """An account for a person the society knows. `post` ("财务岗 03") is what others see."""
    access.require(by, MANAGE_ROLES, society.code)
    if not by.is_system and not person.affiliations.filter(society=society).exists():
        raise NotAllowed(
            "registry.account.stranger",
            _("This person is not known to the society."),
            _("Register them as staff or as a volunteer first."),
        )
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        raise Invalid(
            "registry.account.name",
            _("This cannot be an account name."),
            _(
                "Use 3 to 40 lower-case letters, digits, dots or hyphens, "
                "starting with a letter or digit."
            ),
            field="username",
        )
    account = Account(
        person=person,
        username=username,
        post=text.name_line(post, limit=40, field="post"),
        created_at=clock.now(),
    )
    _check_password(password, account)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            "registry.account.taken",
            _("This account name is taken."),
            _("Choose another."),
            field="username",
        ) from error
    record(
        by=by,
        verb="registry.account.opened",
        about=account,
        society_code=society.code,
        after={"username": username, "post": account.post, "person": person},
    )
    return account


@action("registry.account.closed")
def close_account(*, by: Actor, society: Society, account: Account, reason: str) -> Account:
    """Closes an account whose roles all lie in this society; its roles end with it."""
    access.require(by, MANAGE_ROLES, society.code)
    account = access.account(by, account.pk)
    reason = rules.check_reason(reason)
    if account.pk == by.account_id:
        raise Conflict(
            "registry.account.own",
            _("Nobody can close their own account."),
            _("Ask another administrator."),
        )
    elsewhere = account.grants.filter(ended_at=None).exclude(society=society)
    if elsewhere.exists():
        raise Conflict(
            "registry.account.needed_elsewhere",
            _("Another society still relies on this account."),
            _("End only the roles held in your own society."),
        )
    account.is_active = False
    account.save(update_fields=["is_active"])
    account.grants.filter(ended_at=None).update(ended_at=clock.now())
    record(
        by=by,
        verb="registry.account.closed",
        about=account,
        society_code=society.code,
        reason=reason,
    )
    return account


@action("registry.account.password_reset")
def reset_password(*, by: Actor, username: str, password: str) -> Account:
    """A new password for somebody who forgot theirs, from the command line only: whoever has
    the server's shell. They must change it at their next sign-in."""
    if not by.is_system:
        raise NotAllowed(
            "registry.account.shell_only",
            _("A password is reset on the server itself."),
            _("Ask whoever runs the installation."),
        )
    account = Account.objects.select_for_update().filter(username=username.lower()).first()
    if account is None:
        raise Invalid("registry.account.unknown", _("There is no open account by this name."))
    _check_password(password, account)
    account.set_password(password)
    account.must_change_password = True
    account.password_until = None
    account.save(update_fields=["password", "must_change_password", "password_until"])
    record(by=by, verb="registry.account.password_reset", about=account)
    return account


@action("registry.role.granted")
def grant_role(
    *, by: Actor, society: Society, account: Account, role: str, reason: str
) -> RoleGrant:
    access.require(by, MANAGE_ROLES, society.code)
    if role not in list(Role):
        raise Invalid("registry.role.unknown", _("This role is unknown."), field="role")
    reason = rules.check_reason(reason)
    if account.person_id == by.person_id:
        raise Conflict(
            "registry.role.own",
            _("Nobody can grant themselves a role."),
            _("Ask another administrator."),
        )
    # Two grants at once must see each other: they queue at the person's row.
    Person.objects.select_for_update().get(pk=account.person_id)
    held = RoleGrant.objects.filter(
        account__person=account.person_id, society=society, ended_at=None
    )
    rules.check_roles_together({*held.values_list("role", flat=True), role})
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                account=account,
                society=society,
                role=role,
                reason=reason,
                granted_by_id=by.account_id,
                began_at=clock.now(),
            )
    except IntegrityError as error:
        raise Conflict(
            "registry.role.held",
            _("This account already holds this role."),
            _("Nothing needs to be done."),
        ) from error
    record(
        by=by,
        verb="registry.role.granted",
        about=grant,
        society_code=society.code,
        reason=reason,
        after={"account": account.username, "role": role},
    )
    return grant


@action("registry.role.ended")
def end_role(*, by: Actor, grant: RoleGrant, reason: str) -> RoleGrant:
    access.require(by, MANAGE_ROLES, grant.society_id)
    reason = rules.check_reason(reason)
    grant = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if grant.ended_at:
        raise Conflict("registry.role.ended_already", _("This role has already ended."))
    if by.person_id is not None and grant.account.person_id == by.person_id:
        raise Conflict(
            "registry.role.own_end",
            _("Nobody can end their own role: the society might be left with nobody in charge."),
            _("Ask another administrator."),
        )
    grant.ended_at = clock.now()
    grant.save(update_fields=["ended_at"])
    record(
        by=by,
        verb="registry.role.ended",
        about=grant,
        society_code=grant.society_id,
        reason=reason,
        before={"account": grant.account.username, "role": grant.role},
    )
    return grant


@action("registry.admin_mode.entered")
def enter_admin_mode(*, by: Actor, society: Society, reason: str) -> AdminMode:
    """Half an hour of administrator powers in one society. The view asks for the password or
    the second factor first."""
    access.require(by, ENTER_ADMIN_MODE, society.code)
    assert by.account_id is not None, "only people switch it on"
    reason = rules.check_reason(reason)
    Account.objects.select_for_update().get(pk=by.account_id)
    began_at = clock.machine_now()
    AdminMode.objects.filter(account_id=by.account_id, left_at=None).update(left_at=began_at)
    mode = AdminMode.objects.create(
        account_id=by.account_id,
        society=society,
        reason=reason,
        began_at=began_at,
        until=began_at + timedelta(minutes=rules.ADMIN_MODE_MINUTES),
    )
    record(
        by=by,
        verb="registry.admin_mode.entered",
        about=mode,
        society_code=society.code,
        reason=reason,
        after={"until": mode.until},
    )
    return mode


@action("registry.admin_mode.left")
def leave_admin_mode(*, by: Actor) -> AdminMode:
    running = AdminMode.objects.filter(left_at=None)
    mode = running.filter(account_id=by.account_id).first() if by.account_id else None
    if mode is None:
        raise Conflict("registry.admin_mode.off", _("Administrator mode was already off."))
    mode.left_at = clock.machine_now()
    mode.save(update_fields=["left_at"])
    record(
        by=by,
        verb="registry.admin_mode.left",
        about=mode,
        society_code=mode.society_id,
    )
    return mode


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid(
            "registry.account.password", in_a_row(*error.messages), field="password"
        ) from error
