"""One account: what it holds, and what an administrator may do about it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from honghui.registry import access
from honghui.registry.middleware import actor
from honghui.registry.permissions import MANAGE_ROLES, SEE_ROLES
from honghui.registry.queries.accounts import running_roles
from honghui.registry.views.guards import desk_view_for


@require_safe
@desk_view_for(SEE_ROLES)
def page(request: HttpRequest, account_id: UUID) -> HttpResponse:
    by = actor(request)
    account = access.account(by, account_id)
    context = {
        "account": account,
        "roles": running_roles(account, by),
        "may": {"manage": bool(access.societies_where(by, MANAGE_ROLES))},
    }
    return render(request, "registry/accounts/page.html", context)
