"""One record's proof, made from the published log and from nothing else.

The files are read as any stranger would read them, with every hash proven on the way. So a log that
somebody changed gives no proof here either: the page then says so, and never shows a seal.
"""

from __future__ import annotations

from dataclasses import dataclass

from honghui.journal import log_place
from honghui.tlog.errors import CouldNotCheck
from honghui.tlog.verifying import prove


@dataclass(frozen=True)
class Proof:
    """`record`: the bytes at `index` of the log. `bundle`: a C2SP tlog-proof of them."""

    index: int
    record: bytes
    bundle: bytes


def proof_of(index: int) -> Proof:
    """Raises CouldNotCheck where the log cannot be read, or is not so long yet; NotProven where
    its files do not fit each other. Reads a handful of files, and asks the database nothing."""
    keys = log_place.public_keys()
    if not keys:
        raise CouldNotCheck("The log has not begun.")
    bundled, record = prove(log_place.storage(), keys, index)
    return Proof(index, record, bundled.raw)
