"""Asking people and telling them: a step of the actions, in their transaction.

The one hard idea: where an invitation stands and the messages that follow from it are written
together. A worker that dies in between leaves neither, and its successor does the step once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import override

from honghui.callouts import wordings
from honghui.callouts.listening import passed_over, tell_invited
from honghui.callouts.models import CallOut, Invitation
from honghui.callouts.rules import (
    CHANNELS,
    Moves,
    channels_of_step,
    is_reminder,
    next_moves,
    ways_to_tell,
)
from honghui.kernel import clock, subject_keys
from honghui.kernel.actors import Actor
from honghui.messaging.models import Message, Preference
from honghui.messaging.reaching import reach_of
from honghui.messaging.sending import Draft, queue_messages
from honghui.registry.naming import local_text

_NO_WAYS: Mapping[UUID, Sequence[str]] = {}
_GONE = {Message.State.FAILED, Message.State.STOPPED, Message.State.CANCELLED}


def ask(
    by: Actor, call_out: CallOut, invitations: Sequence[Invitation], *, template: str = ""
) -> None:
    """Tries the next way on each of them. A constant number of queries."""
    for step in sorted({one.step + 1 for one in invitations}):
        _ask(by, call_out, [one for one in invitations if one.step + 1 == step], step, template)


def _ask(
    by: Actor, call_out: CallOut, invitations: list[Invitation], step: int, template: str
) -> None:
    chosen = template or template_of(call_out, step)
    messages = queue_messages(
        by=by,
        society_code=call_out.society_id,
        drafts=drafts_for(call_out, invitations, chosen, step=step),
        is_urgent=call_out.is_urgent,
        is_drill=call_out.is_drill,
    )
    due = next_tries(messages, timedelta(minutes=call_out.patience_minutes))
    now = clock.machine_now()
    together: dict[datetime, list[UUID]] = defaultdict(list)
    for one in invitations:
        one.state, one.step = Invitation.State.ASKED, step
        one.asked_at = one.asked_at or clock.now()
        one.next_at = due.get(one.pk, now)
        one.eta_at = None
        together[one.next_at].append(one.pk)
    for next_at, ids in together.items():
        rows = Invitation.objects.filter(pk__in=ids)
        rows.update(state=Invitation.State.ASKED, step=step, next_at=next_at, eta_at=None)
    fresh = Invitation.objects.filter(pk__in=[one.pk for one in invitations], asked_at=None)
    fresh.update(asked_at=clock.now())
    if step == 1:
        tell_invited(invitations)


def next_tries(messages: Sequence[Message], patience: timedelta) -> dict[UUID, datetime]:
    """By invitation: when the next way is due. One whose messages all failed has no row: at once.
    A message that waits for quiet hours to end is waited for."""
    due: dict[UUID, datetime] = {}
    for message in messages:
        if message.state not in _GONE:
            at = message.due_at + patience
            due[message.about] = max(at, due.get(message.about, at))
    return due


def template_of(call_out: CallOut, step: int) -> str:
    if is_reminder(call_out.channels, step):
        return wordings.REMINDER
    is_stand_by = call_out.kind == CallOut.Kind.STAND_BY
    return wordings.STAND_BY if is_stand_by else wordings.ASKED


def tell(by: Actor, call_out: CallOut, invitations: Sequence[Invitation], template: str) -> None:
    """Says something that asks for no answer: on the ways that are read, and where none of these
    reaches somebody, by one that does."""
    people = {one.person_id for one in invitations}
    reach = reach_of(people, CHANNELS)
    ways = {
        one.pk: ways_to_tell(call_out.channels, reach.ways(one.person_id, CHANNELS))
        for one in invitations
    }
    queue_messages(
        by=by,
        society_code=call_out.society_id,
        drafts=drafts_for(call_out, invitations, template, ways=ways),
        is_urgent=call_out.is_urgent,
        is_drill=call_out.is_drill,
    )


def drafts_for(
    call_out: CallOut,
    invitations: Sequence[Invitation],
    template: str,
    *,
    step: int = 1,
    ways: Mapping[UUID, Sequence[str]] = _NO_WAYS,
) -> list[Draft]:
    """One for each of them and each way of this step, in the language they prefer. Two queries.
    ways: by invitation, where they are not the step's."""
    prefer = Preference.objects.filter(person__in=[one.person_id for one in invitations])
    languages = dict(prefer.values_list("person_id", "language"))
    values = {language: values_of(call_out, template, language) for language in ("zh", "en")}
    tokens = tokens_of(invitations) if template in wordings.ASKING else {}
    of_step = channels_of_step(call_out.channels, step)
    drafts = []
    for one in invitations:
        language = languages.get(one.person_id, "zh")
        for channel in ways.get(one.pk, of_step):
            drafts.append(
                Draft(
                    person_id=one.person_id,
                    channel=channel,
                    template=template,
                    values=values[language],
                    about=one.pk,
                    link=answer_path(tokens[one.pk], language) if one.pk in tokens else "",
                )
            )
    return drafts


def tokens_of(invitations: Sequence[Invitation]) -> dict[UUID, str]:
    """The tokens of their links, by invitation; of who was erased, none. One query."""
    keys = subject_keys.keys_of({one.person_id for one in invitations})
    with subject_keys.at_hand(keys):
        found = {one.pk: one.token for one in invitations if one.person_id in keys}
    return {pk: token for pk, token in found.items() if token}


def answer_path(token: str, language: str = "zh") -> str:
    with override("en" if language == "en" else "zh-hans"):
        return reverse("answer", args=[token])


def values_of(call_out: CallOut, template: str, language: str) -> dict[str, str]:
    society = call_out.society
    every = {
        "society": society.name_en if language == "en" else society.name,
        "title": local_text(call_out.title, call_out.title_en, language),
        "place": local_text(call_out.place, call_out.place_en, language),
    }
    return {name: every[name] for name in wordings.variables_of(template)}


def moves_of(call_out: CallOut, invitations: Sequence[Invitation]) -> Moves:
    """What is to be done now, by the machine's clock. Hours may have gone by since the reserve was
    put in order: who is away, or on a mission, by now is passed over."""
    moves = _moves(call_out, invitations)
    if not moves.invite:
        return moves
    over = passed_over([one for one in invitations if one.state == Invitation.State.RESERVE])
    if not over.intersection(moves.invite):
        return moves
    return _moves(call_out, [one for one in invitations if one.pk not in over])


def _moves(call_out: CallOut, invitations: Sequence[Invitation]) -> Moves:
    return next_moves(
        invitations,
        wanted=call_out.wanted,
        now=clock.machine_now(),
        patience=timedelta(minutes=call_out.patience_minutes),
    )


def soonest(invitations: Sequence[Invitation]) -> datetime | None:
    """When the next of those who were asked is tried another way."""
    asked = [one.next_at for one in invitations if one.state == Invitation.State.ASKED]
    return min((at for at in asked if at is not None), default=None)


def touch(call_out: CallOut, **values: object) -> None:
    """Writes these values, and that pages of it are to be drawn anew."""
    CallOut.objects.filter(pk=call_out.pk).update(revision=F("revision") + 1, **values)
    for name, value in values.items():
        setattr(call_out, name, value)
    call_out.revision += 1


def look_again_at(call_out: CallOut, at: datetime | None) -> None:
    """Nothing is due: nothing happens, and no page changes."""
    CallOut.objects.filter(pk=call_out.pk).update(next_step_at=at)


def note_failed(messages: Sequence[Message]) -> None:
    """Messages that ended without arriving. Whoever has none left on the way is not waited for: the
    next way, or the next person, is tried at once."""
    ids = {message.about for message in messages}
    alive = Message.objects.filter(about__in=ids).exclude(state__in=_GONE)
    waited_for = set(alive.values_list("about", flat=True))
    asked = Invitation.objects.filter(
        pk__in=ids - waited_for, state=Invitation.State.ASKED, call_out__state=CallOut.State.OPEN
    )
    # The call-out first, as everywhere: whoever answers just now, or ends it, is waited for.
    going = CallOut.objects.select_for_update().filter(
        pk__in=set(asked.values_list("call_out_id", flat=True)), state=CallOut.State.OPEN
    )
    open_ones = [one.pk for one in going.order_by("pk")]
    now = clock.machine_now()
    asked.filter(call_out__in=open_ones).update(next_at=now)
    CallOut.objects.filter(pk__in=open_ones).update(next_step_at=now)
