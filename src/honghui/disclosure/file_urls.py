"""Addresses without a language: the log, and the files that open and check it. They stand on paper
and in other people's programs, so they never change."""

from __future__ import annotations

from django.urls import path, register_converter

from honghui.disclosure.views import log, open


class Anything:
    """All the rest of an address, a line's end too: what is not there is told by the same words."""

    regex = r"[\s\S]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Anything, "anything")

urlpatterns = [
    path("log/<anything:path>", log.log_file, name="log_file"),
    path("open/log-key.txt", open.log_key, name="open_log_key"),
    path("open/texts/<anything:digest>", open.text, name="open_text"),
    path("open/verify.py", open.verifier, name="open_verifier"),
    path("open/verify.html", open.page, name="open_offline_page"),
    path("open/schemas/<str:name>", open.schema, name="open_schema"),
]
