"""Work of rescue that may wait: what runs out over night."""

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
