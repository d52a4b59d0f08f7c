"""Error pages. Each says what happened, why, and what to do next, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from honghui.kernel.errors import HonghuiError, NotFound, Refused
from honghui.registry.signing_in import note_lock_out


def refusal_page(
    request: HttpRequest,
    error: HonghuiError,
    *,
    status: int | None = None,
    link: str = "",
    link_label: str = "",
) -> HttpResponse:
    code = status or error.status
    context = {
        "error": error,
        "status": code,
        "link": link or reverse("home"),
        "link_label": link_label or _("To the front page"),
    }
    return render(request, "ui/refusal.html", context, status=code)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refusal_page(
        request,
        Refused(
            "web.csrf",
            _("This form was not sent from our own page, or the page was open too long."),
            _("Nothing was saved. Open the page again and send the form from there."),
        ),
        status=403,
    )


def locked_out(
    request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    note_lock_out(str((credentials or {}).get("username", "")))
    return refusal_page(
        request,
        Refused(
            "web.locked_out",
            _("Too many wrong passwords. Signing in is locked for a quarter of an hour."),
            _("Wait. An administrator of your society can give you a new password."),
        ),
        status=429,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        too_big = Refused(
            "web.too_big",
            _("What was sent is too large for this form."),
            _("Send less text; files have a place of their own."),
        )
        return refusal_page(request, too_big, status=413)
    return refusal_page(
        request,
        Refused(
            "web.bad_request",
            _("We could not read what was sent."),
            _("Go back, look at what you typed, and send it again."),
        ),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal_page(
        request,
        NotFound(
            "web.not_found",
            _("There is no page at this address."),
            _("Check the address, or search by name."),
        ),
        link=reverse("search"),
        link_label=_("Search"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return refusal_page(
        request,
        HonghuiError(
            "web.server_error",
            _("Something broke on our side. Nothing from this request was saved."),
            _("Try again in a minute. If it happens again, tell us the time and this page."),
        ),
    )
