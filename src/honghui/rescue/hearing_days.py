"""Replies in which somebody says when they can come: "这周末不在", "away until 28 June".

The one hard idea: an answer to a call-out is never taken for it, nor the other way round. While
somebody is asked, only a clear "away" of days that lie ahead is taken, in a text that is no answer;
any other text about days goes to a person. "备勤" within two days of being asked is an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from honghui.callouts.models import CallOut, Invitation
from honghui.callouts.understanding import DECISIVE, understand
from honghui.callouts.wordings import PREFIX
from honghui.kernel import clock
from honghui.kernel.actors import system_actor
from honghui.kernel.errors import Invalid
from honghui.messaging.models import Incoming, Message
from honghui.rescue.actions.availability import tell_availability
from honghui.rescue.models import Availability, Member
from honghui.rescue.rules.days import Heard, understand_days
from honghui.rescue.words.days import days_said

# So long after being asked, a word that may be an answer is one.
ANSWERS_WITHIN = timedelta(days=2)
_AHEAD = timedelta(days=2)
_AT_ONCE = timedelta(seconds=10)
# No gateway keeps an answer longer; one that says so has a clock of its own.
_LATE_AT_MOST = timedelta(days=3)


def hear_days(incoming: Incoming, text: str) -> str:
    """messaging.receiving.on_unasked: "taken", "person", or "" for what says nothing of days."""
    said_at = _said_at(incoming)
    code = incoming.message.code if incoming.message else ""
    heard = understand_days(text, today=_day_of(said_at or clock.now()), code=code)
    if heard is None:
        return ""
    if said_at is None:
        return "person" if heard.names_days else ""
    members = _members(incoming.persons)
    if len({each.person_id for each in members}) != 1:
        # A family's phone, or nobody of a team: whoever it is, a person finds out.
        return "person" if heard.names_days and members else ""
    going = list(_open_call_outs(incoming.persons))
    if going:
        if not heard.names_days:
            return ""
        if not _is_no_answer(heard, text, said_at, going):
            return "person"
    elif not heard.names_days and _was_asked_lately(incoming.persons, said_at):
        return ""
    return _take(members[0], heard, said_at)


def _said_at(incoming: Incoming) -> datetime | None:
    """When it was written, in business time: counted back from now by what went by. A gateway tells
    the machine's time, the simulated one that of its world. What came at once was written now:
    where the clock stands still, they keep the order in which they came. None: nobody can say."""
    at = incoming.told_at or incoming.received_at
    for now in (clock.machine_now(), clock.now()):
        gone = now - at
        if -_LATE_AT_MOST <= gone <= _LATE_AT_MOST:
            return clock.now() - (gone if gone > _AT_ONCE else timedelta(0))
    return None


def _members(persons: Sequence[UUID]) -> list[Member]:
    rows = Member.objects.filter(person__in=persons, left_on__isnull=True)
    return list(rows.select_related("team__society").order_by("joined_on", "pk"))


def _open_call_outs(persons: Sequence[UUID]) -> Sequence[CallOut]:
    asked = Invitation.objects.filter(person__in=persons, call_out__state=CallOut.State.OPEN)
    asked = asked.exclude(state=Invitation.State.RESERVE)
    return [one.call_out for one in asked.select_related("call_out")]


def _is_no_answer(heard: Heard, text: str, said_at: datetime, going: Sequence[CallOut]) -> bool:
    """Somebody who is asked to come now and writes that they are away in three days."""
    ahead = heard.from_on is not None and heard.from_on >= _day_of(said_at + _AHEAD)
    called = all(each.kind == CallOut.Kind.CALL_OUT for each in going)
    read = understand(text, now=said_at.astimezone(clock.CHINA))
    return heard.state == "away" and ahead and called and read.meaning not in DECISIVE


def _was_asked_lately(persons: Sequence[UUID], said_at: datetime) -> bool:
    since = said_at - ANSWERS_WITHIN
    asked = Message.objects.filter(person__in=persons, queued_at__gt=since)
    return asked.filter(template__startswith=PREFIX).exists()


def _take(member: Member, heard: Heard, said_at: datetime) -> str:
    from_at = _midnight(heard.from_on) if heard.from_on else None
    until_at = _midnight(heard.until_on + timedelta(days=1)) if heard.until_on else None
    if _is_known(member, heard.state, from_at, until_at, said_at):
        return "taken"
    try:
        tell_availability(
            by=system_actor("honghui messages work"),
            member=member,
            state=heard.state,
            from_at=from_at,
            until_at=until_at,
            source="message",
            told_at=said_at,
            confirm={language: days_said(heard, language) for language in ("zh", "en")},
        )
    except Invalid:
        # It came so late that those days are over.
        return "person"
    return "taken"


def _is_known(
    member: Member,
    state: str,
    from_at: datetime | None,
    until_at: datetime | None,
    said_at: datetime,
) -> bool:
    """Sent twice: what they said last is the same. They got their answer then."""
    told = Availability.objects.filter(person=member.person_id, told_at__lte=said_at)
    last = told.order_by("-told_at", "-pk").first()
    if last is None or last.source != "message" or (last.state, last.until_at) != (state, until_at):
        return False
    return last.from_at == from_at if from_at else last.from_at <= said_at


def _day_of(moment: datetime) -> date:
    return moment.astimezone(clock.CHINA).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.CHINA)
