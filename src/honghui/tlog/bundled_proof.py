"""One entry's proof as a file that can be checked without any server (C2SP tlog-proof).

    c2sp.org/tlog-proof@v1
    index 0
    EDHfyoLnM4zJTy7Lq…
    zkcltgr2cHI9foDkL…

    ledger.example.org/gifts
    3
    …

The index, the inclusion proof from the leaf up, an empty line, and the signed checkpoint.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from honghui.tlog.checkpoints import CHECKPOINT_BYTES_MAX, SignedCheckpoint, open_checkpoint
from honghui.tlog.errors import Malformed
from honghui.tlog.hashing import HASH_BYTES, leaf_hash
from honghui.tlog.proofs import check_inclusion
from honghui.tlog.signatures import Key, decode_base64
from honghui.tlog.tiles import SIZE_MAX

HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
# A tree of 2^63 entries has 63 levels.
HASHES_MAX = 63


@dataclass(frozen=True)
class BundledProof:
    """`checkpoint`: the signed note as published. `extra`: the writer's own words, unsigned."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    @property
    def raw(self) -> bytes:
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(one).decode() for one in self.hashes]
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint

    def check(self, entry: bytes, keys: Sequence[Key]) -> SignedCheckpoint:
        """The signed head under which this entry stands at this index. Raises NotProven."""
        signed = open_checkpoint(self.checkpoint, keys)
        head = signed.head
        check_inclusion(leaf_hash(entry), self.index, head.size, head.root, self.hashes)
        return signed


def parse_bundled_proof(raw: bytes) -> BundledProof:
    """Raises Malformed."""
    if len(raw) > CHECKPOINT_BYTES_MAX + 64 * (HASHES_MAX + 4):
        raise Malformed("The proof is too long to be one.")
    above, gap, checkpoint = raw.partition(b"\n\n")
    try:
        lines = above.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Malformed("The proof is not plain text.") from None
    if lines.pop(0) != HEADER or not gap:
        raise Malformed(
            f"A proof begins with the line {HEADER}, and this does not.",
            "Save the proof again; an editor may have changed it.",
        )
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = decode_base64(lines.pop(0).removeprefix("extra "))
    match = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if match is None or int(match[1]) > SIZE_MAX:
        raise Malformed("The proof's second line is `index` and a number, and this is not.")
    hashes = tuple(map(decode_base64, lines))
    if len(hashes) > HASHES_MAX or any(len(one) != HASH_BYTES for one in hashes):
        raise Malformed("The proof has a hash that is not 32 bytes long, or too many of them.")
    return BundledProof(int(match[1]), hashes, checkpoint, extra)
