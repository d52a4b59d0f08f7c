"""What WeCom and DingTalk have in common: a token that is fetched, kept, and fetched again once
when the other side says that it has expired."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from honghui.messaging.channels.base import NoAnswer, NotAsked, post

_EARLIER_SECONDS = 120


class Token:
    """One app's token; shared by the threads of a process."""

    def __init__(self, fetch: Callable[[], dict[str, Any]]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._value, self._until = "", 0.0

    def value(self) -> str:
        """Raises NotAsked when there is none: nothing was sent then."""
        with self._lock:
            if time.monotonic() >= self._until:
                try:
                    said = self._fetch()
                except NoAnswer as error:
                    raise NotAsked(str(error)) from None
                if said.get("errcode") or not said.get("access_token"):
                    raise NotAsked(f"token_{said.get('errcode', '')}")
                self._value = str(said["access_token"])
                lasts = float(said.get("expires_in", 7200))
                self._until = time.monotonic() + max(lasts - _EARLIER_SECONDS, lasts / 2)
            return self._value

    def forget(self) -> None:
        with self._lock:
            self._until = 0.0


def get(address: str, path: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    url = f"{address.rstrip('/')}{path}?{urlencode(parameters)}"
    return post(url, None, {}, method="GET").json()


def send(address: str, path: str, token: str, content: Mapping[str, Any]) -> dict[str, Any]:
    url = f"{address.rstrip('/')}{path}?{urlencode({'access_token': token})}"
    return post(url, msgspec.json.encode(content), {"Content-Type": "application/json"}).json()


def with_token(
    token: Token, expired: frozenset[int], work: Callable[[str], dict[str, Any]]
) -> dict[str, Any]:
    """The work's answer; done once more with a new token if the first was no good any more."""
    said = work(token.value())
    if said.get("errcode") in expired:
        token.forget()
        said = work(token.value())
    return said
