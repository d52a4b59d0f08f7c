"""The head that the world sees, for whoever tells it on a page.

A page must never wait for the log. A head in a folder of this machine is read again at most every
few seconds in each process, without the database. One in a bucket is read where it is asked for.
"""

from __future__ import annotations

import time
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.conf import settings

from honghui.journal import log_place
from honghui.tlog.errors import TlogError
from honghui.tlog.reading import read_checkpoint
from honghui.tlog.signatures import Key
from honghui.tlog.storage import Folder

KEPT_SECONDS = 3.0


@dataclass(frozen=True)
class LogHead:
    """`size` records have this `root` (base64, as in the checkpoint), signed at `signed_at` by the
    log itself; None where no line of it carries a time. `witnesses`: whose cosignature it has."""

    origin: str
    size: int
    root: str
    signed_at: datetime | None
    witnesses: tuple[str, ...] = ()

    @property
    def size_text(self) -> str:
        return f"{self.size:,}"

    @property
    def root_hex(self) -> str:
        """As the commands print it."""
        return b64decode(self.root).hex()


_kept: dict[str, tuple[float, LogHead | None]] = {}


def published_head() -> LogHead | None:
    """Read and its signature checked now; None before there is a log. Raises TlogError where it
    cannot be read, or is not signed by our key."""
    keys = log_place.public_keys()
    if not keys:
        return None
    others = [key for witness in log_place.witnesses() for key in witness.keys]
    signed = read_checkpoint(log_place.storage(), [*keys, *others])
    names = {key.name for key in others}
    own = [
        one.time_s
        for one in signed.verified
        if one.key.name not in names and one.time_s is not None
    ]
    return LogHead(
        signed.head.origin,
        signed.head.size,
        signed.head.body.split("\n")[2],
        datetime.fromtimestamp(max(own), UTC) if own else None,
        tuple(sorted({one.key.name for one in signed.verified if one.key.name in names})),
    )


def head_at_hand() -> LogHead | None:
    """As this process last read it, some seconds ago; None where that would cost a page its time,
    and where there is none."""
    kept_at, head = _kept.get(settings.LOG_LOCATION, (0.0, None))
    if time.monotonic() - kept_at > KEPT_SECONDS or not kept_at:
        head = _quickly()
        _kept[settings.LOG_LOCATION] = (time.monotonic(), head)
    return head


def _quickly() -> LogHead | None:
    try:
        return published_head() if isinstance(log_place.storage(), Folder) else None
    except TlogError:
        return None


def fingerprint(key: Key) -> str:
    """SHA-256 of the key as it is written, in groups of four: to be compared by eye or ear."""
    digest = sha256(key.vkey.encode()).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
