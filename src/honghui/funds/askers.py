"""Whoever asks for money to be spent, and whoever approves, is a person with an account; the system
never is."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotAllowed


def account_of(by: Actor) -> UUID:
    if by.account_id is None:
        raise _nobody()
    return by.account_id


def person_of(by: Actor) -> UUID:
    if by.person_id is None:
        raise _nobody()
    return by.person_id


def _nobody() -> NotAllowed:
    return NotAllowed(
        "funds.asked_by_nobody",
        _("Only a person can ask or approve."),
        _("Sign in, then do it on the desk."),
    )
