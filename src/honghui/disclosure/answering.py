"""Answers at addresses without a language: files, and plain words in both languages where there is
none. They set no cookie, ask the database nothing, and are the same for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from honghui.disclosure.middleware import for_everybody

TEXT = "text/plain; charset=utf-8"
RETRY_SECONDS = 60


def file_answer(request: HttpRequest, data: bytes, headers: Mapping[str, str]) -> HttpResponse:
    """The bytes as they are; 304 to whoever has them already."""
    answer = HttpResponse(data, headers=dict(headers))
    answer.headers["Content-Length"] = str(len(data))
    answer.headers["ETag"] = f'"{sha256(data).hexdigest()[:32]}"'
    found = get_conditional_response(request, etag=answer.headers["ETag"], response=answer)
    return for_everybody(found or answer)


def not_there(chinese: str, english: str) -> HttpResponse:
    return _plain(404, chinese, english)


def not_now(chinese: str, english: str) -> HttpResponse:
    """Our side cannot: 503, and when to come again."""
    answer = _plain(503, chinese, english)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _plain(status: int, chinese: str, english: str) -> HttpResponse:
    answer = HttpResponse(f"{chinese}\n{english}\n", content_type=TEXT, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return for_everybody(answer)
