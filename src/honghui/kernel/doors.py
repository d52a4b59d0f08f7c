"""Addresses that other programs call, answered in front of Django's middleware.

A notification has no session, no language and no form: prove it, keep it, answer. What every such
door needs stands here once: its body read no further than it may be, its connection handed back,
its row kept although the connection had died.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
# The status, and JSON.
Answer = tuple[int, bytes]

_REASONS = {
    200: "200 OK", 400: "400 Bad Request", 401: "401 Unauthorized", 405: "405 Method Not Allowed",
    413: "413 Content Too Large", 503: "503 Service Unavailable",
}  # fmt: skip


def with_doors(pages: Application, doors: Mapping[str, Callable[[Environ], Answer]]) -> Application:
    """The pages, and in front of them the doors by their paths."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = doors.get(environ["PATH_INFO"])
        if answer is None:
            return pages(environ, start_response)
        try:
            status, body = answer(environ)
        finally:
            _hand_back()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(_REASONS[status], headers)
        return [body]

    return application


def read_body(environ: Environ, bytes_max: int) -> bytes | None:
    """The request's body, None when it is too long. Some servers give a stream that never ends, so
    no more is read than the length that was named."""
    named = environ.get("CONTENT_LENGTH", "")
    if named.isdecimal():
        length = int(named)
    else:
        length = bytes_max + 1 if environ.get("wsgi.input_terminated") else 0
    if length > bytes_max + 1:
        return None
    body: bytes = environ["wsgi.input"].read(length)
    return body if len(body) <= bytes_max else None


def insert_durably(insert: Callable[[], None]) -> None:
    """In a transaction of its own. A connection that died since the last request is replaced once,
    so the INSERT must be one that may be repeated."""
    try:
        insert()
    except DatabaseError:
        if connection.in_atomic_block:
            raise
        connection.close()
        insert()


def _hand_back() -> None:
    """The connection returns to the pool, as Django's pages return theirs. A server ends threads
    that were idle, and what such a thread still held would be lost to all others for good."""
    if not connection.in_atomic_block:
        connection.close()
