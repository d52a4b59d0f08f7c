"""When somebody cannot sign in any more: a password for one time, and second factors taken away.

Whoever did both could sign in as that person. So nobody does: after one half, the other needs
another administrator, until the person has signed in themselves. And an account that itself
manages or audits, or that another society relies on, is helped on the server only.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.kernel.ids import new_code
from honghui.registry import access, rules
from honghui.registry.models import Account, AdminMode
from honghui.registry.permissions import RESTORE_ACCOUNTS

ISSUED = "registry.account.password_issued"
REMOVED = "registry.account.factors_removed"


@action("registry.account.password_issued")
def issue_password(*, by: Actor, account: Account, reason: str) -> Account:
    """A password for one time, to be handed over in person or by telephone: it stands in the
    `one_time_password` of what is returned and is kept nowhere. Every session of the account
    ends with its old password."""
    account, society_code = _whom_to_help(by, account, REMOVED)
    reason = rules.check_reason(reason)
    password = "-".join(new_code(4).lower() for _group in range(4))
    until = clock.machine_now() + timedelta(hours=rules.ONE_TIME_PASSWORD_HOURS)
    account.set_password(password)
    account.must_change_password = True
    account.password_until = until
    account.save(update_fields=["password", "must_change_password", "password_until"])
    record(
        by=by,
        verb="registry.account.password_issued",
        about=account,
        society_code=society_code,
        reason=reason,
        after={"until": until},
    )
    account.one_time_password = password
    return account


@action("registry.account.factors_removed")
def remove_second_factors(*, by: Actor, account: Account, reason: str) -> Account:
    """For somebody who has lost their telephone or key. Whoever found it is signed out too."""
    account, society_code = _whom_to_help(by, account, ISSUED)
    reason = rules.check_reason(reason)
    factors = Authenticator.objects.filter(user=account)
    kinds = sorted(factors.values_list("type", flat=True))
    if not kinds:
        raise Conflict(
            "registry.account.no_factor",
            _("This account has no second factor."),
            _("Nothing needs to be done."),
        )
    factors.delete()
    _end_sessions(account)
    record(
        by=by,
        verb="registry.account.factors_removed",
        about=account,
        society_code=society_code,
        reason=reason,
        before={"kinds": kinds},
    )
    return account


def _whom_to_help(by: Actor, account: Account, other_half: str) -> tuple[Account, str]:
    """The account, locked, and the society whose administrator helps; on the server, anybody's.
    Administrator mode that was on for the account ends."""
    code = ""
    if not by.is_system:
        access.require_somewhere(by, RESTORE_ACCOUNTS)
        account = access.account(by, account.pk)
        code = access.society_of_account(by, account, RESTORE_ACCOUNTS).code
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not by.is_system:
        held = account.grants.filter(ended_at=None).values_list("role", "society_id")
        rules.check_may_be_helped(
            is_own=account.person_id == by.person_id,
            roles={role for role, _code in held},
            elsewhere=any(each != code for _role, each in held),
        )
        _check_other_half(by, account, other_half)
    rules.check_account_is_open(account.is_active)
    running = AdminMode.objects.filter(account=account, left_at=None)
    running.update(left_at=clock.machine_now())
    return account, code


def _check_other_half(by: Actor, account: Account, other_half: str) -> None:
    about = Act.objects.filter(object_type="registry.account", object_id=str(account.pk))
    done = about.filter(verb=other_half, person_id=by.person_id).order_by("-id").first()
    signed_in = about.filter(verb="registry.account.signed_in", actor_id=account.pk)
    if done and not signed_in.filter(id__gt=done.id).exists():
        raise Conflict(
            "registry.account.other_half",
            _("Nobody both gives a new password and removes the second factors."),
            _("Ask another administrator, or wait until the person has signed in once."),
        )


def _end_sessions(account: Account) -> None:
    """A session does not say in the open whose it is, so each running one is looked into."""
    for session in Session.objects.filter(expire_date__gt=clock.machine_now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(account.pk):
            session.delete()
