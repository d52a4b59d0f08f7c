"""Roles and accounts: for administrators in administrator mode; auditors may look."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.registry import access
from honghui.registry.actions import accounts as actions
from honghui.registry.forms import AccountForm, ReasonForm, RoleForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import MANAGE_ROLES, ROLE_NAMES, SEE_ROLES
from honghui.registry.queries.accounts import accounts_without_role
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.ui.forms import posted


@require_safe
@desk_view_for(SEE_ROLES)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    running = access.role_grants(by).filter(ended_at=None).order_by("society_id", "role", "id")
    context = {
        "page": page_of(request, running),
        "role_names": {role.value: name for role, name in ROLE_NAMES.items()},
        "without_role": accounts_without_role(by),
        "may_manage": bool(access.societies_where(by, MANAGE_ROLES)),
    }
    return render(request, "registry/roles/list.html", context)


@desk_view_for(MANAGE_ROLES)
def grant(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = RoleForm(posted(request), by=by)
    if form.is_valid():
        with form.refusals():
            values = form.values
            values["account"] = values.pop("username")
            actions.grant_role(by=by.with_once(form.once_key), **values)
            messages.success(request, _("Granted."))
            return redirect("roles")
    return render(request, "registry/roles/grant.html", {"form": form}, status=form.status)


@desk_view_for(MANAGE_ROLES)
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    by = actor(request)
    held = access.role_grant(by, grant_id)
    form = ReasonForm(posted(request))
    if form.is_valid():
        with form.refusals():
            actions.end_role(by=by.with_once(form.once_key), grant=held, **form.values)
            messages.success(request, _("Ended."))
            return redirect("roles")
    context = {"form": form, "grant": held}
    return render(request, "registry/roles/end.html", context, status=form.status)


@desk_view_for(MANAGE_ROLES)
def open_account(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = AccountForm(posted(request), by=by)
    if form.is_valid():
        with form.refusals():
            values = form.values
            values["person"] = access.person_to_employ(by, values["person"], values["society"])
            actions.open_account(by=by.with_once(form.once_key), **values)
            messages.success(request, _("Opened. Now grant a role."))
            return redirect("roles")
    return render(request, "registry/roles/open_account.html", {"form": form}, status=form.status)


@desk_view_for(MANAGE_ROLES)
def close_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    by = actor(request)
    account = access.account(by, account_id)
    society = access.society_of_account(by, account, MANAGE_ROLES)
    form = ReasonForm(posted(request))
    if form.is_valid():
        with form.refusals():
            actions.close_account(
                by=by.with_once(form.once_key), society=society, account=account, **form.values
            )
            messages.success(request, _("Closed."))
            return redirect("roles")
    context = {"form": form, "account": account}
    return render(request, "registry/roles/close_account.html", context, status=form.status)
