"""Short codes of messages: four digits, never the same one twice for one phone within 30 days."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta

CODE_DAYS = timedelta(days=30)
_FIRST, _COUNT = 1_000, 9_000
_TRIES = 40


def new_message_code(taken: Collection[str]) -> str | None:
    """A random code that is not among those taken; None when all nine thousand are."""
    for _try in range(_TRIES):
        code = str(_FIRST + secrets.randbelow(_COUNT))
        if code not in taken:
            return code
    free = [each for each in map(str, range(_FIRST, _FIRST + _COUNT)) if each not in taken]
    return secrets.choice(free) if free else None
