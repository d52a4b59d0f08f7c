"""A real S3 server for tests, `rclone serve s3`, and a proxy before it that remembers and fails."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

KEY, SECRET = "test-key", "test-secret"
RCLONE = Path(sys.executable).with_name("rclone")
# What the proxy does to a request: passes it on, answers with an error in its place, lets it be
# carried out and loses the answer.
PASS, REFUSE, BREAK, LOSE = 0, 403, 500, -1
HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "date", "server"}


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """The port of a server whose buckets are the folders in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = ["--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}"]
    process = subprocess.Popen(
        [RCLONE, "serve", "s3", *address, "--config", "", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Proxy:
    """`fate`: told the number of the request and the request, says what becomes of it."""

    behind: int
    fate: Callable[[int, Asked], int] = lambda number, asked: PASS
    asked: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def puts(self) -> list[Asked]:
        return [one for one in self.asked if one.method == "PUT"]

    def fail_puts_from(self, first: int, how: int) -> None:
        """The put number `first`, counted from 1, and all after it."""
        self.asked.clear()
        self.fate = lambda _number, asked: (
            how if asked.method == "PUT" and len(self.puts()) >= first else PASS
        )

    def mend(self) -> None:
        self.fate = lambda _number, _asked: PASS


@contextmanager
def proxied(behind: int) -> Iterator[tuple[Proxy, int]]:
    proxy = Proxy(behind)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65_536  # headers and body in one packet

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(self.command, self.path, dict(self.headers.items()))
            with proxy.lock:
                proxy.asked.append(asked)
                fate = proxy.fate(len(proxy.asked), asked)
            if fate > 0:
                self.send_response(fate)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            status, headers, answer = self.passed_on(body)
            if fate == LOSE:
                self.close_connection = True
                return
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def passed_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", behind)
            connection.putrequest(
                self.command, self.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in self.headers.items():  # Host too: it is signed
                connection.putheader(name, value)
            connection.endheaders(body)
            got = connection.getresponse()
            answer = got.status, got.getheaders(), got.read()
            connection.close()
            return answer

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any  # noqa: N815

        def log_message(self, *_args: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield proxy, server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
