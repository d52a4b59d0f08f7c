"""Tiles: which exist, how they are named, and that no damaged one is ever believed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from honghui.tlog.bundles import encode_entries
from honghui.tlog.checkpoints import Checkpoint
from honghui.tlog.errors import CouldNotCheck, Malformed, NotProven, WrongHash
from honghui.tlog.hashing import HASH_BYTES, fold, leaf_hash
from honghui.tlog.proofs import check_consistency, check_inclusion
from honghui.tlog.storage import Folder, Source, checked
from honghui.tlog.tiles import (
    FULL,
    Bundle,
    Tile,
    edge,
    full_tiles,
    index_path,
    levels,
    parse_path,
    tile_of,
    width_at,
)
from honghui.tlog.tree import TILE_BYTES, Tree
from honghui.tlog.verification import verify_log
from tests.tlog.conftest import SampleLog
from tests.tlog.memory import Changed, Memory, flipped, written

Log = tuple[Memory, Checkpoint]
# 257 full tiles and 208 hashes; one full tile and one hash above; one hash at the top.
LARGE = 66_000
ENTRIES = [b"entry %d" % index for index in range(LARGE)]
# Every unproven answer counts; the same places are tried each time.
CHANCE = random.Random(20_200_601)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return written(tmp_path_factory.mktemp("large"), ENTRIES)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return written(tmp_path_factory.mktemp("small"), ENTRIES[:3000])


# ── names and numbers ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, []),
        (1, [(0, 1)]),
        (255, [(0, 255)]),
        (256, [(1, 0), (0, 1)]),
        (65_536, [(256, 0), (1, 0), (0, 1)]),
        (70_000, [(273, 112), (1, 17), (0, 1)]),
        (10_000_000, [(39_062, 128), (152, 150), (0, 152)]),
        (100_000_000, [(390_625, 0), (1525, 225), (5, 245), (0, 5)]),
        (2**63 - 1, [((2**63 - 1) >> 8 * level + 8, 255) for level in range(7)] + [(0, 127)]),
    ],
)
def test_which_tiles_a_log_of_a_size_has(size: int, expected: list[tuple[int, int]]) -> None:
    counts = [(full_tiles(size, level), width_at(size, level)) for level in range(levels(size))]
    assert counts == expected
    assert [(tile.level, tile.index, tile.width) for tile in edge(size)] == [
        (level, full, width) for level, (full, width) in enumerate(expected) if width
    ]


def test_the_writer_makes_those_tiles_and_no_others(large: Log) -> None:
    memory, head = large
    expected = {"checkpoint"}
    for level in range(levels(head.size)):
        count = full_tiles(head.size, level) + bool(width_at(head.size, level))
        expected |= {tile_of(head.size, level, index).path for index in range(count)}
    expected |= {path.replace("tile/0/", "tile/entries/") for path in expected}
    assert set(memory.files) == expected


@pytest.mark.parametrize(
    ("index", "path"),
    [
        (0, "000"), (7, "007"), (255, "255"), (999, "999"), (1000, "x001/000"),
        (1_234_067, "x001/x234/067"), (10**9, "x001/x000/x000/000"),
    ],
)  # fmt: skip
def test_numbers_are_written_in_groups_of_three(index: int, path: str) -> None:
    assert index_path(index) == path
    for file in (Tile(0, index), Tile(5, index, 7), Bundle(index), Bundle(index, 255)):
        assert parse_path(file.path) == file
        assert path in file.path and checked(file.path) == file.path


CLIMBING = [
    "", ".", "..", "/", "../checkpoint", "/checkpoint", "./checkpoint", "checkpoint/", "Checkpoint",
    "checkpoint\0", "checkpoint\n", "checkpoint.new", "tile", "tile/0", "tile/0/", "tile/0/../000",
    "tile/../checkpoint", "tile/0/000/..", "tile/0/000.p/../../../x", "/tile/0/000", "//tile/0/000",
    "tile//0/000", "tile/0//000", "tile\\0\\000", "..\\checkpoint", "tile/0/%2e%2e", "%2e%2e/x",
    "tile/0/000%00", "tile/0/000\0", "tile/0/000\n", "tile/0/000?x=1", "tile/0/000#x", "~/x",
    "C:\\x", "file:///etc/passwd", "tile/0/٠٠٠", "tile/0/０００", "tile/0/000.p/٣",
    "tile/\udcff/000",
    "tile/-1/000", "tile/00/000", "tile/100/000", "tile/0x0/000", "tile/data/000", "tile/0/0",
    "tile/0/00", "tile/0/0000", "tile/0/x000", "tile/0/001/000", "tile/0/000.p/", "tile/0/000.p/0",
    "tile/0/000.p/01", "tile/0/000.p/1000", "tile/0/000.p/-1", "tile/0/000.p", "tile/0/000.P/1",
    " tile/0/000", "tile/0/000 ", "tile/0/000.new", "tile/8/0/000", f"tile/0/{'x000/' * 50}000",
]  # fmt: skip


@pytest.mark.parametrize("path", CLIMBING)
def test_a_path_that_climbs_out_or_is_none_is_refused_by_name(path: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "log")
    for ask in (
        lambda: checked(path),
        lambda: parse_path(path),
        lambda: folder.read(path, 100),
        lambda: folder.write([(path, b"x")]),
        lambda: folder.forget_partials(path),
    ):
        with pytest.raises(Malformed, match="path"):
            ask()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "path",
    ["tile/64/000", "tile/99/000", "tile/0/x000/000", "tile/0/000.p/256", "tile/0/000.p/999"],
)
def test_a_tile_is_named_in_one_way_alone(path: str) -> None:
    with pytest.raises(Malformed, match="not written the one way allowed"):
        parse_path(path)


def test_a_link_out_of_the_folder_brings_in_nothing_unproven(
    sample_log: Callable[[int], SampleLog], tmp_path: Path
) -> None:
    """The folder is its keeper's, so links are followed. What is behind them is proven or refused;
    a write takes the place of the link and not of what is behind it."""
    log = sample_log(300)
    secret = tmp_path / "secret"
    secret.write_bytes(b"s" * TILE_BYTES)
    for path in (Tile(0, 0).path, Bundle(1, 44).path, Tile(1, 0, 1).path):
        place = log.storage.root / path
        whole = place.read_bytes()
        place.unlink()
        place.symlink_to(secret)
        with pytest.raises(NotProven) as refused:
            verify_log(log.storage, log.head, processes=1)
        assert b"sss" not in str(refused.value).encode()
        log.storage.write([(path, whole)])
        assert secret.read_bytes() == b"s" * TILE_BYTES and not place.is_symlink()
    verify_log(log.storage, log.head, processes=1)


def test_a_file_is_read_up_to_its_limit_and_a_folder_is_none(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write([(Tile(0, 0).path, b"x" * 100)])
    assert folder.read(Tile(0, 0).path, 100) == b"x" * 100
    with pytest.raises(Malformed, match="longer than 99 bytes"):
        folder.read(Tile(0, 0).path, 99)
    assert folder.read(Tile(0, 1).path, 99) is None
    assert folder.read(Tile(0, 0, 7).path, 99) is None
    (tmp_path / "tile" / "0" / "002").mkdir()
    os.mkfifo(tmp_path / "tile" / "0" / "003")
    for index in (2, 3):
        with pytest.raises(CouldNotCheck, match="no ordinary file"):
            folder.read(Tile(0, index).path, 99)


# ── damage ───────────────────────────────────────────────────────────────────────────────────


def ask(source: Source, head: Checkpoint, index: int) -> bool:
    """Whether the entry, its hash and its proof are given. Whatever is given must be true."""
    answers = 0
    try:
        tree = Tree(source, head)
    except NotProven:
        return False
    for question in (
        lambda: tree.entry(index) == ENTRIES[index],
        lambda: tree.hash_at(0, index) == leaf_hash(ENTRIES[index]),
        lambda: proves(tree, index),
    ):
        try:
            assert question(), f"something unproven was given for entry {index}"
            answers += 1
        except NotProven:
            pass
    return answers == 3


def proves(tree: Tree, index: int) -> bool:
    head, path = tree.head, tree.inclusion(index)
    check_inclusion(leaf_hash(ENTRIES[index]), index, head.size, head.root, path)
    return True


def damaged(
    memory: Memory, path: str, places: Iterator[int] | range
) -> Iterator[tuple[int, Source]]:
    """The hash that is damaged, and the log with it: another bit of it each time."""
    for place in places:
        at = place * HASH_BYTES + CHANCE.randrange(HASH_BYTES)
        yield place, Changed(memory, path, flipped(memory.files[path], at))


def around(first: int, past: int, size: int) -> set[int]:
    """Indexes under a hash and beside it, and at both ends of the log."""
    under = {first, past - 1, CHANCE.randrange(first, past), (first + past) // 2}
    beside = {first - 1, past, first - FULL, past + FULL, first ^ 1, 0, 255, 256, 65_536, size - 1}
    return {index for index in under | beside if 0 <= index < size}


def test_a_damaged_hash_above_the_leaves_is_never_believed(large: Log) -> None:
    """Every hash of every tile of level 1 and 2, and every index asked under it and beside it."""
    memory, head = large
    for level in (1, 2):
        for number in range(full_tiles(head.size, level) + 1):
            tile = tile_of(head.size, level, number)
            for place, source in damaged(memory, tile.path, range(tile.width)):
                first = number * FULL + place << 8 * level
                past = min(first + (1 << 8 * level), head.size)
                for index in around(first, past, head.size):
                    given = ask(source, head, index)
                    assert not given or not first <= index < past


def test_a_damaged_leaf_hash_is_never_believed(large: Log) -> None:
    """Every tile of level 0, the first hash and the last and two others."""
    memory, head = large
    for number in range(full_tiles(head.size, 0) + 1):
        tile = tile_of(head.size, 0, number)
        places = {0, tile.width - 1, *CHANCE.sample(range(tile.width), 2)}
        for place, source in damaged(memory, tile.path, iter(sorted(places))):
            index = number * FULL + place
            assert not ask(source, head, index)
            for beside in (index ^ 1, (index + FULL) % head.size):
                given = ask(source, head, beside)
                assert not given or beside // FULL != number


@pytest.mark.parametrize("path", [Tile(0, 100).path, Tile(1, 0).path, "tile/2/000.p/1"])
def test_after_a_damage_every_single_index_is_true_or_refused(large: Log, path: str) -> None:
    memory, head = large
    _place, source = next(damaged(memory, path, iter([0])))
    try:
        tree = Tree(source, head)
    except WrongHash:
        assert path in {tile.path for tile in edge(head.size)}
        return
    given = 0
    for number in range(full_tiles(head.size, 0) + 1):
        try:
            hashes = tree.tile(0, number)
        except WrongHash:
            continue
        expected = b"".join(map(leaf_hash, ENTRIES[number * FULL : (number + 1) * FULL]))
        assert hashes == expected, number
        given += 1
    assert given == (257 if path == Tile(0, 100).path else 2)


def test_a_damaged_entry_is_never_believed(large: Log) -> None:
    memory, head = large
    for number in range(0, full_tiles(head.size, 0) + 1, 5):
        bundle = Bundle(number, tile_of(head.size, 0, number).width)
        data = memory.files[bundle.path]
        source = Changed(memory, bundle.path, flipped(data, CHANCE.randrange(len(data))))
        for place in {0, bundle.width - 1, CHANCE.randrange(bundle.width)}:
            assert not ask(source, head, number * FULL + place)
        swapped = ENTRIES[number * FULL : number * FULL + bundle.width]
        swapped[3], swapped[4] = swapped[4], swapped[3]
        source = Changed(memory, bundle.path, encode_entries(swapped))
        with pytest.raises(WrongHash, match=f"entry {number * FULL + 3} "):
            Tree(source, head).entry(number * FULL + 3)


def test_the_whole_check_finds_every_damage_and_names_it(small: Log) -> None:
    memory, head = small
    for path in sorted(memory.files):
        if path == "checkpoint":
            continue
        file = parse_path(path)
        if isinstance(file, Bundle):
            at = len(memory.files[path]) // 2
            source: Source = Changed(memory, path, flipped(memory.files[path], at))
            with pytest.raises(NotProven) as found:
                verify_log(source, head, processes=1)
            assert path in found.value.where
            continue
        few = range(file.width) if file.level else iter([0, file.width // 2, file.width - 1])
        for place, source in damaged(memory, path, few):
            with pytest.raises(WrongHash) as found:
                verify_log(source, head, processes=1)
            index = file.index * FULL + place
            if file.level:
                assert path == found.value.where and f"Hash {place} " in found.value.sentence
            else:
                assert found.value.where.startswith(f"entry {index} ")


@pytest.mark.parametrize("path", ["tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1", "tile/0/256"])
def test_the_whole_check_of_a_large_log_finds_a_damage(large: Log, path: str) -> None:
    memory, head = large
    file = parse_path(path)
    place = CHANCE.randrange(file.width)
    _place, source = next(damaged(memory, path, iter([place])))
    with pytest.raises(WrongHash) as found:
        verify_log(source, head, processes=1)
    expected = path if "tile/0" not in path else f"entry {file.index * FULL + place} "
    assert expected in found.value.where


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/011.p/184", "tile/1/000.p/11"])
@pytest.mark.parametrize("how", ["cut", "one byte", "longer", "twice", "empty", "one hash less"])
def test_a_tile_of_another_width_is_refused(small: Log, path: str, how: str) -> None:
    memory, head = small
    data = memory.files[path]
    changed = {
        "cut": data[:-1], "one byte": data[:1], "longer": data + b"x", "twice": data * 2,
        "empty": b"", "one hash less": data[:-HASH_BYTES],
    }[how]  # fmt: skip
    source = Changed(memory, path, changed)
    with pytest.raises(Malformed, match=f"{len(changed)} bytes instead of {len(data)}"):
        Tree(source, head).tile(*_place(path))
    with pytest.raises(NotProven):
        verify_log(source, head, processes=1)


def _place(path: str) -> tuple[int, int]:
    tile = parse_path(path)
    assert isinstance(tile, Tile)
    return tile.level, tile.index


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/011.p/184", "tile/1/000.p/11"])
def test_a_tile_in_another_order_is_refused(small: Log, path: str) -> None:
    memory, head = small
    data = memory.files[path]
    for changed in (data[32:64] + data[:32] + data[64:], data[32:] + data[:32], data[::-1]):
        source = Changed(memory, path, changed)
        with pytest.raises(WrongHash):
            Tree(source, head).tile(*_place(path))
        with pytest.raises(WrongHash):
            verify_log(source, head, processes=1)
    other = Changed(memory, "tile/0/000", memory.files["tile/0/001"])
    assert not ask(other, head, 0) and ask(other, head, 256)


def test_a_missing_file_is_said_and_is_no_accusation(small: Log) -> None:
    memory, head = small
    for path in ("tile/0/003", "tile/entries/003", "tile/0/011.p/184", "tile/1/000.p/11"):
        with pytest.raises(CouldNotCheck, match="is not there, and the signed head needs it") as no:
            verify_log(Changed(memory, path, None), head, processes=1)
        assert no.value.where == path


def test_a_partial_tile_that_contradicts_its_full_one_is_refused(tmp_path: Path) -> None:
    memory, early = written(tmp_path, ENTRIES[:300])
    partial = {path: memory.files[path] for path in memory.files if ".p/" in path}
    memory, late = written(tmp_path / "late", ENTRIES[:600])
    for path, data in partial.items():
        # The full one serves in its place, cut to the width that the early head signs.
        if "tile/1" not in path:
            verify_log(Changed(memory, "tile/1/000.p/1", partial["tile/1/000.p/1"]), early)
        both = Memory({**memory.files, **partial, path: flipped(data, len(data) - 1)})
        with pytest.raises(NotProven):
            verify_log(both, early, processes=1)
        verify_log(both, late, processes=1)
    full = Tile(0, 1).path
    twisted = Memory({**memory.files, **partial, full: flipped(memory.files[full], 0)})
    verify_log(twisted, early, processes=1)
    with pytest.raises(WrongHash):
        verify_log(twisted, late, processes=1)


def test_a_tile_at_the_edge_of_a_large_log_proves_what_is_under_it(large: Log) -> None:
    """Whole subtrees too, as consistency proofs take them."""
    memory, head = large
    tree = Tree(memory, head)
    for old in (1, 255, 256, 257, 65_535, 65_536, 65_537, 65_792, 65_999):
        older = fold(b"".join(map(leaf_hash, ENTRIES[:old])), 17)
        check_consistency(old, older, head.size, head.root, tree.consistency(old))
        for path in (Tile(0, 0).path, Tile(0, 256).path, Tile(1, 0).path):
            _at, source = next(damaged(memory, path, iter([1])))
            try:
                found = Tree(source, head).consistency(old)
            except WrongHash:
                continue
            assert found == tree.consistency(old)
