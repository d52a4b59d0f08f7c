"""The definitions of RFC 6962 and RFC 9162, word for word and slow: what ours is measured by."""

from __future__ import annotations

from functools import cache
from hashlib import sha256


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class NaiveTree:
    def __init__(self, entries: list[bytes]) -> None:
        self.entries = entries
        self.root = cache(self._root)

    def _root(self, first: int, past: int) -> bytes:
        """MTH(D[first:past])."""
        if first == past:
            return sha256(b"").digest()
        if past - first == 1:
            return sha256(b"\x00" + self.entries[first]).digest()
        k = largest_power_below(past - first)
        return node(self.root(first, first + k), self.root(first + k, past))

    def path(self, m: int, first: int, past: int) -> list[bytes]:
        """PATH(m, D[first:past])."""
        if past - first == 1:
            return []
        k = largest_power_below(past - first)
        if m < k:
            return [*self.path(m, first, first + k), self.root(first + k, past)]
        return [*self.path(m - k, first + k, past), self.root(first, first + k)]

    def proof(self, m: int, n: int) -> list[bytes]:
        """PROOF(m, D[n])."""
        return self._subproof(m, 0, n, True) if 0 < m < n else []

    def _subproof(self, m: int, first: int, past: int, whole: bool) -> list[bytes]:
        n = past - first
        if m == n:
            return [] if whole else [self.root(first, past)]
        k = largest_power_below(n)
        if m <= k:
            return [*self._subproof(m, first, first + k, whole), self.root(first + k, past)]
        return [*self._subproof(m - k, first + k, past, False), self.root(first, first + k)]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k
