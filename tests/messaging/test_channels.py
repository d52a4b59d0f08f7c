"""Web push, WeCom and DingTalk against small endpoints on this machine that read what they get.

The push endpoint decrypts with code of its own, so that a mistake of ours is not made twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.messaging.actions import preferences
from honghui.messaging.actions.preferences import link_chat_account, subscribe_browser
from honghui.messaging.channels import ADAPTERS
from honghui.messaging.channels.push_sealing import from_unpadded, sealed_for, unpadded
from honghui.messaging.channels.web_push import may_post_to
from honghui.messaging.dispatching import ask_what_became, hand_over_due
from honghui.messaging.models import Handover, Message, PushSubscription
from honghui.messaging.worker import worker_actor
from honghui.registry.models import Account, Person
from tests.messaging.conftest import TOKEN, draft_to
from tests.messaging.test_sending import queue

pytestmark = pytest.mark.django_db

NewPerson = Callable[..., Person]


class Endpoint(ThreadingHTTPServer):
    """Answers what `answers` says next, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, Any]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_GET(self) -> None:  # noqa: N802
        self.do_POST()

    def do_POST(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.path, dict(self.headers), body))
        status, said = self.server.answers.pop(0)
        text = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


# ── web push ─────────────────────────────────────────────────────────────────────────────────


class Browser:
    """A browser's two keys, and how it reads a push message (RFC 8291, section 3.4)."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"

    @property
    def p256dh(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def read(self, body: bytes) -> dict[str, Any]:
        salt, length = body[:16], body[20]
        theirs = body[21 : 21 + length]
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.key.exchange(ec.ECDH(), public)

        def mac(key: bytes, said: bytes) -> bytes:
            return hmac.digest(key, said, hashlib.sha256)

        start = mac(mac(self.auth, shared), b"WebPush: info\x00" + self.p256dh + theirs + b"\x01")
        first = mac(salt, start)
        key = mac(first, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = mac(first, b"Content-Encoding: nonce\x00\x01")[:12]
        plain = AESGCM(key).decrypt(nonce, body[21 + length :], None)
        assert plain.endswith(b"\x02")
        found: dict[str, Any] = json.loads(plain[:-1])
        return found


@pytest.fixture
def push(endpoint: Endpoint, settings: Any, tmp_path: Path) -> Endpoint:
    settings.PUSH_CONTACT = "mailto:office@redcross.example.org"
    settings.PUSH_HOSTS = ["127.0.0.1"]
    settings.PUSH_KEY = str(tmp_path / "push.pem")
    return endpoint


def subscribed(as_actor: Callable[..., Actor], push: Endpoint, path: str) -> tuple[Actor, Browser]:
    by, browser = as_actor("officer"), Browser()
    subscribe_browser(
        by=by, endpoint=push.address + path, p256dh=unpadded(browser.p256dh),
        auth=unpadded(browser.auth),
    )  # fmt: skip
    return by, browser


def test_a_push_message_is_what_rfc_8291_shows() -> None:
    own = ec.derive_private_key(
        int.from_bytes(from_unpadded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"),
        ec.SECP256R1(),
    )
    body = sealed_for(
        from_unpadded(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        from_unpadded("BTBZMqHH6r4Tts7J_aSIgg"),
        b"When I grow up, I want to be a watermelon",
        salt=from_unpadded("DGv6ra1nlYgDCS1FRnbzlw"),
        own=own,
    )
    assert unpadded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
        "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
        "lcy4a-fN"
    )


def test_a_browser_reads_what_only_it_can_and_knows_who_sends(
    push: Endpoint, as_actor: Callable[..., Actor], system: Actor
) -> None:
    by, browser = subscribed(as_actor, push, "/one")
    assert by.person_id
    (message,) = queue(system, draft_to(by.person_id, "web_push"))
    push.answers = [(201, {})]
    hand_over_due(worker_actor())
    message.refresh_from_db()
    assert message.state == "sent"
    _path, headers, body = push.asked[0]
    assert "内涝".encode() not in body
    said = browser.read(body)
    assert "内涝转移群众" in said["text"] and said["link"].endswith(f"/answer/{TOKEN}/")
    assert headers["Ttl"] == "14400" and headers["Urgency"] == "high"
    _check_sender(headers["Authorization"], push.address)


def _check_sender(header: str, audience: str) -> None:
    token, key = header.removeprefix("vapid t=").split(", k=")
    said, _dot, signature = token.rpartition(".")
    raw = from_unpadded(signature)
    numbers = [int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")]
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_unpadded(key))
    public.verify(encode_dss_signature(*numbers), said.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(from_unpadded(said.split(".")[1]))
    assert (claims["aud"], claims["sub"]) == (audience, "mailto:office@redcross.example.org")


def test_a_browser_that_is_gone_is_forgotten(
    push: Endpoint, as_actor: Callable[..., Actor], system: Actor
) -> None:
    by, _browser = subscribed(as_actor, push, "/gone")
    assert by.person_id
    (message,) = queue(system, draft_to(by.person_id, "web_push"))
    push.answers = [(410, {})]
    hand_over_due(worker_actor())
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "no_browser")
    assert PushSubscription.objects.get().ended_at
    assert queue(system, draft_to(by.person_id, "web_push"))[0].reason == "no_browser"


def test_a_browser_that_nothing_can_be_encrypted_for_ends_no_worker(
    push: Endpoint, as_actor: Callable[..., Actor], system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some were taken in before keys were looked at: they are forgotten, the others still ring."""
    by, browser = subscribed(as_actor, push, "/sound")
    assert by.person_id
    with monkeypatch.context() as old:
        old.setattr(preferences, "are_keys", lambda *_keys: True)
        subscribe_browser(
            by=by, endpoint=push.address + "/broken", p256dh=unpadded(b"\x04" + bytes(64)),
            auth=unpadded(browser.auth),
        )  # fmt: skip
    (message,) = queue(system, draft_to(by.person_id, "web_push"))
    push.answers = [(201, {})]
    hand_over_due(worker_actor())
    message.refresh_from_db()
    assert message.state == "sent"
    assert [path for path, _headers, _body in push.asked] == ["/sound"]
    assert PushSubscription.objects.filter(ended_at=None).count() == 1


def test_an_adapter_that_stumbles_ends_no_worker_and_another_way_is_tried(
    push: Endpoint, as_actor: Callable[..., Actor], system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, _browser = subscribed(as_actor, push, "/one")
    assert by.person_id
    (message,) = queue(system, draft_to(by.person_id, "web_push"))

    def stumble(*_given: object) -> None:
        raise TypeError

    monkeypatch.setattr(ADAPTERS["web_push"], "hand_over", stumble)
    hand_over_due(worker_actor())
    message.refresh_from_db()
    assert message.state == "unsure"
    Handover.objects.update(next_ask_at=clock.machine_now())
    ask_what_became(worker_actor())
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "gateway_busy")


def test_we_post_to_push_services_and_to_nobody_else(settings: Any) -> None:
    settings.PUSH_HOSTS = ["fcm.googleapis.com", ".push.apple.com"]
    assert may_post_to("https://fcm.googleapis.com/fcm/send/x")
    assert may_post_to("https://web.push.apple.com/x")
    for hostile in (
        "http://fcm.googleapis.com/x", "https://evil.example/x", "https://127.0.0.1/x",
        "https://fcm.googleapis.com.evil.example/x", "https://fcm.googleapis.com@evil.example/",
        "https://user@fcm.googleapis.com/", "file:///etc/passwd", "https://xpush.apple.com/", "",
    ):  # fmt: skip
        assert not may_post_to(hostile), hostile


def test_a_page_subscribes_its_browser_and_a_strange_one_is_refused(
    push: Endpoint, sign_in: Callable[[str], Client]
) -> None:
    client, browser = sign_in("volunteer"), Browser()
    assert len(from_unpadded(client.get("/messaging/push/").json()["key"])) == 65
    said = {
        "endpoint": push.address + "/x",
        "keys": {"p256dh": unpadded(browser.p256dh), "auth": unpadded(browser.auth)},
    }

    def post(content: Any) -> int:
        text = json.dumps(content)
        return client.post("/messaging/push/", text, "application/json").status_code

    assert post(said) == 200
    assert PushSubscription.objects.get().person == Account.objects.get(username="volunteer").person
    for hostile in ({}, [], {**said, "endpoint": "https://evil.example/"}, {**said, "keys": {}},
                    {**said, "keys": {"p256dh": "AAAA", "auth": "AAAA"}},
                    {**said, "keys": {**said["keys"], "p256dh": unpadded(b"\x04" + bytes(64))}},
                    {**said, "endpoint": push.address + "/\u7ea2"}):  # fmt: skip
        assert post(hostile) == 422
    assert PushSubscription.objects.count() == 1


# ── WeCom and DingTalk ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def chat(endpoint: Endpoint, settings: Any) -> Endpoint:
    settings.WECOM_API = settings.DINGTALK_API = endpoint.address
    settings.WECOM_CORP, settings.WECOM_AGENT, settings.WECOM_SECRET = "corp", "1000002", "s1"
    settings.DINGTALK_KEY, settings.DINGTALK_AGENT, settings.DINGTALK_SECRET = "key", "7", "s2"
    for name in ("wecom", "dingtalk"):
        ADAPTERS[name].token.forget()  # type: ignore[attr-defined]
    return endpoint


@pytest.fixture
def to_chat(new_person: NewPerson, system: Actor) -> Callable[[str], Message]:
    person = new_person("13899010001")

    def make(channel: str) -> Message:
        link_chat_account(by=system, person=person, channel=channel, user_id="sample-user")
        return queue(system, draft_to(person.pk, channel))[0]

    return make


TOKEN_OK = (200, {"errcode": 0, "access_token": "token-1", "expires_in": 7200})
TOKEN_NEW = (200, {"errcode": 0, "access_token": "token-2", "expires_in": 7200})


@pytest.mark.parametrize(
    ("channel", "expired"), [("wecom", 42001), ("wecom", 40014), ("dingtalk", 88)]
)
def test_a_chat_message_goes_out_with_a_new_token_where_the_old_one_expired(
    channel: str, expired: int, chat: Endpoint, to_chat: Callable[[str], Message]
) -> None:
    message = to_chat(channel)
    chat.answers = [
        TOKEN_OK, (200, {"errcode": expired}), TOKEN_NEW,
        (200, {"errcode": 0, "msgid": "m1", "task_id": 5}),
    ]  # fmt: skip
    hand_over_due(worker_actor())
    message.refresh_from_db()
    assert message.state == "sent"
    sends = [
        parse_qs(urlsplit(path).query)["access_token"] for path, _h, body in chat.asked if body
    ]
    assert sends == [["token-1"], ["token-2"]]
    said = chat.asked[-1][2].decode()
    assert "sample-user" in said and message.code in said and TOKEN in said


@pytest.mark.parametrize(
    ("channel", "answer", "state", "reason"),
    [
        ("wecom", {"errcode": 81013}, "failed", "no_account"),
        ("wecom", {"errcode": 0, "invaliduser": "sample-user"}, "failed", "no_account"),
        ("wecom", {"errcode": 45009}, "queued", ""),
        ("wecom", {"errcode": 301002}, "failed", "gateway_refused"),
        ("dingtalk", {"errcode": 33012}, "failed", "no_account"),
        ("dingtalk", {"errcode": 90018}, "queued", ""),
        ("dingtalk", {"errcode": 400002}, "failed", "no_account"),
    ],
)
def test_what_a_chat_program_answers_decides(
    channel: str, answer: dict[str, Any], state: str, reason: str, chat: Endpoint,
    to_chat: Callable[[str], Message],
) -> None:  # fmt: skip
    message = to_chat(channel)
    chat.answers = [TOKEN_OK, (200, answer)]
    hand_over_due(worker_actor())
    message.refresh_from_db()
    assert (message.state, message.reason) == (state, reason)


def test_a_lost_answer_of_a_chat_program_is_sent_again_since_it_checks_for_duplicates(
    chat: Endpoint, to_chat: Callable[[str], Message]
) -> None:
    message = to_chat("wecom")
    chat.answers = [TOKEN_OK, (502, {}), (200, {"errcode": 0})]
    hand_over_due(worker_actor())
    message.refresh_from_db()
    assert message.state == "queued"
    Message.objects.update(due_at=message.queued_at)
    hand_over_due(worker_actor())
    message.refresh_from_db()
    assert message.state == "sent"
    bodies = [body for _path, _headers, body in chat.asked if body]
    assert bodies[0] == bodies[1] and b'"enable_duplicate_check":1' in bodies[0]


def test_without_a_token_nothing_is_sent_and_it_is_tried_again(
    chat: Endpoint, to_chat: Callable[[str], Message]
) -> None:
    message = to_chat("dingtalk")
    chat.answers = [(200, {"errcode": 40089, "errmsg": "no such key"})]
    hand_over_due(worker_actor())
    message.refresh_from_db()
    assert message.state == "queued"
    assert base64.b64encode(b"sample-user").decode() not in str(chat.asked)
