"""The files of a log and how they are named (C2SP tlog-tiles, height 8).

    checkpoint                the signed head: what exists is what this implies
    tile/L/N                  256 hashes of level L; each is the root of 256^L entries
    tile/L/N.p/W              its first W hashes, while it is not full
    tile/entries/N[.p/W]      the entries themselves, see `bundles`

A number is written in groups of three digits, all but the last with an `x`: 1234067 is
`x001/x234/067`. A hash at level L, index i of a tree stands in tile L, i // 256.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from honghui.tlog.errors import Malformed
from honghui.tlog.hashing import HASH_BYTES

CHECKPOINT = "checkpoint"
LEVEL_BITS = 8
FULL = 1 << LEVEL_BITS
# A tile's level is written in two digits at most; 2^63 entries need level 7.
LEVEL_MAX = 63
SIZE_MAX = 2**63 - 1

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9]\d?)/(?P<index>(?:x\d{3}/){0,6}\d{3})(?:\.p/(?P<width>[1-9]\d{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """`width` hashes of one level, the first at index * 256 of that level."""

    level: int
    index: int
    width: int = FULL

    @property
    def path(self) -> str:
        return f"tile/{self.level}/{index_path(self.index)}{_partial(self.width)}"

    @property
    def size_bytes(self) -> int:
        return self.width * HASH_BYTES

    @property
    def full(self) -> Tile:
        return Tile(self.level, self.index)


@dataclass(frozen=True, slots=True, order=True)
class Bundle:
    """`width` entries, the first at index * 256 of the log."""

    index: int
    width: int = FULL

    @property
    def path(self) -> str:
        return f"tile/entries/{index_path(self.index)}{_partial(self.width)}"

    @property
    def full(self) -> Bundle:
        return Bundle(self.index)


def index_path(index: int) -> str:
    path = f"{index % 1000:03d}"
    while index := index // 1000:
        path = f"x{index % 1000:03d}/{path}"
    return path


def _partial(width: int) -> str:
    return "" if width == FULL else f".p/{width}"


def is_log_path(path: str) -> bool:
    """Whether the path can only lead to a file of the log: no `..`, nothing absolute."""
    return path == CHECKPOINT or _PATH.fullmatch(path) is not None


def parse_path(path: str) -> Tile | Bundle:
    """The file a path names. Raises Malformed for every other string, `..` among them."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise Malformed("This is no path of a log's file.", where=path[:80])
    index = int("".join(re.findall(r"\d{3}", match["index"])))
    width = int(match["width"] or FULL)
    level = match["level"]
    file = Bundle(index, width) if level == "entries" else Tile(int(level), index, width)
    if (
        file.path != path
        or (match["width"] and width >= FULL)
        or level.isdecimal()
        and int(level) > LEVEL_MAX
    ):
        raise Malformed("This path is not written the one way allowed.", where=path[:80])
    return file


def width_at(size: int, level: int) -> int:
    """How many hashes the right, unfinished tile of that level holds: 0 to 255."""
    return (size >> LEVEL_BITS * level) % FULL


def full_tiles(size: int, level: int) -> int:
    """How many tiles of that level are full."""
    return size >> LEVEL_BITS * (level + 1)


def levels(size: int) -> int:
    """How many levels of tiles a log of that size has."""
    return (size.bit_length() + LEVEL_BITS - 1) // LEVEL_BITS


def tile_of(size: int, level: int, index: int) -> Tile:
    """The tile at that place in a log of that size, full or partial; it must exist."""
    if index < full_tiles(size, level):
        return Tile(level, index)
    assert index == full_tiles(size, level) and width_at(size, level), "no such tile at this size"
    return Tile(level, index, width_at(size, level))


def bundle_of(size: int, index: int) -> Bundle:
    tile = tile_of(size, 0, index)
    return Bundle(tile.index, tile.width)


def edge(size: int) -> Iterator[Tile]:
    """The unfinished tile of each level that has one, from the leaves up."""
    for level in range(levels(size)):
        if width_at(size, level):
            yield tile_of(size, level, full_tiles(size, level))
