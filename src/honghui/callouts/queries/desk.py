"""Lists of the desk: call-outs, the inbox, what waits for whoever calls out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from honghui.callouts import access
from honghui.callouts.forms import SettleForm
from honghui.callouts.models import CallOut, Invitation
from honghui.kernel.actors import Actor
from honghui.messaging.models import Incoming
from honghui.registry.access import societies_where
from honghui.registry.naming import local_text
from honghui.registry.permissions import CALL_OUT as CALL
from honghui.registry.queries.desk import WAITING_MAX, Task

INBOX_MAX = 100


def listed(by: Actor) -> QuerySet[CallOut]:
    """Those that this actor may see, open ones first, newest first, with their numbers."""
    return (
        access.call_outs(by)
        .annotate(
            coming=Count("invitations", filter=Q(invitations__state="coming")),
            asked=Count("invitations", filter=~Q(invitations__state="reserve")),
        )
        .order_by("-drafted_at", "-id")
    )


@dataclass(frozen=True)
class Guess:
    """Whose answer it may be, and to which call-out."""

    invitation: Invitation
    is_likely: bool
    form: SettleForm = field(default_factory=SettleForm)


@dataclass(frozen=True)
class Unread:
    """One answer that nobody could make out. `text`: None if it can no longer be opened."""

    incoming: Incoming
    text: str | None
    guesses: Sequence[Guess]
    form: SettleForm


def waiting_incomings(by: Actor) -> QuerySet[Incoming]:
    return access.incomings(by).filter(state__in=[Incoming.State.UNCLEAR, Incoming.State.UNKNOWN])


def guesses_for(by: Actor, incomings: Sequence[Incoming]) -> dict[UUID, list[Guess]]:
    """By incoming: the one that its message names, else everything that those persons were asked
    and that is open, newest first. Two queries. A call-out of another society is not shown; that
    there is one leaves in doubt which is meant."""
    named = {each.message.about for each in incomings if each.message is not None}
    persons = {one for each in incomings for one in each.persons}
    asked = Invitation.objects.filter(
        Q(pk__in=named)
        | (Q(person__in=persons, call_out__state="open") & ~Q(state=Invitation.State.RESERVE))
    )
    rows = list(asked.select_related("person", "call_out__society").order_by("-call_out__sent_at"))
    by_id = {one.pk: one for one in rows}
    by_person: dict[UUID, list[Invitation]] = defaultdict(list)
    for one in rows:
        by_person[one.person_id].append(one)
    seen = set(access.call_outs(by).filter(invitations__in=by_id).values_list("pk", flat=True))
    found: dict[UUID, list[Guess]] = {}
    for each in incomings:
        told = by_id.get(each.message.about) if each.message else None
        if told is not None:
            guesses = [Guess(told, is_likely=True)]
        else:
            several = [one for person in each.persons for one in by_person[person]]
            guesses = [Guess(one, is_likely=len(several) == 1) for one in several]
        found[each.pk] = [one for one in guesses if one.invitation.call_out_id in seen]
    return found


def waiting_for(by: Actor) -> list[Task]:
    """The inbox as one urgent thing; each call-out that is short of people; each draft that nobody
    sent. Two queries."""
    if not societies_where(by, CALL):
        return []
    tasks = []
    unread = waiting_incomings(by)[: WAITING_MAX + 1].count()
    if unread:
        tasks.append(
            Task(
                kind=_("Call-out"),
                subject=ngettext(
                    "%(count)s answer that nobody could make out",
                    "%(count)s answers that nobody could make out",
                    unread,
                )
                % {"count": unread},
                detail=_("Somebody may be on the way, or not"),
                url=reverse("call_out_inbox"),
                state="now",
                state_words=_("Read it now"),
            )
        )
    going = access.call_outs(by).filter(
        Q(state=CallOut.State.DRAFT) | Q(state=CallOut.State.OPEN, is_enough=False),
        society__in=societies_where(by, CALL),
    )
    came = Count("invitations", filter=Q(invitations__state=Invitation.State.COMING))
    rows = going.annotate(coming=came).order_by("-is_exhausted", "-drafted_at", "-id")
    return tasks + [_going(one) for one in rows[:WAITING_MAX]]


def _going(one: Any) -> Task:
    """A call-out that is short of people, or was drafted and never sent."""
    title = local_text(one.title, one.title_en)
    detail = _("%(coming)s of %(wanted)s come") % {"coming": one.coming, "wanted": one.wanted}
    state, state_words = "half", _("Waits for answers")
    if one.state == CallOut.State.DRAFT:
        detail, state_words = _("Nobody was told yet."), _("Look at the cost, then send")
    elif one.is_exhausted:
        detail = _("Too few come, and nobody is left to ask")
        state, state_words = "now", _("Call others")
    return Task(
        kind=_("Call-out"),
        subject=f"{_('Drill')} · {title}" if one.is_drill else title,
        detail=detail,
        url=one.get_absolute_url(),
        state=state,
        state_words=state_words,
    )
