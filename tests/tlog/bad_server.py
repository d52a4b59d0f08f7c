"""A small web server that misbehaves as it is told, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

# Told the number of the request on the whole server, counted from 0; says the answer piece by
# piece. After it the connection is kept, unless the answer ends with CLOSE or RESET.
Answer = Callable[[int], Iterator[bytes | float]]
CLOSE, RESET = b"<close>", b"<reset>"


@dataclass
class BadServer:
    answer: Answer
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def location(self) -> str:
        return f"http://127.0.0.1:{self.port}/gifts"

    def serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            while True:
                request = b""
                while b"\r\n\r\n" not in request:
                    more = connection.recv(65_536)
                    if not more:
                        return
                    request += more
                with self.lock:
                    number = len(self.requests)
                    self.requests.append(request)
                if not self.say(connection, number):
                    return

    def say(self, connection: socket.socket, number: int) -> bool:
        for piece in self.answer(number):
            if piece == CLOSE:
                return False
            if piece == RESET:
                linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return False
            if isinstance(piece, bytes):
                connection.sendall(piece)
            else:
                time.sleep(piece)
        return True


@contextlib.contextmanager
def answering(answer: Answer) -> Iterator[BadServer]:
    server = BadServer(answer)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _address = listening.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    server.connections += 1
                    threading.Thread(target=server.serve, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def http(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    """A well-behaved answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body
