"""A log at an address, read over HTTP with nothing but the standard library.

The server is not trusted to end: one budget of time and of bytes holds for a whole answer, its
headers and its last chunk among it. A network failure or a 5xx is tried again, three times in all.
Connections are kept and lent to one thread at a time.
"""

from __future__ import annotations

import gzip
import http.client
import io
import socket
import ssl
import time
import zlib
from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from honghui.tlog.errors import CouldNotCheck, Malformed
from honghui.tlog.storage import checked
from honghui.tlog.tiles import CHECKPOINT

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# How long to wait before the second try and before the third.
WAITS_S = (0.2, 0.8)
SOCKET_TIMEOUT_S = 15.0
# A whole file: a full bundle of the largest entries is 16 MB.
FILE_TIMEOUT_S = 120.0
# Beside the file itself: status, headers, chunk sizes.
_AROUND_BYTES = 1_000_000
# What a page of "not found" may have and the connection still be used again.
_PAGE_BYTES = 65_536
_TOO_BUSY = 429
# Characters of a URL's path that stay as they were typed.
_AS_TYPED = "/%:@!$&'()*+,;=~"


class Address:
    """The files under one prefix, such as https://log.example.org/gifts."""

    parallel = 16

    def __init__(self, location: str, file_timeout_s: float = FILE_TIMEOUT_S) -> None:
        self.location = location.rstrip("/")
        self._file_timeout_s = file_timeout_s
        try:
            parts = urlsplit(self.location)
            self._host, self._port = (parts.hostname or "").encode("idna").decode(), parts.port
        except ValueError as error:
            raise _no_address(location) from error
        extra = parts.query or parts.fragment or parts.username is not None
        if parts.scheme not in ("http", "https") or not self._host or extra:
            raise _no_address(location)
        self._prefix = quote(parts.path, safe=_AS_TYPED)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._free: deque[http.client.HTTPConnection] = deque()

    def __str__(self) -> str:
        return self.location

    def __reduce__(self) -> tuple[object, ...]:
        """Another process makes its own connections."""
        return Address, (self.location, self._file_timeout_s)

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Ends the kept connections. The next read makes a new one."""
        kept = getattr(self, "_free", None)
        while kept:
            kept.pop().close()

    def read(self, path: str, limit: int) -> bytes | None:
        checked(path)
        failure = ""
        for wait_s in (*WAITS_S, None):
            try:
                return self._read_once(path, limit)
            except (OSError, http.client.HTTPException, ValueError) as error:
                failure = ascii(str(error) or type(error).__name__)[1:-1][:200]
            if wait_s is not None:
                time.sleep(wait_s)
        raise CouldNotCheck(
            f"{self.location} did not give the file, {len(WAITS_S) + 1} times: {failure}.",
            "See whether the address opens in a browser, and try again later.",
            where=path,
        )

    def _read_once(self, path: str, limit: int) -> bytes | None:
        connection = self._free.pop() if self._free else self._connect()
        reusable = False
        try:
            answer = self._ask(connection, path, limit)
            if answer.status == http.client.NOT_FOUND:
                reusable = len(answer.read(_PAGE_BYTES)) < _PAGE_BYTES
                return None
            self._refuse_others(answer, path)
            data = _body(answer, limit, path)
            reusable = answer.isclosed()
        finally:
            if reusable:
                self._free.append(connection)
            else:
                connection.close()
        encoding = answer.headers.get("Content-Encoding", "identity").lower()
        if encoding not in ("gzip", "identity"):
            raise Malformed(f"The answer is packed in a way not asked for: {encoding[:40]!a}.")
        if encoding == "gzip":
            data = unpack(data, limit, path)
        if len(data) > limit:
            raise _too_long(limit, path)
        return data

    def _connect(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=SOCKET_TIMEOUT_S)
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=SOCKET_TIMEOUT_S, context=self._tls
        )

    def _ask(
        self, connection: http.client.HTTPConnection, path: str, limit: int
    ) -> http.client.HTTPResponse:
        until = time.monotonic() + self._file_timeout_s

        def answer_of(sock: socket.socket, *args: Any, **kwargs: Any) -> http.client.HTTPResponse:
            answer = http.client.HTTPResponse(sock, *args, **kwargs)
            answer.fp.close()
            answer.fp = io.BufferedReader(_Bounded(sock, until, limit, path))
            return answer

        # A function does where `http.client` asks for a class: it is called, and nothing more.
        connection.response_class = answer_of  # type: ignore[assignment]
        headers = {"Accept-Encoding": "gzip, identity", "User-Agent": "honghui-tlog"}
        if path == CHECKPOINT:
            headers["Cache-Control"] = "no-cache"
        connection.request("GET", f"{self._prefix}/{path}", headers=headers)
        return connection.getresponse()

    def _refuse_others(self, answer: http.client.HTTPResponse, path: str) -> None:
        """A redirect is not followed. A log has one address, and whoever moves it must say so; a
        server could also send us on to what only we can reach."""
        status = answer.status
        if status == http.client.OK:
            return
        if status >= http.client.INTERNAL_SERVER_ERROR or status == _TOO_BUSY:
            raise OSError(f"it answered {status}")
        if 300 <= status < 400:
            target = answer.headers.get("Location", "nowhere")
            raise CouldNotCheck(
                f"{self.location} sends us on to {target[:200]!a}, and we do not follow.",
                "If the log has moved there, give that address.",
                where=path,
            )
        raise CouldNotCheck(
            f"{self.location} does not give the file: it answered {status}.",
            "Ask the log's keeper, or check a mirror.",
            where=path,
        )


class _Bounded(io.RawIOBase):
    """What a socket says, until a moment and a count of bytes."""

    def __init__(self, sock: socket.socket, until: float, limit: int, path: str) -> None:
        self._sock, self._raw = sock, sock.makefile("rb", buffering=0)
        self._until, self._limit, self._path = until, limit, path
        self._left = 2 * limit + _AROUND_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        left_s = self._until - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the answer did not end in time")
        if self._left <= 0:
            raise _too_long(self._limit, self._path)
        self._sock.settimeout(min(left_s, SOCKET_TIMEOUT_S))
        count = self._raw.readinto(buffer)
        self._left -= count or 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _body(answer: http.client.HTTPResponse, limit: int, path: str) -> bytes:
    if answer.length is None and not answer.chunked:
        # One that was broken off would look whole, and a tile of it like a forged one.
        raise OSError("the answer does not say how long it is")
    # Packed data may be longer than what it holds, by a little.
    most = limit + (limit >> 10) + 1024
    data = answer.read(most + 1)
    if len(data) > most:
        raise _too_long(limit, path)
    if answer.length:
        raise OSError(f"the answer broke off, with {answer.length} bytes to come")
    return data


def unpack(data: bytes, limit: int, path: str) -> bytes:
    """What the gzip holds, and never much more than the limit. Raises Malformed."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            unpacked = packed.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Malformed("The answer says it is gzip, and is not.", where=path) from error
    if len(unpacked) > limit:
        raise _too_long(limit, path)
    return unpacked


def _too_long(limit: int, path: str) -> Malformed:
    return Malformed(f"The answer does not end within {limit} bytes.", where=path)


def _no_address(location: str) -> CouldNotCheck:
    return CouldNotCheck(
        "This is not an address of a log.",
        "It begins with https://, and has no name, password or question mark.",
        where=location,
    )
