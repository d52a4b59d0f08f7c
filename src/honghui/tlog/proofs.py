"""Inclusion and consistency proofs (RFC 9162 §2.1.3 and §2.1.4).

A proof is first a list of *ranges* of entries, `(first, past_last)`: which subtrees to take is pure
arithmetic. Whoever holds the hashes turns each range into its root. Checking needs the hashes
alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from honghui.tlog.errors import Malformed, WrongHash
from honghui.tlog.hashing import EMPTY_ROOT, HASH_BYTES, node_hash

Range = tuple[int, int]


def split(count: int) -> int:
    """The largest power of two smaller than count: how RFC 6962 parts a tree of two or more."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The subtrees beside the way from a leaf to the root, from the leaf up."""
    first, past = 0, size
    ranges: list[Range] = []
    while past - first > 1:
        middle = first + split(past - first)
        if index < middle:
            ranges.append((middle, past))
            past = middle
        else:
            ranges.append((first, middle))
            first = middle
    return ranges[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """The subtrees that rebuild both roots; none where old is 0 or size."""
    if old in (0, size):
        return []
    first, past = 0, size
    ranges: list[Range] = []
    while past != old:
        middle = first + split(past - first)
        if old <= middle:
            ranges.append((middle, past))
            past = middle
        else:
            ranges.append((first, middle))
            first = middle
    if first:  # else the subtree is the old tree itself, whose root the checker knows
        ranges.append((first, past))
    return ranges[::-1]


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that follows from a leaf's hash and its proof. Compare it with the signed one."""
    if not 0 <= index < size:
        raise Malformed(f"There is no entry {index} in a log of {size} entries.")
    ranges = inclusion_ranges(index, size)
    _check_length(proof, len(ranges))
    root = leaf
    for (first, _past), sibling in zip(ranges, proof, strict=True):
        root = node_hash(root, sibling) if first > index else node_hash(sibling, root)
    return root


def check_inclusion(
    leaf: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raises WrongHash unless that leaf is entry `index` of the tree with this root."""
    found = root_by_inclusion(leaf, index, size, proof)
    if found != root:
        raise WrongHash(
            f"The entry does not lead to the signed root.\n"
            f"    hash of the entry   {leaf.hex()}\n"
            f"    root by its proof   {found.hex()}\n"
            f"    root that is signed {root.hex()}",
            "Either the entry was changed, or it is not the one that stands in the log.",
            where=f"entry {index}",
        )


def check_consistency(
    old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raises WrongHash unless the tree of `size` begins with the tree of `old`."""
    if not 0 <= old <= size:
        raise Malformed(f"A log of {size} entries cannot continue one of {old}.")
    ranges = consistency_ranges(old, size)
    _check_length(proof, len(ranges))
    if old == 0:
        found = (EMPTY_ROOT, root)
    elif old == size:
        found = (root, root)
    else:
        found = _both_roots(old, old_root, ranges, proof)
    for what, count, computed, given in (
        ("old", old, found[0], old_root),
        ("new", size, found[1], root),
    ):
        if computed != given:
            raise WrongHash(
                f"The {what} head at {count} entries does not follow from the proof.\n"
                f"    by the proof {computed.hex()}\n"
                f"    as given     {given.hex()}",
                where=f"consistency {old} to {size}",
            )


def _both_roots(
    old: int, old_root: bytes, ranges: Sequence[Range], proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """The innermost subtree belongs to both trees; those right of it to the new one alone."""
    if ranges[0][1] == old:
        (first, past), seed, rest = ranges[0], proof[0], 1
    else:
        (first, past), seed, rest = (0, old), old_root, 0
    old_found = new_found = seed
    for (left, right), sibling in zip(ranges[rest:], proof[rest:], strict=True):
        if left >= past:
            new_found = node_hash(new_found, sibling)
            past = right
        else:
            assert right == first, "ranges touch"
            old_found = node_hash(sibling, old_found)
            new_found = node_hash(sibling, new_found)
            first = left
    return old_found, new_found


def _check_length(proof: Sequence[bytes], expected: int) -> None:
    if len(proof) != expected:
        raise Malformed(f"The proof has {len(proof)} hashes, and needs {expected}.")
    if any(len(one) != HASH_BYTES for one in proof):
        raise Malformed("A hash of the proof is not 32 bytes long.")
