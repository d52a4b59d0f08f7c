"""A log in a bucket: Amazon's S3, or whoever speaks it.

Needs the package `obstore`, our extra `s3`: typed, one wheel, nothing below it. Keys, region and
endpoint come from the usual environment variables (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, …).

A put is kept and whole when it is answered, and the next read sees it: S3 promises both, and so
must whoever is used in its place. A batch is put in parallel, so within it there is no order; a
checkpoint waits until everything else of its batch is kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from honghui.tlog.checkpoints import CHECKPOINT_BYTES_MAX
from honghui.tlog.errors import CouldNotCheck, Malformed, TlogError, WillNotSign
from honghui.tlog.http import unpack
from honghui.tlog.storage import checked
from honghui.tlog.tiles import CHECKPOINT

if TYPE_CHECKING:
    from obstore.store import S3Store

T = TypeVar("T")
SCHEME = "s3://"
TRIES = 4
# Two short ones: a full bundle of the largest entries is 16 MB, and waiting helps nobody.
REQUEST_TIMEOUT = timedelta(seconds=60)
RETRY_TIMEOUT = timedelta(seconds=90)
CHECKPOINT_HEADERS = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "max-age=2"}
FILE_HEADERS = {
    "Content-Type": "application/octet-stream",
    "Cache-Control": "public, max-age=31536000, immutable",
}
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(?:(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]+(?:/|$))*")


class Bucket:
    """The files under one prefix of a bucket."""

    parallel = 32

    def __init__(self, name: str, prefix: str = "") -> None:
        self.name = name
        self.prefix = prefix.strip("/")
        if not _NAME.fullmatch(name) or not _PREFIX.fullmatch(self.prefix):
            raise CouldNotCheck(
                "This is no bucket of a log.",
                "Write s3://NAME or s3://NAME/PREFIX, in plain letters and digits.",
                where=str(self),
            )
        self._store = _store(self.name, self.prefix)
        # What the checkpoint may be, going by what was read and put here; empty before that.
        self._seen: tuple[bytes | None, ...] = ()

    @classmethod
    def at(cls, location: str) -> Bucket:
        """The bucket of s3://NAME/PREFIX."""
        name, _, prefix = location.removeprefix(SCHEME).partition("/")
        return cls(name, prefix)

    def __str__(self) -> str:
        return f"{SCHEME}{self.name}/{self.prefix}".rstrip("/")

    def __reduce__(self) -> tuple[object, ...]:
        """Another process makes its own connections."""
        return Bucket, (self.name, self.prefix)

    def read(self, path: str, limit: int) -> bytes | None:
        data = self._asked(CouldNotCheck, path, lambda: self._get(checked(path), limit))
        if path == CHECKPOINT:
            self._seen = (data,)
        return data

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        batch = [(checked(path), data) for path, data in files]
        with ThreadPoolExecutor(self.parallel) as threads:
            # Leaving the block waits for what is on its way: after an error, nothing comes late.
            for _done in threads.map(self._put, [one for one in batch if one[0] != CHECKPOINT]):
                pass
        for path, data in batch:
            if path == CHECKPOINT:
                self._show(data)

    def forget_partials(self, path: str) -> None:
        def forget() -> None:
            for found in self._store.list(f"{checked(path)}.p"):
                self._store.delete([one["path"] for one in found])

        try:
            self._asked(CouldNotCheck, path, forget)
        except CouldNotCheck:
            return  # they stay: no harm

    def _show(self, data: bytes) -> None:
        """Two machines that each believe they alone write this log would fork it. This notices."""
        shown = self._asked(
            WillNotSign, CHECKPOINT, lambda: self._get(CHECKPOINT, CHECKPOINT_BYTES_MAX)
        )
        if self._seen and shown not in self._seen:
            raise WillNotSign(
                f"Somebody else has published in {self} since we last looked.",
                "One machine alone may write a log. Stop the other, and run `honghui log recover`.",
                where=CHECKPOINT,
            )
        # A put whose answer is lost may have been carried out.
        self._seen = (shown, data)
        self._put((CHECKPOINT, data))
        self._seen = (data,)

    def _get(self, path: str, limit: int) -> bytes | None:
        try:
            found = self._store.get(path)
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise CouldNotCheck(f"There is no bucket {self.name}.", where=str(self)) from error
            return None
        if found.meta["size"] > limit:
            raise Malformed(f"The file is longer than {limit} bytes.", where=path)
        data = bytes(found.bytes())
        return unpack(data, limit, path) if found.attributes.get("Content-Encoding") else data

    def _put(self, file: tuple[str, bytes]) -> None:
        path, data = file
        headers = CHECKPOINT_HEADERS if path == CHECKPOINT else FILE_HEADERS
        # In one piece, however long: so it is whole or not there.
        self._asked(
            WillNotSign,
            path,
            lambda: self._store.put(path, data, attributes=headers, use_multipart=False),
        )

    def _asked(self, failed: type[TlogError], path: str, ask: Callable[[], T]) -> T:
        """What the bucket answers, or the house's own error, in a line instead of a page."""
        from obstore.exceptions import BaseError

        try:
            return ask()
        except (BaseError, OSError, ValueError) as error:
            reason = str(error).partition("\n")[0][:300].rstrip(".")
            raise failed(
                f"{self} did not carry this out: {reason}.",
                "See that the bucket is there and that the keys in AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY may use it. Then start again.",
                where=path,
            ) from error


def _store(name: str, prefix: str) -> S3Store:
    try:
        from obstore.store import S3Store
    except ImportError:
        raise CouldNotCheck(
            "A log in a bucket needs the package obstore, and it is not installed.",
            "Type: pip install --require-hashes -r requirements-s3.lock",
        ) from None
    # Which of the two names is looked at differs between programs. We look at both.
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    return S3Store(
        name,
        prefix=prefix or None,
        config={"endpoint": endpoint} if endpoint else None,
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "timeout": REQUEST_TIMEOUT,
        },
        retry_config={"max_retries": TRIES - 1, "retry_timeout": RETRY_TIMEOUT},
    )
