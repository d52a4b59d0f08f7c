"""Puts `request.actor` on every request, lazily: a public page that asks nothing costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

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
        if not request.session.get("admin_mode"):
            return
        by = actor(request)
        if by.elevation is None:
            del request.session["admin_mode"]
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


def actor(request: HttpRequest) -> Actor:
    """The actor of a request, typed."""
    # Refused before any middleware ran (an unknown Host): whoever it is, they are a visitor.
    return cast(Actor, getattr(request, "actor", VISITOR))
