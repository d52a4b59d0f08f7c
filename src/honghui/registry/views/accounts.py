"""One account: what it holds, and what an administrator may do about it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.registry import access, rules
from honghui.registry.actions import recovery
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import MANAGE_ROLES, RESTORE_ACCOUNTS, SEE_ROLES
from honghui.registry.queries.accounts import has_second_factor, running_roles
from honghui.registry.views.guards import desk_view_for
from honghui.ui.forms import posted


@require_safe
@desk_view_for(SEE_ROLES)
def page(request: HttpRequest, account_id: UUID) -> HttpResponse:
    by = actor(request)
    account = access.account(by, account_id)
    context = {
        "account": account,
        "roles": running_roles(account, by),
        "has_factor": has_second_factor(account),
        "may": {
            "manage": bool(access.societies_where(by, MANAGE_ROLES)),
            "restore": bool(access.societies_where(by, RESTORE_ACCOUNTS)),
        },
    }
    return render(request, "registry/accounts/page.html", context)


@desk_view_for(RESTORE_ACCOUNTS)
def issue_password(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Asks for the reason, then shows the password once, on the answer to this very request.
    A second sending of the same form shows none: it changes nothing and knows nothing."""
    by = actor(request)
    account = access.account(by, account_id)
    form = ReasonForm(posted(request))
    context = {"form": form, "account": account, "hours": rules.ONE_TIME_PASSWORD_HOURS}
    if form.is_valid():
        with form.refusals():
            issued = recovery.issue_password(
                by=by.with_once(form.once_key), account=account, **form.values
            )
            context["issued"] = issued
    return render(request, "registry/accounts/password.html", context, status=form.status)


@desk_view_for(RESTORE_ACCOUNTS)
def remove_factors(request: HttpRequest, account_id: UUID) -> HttpResponse:
    by = actor(request)
    account = access.account(by, account_id)
    form = ReasonForm(posted(request))
    if form.is_valid():
        with form.refusals():
            recovery.remove_second_factors(
                by=by.with_once(form.once_key), account=account, **form.values
            )
            messages.success(request, _("Removed. They add a new one at the next sign-in."))
            return redirect(account)
    context = {"form": form, "account": account}
    return render(request, "registry/accounts/factors.html", context, status=form.status)
