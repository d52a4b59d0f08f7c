"""`honghui account …`: the first administrator of an installation, and whoever cannot sign in and
may not be helped at the desk: administrators, auditors, accounts of several societies.

Everything else about accounts is done on the desk, in administrator mode.
"""

from __future__ import annotations

import click


@click.group()
def account() -> None:
    """Accounts that cannot be opened from the desk."""


@account.command()
@click.argument("username")
@click.option("--society", default="330000", show_default=True, help="Six-digit society code.")
@click.option("--name", prompt="Name of the person", help="Whose account it is.")
@click.option("--post", default="Administrator 01", show_default=True, help="Shown to colleagues.")
@click.password_option()
def first(username: str, society: str, name: str, post: str, password: str) -> None:
    """Open the first administrator's account of a society that has none yet."""
    from django.db import transaction

    from honghui.kernel.actors import system_actor
    from honghui.kernel.errors import CannotRun
    from honghui.registry import access
    from honghui.registry.actions.accounts import grant_role, open_account
    from honghui.registry.actions.people import register_person
    from honghui.registry.models import RoleGrant
    from honghui.registry.permissions import Role

    by = system_actor("honghui account first")
    body = access.society(society)
    if RoleGrant.objects.filter(society=body, role=Role.ADMINISTRATOR, ended_at=None).exists():
        raise CannotRun(
            "account.not_first",
            f"{body} has an administrator already.",
            "They open further accounts on the desk, in administrator mode.",
        )
    with transaction.atomic():
        person = register_person(by=by, society=body, name=name, kind="staff")
        opened = open_account(
            by=by, society=body, person=person, username=username, post=post, password=password
        )
        grant_role(
            by=by,
            society=body,
            account=opened,
            role=Role.ADMINISTRATOR,
            reason="the first administrator",
        )
    click.echo(f"{username} may sign in. Their first step is to change the password.")


@account.command()
@click.argument("username")
@click.password_option()
def password(username: str, password: str) -> None:
    """Set a new password for somebody who forgot theirs; they change it at once."""
    from honghui.kernel.actors import system_actor
    from honghui.registry.actions.accounts import reset_password

    reset_password(
        by=system_actor("honghui account password"), username=username, password=password
    )
    click.echo(f"{username} has a new password and will be asked to change it.")


@account.command("remove-factors")
@click.argument("username")
@click.option("--reason", prompt="Reason", help="Why, for the journal.")
def remove_factors(username: str, reason: str) -> None:
    """Remove the second factors of somebody who lost their telephone or key."""
    from honghui.kernel.actors import system_actor
    from honghui.registry import access
    from honghui.registry.actions.recovery import remove_second_factors

    remove_second_factors(
        by=system_actor("honghui account remove-factors"),
        account=access.account_named(username),
        reason=reason,
    )
    click.echo(f"{username} signs in with the password alone until a new factor is added.")
