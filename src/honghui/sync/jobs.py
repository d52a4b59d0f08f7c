"""Work of sync that may wait: photos that no form ever came for."""

from __future__ import annotations

from honghui.kernel.jobs import job, nightly


@nightly("10 19 * * *")
@job("sync.tidy", lock="sync.tidy")
def tidy(*, timestamp: int) -> None:
    """At 03:10 in China."""
    from honghui.sync.tidying import tidy_photos

    tidy_photos()
