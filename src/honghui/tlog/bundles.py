"""Entry bundles: 256 entries in one file (C2SP tlog-tiles).

Each entry is its length in two bytes, big-endian, and its bytes. So an entry is at most 65,535
bytes, and a bundle at most 256 of those.
"""

from __future__ import annotations

from collections.abc import Iterable

from honghui.tlog.errors import Malformed
from honghui.tlog.tiles import FULL

ENTRY_BYTES_MAX = 65_535
BUNDLE_BYTES_MAX = FULL * (2 + ENTRY_BYTES_MAX)


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """Raises OverflowError for an entry over 65,535 bytes: the writer refuses it first."""
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def decode_entries(data: bytes, width: int, *, where: str = "") -> list[bytes]:
    """Exactly `width` entries and nothing after them, else Malformed."""
    entries = []
    at = 0
    for _ in range(width):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    # A slice past the end is short and never raises: so one check at the end finds every lie.
    if at != len(data):
        raise Malformed(
            f"The bundle has {len(data)} bytes, and its {width} lengths ask for {at}.", where=where
        )
    return entries
