"""The one that appends to a log: entries in, tiles out, and a signed head last of all.

    append     full tiles and bundles are written as they fill; nobody reads them yet
    publish    1. the unfinished tiles and bundle            kept on the disk
               2. the head is signed and moved in `heads`    the point of no return
               3. witnesses cosign                           if there are any
               4. the checkpoint file                        now the world sees it

An entry is kept for ever once `publish` has returned. Stopped before step 2, the log is as it was,
and entries are appended again at their index: same index, same bytes, so what is half written is
written over. Stopped after it, the next start finds the signed head and finishes steps 3 and 4.

The writer never signs a second history: it starts only from a head whose tiles it has read and
proven, and refuses while it may be behind what the world has seen (`recovery`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from honghui.tlog.bundles import BUNDLE_BYTES_MAX, ENTRY_BYTES_MAX, decode_entries, encode_entries
from honghui.tlog.checkpoints import CHECKPOINT_BYTES_MAX, Checkpoint, open_checkpoint, parse_body
from honghui.tlog.errors import Malformed, WillNotSign
from honghui.tlog.hashing import EMPTY_ROOT, HASH_BYTES, fold, leaf_hashes
from honghui.tlog.heads import Head, refuse_other_history
from honghui.tlog.notes import Line, Note, parse_note, sign_note
from honghui.tlog.signatures import NOTE, Key, SigningKey
from honghui.tlog.storage import Storage
from honghui.tlog.tiles import (
    CHECKPOINT,
    FULL,
    LEVEL_BITS,
    Bundle,
    Tile,
    edge,
    full_tiles,
    width_at,
)
from honghui.tlog.tree import Tree, fetch, root_of_edge

# Cosigners are given the note and the tree to prove from; they give lines, or raise.
Cosign = Callable[[Note, Tree], Sequence[Line]]


def _no_witness(_note: Note, _tree: Tree) -> Sequence[Line]:
    return ()


@dataclass
class Writer:
    """Open it with `writing`. `size`: how many entries it holds, published or not."""

    storage: Storage
    signers: Sequence[SigningKey]
    head: Head
    cosign: Cosign = _no_witness
    clock: Callable[[], float] = time.time
    size: int = 0
    published: Checkpoint = field(init=False)
    _signed: bytes = b""  # the note in `head`, as this writer left it
    _tiles: dict[int, bytes] = field(default_factory=dict)  # level -> hashes of its unfinished tile
    _entries: list[bytes] = field(default_factory=list)  # those of the unfinished bundle

    @property
    def origin(self) -> str:
        return self.head.origin

    def append(self, entries: Sequence[bytes], *, at: int | None = None) -> range:
        """The indexes of these entries. `at`: the index the first must get; what is already there
        is passed over if it is the same, and refused if it is not. They are kept once `publish`
        has returned."""
        start = self.size if at is None else at
        for index, entry in enumerate(entries, start):
            if len(entry) > ENTRY_BYTES_MAX:
                raise Malformed(
                    f"The entry has {len(entry)} bytes, and at most {ENTRY_BYTES_MAX} fit.",
                    where=f"entry {index}",
                )
        if start > self.size:
            raise WillNotSign(f"Entry {start} was given, and the log holds {self.size} entries.")
        known = min(self.size - start, len(entries))
        self._refuse_others(start, entries[:known])
        self._append(entries[known:])
        return range(start, start + len(entries))

    def _append(self, entries: Sequence[bytes]) -> None:
        """Moves on only once the full tiles are kept: what raises changes nothing here."""
        tiles, files, rest = dict(self._tiles), [], [*self._entries, *entries]
        index, done, kept = self.size // FULL, 0, len(self._entries)
        while len(rest) - done >= FULL:
            group = rest[done : done + FULL]
            hashes = tiles.get(0, b"") + leaf_hashes(group[kept:])
            files.append((Bundle(index).path, encode_entries(group)))
            tiles[0] = b""
            files += _lift(tiles, 0, hashes, index)
            index, done, kept = index + 1, done + FULL, 0
        if files:
            self.storage.write(files)
        self._entries = rest[done:]
        tiles[0] = tiles.get(0, b"") + leaf_hashes(self._entries[kept:])
        self._tiles = tiles
        self.size += len(entries)

    def _refuse_others(self, start: int, entries: Sequence[bytes]) -> None:
        """Entries that are there already must be the same ones."""
        first = self.size - len(self._entries)
        for index, entry in enumerate(entries, start):
            if index >= first:
                same = self._entries[index - first] == entry
            else:
                bundle = Bundle(index // FULL)
                data = fetch(self.storage, bundle, BUNDLE_BYTES_MAX)
                found = decode_entries(data, FULL, where=bundle.path)
                same = found[index % FULL] == entry
            if not same:
                raise WillNotSign(
                    "Another entry stands at this index already.", where=f"entry {index}"
                )

    def root(self) -> bytes:
        """The root over all entries, published or not."""
        return root_of_edge(self.size, self._tiles)

    def publish(self) -> Checkpoint:
        """Signs and shows the head over all entries. Without new entries, it signs again what it
        signed, with a new time where the key carries one: that is how freshness can be checked."""
        new = Checkpoint(self.origin, self.size, self.root())
        if new != self.published:
            self.storage.write(self._unfinished())
        note = sign_note(new.body, self.signers, int(self.clock()))
        self.head.swap(self._signed, note.raw)
        self._signed = note.raw
        self._show(note)
        return new

    def _unfinished(self) -> Iterator[tuple[str, bytes]]:
        for tile in edge(self.size):
            yield tile.path, self._tiles[tile.level]
        if width := width_at(self.size, 0):
            yield Bundle(self.size // FULL, width).path, encode_entries(self._entries)

    def _show(self, note: Note) -> None:
        head = parse_body(note.text)
        lines = self.cosign(note, Tree(self.storage, head)) if self.cosign != _no_witness else ()
        self.storage.write([(CHECKPOINT, note.with_lines(lines).raw)])
        before, self.published = self.published, head
        self._tidy(before.size)

    def _tidy(self, before: int) -> None:
        """The partial files of tiles that have filled since: readers take the full one now."""
        for tile in edge(before):
            if tile.index < full_tiles(self.published.size, tile.level):
                self.storage.forget_partials(tile.full.path)
                if tile.level == 0:
                    self.storage.forget_partials(Bundle(tile.index).path)

    def load(self) -> None:
        """Start from the head that was signed last, and finish what a stop left half done."""
        kept = self.head.read()
        if kept is None:
            raise WillNotSign(
                "No head of this log is kept here.",
                "For a new log: `honghui log create`. For one whose head was lost: "
                "`honghui log recover`.",
            )
        if self.head.restored:
            raise WillNotSign(
                "A backup was restored here, so this log may be behind what the world has seen.",
                "Run `honghui log recover` with the published address, a mirror or a witness.",
            )
        signed = open_checkpoint(kept, self._keys(), origin=self.origin).head
        shown = published_head(self.storage, self._keys())
        if shown is not None:
            # Shown but never signed here: our own head was put back by a backup.
            _refuse_behind(signed, shown)
        self._resume(signed)
        self._signed = kept
        self.published = shown or Checkpoint(self.origin, 0, EMPTY_ROOT)
        if shown != signed:
            self._show(parse_note(kept))

    def _resume(self, signed: Checkpoint) -> None:
        tree = Tree(self.storage, signed)
        self.size = signed.size
        self._tiles = {tile.level: tree.tile(tile.level, tile.index) for tile in edge(signed.size)}
        width = width_at(signed.size, 0)
        self._entries = tree.entries(signed.size // FULL) if width else []

    def _keys(self) -> list[Key]:
        return [signer.public for signer in self.signers]


def _lift(
    tiles: dict[int, bytes], level: int, hashes: bytes, index: int
) -> Iterator[tuple[str, bytes]]:
    """A full tile, and its root into the tile above, which may be full then too."""
    while True:
        yield Tile(level, index).path, hashes
        tiles[level] = b""
        level, index = level + 1, index // FULL
        hashes = tiles.get(level, b"") + fold(hashes, LEVEL_BITS)
        if len(hashes) < FULL * HASH_BYTES:
            tiles[level] = hashes
            return


def published_head(storage: Storage, keys: Sequence[Key]) -> Checkpoint | None:
    raw = storage.read(CHECKPOINT, CHECKPOINT_BYTES_MAX)
    return open_checkpoint(raw, keys).head if raw is not None else None


def _refuse_behind(signed: Checkpoint, shown: Checkpoint) -> None:
    if shown.size > signed.size:
        raise WillNotSign(
            f"The published log is ahead of the last head kept here.\n"
            f"    kept here {signed}\n    published {shown}",
            "A backup was restored. Run `honghui log recover`.",
        )
    refuse_other_history(shown, signed)


def create_log(storage: Storage, signers: Sequence[SigningKey], head: Head) -> None:
    """A new, empty log. Refuses where a head or a checkpoint already is. Hold the head first."""
    if head.read() is not None or storage.read(CHECKPOINT, CHECKPOINT_BYTES_MAX) is not None:
        raise WillNotSign("There is a log here already.", where=head.origin)
    if not any(one.kind == NOTE and one.name == head.origin for one in signers):
        raise WillNotSign(f"No Ed25519 key called {head.origin} was given.")
    body = Checkpoint(head.origin, 0, EMPTY_ROOT).body
    note = sign_note(body, signers, int(time.time()))
    head.swap(None, note.raw)
    storage.write([(CHECKPOINT, note.raw)])


@contextmanager
def writing(
    storage: Storage,
    signers: Sequence[SigningKey],
    head: Head,
    *,
    cosign: Cosign = _no_witness,
    clock: Callable[[], float] = time.time,
    create: bool = False,
) -> Iterator[Writer]:
    """The writer of a log, alone while this lasts. Raises WillNotSign."""
    with head.held():
        if create and head.read() is None:
            create_log(storage, signers, head)
        writer = Writer(storage, signers, head, cosign, clock)
        writer.load()
        yield writer
