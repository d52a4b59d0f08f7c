"""The one write somebody makes on their own account: a password of their own."""

from __future__ import annotations

from honghui.journal.acting import action, record
from honghui.kernel.actors import Actor
from honghui.registry.models import Account


@action("registry.account.password_changed")
def change_own_password(*, by: Actor, account: Account, password: str) -> Account:
    """Sets the new password and says that nobody else knows it any more. The form has asked for
    the old one and weighed the new one."""
    assert account.pk == by.account_id, "everybody changes their own"
    account.set_password(password)
    account.must_change_password = False
    account.password_until = None
    account.save(update_fields=["password", "must_change_password", "password_until"])
    record(by=by, verb="registry.account.password_changed", about=account)
    return account
