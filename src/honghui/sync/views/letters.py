"""Where phones send: what may be sent and from whom, asked before anything is read.

The one hard idea: a session's power needs the proof that our own page sent it (CSRF); a link's does
not, and therefore a form with a link never acts with a session's power.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid, NotAllowed, Refused
from honghui.registry.limits import Limit
from honghui.registry.middleware import actor
from honghui.registry.signing_in import unfinished_step
from honghui.sync import access, answering, reading, rules

View = Callable[..., HttpResponse]
# Whoever is signed in is held by their role; a link is open to whoever has it.
BY_LINK = Limit("sync_by_link", most=600)


def told_in_json(view: View) -> View:
    """A refusal as the phone reads it. The views under this check CSRF themselves."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return JsonResponse(answering.said(refusal), status=refusal.status)

    exempt: View = csrf_exempt(never_cache(answered))
    return exempt


@require_safe
@never_cache
def state(request: HttpRequest) -> HttpResponse:
    """Asked before each sending: is there a network, who is signed in, with which proof."""
    by = actor(request)
    ready = by.is_signed_in and not unfinished_step(request, by)
    return JsonResponse(
        {
            "account": str(by.account_id) if ready else "",
            "csrf": get_token(request),
            "now": clock.machine_now().isoformat(),
        }
    )


@require_POST
@told_in_json
def forms(request: HttpRequest) -> HttpResponse:
    received_at = clock.machine_now()
    letter = reading.letter_of(body_of(request, rules.BODY_BYTES_MOST))
    if has_link(letter):
        BY_LINK.count(request)
    by = sender(request) if not all(_link_in(raw) for raw in letter.forms) else actor(request)
    if letter.account and by.account_id and letter.account != str(by.account_id):
        raise NotAllowed(
            "sync.other_account",
            _("These were written down by another account on this phone."),
            _("Sign in with that account, and they are sent by themselves."),
        )
    answers = [answering.answer(by, raw, letter.now, received_at) for raw in letter.forms]
    return JsonResponse({"answers": answers})


def sender(request: HttpRequest) -> Actor:
    """Who is signed in, with nothing left to do; and it was our own page that sent this."""
    by = actor(request)
    if not by.is_signed_in or unfinished_step(request, by):
        raise access.sign_in_again()
    check = _Csrf(lambda _request: HttpResponse())
    check.process_request(request)
    if check.process_view(request, _any_view, (), {}) is not None:
        raise NotAllowed(
            "sync.csrf",
            _("This was not sent from our own page, or the page was open too long."),
            _("The phone keeps it and tries again by itself."),
        )
    return by


def body_of(request: HttpRequest, most: int) -> bytes:
    """Nothing longer is read."""
    try:
        body = request.body if int(request.headers.get("Content-Length") or 0) <= most else None
    except (RequestDataTooBig, ValueError, OSError):
        body = None
    if body is None or len(body) > most:
        raise TooLarge(
            "sync.too_large",
            _("The phone sent too much at once."),
            _("Open the page anew while there is a signal. What was written down stays."),
        )
    return body


class TooLarge(Invalid):
    status = 413


class _Csrf(CsrfViewMiddleware):
    """Django's own check, asked from inside a view."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _any_view(request: HttpRequest) -> HttpResponse:
    raise AssertionError("never called")


def has_link(letter: reading.Letter) -> bool:
    return any(_link_in(raw) for raw in letter.forms)


def _link_in(raw: msgspec.Raw) -> bool:
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return bool(isinstance(found, dict) and found.get("link"))
