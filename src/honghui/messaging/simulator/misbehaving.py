"""What the simulated gateway does wrong: asked for one by one, always on, or now and then by a
seed. Never by chance in a test.

    slow       answers after three seconds          late       receipts come half a minute later
    error      answers 500, and has done nothing     twice      each receipt is posted twice
    lost       does it, and loses the answer         shuffled   "failed" and "delivered", reversed
    throttle   too many requests a second            early      the receipt before the answer
    no_receipt no receipt ever comes                 bare       answers lack the extension code
    no_money   the account is empty                  reviewing  a text stays under review
    blacks     whoever writes 退订 is on the operators' blacklist from then on
"""

from __future__ import annotations

import random
import threading
from collections import deque

OF_REQUESTS = ("slow", "error", "lost", "throttle")
OF_RECEIPTS = ("late", "twice", "shuffled", "early", "no_receipt")
OF_REPLIES = ("bare", "blacks")
OF_ACCOUNT = ("no_money", "reviewing")
WRONGS = (*OF_REQUESTS, *OF_RECEIPTS, *OF_REPLIES, *OF_ACCOUNT)


class Misbehaviour:
    """always: done with everything. share: of requests that go wrong somehow, by a seed."""

    def __init__(
        self, always: frozenset[str] = frozenset(), *, share: float = 0.0, seed: int = 370
    ) -> None:
        self.always = set(always)
        self.share = share
        self._chance = random.Random(seed)
        self._next: deque[str] = deque()
        self._lock = threading.Lock()

    def next(self, *wrongs: str) -> None:
        """For the next requests, one each; "" lets one through."""
        with self._lock:
            self._next.extend(wrongs)

    def of_request(self) -> str:
        with self._lock:
            if self._next:
                return self._next.popleft()
            for each in OF_REQUESTS:
                if each in self.always:
                    return each
            if self.share and self._chance.random() < self.share:
                return self._chance.choice(OF_REQUESTS)
            return ""

    def does(self, wrong: str) -> bool:
        with self._lock:
            return wrong in self.always

    def set_always(self, wrongs: set[str]) -> None:
        with self._lock:
            self.always = wrongs & set(WRONGS)
