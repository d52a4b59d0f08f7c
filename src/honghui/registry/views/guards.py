"""What every desk view needs: somebody signed in, with nothing left to do, and a role somewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from honghui.kernel.errors import SignInAgain
from honghui.registry import access
from honghui.registry.middleware import actor
from honghui.registry.permissions import USE_DESK, Permission
from honghui.registry.signing_in import unfinished_step

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

FIRST = {
    "account_change_password": _("Choose a password of your own first; then the desk opens."),
    "mfa_index": _("Your role needs a second factor. Add one; then the desk opens."),
}


def desk_view(view: View[P]) -> View[P]:
    """A page for whoever holds some role; nothing of it is kept by the browser."""
    return desk_view_for(USE_DESK)(view)


def desk_view_for(permission: Permission) -> Callable[[View[P]], View[P]]:
    """A page for whoever holds this permission in at least one society."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            by = actor(request)
            if not by.is_signed_in:
                raise SignInAgain("web.sign_in", _("Sign in first."))
            step = unfinished_step(request, by)
            if step:
                messages.warning(request, FIRST[step])
                return redirect(step)
            access.require_somewhere(by, permission)
            return view(request, *args, **kwargs)

        return cast("View[P]", never_cache(guarded))

    return guard
