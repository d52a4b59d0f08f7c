"""The service worker at /sw.js: its text, and before it what it keeps. A change of any file changes
the text, and with it the browser takes up the new one."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from honghui.sync import offline

_SOURCE = Path(__file__).resolve().parent.parent / "static" / "sync" / "worker.js"


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(_text(), content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = "/"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@lru_cache(maxsize=1)
def _text() -> str:
    source = _SOURCE.read_text("utf-8")
    files = [static(name) for name in offline.FILES]
    kept = {
        "store": static("sync/store.js"),
        "files": files,
        "pages": _pages(),
        "prefixes": offline.PREFIXES,
        "statics": settings.STATIC_URL,
    }
    whole = json.dumps(kept) + source
    kept["version"] = hashlib.sha256(whole.encode()).hexdigest()[:16]
    return f"const KEPT = {json.dumps(kept)};\n{source}"


def _pages() -> list[str]:
    pages = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            pages.append(reverse("field_offline"))
    return pages
