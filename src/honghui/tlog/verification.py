"""The whole log, every entry hashed and every tile recomputed, on all cores.

The work is cut into blocks of 65,536 entries: 256 bundles, their 256 tiles, and the one tile above
them. A worker proves a block and hands back its hash; the hashes of all blocks are the log's third
level, from which the rest of the tiles and the signed root follow. So memory stays flat.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from honghui.tlog.bundles import BUNDLE_BYTES_MAX, decode_entries
from honghui.tlog.checkpoints import Checkpoint
from honghui.tlog.errors import WrongHash
from honghui.tlog.hashing import HASH_BYTES, fold
from honghui.tlog.storage import Source
from honghui.tlog.tiles import FULL, LEVEL_BITS, Tile, bundle_of, full_tiles, levels, tile_of
from honghui.tlog.tree import TILE_BYTES, check_entries, fetch, fetch_tile, root_of_edge

BLOCK = FULL * FULL
# Told after each block: entries proven so far.
Progress = Callable[[int], None]
# A tile of level 0, the bundle that proves it, and the entries in there.
Leaves = tuple[bytes, bytes, list[bytes]]


def quiet(_entries: int) -> None:
    return None


class Examination(Protocol):
    """Looks at the proven entries of one block, bundle after bundle, in the worker that proves it.
    `result` goes back to whoever asked for the examination, so it must be picklable."""

    def bundle(self, index: int, data: bytes, entries: list[bytes]) -> None: ...

    def result(self) -> Any: ...


@dataclass(frozen=True)
class Examine:
    """A reading of every entry on the way: `begin` makes an examination for each block, and must be
    picklable; `found` is told the results in the order of the log."""

    begin: Callable[[], Examination]
    found: Callable[[Any], None]


Begin = Callable[[], Examination] | None


@dataclass(frozen=True)
class Proven:
    """What a worker hands back for one block: the hashes of level 1 that it covers."""

    entries: int
    level1: bytes
    partial0: bytes
    found: Any = None


def verify_log(
    source: Source,
    head: Checkpoint,
    *,
    processes: int | None = None,
    progress: Progress = quiet,
    examine: Examine | None = None,
) -> None:
    """Raises WrongHash or Malformed unless the files are exactly the log that `head` signs. What
    `examine` found holds only once this has returned."""
    blocks = -(-head.size // BLOCK)
    upper: dict[int, bytearray] = {}
    edge_hashes: dict[int, bytes] = {}
    done = 0
    begin = examine.begin if examine else None
    for number, proven in enumerate(_in_order(source, head, blocks, processes, begin)):
        edge_hashes[0] = proven.partial0
        if len(proven.level1) == TILE_BYTES:
            _lift(source, upper, 2, number, fold(proven.level1, LEVEL_BITS))
        else:
            edge_hashes[1] = proven.level1
        if examine:
            examine.found(proven.found)
        done += proven.entries
        progress(done)
    for level in range(2, levels(head.size)):
        edge_hashes[level] = bytes(upper.get(level, b""))
        _check_partial(source, head, level, edge_hashes[level])
    root = root_of_edge(head.size, edge_hashes)
    if root != head.root:
        raise WrongHash(
            f"The files are whole, and are not the log that is signed.\n"
            f"    root of the files   {root.hex()}\n"
            f"    root that is signed {head.root.hex()}",
            where="checkpoint",
        )


def _lift(
    source: Source, upper: dict[int, bytearray], level: int, index: int, found: bytes
) -> None:
    """Puts a hash into its tile of the levels above; a tile that fills is compared and folded."""
    while True:
        hashes = upper.setdefault(level, bytearray())
        hashes += found
        if len(hashes) < TILE_BYTES:
            return
        tile = Tile(level, index // FULL)
        _same(tile, fetch_tile(source, tile), bytes(hashes))
        found = fold(bytes(hashes), LEVEL_BITS)
        upper[level] = bytearray()
        level, index = level + 1, tile.index


def _check_partial(source: Source, head: Checkpoint, level: int, hashes: bytes) -> None:
    if hashes:
        tile = tile_of(head.size, level, full_tiles(head.size, level))
        _same(tile, fetch_tile(source, tile), hashes)


def _in_order(
    source: Source, head: Checkpoint, blocks: int, processes: int | None, begin: Begin
) -> Iterator[Proven]:
    """The blocks as they are proven, in order, a few ahead of the reader and never all."""
    count = min(processes or os.cpu_count() or 1, blocks)
    if count <= 1:
        yield from (prove_block(source, head.size, number, begin) for number in range(blocks))
        return
    # A fresh interpreter for each: nothing of ours is shared, threads included.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context) as pool:
        yield from _windowed(pool, source, head.size, blocks, 2 * count, begin)


def _windowed(
    pool: Executor, source: Source, size: int, blocks: int, window: int, begin: Begin
) -> Iterator[Proven]:
    waiting: deque[Future[Proven]] = deque()
    try:
        for number in range(blocks):
            waiting.append(pool.submit(prove_block, source, size, number, begin))
            if len(waiting) >= window:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def prove_block(source: Source, size: int, number: int, begin: Begin = None) -> Proven:
    """Every entry of a block hashed, every tile of it compared. Raises as `verify_log`."""
    first, past = number * BLOCK, min((number + 1) * BLOCK, size)
    tiles = range(first // FULL, -(-past // FULL))
    hashes, partial0 = bytearray(), b""
    examination = begin() if begin else None
    for index, (data, bundle, entries) in zip(tiles, _tiles_of(source, size, tiles), strict=True):
        if examination:
            examination.bundle(index, bundle, entries)
        if len(data) == TILE_BYTES:
            hashes += fold(data, LEVEL_BITS)
        else:
            partial0 = data
    level1 = bytes(hashes)
    if level1:
        tile = tile_of(size, 1, number)
        _same(tile, fetch_tile(source, tile), level1)
    return Proven(past - first, level1, partial0, examination.result() if examination else None)


def _tiles_of(source: Source, size: int, tiles: range) -> Iterator[Leaves]:
    """Level-0 tiles, each proven by its entries; from far away several are fetched at once."""
    if source.parallel == 1:
        yield from (_proven_tile(source, size, index) for index in tiles)
        return
    with ThreadPoolExecutor(source.parallel) as threads:
        yield from threads.map(lambda index: _proven_tile(source, size, index), tiles)


def _proven_tile(source: Source, size: int, index: int) -> Leaves:
    tile, bundle = tile_of(size, 0, index), bundle_of(size, index)
    hashes = fetch_tile(source, tile)
    data = fetch(source, bundle, BUNDLE_BYTES_MAX)
    entries = decode_entries(data, bundle.width, where=bundle.path)
    check_entries(bundle, entries, hashes)
    return hashes, data, entries


def _same(tile: Tile, data: bytes, computed: bytes) -> None:
    """The tile as served is the tile as computed; else the first hash that differs is named."""
    if data == computed:
        return
    for at in range(0, len(computed), HASH_BYTES):
        if data[at : at + HASH_BYTES] != computed[at : at + HASH_BYTES]:
            index = tile.index * FULL + at // HASH_BYTES
            raise WrongHash(
                f"Hash {at // HASH_BYTES} of the tile is not the root of its entries.\n"
                f"    as it stands        {data[at : at + HASH_BYTES].hex()}\n"
                f"    from the entries    {computed[at : at + HASH_BYTES].hex()}\n"
                f"    it covers entries {index << LEVEL_BITS * tile.level} to "
                f"{((index + 1) << LEVEL_BITS * tile.level) - 1}",
                where=tile.path,
            )
