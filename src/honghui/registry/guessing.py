"""How often somebody may try secrets that nobody was given: codes of gifts, links of answers.

Each has 80 random bits. With a million gifts, a thousand guesses a second would find one in
some 36 million years, so the limit is not what keeps codes secret; it keeps whoever tries from
keeping us busy. Therefore it is gentle: only wrong codes count, the same one typed again counts
once, and what cannot be a code is not counted at all. But who is over it gets no answer about any
code, right or wrong, or the limit would be none.

Counted by address, as registry/limits does.
"""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest

from honghui.registry.limits import hashed, sender_key

WRONG_MOST = 10
WITHIN_SECONDS = 600


def is_over(request: HttpRequest, what: str) -> bool:
    """`what` is guessed at, such as "trace": each is counted for itself. One query."""
    return len(_recent(_key(request, what))) >= WRONG_MOST


def note_wrong(request: HttpRequest, what: str, code: str) -> None:
    """Two that are noted at the same moment may count as one: no harm."""
    key = _key(request, what)
    wrong = _recent(key)
    wrong[hashed(code)] = time.time()
    cache.set(key, wrong, WITHIN_SECONDS)


def _recent(key: str) -> dict[str, float]:
    """By keyed hash of the code: when it was last tried."""
    since = time.time() - WITHIN_SECONDS
    return {code: at for code, at in (cache.get(key) or {}).items() if at > since}


def _key(request: HttpRequest, what: str) -> str:
    return sender_key(request, f"{what}-guess")
