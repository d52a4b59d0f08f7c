"""A log read with every hash proven.

Nothing that a source says is believed. The unfinished tiles of all levels together must give the
signed root; every full tile must give its hash in the tile above, which was proven before it. So a
tile is checked all the way up before one hash of it is used, and a changed hash is found whoever
asks, for whichever entry.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from honghui.tlog.bundles import BUNDLE_BYTES_MAX, decode_entries
from honghui.tlog.checkpoints import Checkpoint
from honghui.tlog.errors import CouldNotCheck, Diverged, Malformed, WrongHash
from honghui.tlog.hashing import EMPTY_ROOT, HASH_BYTES, fold, leaf_hash, leaf_hashes, node_hash
from honghui.tlog.heads import WHAT_NOW, refuse_other_history
from honghui.tlog.proofs import Range, consistency_ranges, inclusion_ranges, split
from honghui.tlog.storage import Source
from honghui.tlog.tiles import FULL, LEVEL_BITS, Bundle, Tile, bundle_of, edge, levels, tile_of

CACHED_TILES = 4096
TILE_BYTES = FULL * HASH_BYTES


class Tree:
    """The log that `head` signs, read from `source`."""

    def __init__(self, source: Source, head: Checkpoint) -> None:
        self.source = source
        self.head = head
        self._cache: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._edge = self._prove_edge()

    def _prove_edge(self) -> dict[tuple[int, int], bytes]:
        """The unfinished tiles, once they give the signed root."""
        tiles = {
            (tile.level, tile.index): fetch_tile(self.source, tile) for tile in edge(self.head.size)
        }
        root = root_of_edge(self.head.size, {level: data for (level, _), data in tiles.items()})
        if root != self.head.root:
            raise WrongHash(
                f"The right-hand tiles do not give the signed root.\n"
                f"    root of the tiles   {root.hex()}\n"
                f"    root that is signed {self.head.root.hex()}",
                where=", ".join(tile.path for tile in edge(self.head.size)),
            )
        return tiles

    def tile(self, level: int, index: int) -> bytes:
        """The proven hashes of one tile. Raises WrongHash, Malformed or CouldNotCheck."""
        place = (level, index)
        if place in self._edge:
            return self._edge[place]
        if place in self._cache:
            self._cache.move_to_end(place)
            return self._cache[place]
        tile = tile_of(self.head.size, level, index)
        expected = self.hash_at(level + 1, index)
        data = fetch_tile(self.source, tile)
        check_tile(tile, data, expected)
        self._cache[place] = data
        if len(self._cache) > CACHED_TILES:
            self._cache.popitem(last=False)
        return data

    def hash_at(self, level: int, index: int) -> bytes:
        """The proven root of entries [index * 256^level, (index + 1) * 256^level)."""
        at = index % FULL * HASH_BYTES
        return self.tile(level, index // FULL)[at : at + HASH_BYTES]

    def entries(self, bundle_index: int) -> list[bytes]:
        """The proven entries of one bundle."""
        bundle = bundle_of(self.head.size, bundle_index)
        data = fetch(self.source, bundle, BUNDLE_BYTES_MAX)
        entries = decode_entries(data, bundle.width, where=bundle.path)
        check_entries(bundle, entries, self.tile(0, bundle_index))
        return entries

    def entry(self, index: int) -> bytes:
        self._must_hold(index)
        return self.entries(index // FULL)[index % FULL]

    def root(self, first: int, past: int) -> bytes:
        """The proven root of entries [first, past); first must be where a subtree begins."""
        count = past - first
        if count & (count - 1) == 0 and first % count == 0:
            return self._whole_root(first, count)
        middle = first + split(count)
        return node_hash(self.root(first, middle), self.root(middle, past))

    def _whole_root(self, first: int, count: int) -> bytes:
        level, rest = divmod(count.bit_length() - 1, LEVEL_BITS)
        index, width = first >> LEVEL_BITS * level, 1 << rest
        at = index % FULL * HASH_BYTES
        return fold(self.tile(level, index // FULL)[at : at + width * HASH_BYTES], rest)

    def inclusion(self, index: int) -> list[bytes]:
        """The inclusion proof of one entry."""
        self._must_hold(index)
        return self._roots(inclusion_ranges(index, self.head.size))

    def consistency(self, old: int) -> list[bytes]:
        """The proof that this tree begins with that of `old` entries."""
        if not 0 <= old <= self.head.size:
            raise Malformed(f"A log of {self.head.size} entries cannot continue one of {old}.")
        return self._roots(consistency_ranges(old, self.head.size))

    def refuse_unless_continues(self, kept: Checkpoint | None) -> None:
        """Raises Diverged unless this tree begins with the tree of the head seen before."""
        if kept is None:
            return
        refuse_other_history(kept, self.head)
        root = self.root(0, kept.size) if kept.size else EMPTY_ROOT
        if root != kept.root:
            raise Diverged(
                "The log has been rewritten: it does not begin with what was seen before.\n"
                f"    seen before {kept}\n"
                f"    seen now    {self.head}\n"
                f"    root now of the first {kept.size} entries {root.hex()}",
                WHAT_NOW,
            )

    def _roots(self, ranges: Iterable[Range]) -> list[bytes]:
        return [self.root(first, past) for first, past in ranges]

    def _must_hold(self, index: int) -> None:
        if not 0 <= index < self.head.size:
            raise Malformed(f"There is no entry {index} in a log of {self.head.size} entries.")


def fetch(source: Source, file: Tile | Bundle, limit: int) -> bytes:
    """A tile or a bundle; where a partial one is gone, the beginning of the full one serves."""
    partial = file.width < FULL
    data = source.read(file.path, file.size_bytes if isinstance(file, Tile) else limit)
    if data is None and partial:
        data = source.read(file.full.path, limit)
        if data is not None:
            return _beginning(file, data)
    if data is None:
        raise CouldNotCheck(
            "The file is not there, and the signed head needs it.",
            "Ask the log's keeper, or check a mirror.",
            where=file.path,
        )
    return data


def fetch_tile(source: Source, tile: Tile) -> bytes:
    """A tile of the width that it must have; its hashes are not proven yet."""
    data = fetch(source, tile, TILE_BYTES)
    _check_width(tile, data)
    return data


def _check_width(tile: Tile, data: bytes) -> None:
    if len(data) != tile.size_bytes:
        raise Malformed(
            f"The tile has {len(data)} bytes instead of {tile.size_bytes}.", where=tile.path
        )


def _beginning(file: Tile | Bundle, data: bytes) -> bytes:
    if isinstance(file, Tile):
        return data[: file.size_bytes]
    at = 0
    for _ in range(file.width):
        at += 2 + int.from_bytes(data[at : at + 2], "big")
    return data[:at]


def root_of_edge(size: int, partial: dict[int, bytes]) -> bytes:
    """The root of a log from its unfinished tiles, by level."""
    carry = b""
    for level in range(levels(size)):
        hashes = partial.get(level, b"") + carry
        carry = fold(hashes, LEVEL_BITS) if hashes else b""
    return carry or EMPTY_ROOT


def check_tile(tile: Tile, data: bytes, expected: bytes) -> None:
    """Raises WrongHash unless a full tile gives the hash that stands in the tile above."""
    _check_width(tile, data)
    found = fold(data, LEVEL_BITS)
    if found != expected:
        raise WrongHash(
            f"The tile does not give its hash in the tile above.\n"
            f"    hash of this tile {found.hex()}\n"
            f"    in the tile above {expected.hex()}\n"
            f"    at level {tile.level + 1}, index {tile.index}",
            where=tile.path,
        )


def check_entries(bundle: Bundle, entries: list[bytes], hashes: bytes) -> None:
    """Raises WrongHash and names the first entry that is not what its leaf says."""
    if leaf_hashes(entries) == hashes:
        return
    for at, entry in enumerate(entries):
        expected = hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES]
        if leaf_hash(entry) != expected:
            raise WrongHash(
                f"The entry is not what its leaf says.\n"
                f"    hash of the entry {leaf_hash(entry).hex()}\n"
                f"    in tile/0         {expected.hex()}",
                where=f"entry {bundle.index * FULL + at} ({bundle.path})",
            )
    raise WrongHash("The bundle and its tile differ in length.", where=bundle.path)
