"""No id and no request is used twice, in any number of records, with flat memory.

Names are written into files by their first bits, and each file is looked through at the end: a few
hundred thousand names at a time, however many there are.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import IO, Self

from honghui.audit.examining import NAME_BYTES
from honghui.audit.findings import Finding

_FILES = 64
# What a name is, by its first byte: the rule it breaks, the fact it becomes, its length.
_RULES = {b"i": ("record.id-twice", "id", 16), b"r": ("record.request-twice", "request", 32)}


class Names:
    """Used as a context: its files are gone afterwards."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._files: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        for _ in range(_FILES):
            self._files.append(self._open.enter_context(tempfile.TemporaryFile()))
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def add(self, rows: bytearray) -> None:
        """Rows as `Needs.names` has them."""
        sorted_out: defaultdict[int, bytearray] = defaultdict(bytearray)
        for at in range(0, len(rows), NAME_BYTES):
            sorted_out[rows[at + 1] % _FILES] += rows[at : at + NAME_BYTES]
        for number, some in sorted_out.items():
            self._files[number].write(some)

    def twice(self) -> Iterator[Finding]:
        for file in self._files:
            file.seek(0)
            yield from _twice(file.read())


def _twice(rows: bytes) -> Iterator[Finding]:
    seen: dict[bytes, int] = {}
    for at in range(0, len(rows), NAME_BYTES):
        name = rows[at : at + NAME_BYTES - 8]
        index = int.from_bytes(rows[at + NAME_BYTES - 8 : at + NAME_BYTES], "big")
        first = seen.setdefault(name, index)
        if first != index:
            rule, fact, length = _RULES[name[:1]]
            yield Finding(index, rule, {fact: name[1 : 1 + length].hex(), "first": first})
