"""Turns refusals into pages: what happened, why, what to do next; a 4xx, never a stack trace."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from honghui.journal.acting import record
from honghui.kernel.errors import NotAllowed, NotFound, Refused, SignInAgain
from honghui.registry.middleware import actor
from honghui.site.errors import bad_request, refusal_page


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            # No address of ours has one, and PostgreSQL takes none in a text.
            return bad_request(request, SuspiciousOperation("NUL in the address"))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, SignInAgain):
            return sign_in_response(request)
        if isinstance(error, Refused):
            _note(request, error)
            return refusal_page(request, error)
        return None


def sign_in_response(request: HttpRequest) -> HttpResponse:
    """A first visit is led to the sign-in page. A session that has ended is told so: what was
    sent has not been saved, and the person must know."""
    had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if request.method in {"GET", "HEAD"} and not had_session:
        return redirect_to_login(request.get_full_path())
    back = request.get_full_path() if request.method == "GET" else reverse("desk")
    ended = SignInAgain(
        "web.session_ended",
        _("Your session has ended, so nothing was saved."),
        _("Sign in again: you will come back to where you were."),
    )
    link = f"{reverse('account_login')}?{urlencode({'next': back})}"
    return refusal_page(request, ended, link=link, link_label=_("Sign in"))


def _note(request: HttpRequest, error: Refused) -> None:
    """Somebody signed in tried what they may not: an act, for the auditor to see."""
    if isinstance(error, NotAllowed | NotFound) and actor(request).is_signed_in:
        record(
            by=actor(request),
            verb="access.refused",
            after={
                "code": error.code,
                "method": request.method or "",
                "path": request.path[:200],
            },
        )
