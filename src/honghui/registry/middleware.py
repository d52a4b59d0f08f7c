"""Puts `request.actor` on every request, lazily: a public page that asks nothing costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from honghui.journal.acting import record
from honghui.kernel.actors import VISITOR, Actor
from honghui.registry.signing_in import actor_of_request


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = cast(  # type: ignore[attr-defined]
            Actor, SimpleLazyObject(lambda: actor_of_request(request))
        )
        response = self.get_response(request)
        self._note_admin_request(request, response)
        return response

    @staticmethod
    def _note_admin_request(request: HttpRequest, response: HttpResponse) -> None:
        """In administrator mode every request is an act, page views too."""
        if not is_signed_in(request):
            return
        by = actor(request)
        if by.elevation is None:
            return
        record(
            by=by,
            verb="registry.admin_mode.request",
            society_code=by.elevation.society_code,
            after={
                "method": request.method or "",
                "path": request.path[:200],
                "status": response.status_code,
            },
        )


def is_signed_in(request: HttpRequest) -> bool:
    """Whether the session belongs to an account. A visitor without a cookie costs no query."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session


def actor(request: HttpRequest) -> Actor:
    """The actor of a request, typed."""
    # Refused before any middleware ran (an unknown Host): whoever it is, they are a visitor.
    return cast(Actor, getattr(request, "actor", VISITOR))
