"""Work of rescue that may wait: what runs out over night, and files that nobody needs any more."""

from __future__ import annotations

from honghui.kernel.jobs import job, nightly


@nightly("0 19 * * *")
@job("rescue.release_turns", lock="rescue.release_turns")
def release_turns_of_people_off_duty(*, timestamp: int) -> None:
    """At 03:00 in China: a turn whose holder's papers will have run out by then is given up, so
    that the desk sees in the morning what is short. Who is away or on a mission keeps theirs: that
    passes, and they say so themselves."""
    from honghui.rescue.nightly import release_turns

    release_turns()


@nightly("30 19 * * *")
@job("rescue.sweep_public_photos", lock="rescue.sweep_public_photos")
def sweep_public_photos(*, timestamp: int) -> None:
    """At 03:30 in China: copies of photos that no report shows. A process may have died before it
    could remove one, or before the row that was to come was there."""
    from honghui.rescue.reporting.picturing import drop_unshown
    from honghui.sync.files import public_hashes

    drop_unshown(list(public_hashes(timestamp - 24 * 3600)))
