"""Who is signed in, and what allauth may do here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from honghui.journal.acting import record
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR, Actor, Elevation, Grant
from honghui.kernel.ids import new_id
from honghui.registry.models import Account, AdminMode, RoleGrant


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by administrators; nobody signs themselves up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def actor_of(account: Account, request_id: UUID | None = None) -> Actor:
    """The actor behind an account: its running roles and administrator mode. Two queries."""
    grants = RoleGrant.objects.filter(account=account, ended_at=None)
    mode = AdminMode.objects.filter(
        account=account, left_at=None, until__gt=clock.machine_now()
    ).first()
    return Actor(
        account_id=account.pk,
        person_id=account.person_id,
        name=account.post,
        grants=frozenset(Grant(grant.role, grant.society_id) for grant in grants),
        elevation=Elevation(mode.society_id, mode.until, mode.reason) if mode else None,
        request_id=request_id or new_id(),
    )


def actor_of_request(request: HttpRequest) -> Actor:
    """The visitor, or the person signed in; asked once a request."""
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return VISITOR
    return actor_of(account)


# Signals, which the house avoids, are the library's only way to tell: kept to these two.
@receiver(user_logged_in)
def note_sign_in(sender: Any, request: HttpRequest | None, user: Account, **_: Any) -> None:
    record(by=actor_of(user), verb="registry.account.signed_in", about=user)


@receiver(user_logged_out)
def note_sign_out(
    sender: Any, request: HttpRequest | None, user: Account | None, **_: Any
) -> None:
    if user is not None:
        record(by=actor_of(user), verb="registry.account.signed_out", about=user)
