"""Leaf, node and root hashes of a Merkle tree (RFC 6962 §2.1, SHA-256).

A list of hashes is one `bytes` of 32 each, as tiles keep them: slicing one buffer is faster than
a Python list, and a whole level is folded in one comprehension.

Pairing level by level and promoting an odd right end unchanged gives the same root as the
standard's split at the largest power of two.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from struct import Struct

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
_PAIRS = Struct("64s").iter_unpack


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> bytes:
    """The hashes of many entries, one after the other."""
    return b"".join([sha256(b"\x00" + entry).digest() for entry in entries])


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def fold(hashes: bytes, levels: int) -> bytes:
    """The hashes that many levels up, an odd right end promoted unchanged."""
    for _ in range(levels):
        if len(hashes) == HASH_BYTES:
            return hashes
        paired = len(hashes) - len(hashes) % 64
        hashes = (
            b"".join([sha256(b"\x01" + pair).digest() for (pair,) in _PAIRS(hashes[:paired])])
            + hashes[paired:]
        )
    return hashes


def root_of(hashes: bytes) -> bytes:
    """The root over leaf hashes, 32 bytes each; of none, the hash of nothing."""
    return fold(hashes, len(hashes).bit_length()) if hashes else EMPTY_ROOT
