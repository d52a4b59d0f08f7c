"""Random valid societies: so many acts, chosen at random, that every kind really occurs."""

from __future__ import annotations

import random

from tests.audit.stating import Stating

WEIGHTS = {
    "gift": 20, "gift_in_two_parts": 2, "appropriation": 2, "earning": 3, "goods": 6, "move": 5,
    "reserve": 4, "release": 3, "decide": 5, "transfer_out": 3, "transfer_in": 4,
    "change_of_purpose": 2, "leftover": 1, "purchase": 3, "sale": 1, "exchange": 1, "pack": 3,
    "use": 14, "overhead": 2, "emergency": 1, "loss": 1, "stocktake": 2, "shrink": 2,
    "give_back": 3, "reversal": 4, "refund": 3, "cover": 3, "bulletin": 3, "correction": 1,
    "closing": 2, "reconciliation": 2, "rescue_summary": 1, "certificate": 1, "key_change": 1,
    "recovery": 1, "new_version": 1,
}  # fmt: skip


def random_society(seed: int, acts: int) -> Stating:
    """The same for the same seed. A verb that cannot be done just then is left out."""
    chance = random.Random(seed)
    society = Stating(chance)
    names, weights = list(WEIGHTS), list(WEIGHTS.values())
    for verb in chance.choices(names, weights, k=acts):
        if verb == "new_version" and society.done["new_version"]:
            continue
        if getattr(society, verb)():
            society.done[verb] += 1
    return society
