"""How the simulated platform tells: signed, again and again until it is answered, and wrongly where
it was asked to misbehave.

Each try is signed anew, as the real one does: a timestamp of five minutes ago counts no more.
"""

from __future__ import annotations

import heapq
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from honghui.kernel import clock
from honghui.payments.wechat.notifications import seal_resource
from honghui.payments.wechat.signing import sign_as_platform

# After each failure; a day in all.
RETRY_SECONDS = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, *[10800] * 3, *[21600] * 2)
LATE_SECONDS = 30
ANSWER_SECONDS = 5
# What it can be asked to do wrong, one word each.
WRONGS = ("twice", "late", "lost", "forged", "stale", "amount", "double")


@dataclass(order=True)
class Notice:
    """One notification on its way. wrongs: what is still to be done wrong with it."""

    due: float
    number: int
    url: str = field(compare=False)
    body: bytes = field(compare=False)
    tries: int = field(default=0, compare=False)
    wrongs: set[str] = field(default_factory=set, compare=False)


class Poster:
    """Sends what is due, in a thread of its own, until closed. `scale` shortens every wait."""

    def __init__(
        self, key: RSAPrivateKey, serial: str, sealing_key: AESGCM, *, scale: float = 1.0
    ) -> None:
        self._key, self._serial, self._sealing_key = key, serial, sealing_key
        self._scale = scale
        self._due: list[Notice] = []
        self._made = 0
        self._wake = threading.Condition()
        self._closed = False
        self.sent = 0
        threading.Thread(target=self._run, daemon=True).start()

    def tell(self, url: str, event: str, said: dict[str, Any], wrongs: set[str]) -> None:
        """Puts one notification on its way; with "twice", three times the same."""
        original = "refund" if event.startswith("REFUND") else "transaction"
        sealed = seal_resource(
            json.dumps(said, ensure_ascii=False).encode(),
            self._sealing_key,
            nonce=secrets.token_hex(6),
            original=original,
        )
        body = json.dumps(
            {
                "id": secrets.token_hex(16),
                "create_time": said["success_time"],
                "resource_type": "encrypt-resource",
                "event_type": event,
                "summary": event,
                "resource": sealed,
            }
        ).encode()
        wait = LATE_SECONDS * self._scale if "late" in wrongs else 0.0
        for _copy in range(3 if "twice" in wrongs else 1):
            self._put(url, body, wait, set(wrongs) & {"lost", "forged", "stale"})

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Does some work after a scaled while."""
        threading.Timer(seconds * self._scale, work).start()

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify()

    def _put(self, url: str, body: bytes, wait: float, wrongs: set[str]) -> None:
        with self._wake:
            self._made += 1
            notice = Notice(time.monotonic() + wait, self._made, url, body, wrongs=wrongs)
            heapq.heappush(self._due, notice)
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._closed and (not self._due or self._due[0].due > time.monotonic()):
                    wait = self._due[0].due - time.monotonic() if self._due else None
                    self._wake.wait(wait)
                if self._closed:
                    return
                notice = heapq.heappop(self._due)
            if not self._sent(notice) and notice.tries < len(RETRY_SECONDS):
                notice.due = time.monotonic() + RETRY_SECONDS[notice.tries] * self._scale
                notice.tries += 1
                with self._wake:
                    heapq.heappush(self._due, notice)

    def _sent(self, notice: Notice) -> bool:
        """Whether it was answered as it must be. A wrong is done once."""
        wrong = notice.wrongs.pop() if notice.wrongs else ""
        timestamp = int(clock.machine_now().timestamp()) - (3600 if wrong == "stale" else 0)
        signed = sign_as_platform(
            self._key,
            self._serial,
            notice.body + (b" " if wrong == "forged" else b""),
            timestamp=timestamp,
            nonce=secrets.token_hex(16),
        )
        request = urllib.request.Request(
            notice.url,
            data=notice.body,
            headers={**signed.as_headers(), "Content-Type": "application/json"},
        )
        self.sent += 1
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
                return wrong != "lost" and answer.status in (200, 204)
        except (urllib.error.URLError, OSError):
            return False
