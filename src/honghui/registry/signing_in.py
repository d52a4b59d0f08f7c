"""Who is signed in, and what allauth may do here."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from honghui.journal.acting import record
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR, Actor, Elevation, Grant
from honghui.kernel.ids import new_id
from honghui.registry import second_factors
from honghui.registry.actions.passwords import change_own_password
from honghui.registry.models import Account, AdminMode, RoleGrant
from honghui.registry.permissions import Role

# Whoever moves money, decides about people, or reads everything: a password alone is too little.
NEED_SECOND_FACTOR = {Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR, Role.OFFICER}
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by administrators; nobody signs themselves up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: axes counts wrong passwords, by name and address, and locks for longer. A
        second count beside it would lock a whole office out for one person's mistakes."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Names are small letters. Folded before axes counts, so that OFFICER, Officer and
        officer are one name, not three times ten guesses."""
        if "username" in credentials:
            credentials["username"] = credentials["username"].lower()
        account = super().authenticate(request, **credentials)
        if isinstance(account, Account) and password_is_over(account):
            raise ValidationError(
                _("This one-time password has expired. Ask your administrator for a new one.")
            )
        return account

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        if user is not None and user.check_password(password):
            raise ValidationError(_("This is the password you have now. Choose another."))
        return super().clean_password(password, user)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        account = cast(Account, user)
        change_own_password(by=actor_of(account), account=account, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("desk")

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **hooks: Any
    ) -> HttpResponse:
        response = super().post_login(request, user, **hooks)
        if actor_of(cast(Account, user)).grants:
            return response
        messages.info(
            request,
            _(
                "You are signed in, but you hold no role yet. Ask an administrator for one. "
                "Whoever is called out needs none: answer by the link in the message."
            ),
        )
        return HttpResponseRedirect(reverse("home"))


class SecondFactorAdapter(DefaultMFAAdapter):
    """What a second factor rests on is stored sealed."""

    def encrypt(self, text: str) -> str:
        return second_factors.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factors.opened(encrypted_text)


def password_is_over(account: Account) -> bool:
    """Whether it was given for one time, and not used in time."""
    return account.password_until is not None and account.password_until <= clock.machine_now()


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


def unfinished_step(request: HttpRequest, by: Actor) -> str:
    """The name of the page to go to before the desk opens: a password of one's own, then a
    second factor where the role needs one. Empty when nothing is left to do."""
    account = request.user
    if not isinstance(account, Account):
        return ""
    if account.must_change_password:
        return "account_change_password"
    needed = settings.REQUIRE_MFA and any(g.role in NEED_SECOND_FACTOR for g in by.grants)
    return "mfa_index" if needed and not is_mfa_enabled(account, FACTORS) else ""


# Signals, which the house avoids, are the libraries' only way to tell: kept to these.
@receiver(user_logged_in)
def note_sign_in(sender: Any, request: HttpRequest | None, user: Account, **_: Any) -> None:
    record(by=actor_of(user), verb="registry.account.signed_in", about=user)


@receiver(user_logged_out)
def note_sign_out(sender: Any, request: HttpRequest | None, user: Account | None, **_: Any) -> None:
    if user is not None:
        record(by=actor_of(user), verb="registry.account.signed_out", about=user)


@receiver(authenticator_added)
def note_factor_added(sender: Any, user: Account, authenticator: Authenticator, **_: Any) -> None:
    _note_factor("registry.account.factor_added", user, authenticator)


@receiver(authenticator_removed)
def note_factor_removed(sender: Any, user: Account, authenticator: Authenticator, **_: Any) -> None:
    _note_factor("registry.account.factor_removed", user, authenticator)


def _note_factor(verb: str, user: Account, authenticator: Authenticator) -> None:
    record(by=actor_of(user), verb=verb, about=user, after={"kind": authenticator.type})


def note_lock_out(username: str) -> None:
    """Somebody guessed too often. The act is about the account, if there is one, and by nobody:
    whoever guessed is not known."""
    account = Account.objects.filter(username=username.lower()).first()
    record(by=VISITOR, verb="registry.account.locked_out", about=account)
