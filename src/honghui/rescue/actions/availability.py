"""When somebody can come: told by themselves, through an officer or by message."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid
from honghui.rescue import team_access
from honghui.rescue.models import Availability, Member


@action("rescue.availability.told")
def tell_availability(
    *,
    by: Actor,
    member: Member,
    state: str,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    source: str = "desk",
) -> Availability:
    """From now on where no beginning is told; without an end until something else is told. It
    holds for the person in every team of theirs. `source`: "desk" or "message"."""
    member = team_access.kept_member(by, member.pk)
    if state not in Availability.State.values:
        raise Invalid(
            "rescue.availability.unknown",
            _("This is none of: available, only if short, away."),
            _("Choose one of them."),
            field="state",
        )
    now = clock.now()
    from_at = from_at or now
    if until_at is not None and until_at <= max(from_at, now):
        raise Invalid(
            "rescue.availability.over",
            _("That time is over, or ends before it begins."),
            _("Check both times."),
            field="until_at",
        )
    told = Availability.objects.create(
        person=member.person,
        state=state,
        from_at=from_at,
        until_at=until_at,
        told_at=now,
        source=source,
    )
    record(
        by=by,
        verb="rescue.availability.told",
        about=told,
        society_code=member.team.society_id,
        after={"member": member, "state": state, "from_at": from_at, "until_at": until_at},
    )
    return told
