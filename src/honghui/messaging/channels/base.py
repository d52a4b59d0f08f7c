"""What every channel does, and what it can come back with.

hand_over(out_id, outgoing) → Accepted   the gateway has them; a few may be refused by name
                              Refused    none of them was sent, and trying again is no use
                              Busy       none of them was sent; later
                              Unsure     nobody knows: ask, do not guess
became_of(out_id, outgoing) → Accepted, Refused, or Unsure where it never heard of it
"""

from __future__ import annotations

import http.client
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import msgspec

TIMEOUT_SECONDS = 10
ANSWER_BYTES_MAX = 1_000_000


@dataclass(frozen=True, repr=False)
class Browser:
    """A subscription to web push: where to post, and the browser's two keys, as it named them."""

    id: UUID
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, repr=False)
class Outgoing:
    """One message with everything in the open, for the moment of sending. Never printed.
    address: a number, an endpoint, a user id. values: what fills the template; code: the
    extension for answers;
    gateway_code: under which the gateway knows the text. browsers: only for web push."""

    message_id: UUID
    address: str
    text: str
    values: Mapping[str, str]
    code: str = ""
    sign: str = ""
    gateway_code: str = ""
    link: str = ""
    browsers: Sequence[Browser] = ()


@dataclass(frozen=True)
class Accepted:
    """failed: of which message the gateway says at once that it cannot be; a code each.
    ended: subscriptions that the other side has forgotten."""

    biz_id: str = ""
    failed: Mapping[UUID, str] = field(default_factory=dict)
    is_delivered: bool = False
    ended: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Refused:
    code: str
    ended: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Busy:
    code: str
    wait_seconds: float = 1.0


@dataclass(frozen=True)
class Unsure:
    code: str


Result = Accepted | Refused | Busy | Unsure


class Adapter(Protocol):
    """batch_max: how many messages one request takes."""

    batch_max: int

    def is_set_up(self) -> bool: ...

    def hand_over(self, out_id: str, outgoing: Sequence[Outgoing]) -> Result: ...

    def became_of(self, out_id: str, one: Outgoing, sent_on: str) -> Result: ...


class NotAsked(Exception):
    """The request never reached the other side, so nothing was done there."""


class NoAnswer(Exception):
    """It may have reached the other side. `status`: of an answer that says nothing."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        try:
            found = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise NoAnswer("garbled") from None
        if not isinstance(found, dict):
            raise NoAnswer("garbled")
        return found


def post(
    address: str, body: bytes | None, headers: Mapping[str, str], *, method: str = "POST"
) -> Answer:
    """One request; the answer of whatever status below 500. Raises NotAsked where no connection
    came about, NoAnswer where nobody can say what the other side did."""
    try:
        request = urllib.request.Request(  # the address is a setting or was checked, see callers
            address, data=body, method=method, headers={"User-Agent": "Honghui", **headers}
        )
        with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return Answer(answer.status, answer.read(ANSWER_BYTES_MAX))
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(ANSWER_BYTES_MAX)
            if error.code >= 500:
                raise NoAnswer(f"status_{error.code}") from None
            return Answer(error.code, said)
    except urllib.error.URLError as error:
        if isinstance(error.reason, ConnectionRefusedError | socket.gaierror):
            raise NotAsked("no_connection") from None
        raise NoAnswer("no_answer") from None
    except (OSError, http.client.HTTPException):
        raise NoAnswer("no_answer") from None
    except ValueError:
        # An address or a header that cannot be written: nothing has gone anywhere.
        raise NotAsked("no_address") from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A gateway that sends us elsewhere is none: our keys would go there."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)
