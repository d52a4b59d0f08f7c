"""Reads for the desk: the outbox, one message with all that was told of it, answers, templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from honghui.kernel import clock, subject_keys
from honghui.kernel.actors import Actor
from honghui.messaging import access
from honghui.messaging.declaring import DECLARED, rendered, signed
from honghui.messaging.models import (
    ChatAccount,
    Handover,
    Incoming,
    Message,
    Preference,
    PushSubscription,
    Receipt,
    Template,
)
from honghui.messaging.opening import ACCOUNT_CONTEXT, text_of_reply
from honghui.messaging.sending import values_of
from honghui.registry.models import Person

WAITS = (Incoming.State.UNCLEAR, Incoming.State.UNKNOWN)
GROUPS = {
    "waits": ("queued", "held", "sending", "unsure"),
    "sent": ("sent", "delivered"),
    "failed": ("failed", "stopped", "cancelled"),
    "local": ("local",),
}
HIDDEN_TOKEN = "…"


@dataclass(frozen=True)
class Month:
    """What the messages since the first of this month came to."""

    messages: int
    arrived: int
    cost_fen: int
    began_at: datetime


def outbox(by: Actor, *, group: str = "", channel: str = "") -> QuerySet[Message]:
    """The newest first."""
    found = access.messages(by)
    if group in GROUPS:
        found = found.filter(state__in=GROUPS[group])
    if channel:
        found = found.filter(channel=channel)
    return found.order_by("-queued_at", "-id")


def month(by: Actor) -> Month:
    now = clock.now()
    began = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = access.messages(by).filter(queued_at__gte=began)
    sums = found.aggregate(
        messages=Count("id"), arrived=Count("id", filter=Q(state="delivered")), fen=Sum("cost_fen")
    )
    return Month(sums["messages"], sums["arrived"], sums["fen"] or 0, began)


def text_of(message: Message, *, with_link: bool) -> str | None:
    """What this person got or is to get; None once their key was destroyed. The token of a link
    answers for them, so it is shown to nobody but whoever reads it out in place of a gateway."""
    key = subject_keys.keys_of([message.person_id]).get(message.person_id)
    values = values_of(message, key)
    if values is None or message.template not in DECLARED:
        return None
    if values.get("token") and not with_link:
        values["token"] = HIDDEN_TOKEN
    text = rendered(
        message.template, message.language, message.channel, values, is_drill=message.is_drill
    )
    return signed(text, message.society_id) if message.channel == "sms" else text


@dataclass(frozen=True)
class Reviewed:
    """Templates of one way: those to be looked at first, then by name; and how many there are of
    each state, drills and other ways included."""

    rows: list[Template]
    states: dict[str, int]


def templates(by: Actor, *, channel: str, drills: bool) -> Reviewed:
    every = list(access.templates(by))
    order = ["rejected", "new", "submitted"]
    shown = [
        each
        for each in every
        if each.state == Template.State.REJECTED
        or (each.channel == channel and each.code.endswith(".drill") == drills)
    ]
    shown.sort(key=lambda each: order.index(each.state) if each.state in order else len(order))
    # A plain dictionary: a Counter answers a template's "items" with 0.
    return Reviewed(shown, dict(Counter(each.state for each in every)))


@dataclass(frozen=True)
class Step:
    """One thing that happened to a message. kind: queued, begun, answered, asked, receipt, reply,
    ended; of the machine's time, as they were written down."""

    kind: str
    at: datetime
    receipt: Receipt | None = None
    handover: Handover | None = None
    reply: Incoming | None = None


def steps_of(message: Message) -> list[Step]:
    """In the order in which they came to be known. Four queries."""
    steps = [Step("queued", message.queued_at)]
    for each in Handover.objects.filter(message_ids__contains=[message.pk]).order_by("begun_at"):
        steps.append(Step("begun", each.begun_at, handover=each))
        if each.answered_at:
            steps.append(Step("answered", each.answered_at, handover=each))
    steps += [
        Step("receipt", each.received_at, receipt=each)
        for each in message.receipts.order_by("received_at", "id")
    ]
    replies = message.replies.order_by("received_at", "id").select_related("society")
    steps += [Step("reply", each.received_at, reply=each) for each in replies]
    return [steps[0], *sorted(steps[1:], key=lambda step: step.at)]


@dataclass(frozen=True)
class Read:
    """An answer and what it says; text: None once it cannot be opened any more."""

    row: Incoming
    text: str | None


def replies(by: Actor, *, only_waiting: bool) -> QuerySet[Incoming]:
    found = access.incoming(by)
    if only_waiting:
        found = found.filter(state__in=WAITS)
    return found.order_by("-received_at", "-id")


def read(rows: Iterable[Incoming]) -> list[Read]:
    """With their texts. One query for all keys."""
    those = list(rows)
    keys = subject_keys.keys_of({each.person_id for each in those if each.person_id})
    found = []
    for each in those:
        key = keys.get(each.person_id) if each.person_id else None
        opens = each.person_id is None or key is not None
        found.append(Read(each, text_of_reply(each, key) if opens else None))
    return found


def waiting_replies(by: Actor) -> int:
    return access.incoming(by).filter(state__in=WAITS).count()


@dataclass(frozen=True)
class Reach:
    """How somebody can be reached: what they prefer, and what is on file for it."""

    preference: Preference
    has_phone: bool
    browsers: int
    accounts: dict[str, str]
    is_default: bool


def reach_of(person: Person) -> Reach:
    found = Preference.objects.filter(person=person).first()
    accounts = {
        each.channel: subject_keys.open_for(person.pk, each.user_id_sealed, ACCOUNT_CONTEXT) or ""
        for each in ChatAccount.objects.filter(person=person)
    }
    return Reach(
        preference=found or Preference(person=person, changed_at=clock.now()),
        has_phone=person.phone_sealed is not None,
        browsers=PushSubscription.objects.filter(person=person, ended_at=None).count(),
        accounts=accounts,
        is_default=found is None,
    )


def stopped_of(person_ids: Sequence[UUID]) -> set[UUID]:
    """Those who want no messages: for any page that lists people to be called."""
    rows = Preference.objects.filter(person__in=person_ids, stopped_at__isnull=False)
    return set(rows.values_list("person_id", flat=True))
