"""The signed head at a source: where every check begins."""

from __future__ import annotations

from collections.abc import Sequence

from honghui.tlog.checkpoints import CHECKPOINT_BYTES_MAX, SignedCheckpoint, open_checkpoint
from honghui.tlog.errors import CouldNotCheck
from honghui.tlog.signatures import Key
from honghui.tlog.storage import Source
from honghui.tlog.tiles import CHECKPOINT


def read_checkpoint(source: Source, keys: Sequence[Key]) -> SignedCheckpoint:
    """The signed head at a source. Raises NotProven or CouldNotCheck."""
    raw = source.read(CHECKPOINT, CHECKPOINT_BYTES_MAX)
    if raw is None:
        raise CouldNotCheck(
            "There is no checkpoint here, so this is no log.",
            "Give the folder or address that holds the file `checkpoint`.",
            where=str(source),
        )
    return open_checkpoint(raw, keys)
