"""A proven copy of a log, in a folder or a bucket.

From the signed root downward: each tile is proven by the hash above it before its own hashes prove
the next, and each bundle by its tile. Only what is proven is written, the checkpoint last. What the
copy held under its own last checkpoint is not fetched again, and a run that was stopped goes on
where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from honghui.tlog.bundles import BUNDLE_BYTES_MAX, decode_entries
from honghui.tlog.checkpoints import CHECKPOINT_BYTES_MAX, SignedCheckpoint, open_checkpoint
from honghui.tlog.errors import NotProven
from honghui.tlog.hashing import HASH_BYTES
from honghui.tlog.heads import refuse_other_history
from honghui.tlog.reading import read_checkpoint
from honghui.tlog.signatures import Key
from honghui.tlog.storage import Source, Storage
from honghui.tlog.tiles import CHECKPOINT, FULL, LEVEL_BITS, Bundle, Tile, bundle_of, edge
from honghui.tlog.tree import TILE_BYTES, Tree, check_entries, check_tile, fetch, fetch_tile
from honghui.tlog.verification import Progress, quiet

THREADS_MAX = 16


def mirror(
    source: Source, copy: Storage, keys: Sequence[Key], *, progress: Progress = quiet
) -> SignedCheckpoint:
    """Copies what `source` signs, as far as it continues what `copy` holds. Raises NotProven,
    CouldNotCheck, or WillNotSign when the copy cannot be written."""
    signed = read_checkpoint(source, keys)
    raw = copy.read(CHECKPOINT, CHECKPOINT_BYTES_MAX)
    kept = open_checkpoint(raw, keys).head if raw is not None else None
    if kept is not None:
        refuse_other_history(kept, signed.head)
    tree = Tree(source, signed.head)
    tree.refuse_unless_continues(kept)
    _Copy(source, copy, tree, kept.size if kept else 0, progress).run()
    copy.write([(CHECKPOINT, signed.raw)])
    return signed


@dataclass
class _Copy:
    source: Source
    copy: Storage
    tree: Tree
    kept: int
    progress: Progress
    done: int = 0

    def run(self) -> None:
        size = self.tree.head.size
        tiles = [(tile, self.tree.tile(tile.level, tile.index)) for tile in edge(size)]
        with ThreadPoolExecutor(min(self.source.parallel, THREADS_MAX)) as threads:
            for tile, hashes in reversed(tiles):
                if tile.level:
                    self._below(tile, hashes, threads)
        files = [(tile.path, hashes) for tile, hashes in tiles]
        for tile, hashes in tiles:
            if tile.level == 0:
                files.append(self._bundle(bundle_of(size, tile.index), hashes))
        self.copy.write(files)
        self.progress(size)

    def _below(self, tile: Tile, hashes: bytes, threads: ThreadPoolExecutor) -> None:
        """The tiles whose roots are the proven hashes of this one, and all below them."""
        children = list(self._missing_children(tile, hashes))
        if tile.level == 1:
            for _done in threads.map(lambda one: self._leaves(*one), children):
                self.done += FULL
                self.progress(self.done)
            return
        for child, expected in children:
            found, is_new = self._tile(child, expected)
            self._below(child, found, threads)
            if is_new:
                self.copy.write([(child.path, found)])

    def _missing_children(self, tile: Tile, hashes: bytes) -> Iterator[tuple[Tile, bytes]]:
        for at in range(tile.width):
            child = Tile(tile.level - 1, tile.index * FULL + at)
            past = (child.index + 1) << LEVEL_BITS * (child.level + 1)
            if past <= self.kept:
                self.done = max(self.done, past)
            else:
                yield child, hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES]

    def _leaves(self, tile: Tile, expected: bytes) -> None:
        hashes, is_new = self._tile(tile, expected)
        bundle = Bundle(tile.index)
        if not self._has_bundle(bundle, hashes):
            self.copy.write([self._bundle(bundle, hashes), (tile.path, hashes)])
        elif is_new:
            self.copy.write([(tile.path, hashes)])

    def _tile(self, tile: Tile, expected: bytes) -> tuple[bytes, bool]:
        """The proven tile, and whether it has to be written: not when the copy holds it whole."""
        try:
            held = self.copy.read(tile.path, TILE_BYTES)
            if held is not None:
                check_tile(tile, held, expected)
                return held, False
        except NotProven:
            pass  # a damaged copy is fetched again
        data = fetch_tile(self.source, tile)
        check_tile(tile, data, expected)
        return data, True

    def _has_bundle(self, bundle: Bundle, hashes: bytes) -> bool:
        try:
            data = self.copy.read(bundle.path, BUNDLE_BYTES_MAX)
            if data is not None:
                check_entries(bundle, decode_entries(data, bundle.width), hashes)
            return data is not None
        except NotProven:
            return False

    def _bundle(self, bundle: Bundle, hashes: bytes) -> tuple[str, bytes]:
        data = fetch(self.source, bundle, BUNDLE_BYTES_MAX)
        check_entries(bundle, decode_entries(data, bundle.width, where=bundle.path), hashes)
        return bundle.path, data
