"""The simulated gateway over HTTP: its interface for whoever sends, and the phones for people."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from honghui.kernel import clock
from honghui.messaging.channels.signing import why_not_signed
from honghui.messaging.rules.states import Limit
from honghui.messaging.simulator import pages
from honghui.messaging.simulator.gateway import LIMITS, Gateway, GatewayError
from honghui.messaging.simulator.misbehaving import Misbehaviour
from honghui.messaging.simulator.phones import STATES
from honghui.messaging.simulator.posting import Poster

BODY_BYTES_MAX = 512 * 1024
SLOW_SECONDS = 3.0
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Simulator(ThreadingHTTPServer):
    """to: the site that it tells. keys: secrets by key id. scale: shortens every wait."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(
        self,
        at: tuple[str, int],
        *,
        to: str,
        keys: Mapping[str, str],
        callback_secret: str,
        signs: frozenset[str],
        now: Callable[[], Any] = clock.machine_now,
        scale: float = 1.0,
        wrongs: Misbehaviour | None = None,
        limits: tuple[Limit, ...] = LIMITS,
    ) -> None:
        super().__init__(at, _Handler)
        self.keys, self.scale = keys, scale
        self.wrongs = wrongs or Misbehaviour()
        self.poster = Poster(to, callback_secret, scale=scale)
        self.gateway = Gateway(
            signs=signs, poster=self.poster, now=now, wrongs=self.wrongs, limits=limits
        )

    def server_close(self) -> None:
        self.poster.close()
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Simulator

    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        self._answer_person("GET", b"")

    def do_POST(self) -> None:  # noqa: N802
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= BODY_BYTES_MAX:
            self._send(413, b"", "text/plain")
            return
        body = self.rfile.read(length)
        if self.headers.get("x-acs-action"):
            self._answer_sender(body)
        else:
            self._answer_person("POST", body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: addresses hold numbers."""

    # ── who sends ────────────────────────────────────────────────────────────────────────────

    def _answer_sender(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        refused = why_not_signed(
            headers,
            body,
            query=urlsplit(self.path).query,
            keys=self.server.keys,
            now=clock.machine_now(),
        )
        if refused:
            self._send_json(400, {"Code": refused, "Message": refused})
            return
        wrong = self.server.wrongs.of_request()
        if wrong == "slow":
            time.sleep(SLOW_SECONDS * self.server.scale)
        if wrong == "error":
            self._send_json(500, {"Code": "InternalError", "Message": "InternalError"})
            return
        if wrong == "throttle":
            self._send_json(400, {"Code": "Throttling.User", "Message": "Throttling.User"})
            return
        given = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        try:
            said = self.server.gateway.carry_out(headers["x-acs-action"], given)
        except GatewayError as error:
            self._send_json(200, {"Code": error.code, "Message": error.code})
            return
        if wrong == "lost":
            # Done, and nobody hears of it.
            self.close_connection = True
            return
        self._send_json(200, said)

    # ── people ───────────────────────────────────────────────────────────────────────────────

    def _answer_person(self, method: str, body: bytes) -> None:
        parts = urlsplit(self.path)
        files = {"/healthz": (b"ok", "text/plain"), **pages.FILES}
        if method == "GET" and parts.path in files:
            self._send(200, *files[parts.path])
            return
        language = "en" if parse_qs(parts.query).get("lang") == ["en"] else "zh-hans"
        found = re.fullmatch(r"/phones/(\+?[0-9]{5,15})", parts.path)
        if parts.path == "/" and method == "GET":
            self._send_page(pages.listing(self.server.gateway, language))
        elif found and method == "GET":
            self._send_page(pages.phone(self.server.gateway, found[1], language))
        elif method == "POST" and (found or parts.path == "/"):
            form = parse_qs(body.decode("utf-8", "replace"))
            self._act(found[1] if found else "", form)
            self.send_response(303)
            self.send_header("Location", quote(self.path, safe="/?=&+"))
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send(404, b"", "text/plain")

    def _act(self, number: str, form: dict[str, list[str]]) -> None:
        gateway = self.server.gateway
        first = {name: values[0] for name, values in form.items()}
        match first.get("do"):
            case "reply" if number and first.get("text", "").strip():
                gateway.reply(number, first["text"][:2_000], first.get("extension", "")[:20])
            case "press":
                gateway.press(first.get("call", ""), first.get("key", "-")[:1])
            case "switch" if number and first.get("state") in STATES:
                gateway.phones.switch(number, first["state"])
            case "misbehave":
                self.server.wrongs.set_always(set(form.get("wrong", [])))

    def _send_page(self, page: str) -> None:
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
        self._send(200, page.encode(), "text/html; charset=utf-8", headers)

    def _send_json(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, json.dumps(content, ensure_ascii=False).encode(), "application/json")

    def _send(
        self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
