"""Accounts, as the pages about roles see them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from honghui.kernel.actors import Actor
from honghui.registry import access
from honghui.registry.models import Account, RoleGrant

WITHOUT_ROLE_MAX = 100


def accounts_without_role(by: Actor) -> QuerySet[Account]:
    """Open accounts that hold no role anywhere, the newest first."""
    running = RoleGrant.objects.filter(account=OuterRef("pk"), ended_at=None)
    idle = access.accounts(by).filter(~Exists(running), is_active=True)
    return idle.order_by("-created_at", "-id")[:WITHOUT_ROLE_MAX]


def running_roles(account: Account, by: Actor) -> QuerySet[RoleGrant]:
    """The roles it holds in the actor's own societies."""
    return access.role_grants(by).filter(account=account, ended_at=None).order_by("society_id")


def has_second_factor(account: Account) -> bool:
    return bool(Authenticator.objects.filter(user=account).exists())
