"""Every night the books are counted again."""

from __future__ import annotations

import logging

from honghui.kernel.jobs import job, nightly
from honghui.ledger.recounting import recount

_log = logging.getLogger("honghui.ledger")


@nightly("40 18 * * *")
@job("ledger.recount", lock="ledger.recount")
def recount_nightly(timestamp: int = 0) -> None:
    """At 02:40 in China. What differs is an error in the log, by question and place alone."""
    for what, found in recount():
        for one in found:
            _log.error("recount: %s at %s", what, one.where)
