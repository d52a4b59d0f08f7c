"""A witness over HTTP: a WSGI application, and a small server of the standard library to run it.

    POST PREFIX/add-checkpoint                          see `witness`
    GET  PREFIX/<hex SHA-256 of the origin>/checkpoint  what it cosigned last for that log

Anyone may call, so nothing a caller does may cost much: a request has one time limit from its
first byte to its last, a length that is told and small, and one of a few threads. Whoever comes
when all are taken is told so. A log line says what was asked and answered, never by whom.
"""

from __future__ import annotations

import contextlib
import http.server
import io
import logging
import re
import signal
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from honghui.tlog.witness import REQUEST_BYTES_MAX, TEXT, Answer, Witness

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_TIMEOUT_S = 10.0
CONNECTIONS_MAX = 64
# What a refused caller still sends is read and thrown away, else the answer would not reach it.
_DRAINED_BYTES_MAX = 1_000_000
_DRAIN_S = 1.0
_BUSY: Final = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_LENGTH = re.compile(r"[0-9]{1,12}")
LOGGER = logging.getLogger("honghui.tlog.witness")


def application(witness: Witness, prefix: str = "") -> WSGIApplication:
    """For any WSGI server. prefix: the path before `/add-checkpoint`, such as /witness."""
    route = re.compile(
        re.escape(prefix.rstrip("/")) + r"/(?:add-checkpoint|(?P<log>[0-9a-f]{64})/checkpoint)"
    )

    def respond(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        begun = time.monotonic()
        method = environ["REQUEST_METHOD"]
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        match = route.fullmatch(path)
        allowed = "GET, HEAD" if match and match["log"] else "POST"
        try:
            if match is None:
                answer = Answer(404, "There is nothing at this address.\n")
            elif method not in allowed.split(", "):
                answer = Answer(405, f"Here only {allowed} is understood.\n")
            elif match["log"]:
                answer = witness.latest(match["log"])
            else:
                answer = _add_checkpoint(witness, environ)
        except Exception:
            LOGGER.exception("The witness has a fault.")
            answer = Answer(500, "The witness has a fault. Its keeper finds it in the log.\n")
        _note(method, path, answer, begun)
        data = answer.text.encode()
        headers = [
            ("Content-Type", answer.kind),
            ("Content-Length", str(len(data))),
            ("Cache-Control", "no-store"),
            ("Access-Control-Allow-Origin", "*"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        if answer.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", allowed))
        start(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [] if method == "HEAD" else [data]

    return respond


def _add_checkpoint(witness: Witness, environ: WSGIEnvironment) -> Answer:
    length = environ.get("CONTENT_LENGTH") or ""
    whole = REQUEST_BYTES_MAX + 1
    if not length and not environ.get("wsgi.input_terminated"):
        return Answer(411, "Say how long the request is, in Content-Length.\n")
    if length and not _LENGTH.fullmatch(length):
        return Answer(400, "Content-Length is not a number.\n")
    if length and int(length) > REQUEST_BYTES_MAX:
        return Answer(413, f"A request has at most {REQUEST_BYTES_MAX} bytes.\n")
    try:
        body = _read(environ["wsgi.input"], int(length) if length else whole)
    except OSError:  # a caller that is too slow, or gone
        return Answer(408, "The request did not come in time.\n")
    if len(body) == whole:
        return Answer(413, f"A request has at most {REQUEST_BYTES_MAX} bytes.\n")
    if length and len(body) < int(length):
        return Answer(400, "The request ended before its Content-Length.\n")
    return witness.add_checkpoint(body)


def _read(source: Any, count: int) -> bytes:
    parts = []
    while count > 0 and (part := source.read(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _note(method: str, path: str, answer: Answer, begun: float) -> None:
    """One line a request. A refusal says why; a cosignature need not be repeated here."""
    spent_ms = (time.monotonic() - begun) * 1000
    why = "" if answer.status == HTTPStatus.OK else answer.text.partition("\n")[0]
    asked = ascii(f"{method} {path}"[:120])[1:-1]  # no caller writes control characters here
    LOGGER.info("%s %d %.1f ms %s", asked, answer.status, spent_ms, why[:160])


class _Patient(io.RawIOBase):
    """What a caller sends, until the deadline of this one request."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.until = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request did not come in time")
        self.connection.settimeout(left)
        return self.connection.recv_into(buffer)


class _Body:
    """At most so many bytes of a request's body."""

    def __init__(self, source: io.BufferedReader, length: int) -> None:
        self.source = source
        self.left = length

    def read(self, count: int) -> bytes:
        data = self.source.read1(min(count, self.left)) if self.left else b""
        self.left -= len(data)
        return data


class _Handler(http.server.BaseHTTPRequestHandler):
    """Hands each request of a connection to the application."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "honghui-witness"
    sys_version = ""
    error_content_type = TEXT
    error_message_format = "%(explain)s\n"

    def setup(self) -> None:
        self.connection = self.request
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.patient = _Patient(self.connection)
        self.rfile = io.BufferedReader(self.patient)
        self.wfile = io.BufferedWriter(socketserver._SocketWriter(self.connection))  # type: ignore[attr-defined]
        self.server.opened(self.connection)

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.server.closed(self.connection)

    def handle_one_request(self) -> None:
        self.patient.until = time.monotonic() + self.server.request_timeout_s
        super().handle_one_request()

    def _answer(self) -> None:
        lengths = self.headers.get_all("Content-Length") or []
        chunked = "Transfer-Encoding" in self.headers
        plain = len(lengths) == 1 and _LENGTH.fullmatch(lengths[0]) and not chunked
        body = _Body(self.rfile, int(lengths[0]) if plain else 0)  # type: ignore[arg-type]
        environ = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path.partition("?")[0],
            "CONTENT_LENGTH": "" if chunked else ",".join(lengths),
            "wsgi.input": body,
        }
        whole = self.server.application(environ, self._start)
        self.connection.settimeout(self.server.request_timeout_s)
        if body.left or (lengths or chunked) and not plain or self.server.closing:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"".join(whole))
        self.wfile.flush()
        if self.close_connection:
            self._drain()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _answer  # noqa: N815

    def _start(
        self, status: str, headers: list[tuple[str, str]], _error: object = None, /
    ) -> Callable[[bytes], object]:
        self.send_response(int(status[:3]))
        for name, value in headers:
            self.send_header(name, value)
        return self.wfile.write

    def _drain(self) -> None:
        """A caller that is still sending when the connection closes would lose the answer."""
        self.connection.shutdown(socket.SHUT_WR)
        self.patient.until = time.monotonic() + _DRAIN_S
        left = _DRAINED_BYTES_MAX
        while left > 0 and (part := self.rfile.read1(65_536)):
            left -= len(part)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """The application has said it already."""


class Server(socketserver.ThreadingTCPServer):
    """Bound once made. Run it with `running` or `serve`."""

    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(
        self,
        application: WSGIApplication,
        host: str,
        port: int,
        *,
        connections_max: int = CONNECTIONS_MAX,
        request_timeout_s: float = REQUEST_TIMEOUT_S,
    ) -> None:
        self.application = application
        self.request_timeout_s = request_timeout_s
        self.closing = False
        self._places = threading.BoundedSemaphore(connections_max)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    @property
    def address(self) -> str:
        host, port = self.server_address[:2]
        name = f"[{host!s}]" if self.address_family == socket.AF_INET6 else str(host)
        return f"http://{name}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """A thread of its own, while there is one; else a word, and the door."""
        if not self._places.acquire(timeout=0.2):
            LOGGER.warning("All %d places are taken. A caller was sent away.", len(self._open))
            with contextlib.suppress(OSError):
                request.sendall(_BUSY)
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        LOGGER.debug("A connection broke.", exc_info=True)

    def close(self) -> None:
        """No new callers; who is being answered gets the answer; who is silent is let go."""
        self.closing = True
        self.shutdown()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)
        self.server_close()


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Serves in a thread while this lasts."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


def serve(witness: Witness, host: str, port: int, *, prefix: str = "") -> None:
    """Serves until the process is told to stop. Call it from the main thread."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with running(Server(application(witness, prefix), host, port)) as server:
        LOGGER.info("The witness %s is at %s%s", witness.keys[0].name, server.address, prefix)
        stop.wait()
