"""Proofs and roots of any two sizes, measured by the definitions word for word."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honghui.tlog.errors import Malformed, TlogError, WrongHash
from honghui.tlog.hashing import fold, leaf_hash, leaf_hashes, root_of
from honghui.tlog.heads import Heads
from honghui.tlog.proofs import (
    check_consistency,
    check_inclusion,
    consistency_ranges,
    inclusion_ranges,
    split,
)
from honghui.tlog.tree import Tree
from honghui.tlog.verification import verify_log
from honghui.tlog.writer import writing
from tests.tlog.conftest import LOG_KEY, ORIGIN
from tests.tlog.memory import Memory, written
from tests.tlog.naive import NaiveTree, largest_power_below, node

MOST = 2000
ENTRIES = [b"entry %d" % index for index in range(MOST)]
NAIVE = NaiveTree(ENTRIES)
HASHES = leaf_hashes(ENTRIES)
SIZES = st.integers(1, MOST) | st.sampled_from([1, 2, 255, 256, 257, 511, 512, 513, 1024, 1025])


def ours(ranges: list[tuple[int, int]]) -> list[bytes]:
    return [root_of(HASHES[first * 32 : past * 32]) for first, past in ranges]


@given(SIZES)
def test_the_root_of_any_size(size: int) -> None:
    assert root_of(HASHES[: size * 32]) == NAIVE.root(0, size)


@given(SIZES.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_inclusion_of_any_entry_in_any_size(case: tuple[int, int]) -> None:
    index, size = case
    proof, root = NAIVE.path(index, 0, size), NAIVE.root(0, size)
    assert ours(inclusion_ranges(index, size)) == proof
    check_inclusion(leaf_hash(ENTRIES[index]), index, size, root, proof)


@given(SIZES.flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))))
def test_consistency_of_any_two_sizes(case: tuple[int, int]) -> None:
    old, size = case
    proof, roots = NAIVE.proof(old, size), (NAIVE.root(0, old), NAIVE.root(0, size))
    assert ours(consistency_ranges(old, size)) == proof
    check_consistency(old, roots[0], size, roots[1], proof)


@given(st.data(), SIZES)
def test_a_proof_with_anything_changed_proves_nothing(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = NAIVE.path(index, 0, size), NAIVE.root(0, size)
    leaf = leaf_hash(ENTRIES[index])
    place = data.draw(st.integers(0, len(proof)))
    changed = [*proof]
    if place < len(proof):
        changed[place] = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    else:
        leaf = leaf_hash(b"another entry")
    with pytest.raises(WrongHash, match=f"entry {index}"):
        check_inclusion(leaf, index, size, root, changed)
    for other in ([*proof, bytes(32)], [bytes(31), *proof[1:]]):
        with pytest.raises(Malformed):
            check_inclusion(leaf, index, size, root, other)


@given(st.data(), st.integers(2, MOST))
def test_a_consistency_proof_with_anything_changed_proves_nothing(
    data: st.DataObject, size: int
) -> None:
    old = data.draw(st.integers(1, size - 1))
    proof, roots = NAIVE.proof(old, size), [NAIVE.root(0, old), NAIVE.root(0, size)]
    place = data.draw(st.integers(0, len(proof) + 1))
    changed = [*proof, *roots]
    changed[place] = bytes([changed[place][0] ^ 1]) + changed[place][1:]
    with pytest.raises(WrongHash, match=f"consistency {old} to {size}"):
        check_consistency(old, changed[-2], size, changed[-1], changed[:-2])
    for other in (proof[:-1], [*proof, bytes(32)], [*proof[:-1], bytes(33)]):
        with pytest.raises(Malformed):
            check_consistency(old, roots[0], size, roots[1], other)


@given(st.data(), SIZES)
def test_no_proof_serves_another_index_or_size(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, MOST - 1))
    proof, root = NAIVE.path(index, 0, size), NAIVE.root(0, size)
    if other != index:
        with pytest.raises(TlogError):
            check_inclusion(leaf_hash(ENTRIES[index]), other, size, root, proof)


HUGE = st.integers(1, 2**63 - 1)


@given(HUGE.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_the_subtrees_of_a_proof_are_all_the_rest_of_the_tree(case: tuple[int, int]) -> None:
    index, size = case
    ranges = sorted([*inclusion_ranges(index, size), (index, index + 1)])
    assert ranges[0][0] == 0 and ranges[-1][1] == size and len(ranges) <= 64
    for (first, past), (following, _) in zip(ranges, ranges[1:], strict=False):
        assert past == following and (past - first).bit_count() == 1
    if size > 1:
        assert split(size) == largest_power_below(size)


@given(HUGE.flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size))))
def test_the_subtrees_of_a_consistency_proof_part_at_the_old_size(case: tuple[int, int]) -> None:
    old, size = case
    ranges = consistency_ranges(old, size)
    assert len(ranges) <= 64
    for first, past in ranges:
        assert past <= old or first >= old
    assert sum(past - first for first, past in ranges if first >= old) == size - old


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (7, 3)])
def test_an_index_outside_the_log_is_refused(index: int, size: int) -> None:
    with pytest.raises(Malformed, match="There is no entry"):
        check_inclusion(bytes(32), index, size, bytes(32), [])


@pytest.mark.parametrize(("old", "size"), [(-1, 3), (4, 3)])
def test_a_log_does_not_continue_a_longer_one(old: int, size: int) -> None:
    with pytest.raises(Malformed, match="cannot continue"):
        check_consistency(old, bytes(32), size, bytes(32), [])


@given(st.binary(min_size=32, max_size=2000), st.integers(0, 12))
def test_folding_is_pairing(data: bytes, count: int) -> None:
    hashes = data[: len(data) - len(data) % 32]
    level = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    for _ in range(count):
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [node(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    assert fold(hashes, count) == b"".join(level)


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Tree]:
    """The reader's own view of logs around each border."""
    found = {}
    for size in (1, 2, 255, 256, 257, 512, 700, 1999, 2000):
        memory, head = written(tmp_path_factory.mktemp("log"), ENTRIES[:size])
        found[size] = Tree(memory, head)
    return found


@given(data=st.data())
def test_the_reader_gives_the_same_proofs(trees: dict[int, Tree], data: st.DataObject) -> None:
    size = data.draw(st.sampled_from(sorted(trees)))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    tree = trees[size]
    assert tree.entry(index) == ENTRIES[index]
    assert tree.inclusion(index) == NAIVE.path(index, 0, size)
    assert tree.consistency(old) == NAIVE.proof(old, size)


@settings(max_examples=40)
@given(
    batches=st.lists(
        st.integers(0, 40) | st.integers(200, 600) | st.sampled_from([1, 255, 256, 257, 512]),
        max_size=6,
    ),
    stops=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_batches_of_any_size_give_the_same_log(batches: list[int], stops: list[bool]) -> None:
    """Published after each batch or only after some, by one writer or one after the other."""
    storage, size, index = Memory(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        head = Heads(Path(folder)).of(ORIGIN)
        while index < len(batches):
            with writing(storage, [LOG_KEY], head, create=True) as writer:
                assert writer.size == size
                while index < len(batches):
                    batch = ENTRIES[size : size + batches[index]]
                    assert writer.append(batch) == range(size, size + len(batch))
                    size, index = size + len(batch), index + 1
                    assert writer.root() == NAIVE.root(0, size)
                    if stops[index - 1]:
                        break
                published = writer.publish()
                assert (published.size, published.root) == (size, NAIVE.root(0, size))
        if batches:
            verify_log(storage, published, processes=1)
