"""What a person does with a log they do not keep: check it, take one entry's proof, check a proof.

The command line (`cli`) and the single-file verifier (`verifier`) are two faces of these three.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from honghui.tlog.bundled_proof import BundledProof, parse_bundled_proof
from honghui.tlog.checkpoints import SignedCheckpoint, is_cosignature
from honghui.tlog.heads import Head
from honghui.tlog.reading import read_checkpoint
from honghui.tlog.signatures import Key
from honghui.tlog.storage import Source
from honghui.tlog.tree import Tree
from honghui.tlog.verification import Examine, Progress, verify_log

# Shows a bar of that many entries while it is open.
Bar = Callable[[int], AbstractContextManager[Progress]]


def check_log(
    source: Source,
    keys: Sequence[Key],
    *,
    state: Path | None,
    bar: Bar,
    processes: int | None,
    examine: Examine | None = None,
) -> SignedCheckpoint:
    """The whole log, from the signed head to the last byte; then the head is kept in `state`, so
    that the log can never go back for this reader. Raises NotProven or CouldNotCheck."""
    signed = read_checkpoint(source, keys)
    kept = Head(state, signed.head.origin) if state else None
    raw = kept.read() if kept else None
    if kept:
        Tree(source, signed.head).refuse_unless_continues(kept.checkpoint())
    with bar(signed.head.size) as progress:
        verify_log(source, signed.head, processes=processes, progress=progress, examine=examine)
    if kept:
        with kept.held():
            kept.swap(raw, signed.raw)
    return signed


def prove(source: Source, keys: Sequence[Key], index: int) -> tuple[BundledProof, bytes]:
    """One entry's proof, and the entry. Raises NotProven or CouldNotCheck."""
    signed = read_checkpoint(source, keys)
    tree = Tree(source, signed.head)
    entry = tree.entry(index)
    return BundledProof(index, tuple(tree.inclusion(index)), signed.raw), entry


def check_proof(proof: bytes, entry: bytes, keys: Sequence[Key]) -> tuple[int, SignedCheckpoint]:
    """Without any server. The entry's index and the head it stands under. Raises NotProven."""
    bundled = parse_bundled_proof(proof)
    return bundled.index, bundled.check(entry, keys)


def in_words(signed: SignedCheckpoint) -> str:
    """Whose head it is, how large, who signed and when."""
    lines = [f"{signed.head.origin}: {signed.head}"]
    for one in signed.verified:
        when = f" at {_time(one.time_s)}" if one.time_s is not None else ""
        verb = "cosigned" if is_cosignature(one.key) else "signed"
        lines.append(f"    {verb} by {one.key.name}+{one.key.id.hex()}{when}")
    return "\n".join(lines)


def _time(time_s: int) -> str:
    try:
        return f"{datetime.fromtimestamp(time_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return f"second {time_s}"
