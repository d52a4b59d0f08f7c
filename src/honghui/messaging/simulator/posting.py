"""How the simulated gateway tells: arrays of reports and answers, signed, posted again until they
are answered with a number."""

from __future__ import annotations

import heapq
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from honghui.kernel import clock
from honghui.messaging.arrivals import signature_of

# After each failure; then it is given up.
RETRY_SECONDS = (60, 300, 600)
TOGETHER_MAX = 100
ANSWER_SECONDS = 5


@dataclass(order=True)
class _Told:
    due: float
    number: int
    path: str = field(compare=False)
    item: dict[str, Any] = field(compare=False)
    tries: int = field(default=0, compare=False)


class Poster:
    """Posts what is due, in a thread of its own, until closed. to: the address of the site.
    scale: shortens every wait."""

    def __init__(self, to: str, secret: str, *, scale: float = 1.0) -> None:
        self.to, self._secret, self.scale = to.rstrip("/"), secret, scale
        self._due: list[_Told] = []
        self._made = 0
        self._wake = threading.Condition()
        self._closed = False
        self.posts = 0
        threading.Thread(target=self._run, daemon=True).start()

    def tell(self, path: str, item: dict[str, Any], *, seconds: float = 0.0) -> None:
        with self._wake:
            self._made += 1
            due = time.monotonic() + seconds * self.scale
            heapq.heappush(self._due, _Told(due, self._made, path, item))
            self._wake.notify()

    def tell_now(self, path: str, items: list[dict[str, Any]]) -> bool:
        """At once, on this very thread; whether it was taken."""
        return self._posted(path, items)

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._closed and (not self._due or self._due[0].due > time.monotonic()):
                    wait = self._due[0].due - time.monotonic() if self._due else None
                    self._wake.wait(wait)
                if self._closed:
                    return
                batch = self._batch()
            if not self._posted(batch[0].path, [each.item for each in batch]):
                self._again(batch)

    def _batch(self) -> list[_Told]:
        batch = [heapq.heappop(self._due)]
        while (
            self._due
            and self._due[0].due <= time.monotonic()
            and self._due[0].path == batch[0].path
            and len(batch) < TOGETHER_MAX
        ):
            batch.append(heapq.heappop(self._due))
        return batch

    def _again(self, batch: list[_Told]) -> None:
        with self._wake:
            for each in batch:
                if each.tries < len(RETRY_SECONDS):
                    each.due = time.monotonic() + RETRY_SECONDS[each.tries] * self.scale
                    each.tries += 1
                    heapq.heappush(self._due, each)

    def _posted(self, path: str, items: list[dict[str, Any]]) -> bool:
        self.posts += 1
        body = json.dumps(items, ensure_ascii=False).encode()
        nonce, timestamp = secrets.token_hex(16), str(int(clock.machine_now().timestamp()))
        here = urlsplit(path).path
        request = urllib.request.Request(
            self.to + path,
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-Honghui-Timestamp": timestamp,
                "X-Honghui-Nonce": nonce,
                "X-Honghui-Signature": signature_of(self._secret, timestamp, nonce, here, body),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
                return answer.status == 200 and isinstance(json.loads(answer.read())["code"], int)
        except (urllib.error.URLError, OSError, ValueError, KeyError):
            return False
