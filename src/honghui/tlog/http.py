"""A log at an address, read over HTTP with nothing but the standard library.

Each thread keeps one connection. A read is tried again after a network failure or a 5xx, three
times in all; it ends at its byte limit and at its time limit, whatever the server sends.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import io
import ssl
import threading
import time
from urllib.parse import urlsplit

from honghui.tlog.errors import CouldNotCheck, Malformed
from honghui.tlog.storage import checked
from honghui.tlog.tiles import CHECKPOINT

TRIES = 3
SOCKET_TIMEOUT_S = 15.0
# A whole file: a full bundle of the largest entries is 16 MB.
FILE_TIMEOUT_S = 120.0
_CHUNK_BYTES = 65_536


class Address:
    """The files under one prefix, such as https://log.example.org/gifts."""

    parallel = 16

    def __init__(self, location: str, *, file_timeout_s: float = FILE_TIMEOUT_S) -> None:
        parts = urlsplit(location)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise CouldNotCheck("This is not an address of a log.", where=location)
        self.location = location.rstrip("/")
        self._host, self._port, self._secure = parts.hostname, parts.port, parts.scheme == "https"
        self._prefix = parts.path.rstrip("/")
        self._file_timeout_s = file_timeout_s
        self._threads = threading.local()

    def __str__(self) -> str:
        return self.location

    def __reduce__(self) -> tuple[object, ...]:
        """Another process makes its own connections."""
        return Address, (self.location,)

    def read(self, path: str, limit: int) -> bytes | None:
        failure = ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(0.2 * 4**attempt)
            try:
                return self._read_once(checked(path), limit)
            except (OSError, http.client.HTTPException) as error:
                self._close()
                failure = str(error) or type(error).__name__
            except Malformed:
                self._close()  # the rest of that answer is still in the pipe
                raise
        raise CouldNotCheck(
            f"{self.location} did not give the file, {TRIES} times: {failure}.",
            "See whether the address opens in a browser, and try again later.",
            where=path,
        )

    def _read_once(self, path: str, limit: int) -> bytes | None:
        connection = self._connection()
        headers = {"Accept-Encoding": "gzip, identity", "User-Agent": "honghui-tlog"}
        if path == CHECKPOINT:
            headers["Cache-Control"] = "no-cache"
        connection.request("GET", f"{self._prefix}/{path}", headers=headers)
        answer = connection.getresponse()
        until = time.monotonic() + self._file_timeout_s
        if answer.status == http.client.NOT_FOUND:
            _read_body(answer, _CHUNK_BYTES, until, path)
            return None
        if answer.status != http.client.OK:
            raise OSError(f"it answered {answer.status} {answer.reason}")
        # Packed data may be longer than what it holds, by a little.
        data = _read_body(answer, limit + 1024, until, path)
        if answer.headers.get("Content-Encoding", "identity") == "gzip":
            data = _unpack(data, limit, path)
        if len(data) > limit:
            raise Malformed(f"The file is longer than {limit} bytes.", where=path)
        return data

    def _connection(self) -> http.client.HTTPConnection:
        found: http.client.HTTPConnection | None = getattr(self._threads, "connection", None)
        if found is None:
            if self._secure:
                found = http.client.HTTPSConnection(
                    self._host,
                    self._port,
                    timeout=SOCKET_TIMEOUT_S,
                    context=ssl.create_default_context(),
                )
            else:
                found = http.client.HTTPConnection(self._host, self._port, timeout=SOCKET_TIMEOUT_S)
            self._threads.connection = found
        return found

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection().close()
        self._threads.connection = None


def _read_body(answer: http.client.HTTPResponse, limit: int, until: float, path: str) -> bytes:
    """At most `limit` bytes, and not for ever."""
    parts, count = [], 0
    while part := answer.read1(_CHUNK_BYTES):
        parts.append(part)
        count += len(part)
        if count > limit:
            answer.close()
            raise Malformed(f"The answer does not end within {limit} bytes.", where=path)
        if time.monotonic() > until:
            answer.close()
            raise TimeoutError("the answer did not end in time")
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)
    return b"".join(parts)


def _unpack(data: bytes, limit: int, path: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            return packed.read(limit + 1)
    except (OSError, EOFError) as error:
        raise Malformed("The answer says it is gzip, and is not.", where=path) from error
