"""How often one address may try links that nobody was given. As with a gift's code: 80 random bits
keep it secret, the limit keeps whoever tries from keeping us busy. Only wrong ones count."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest

from honghui.registry.limits import hashed, sender_key

WRONG_MOST = 10
WITHIN_SECONDS = 600


def is_over(request: HttpRequest) -> bool:
    """One query."""
    return len(_recent(sender_key(request, "answer-guess"))) >= WRONG_MOST


def note_wrong(request: HttpRequest, token: str) -> None:
    key = sender_key(request, "answer-guess")
    wrong = _recent(key)
    wrong[hashed(token)] = time.time()
    cache.set(key, wrong, WITHIN_SECONDS)


def _recent(key: str) -> dict[str, float]:
    since = time.time() - WITHIN_SECONDS
    return {one: at for one, at in (cache.get(key) or {}).items() if at > since}
