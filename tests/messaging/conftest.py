"""People with numbers of their own, and drafts to them."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from honghui.kernel.actors import system_actor
from honghui.messaging.dispatching import hand_over_due
from honghui.messaging.door import with_messages
from honghui.messaging.reviewing import review_templates
from honghui.messaging.sending import Draft
from honghui.messaging.simulator.gateway import Gateway
from honghui.messaging.simulator.misbehaving import Misbehaviour
from honghui.messaging.simulator.posting import Poster
from honghui.messaging.simulator.server import Simulator
from honghui.messaging.worker import take_in_arrivals, worker_actor
from honghui.registry.actions.people import register_person
from honghui.registry.models import Person, Society
from tests.messaging.people import TEMPLATE, declare

TOKEN = "sample-token-of-22-char"


@pytest.fixture(autouse=True)
def a_template() -> None:
    declare()


@pytest.fixture
def new_person(db: None) -> Callable[..., Person]:
    """`new_person("13899010001")`: somebody of Shaoxing with this number, or with none."""

    def make(phone: str = "", name: str = "样例甲", society: str = "330600") -> Person:
        return register_person(
            by=system_actor("tests"),
            society=Society.objects.get(pk=society),
            name=name,
            kind="volunteer",
            phone=phone,
        )

    return make


def draft_to(person_id: UUID, channel: str = "sms", **values: str) -> Draft:
    return Draft(
        person_id=person_id,
        channel=channel,
        template=TEMPLATE,
        values={"place": "绍兴柯桥", "title": "内涝转移群众", **values},
        about=uuid4(),
        link=f"/answer/{TOKEN}/",
    )


# ── a gateway on this machine, and the door it calls ─────────────────────────────────────────

SECRET = "a-secret-of-the-tests-1234567890"


class Door:
    """What the gateway posts, in this very thread: `with_messages` without a server."""

    def __init__(self) -> None:
        self.application = with_messages(self._pages)

    def post(self, path: str, body: bytes, query: str = "", **headers: str) -> tuple[int, Any]:
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": headers.pop("method", "POST"), "PATH_INFO": path,
            "QUERY_STRING": query, "wsgi.input": io.BytesIO(body + b"the next request"),
            "CONTENT_LENGTH": str(len(body)), **headers,
        }  # fmt: skip
        parts = self.application(environ, lambda status, headers: said.append(status))
        return int(said[0].split()[0]), json.loads(b"".join(parts))

    @staticmethod
    def _pages(environ: Any, start_response: Any) -> list[bytes]:
        raise AssertionError("this is no page's address")


class HeldPoster(Poster):
    """Keeps what it would tell until the test lets it through; nothing waits."""

    def __init__(self, door: Door) -> None:
        self.door, self.scale, self.posts = door, 0.0, 0
        self.waiting: list[tuple[str, dict[str, Any]]] = []

    def tell(self, path: str, item: dict[str, Any], *, seconds: float = 0.0) -> None:
        self.waiting.append((path, item))

    def tell_now(self, path: str, items: list[dict[str, Any]]) -> bool:
        self.waiting += [(path, each) for each in items]
        return True

    def close(self) -> None:
        pass

    def let_through(self) -> None:
        """Everything it has to tell, one post a path; then it is taken in."""
        for path in dict.fromkeys(path for path, _item in self.waiting):
            items = [item for each, item in self.waiting if each == path]
            status, _said = self.door.post(
                path, json.dumps(items).encode(), query=f"secret={SECRET}"
            )
            assert status == 200
        self.waiting = []
        take_in_arrivals(worker_actor())


@dataclass
class World:
    """The gateway, what it has to tell, and the worker."""

    gateway: Gateway
    wrongs: Misbehaviour
    poster: HeldPoster
    door: Door

    def work(self, rounds: int = 30) -> None:
        for _round in range(rounds):
            if not hand_over_due(worker_actor()):
                return

    def texts(self, number: str) -> list[str]:
        return [each.text for each in self.gateway.phones.get(number).items if each.kind == "in"]

    def reply(self, number: str, text: str, extension: str = "") -> None:
        self.gateway.reply(number, text, extension)
        self.poster.let_through()


@pytest.fixture
def door(settings: Any) -> Door:
    settings.SMS_CALLBACK_SECRET = SECRET
    return Door()


@pytest.fixture
def world(db: None, door: Door, settings: Any) -> Iterator[World]:
    """A gateway that knows our templates; limits of one number are off on both sides."""
    wrongs = Misbehaviour()
    server = Simulator(
        ("127.0.0.1", 0), to="http://127.0.0.1:1", keys={"tests": "secret of the tests"},
        callback_secret=SECRET, signs=frozenset({"红会", "绍兴红会"}), scale=0.0, wrongs=wrongs,
        limits=(),
    )  # fmt: skip
    server.poster.close()
    poster = server.gateway.poster = HeldPoster(door)
    settings.SMS_API = settings.VOICE_API = f"http://127.0.0.1:{server.server_address[1]}"
    settings.SMS_KEY, settings.SMS_SECRET = "tests", "secret of the tests"
    settings.SMS_LIMITS, settings.VOICE_NUMBER = "", "057100000000"
    settings.VOICE_TEMPLATES = [("*", "as ours")]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        for _round in range(5):
            review_templates(worker_actor())
        yield World(server.gateway, wrongs, poster, door)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
