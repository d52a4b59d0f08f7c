"""The records of a log that was proven, read again in order or one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Protocol

from honghui.record.schemas import Record, reread
from honghui.tlog.bundles import BUNDLE_BYTES_MAX, decode_entries
from honghui.tlog.errors import CouldNotCheck
from honghui.tlog.storage import Source
from honghui.tlog.tiles import FULL, bundle_of
from honghui.tlog.tree import fetch


class Records(Protocol):
    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Record]: ...

    def one(self, index: int) -> Record: ...


class LogRecords:
    """`digests`: SHA-256 of each bundle as it was when it was proven. A file that changes while it
    is being audited is noticed."""

    def __init__(self, source: Source, size: int, digests: Sequence[bytes]) -> None:
        self._source = source
        self._size = size
        self._digests = digests

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Record]:
        for index in range(-(-self._size // FULL)):
            for data in self._bundle(index):
                yield reread(data)

    def one(self, index: int) -> Record:
        return reread(self._bundle(index // FULL)[index % FULL])

    def _bundle(self, index: int) -> list[bytes]:
        bundle = bundle_of(self._size, index)
        data = fetch(self._source, bundle, BUNDLE_BYTES_MAX)
        if hashlib.sha256(data).digest() != self._digests[index]:
            raise CouldNotCheck(
                "The file changed while it was being audited.",
                "Audit again, or copy the log first: honghui log mirror.",
                where=bundle.path,
            )
        return decode_entries(data, bundle.width, where=bundle.path)


class ListedRecords:
    """Records at hand, as a test or a tool has them."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Record]:
        return map(reread, self._entries)

    def one(self, index: int) -> Record:
        return reread(self._entries[index])
