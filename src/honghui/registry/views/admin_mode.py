"""Administrator mode: on with a reason and a fresh password or second factor, off by itself."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from honghui.registry import rules
from honghui.registry.actions.accounts import enter_admin_mode, leave_admin_mode
from honghui.registry.forms import AdminModeForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import ENTER_ADMIN_MODE
from honghui.registry.views.guards import desk_view_for
from honghui.ui.forms import posted


@desk_view_for(ENTER_ADMIN_MODE)
@reauthentication_required
def page(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = AdminModeForm(posted(request), by=by)
    if form.is_valid():
        with form.refusals():
            enter_admin_mode(by=by.with_once(form.once_key), **form.values)
            messages.success(request, _("Administrator mode is on. Every request is recorded."))
            return redirect("roles")
    context = {"form": form, "minutes": rules.ADMIN_MODE_MINUTES, "elevation": by.elevation}
    return render(request, "registry/admin_mode.html", context, status=form.status)


@require_POST
@desk_view_for(ENTER_ADMIN_MODE)
def leave(request: HttpRequest) -> HttpResponse:
    leave_admin_mode(by=actor(request))
    messages.success(request, _("Administrator mode is off."))
    return redirect("desk")
