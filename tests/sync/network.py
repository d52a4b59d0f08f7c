"""A network between a phone and the site that can be cut, and that can lose an answer: the request
goes through and is carried out, and what comes back never arrives."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE_BYTES = 65_536


class Network:
    """`address` is where the phone finds the site. One request a connection: what is lost is lost
    by itself."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.is_cut = False
        self.answers_to_lose: list[bytes] = []
        self.lost = 0
        self.requests: list[bytes] = []
        # In answers, bytes for others of the same length.
        self.replaced: dict[bytes, bytes] = {}
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self._door.getsockname()[1]}"
        self._open = True
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True

    def mend(self) -> None:
        self.is_cut = False

    def lose_answer_to(self, beginning: str) -> None:
        """To the next request whose first line begins so: "POST /sync/forms"."""
        self.answers_to_lose.append(beginning.encode())

    def close(self) -> None:
        self._open = False
        self._door.close()

    def _serve(self) -> None:
        while self._open:
            with suppress(OSError):
                phone, _address = self._door.accept()
                threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        with phone, suppress(OSError, ValueError):
            if self.is_cut:
                return
            phone.settimeout(60)
            request = _request(phone)
            if not request or self.is_cut:
                return
            line = request.split(b"\r\n", 1)[0]
            self.requests.append(line)
            with socket.create_connection(("127.0.0.1", self.port)) as site:
                site.settimeout(60)
                site.sendall(_closing(request))
                answer = b"".join(iter(lambda: site.recv(PIECE_BYTES), b""))
            for old, new in self.replaced.items():
                answer = answer.replace(old, new)
            if self._has_been_cut():
                return
            if self._is_to_be_lost(line):
                self.lost += 1
                return
            phone.sendall(answer)

    def _has_been_cut(self) -> bool:
        """Meanwhile, by another thread."""
        return self.is_cut

    def _is_to_be_lost(self, line: bytes) -> bool:
        for beginning in self.answers_to_lose:
            if line.startswith(beginning):
                self.answers_to_lose.remove(beginning)
                return True
        return False


@contextmanager
def network_to(site: str) -> Iterator[Network]:
    network = Network(int(site.rsplit(":", 1)[1]))
    try:
        yield network
    finally:
        network.close()


def _request(phone: socket.socket) -> bytes:
    """One whole request: head, and as much body as it names."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = phone.recv(PIECE_BYTES)
        if not piece:
            return b""
        data += piece
    head, _sep, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        piece = phone.recv(PIECE_BYTES)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


def _closing(request: bytes) -> bytes:
    head, sep, body = request.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"Connection: close"]) + sep + body
