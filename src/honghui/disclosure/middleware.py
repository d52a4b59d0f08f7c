"""What is the same for everybody says so: a cache may keep it for every reader.

The middlewares inside of this one look up the session and add that an answer depends on language
and cookie. For a file of the log that is not so: a CDN would keep one copy for each reader, and a
tile would cost queries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase

T = TypeVar("T", bound=HttpResponseBase)
_MARK = "is_for_everybody"
# Here nobody is anybody: a cookie that is brought does not count.
_WITHOUT_COOKIES = ("/log/", "/open/texts/")


def for_everybody(response: T) -> T:
    """Marks an answer that depends on its address alone."""
    setattr(response, _MARK, True)
    return response


class FilesForEverybody:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(_WITHOUT_COOKIES):
            request.COOKIES = {}
        response = self.get_response(request)
        if hasattr(response, _MARK):
            del response.headers["Vary"]
            del response.headers["Content-Language"]
            # Anybody's page may read it: a checker that lies elsewhere, for instance.
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
