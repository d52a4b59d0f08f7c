"""When somebody can come: told by themselves, through an officer or by message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid
from honghui.messaging.reaching import reach_of
from honghui.messaging.sending import Draft, queue_messages
from honghui.rescue import team_access
from honghui.rescue.joining import judge_anew
from honghui.rescue.models import Availability, Member
from honghui.rescue.wordings import AVAILABILITY_NOTED


@action("rescue.availability.told")
def tell_availability(
    *,
    by: Actor,
    member: Member,
    state: str,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    source: str = "desk",
    told_at: datetime | None = None,
    confirm: Mapping[str, str] | None = None,
) -> Availability:
    """From now on where no beginning is told; without an end until something else is told. It
    holds for the person in every team of theirs. `source`: "desk" or "message". `told_at`: when
    they wrote it, so that an older message that comes late does not hold over a newer one; now
    without it. `confirm`: what was understood, by language, is said back in one message."""
    member = team_access.kept_member(by, member.pk)
    if state not in Availability.State.values:
        raise Invalid(
            "rescue.availability.unknown",
            _("This is none of: available, only if short, away."),
            _("Choose one of them."),
            field="state",
        )
    now = clock.now()
    told_at = min(told_at or now, now)
    from_at = from_at or told_at
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
        told_at=told_at,
        source=source,
    )
    judge_anew({member.person_id})
    if confirm:
        _say_back(by, member, told, confirm)
    record(
        by=by,
        verb="rescue.availability.told",
        about=told,
        society_code=member.team.society_id,
        after={"member": member, "state": state, "from_at": from_at, "until_at": until_at},
    )
    return told


def _say_back(by: Actor, member: Member, told: Availability, words: Mapping[str, str]) -> None:
    """At once: they are awake, and wait for it."""
    society = member.team.society
    language = reach_of({member.person_id}, ()).language(member.person_id)
    name = society.name_en if language == "en" else society.name
    draft = Draft(
        person_id=member.person_id,
        channel="sms",
        template=AVAILABILITY_NOTED,
        values={"society": name, "what": words[language]},
        about=told.pk,
    )
    queue_messages(by=by, society_code=society.code, drafts=[draft], is_urgent=True)
