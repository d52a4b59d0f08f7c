"""What waits, for the worker: locked, and what another holds is passed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from honghui.kernel import clock
from honghui.messaging.declaring import Wording
from honghui.messaging.models import Arrival, Handover, Message, Preference, Template

WAITING = (Message.State.QUEUED, Message.State.HELD)
UNDER_WAY = (Message.State.SENDING, Message.State.UNSURE)
_DAY = timedelta(days=1)


_ANYTHING = """
    SELECT EXISTS (SELECT 1 FROM messaging_message
            WHERE state IN ('queued', 'held') AND due_at <= %(now)s)
        OR EXISTS (SELECT 1 FROM messaging_arrival
            WHERE handled_at IS NULL AND next_try_at <= %(now)s)
        OR EXISTS (SELECT 1 FROM messaging_handover WHERE next_ask_at <= %(now)s)
"""


def is_anything_due() -> bool:
    """One cheap look, ten times a second: most of them find nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_ANYTHING, {"now": clock.machine_now()})
        return bool(cursor.fetchone()[0])


def due_batch(limit_of: dict[str, int]) -> list[Message]:
    """Messages that go out together now: one channel, one text; urgent ones first. Two queries.
    limit_of: by channel."""
    now = clock.machine_now()
    due = Message.objects.filter(state__in=WAITING, due_at__lte=now)
    due = due.order_by("-is_urgent", "due_at", "id")
    first = due.select_for_update(skip_locked=True).first()
    if first is None:
        return []
    alike = due.filter(
        channel=first.channel,
        template=first.template,
        language=first.language,
        is_drill=first.is_drill,
    )
    return list(alike.select_for_update(skip_locked=True)[: limit_of[first.channel]])


def still_waiting(ids: Collection[UUID]) -> list[Message]:
    """Those of them that nobody else has taken meanwhile."""
    rows = Message.objects.select_for_update(skip_locked=True)
    return list(rows.filter(pk__in=ids, state__in=WAITING).order_by("id"))


def stopped_among(person_ids: Collection[UUID]) -> set[UUID]:
    rows = Preference.objects.filter(person__in=person_ids, stopped_at__isnull=False)
    return set(rows.values_list("person_id", flat=True))


def template_of(wording: Wording) -> Template | None:
    return Template.objects.filter(
        code=wording.code,
        language=wording.language,
        channel=wording.channel,
        body=wording.body,
    ).first()


# Whoever has the same phone counts: the limit is the number's.
_SENT = """
    WITH asked AS (SELECT id, phone_hash FROM registry_person WHERE id = ANY(%s)),
    same AS (
        SELECT id AS asked, id FROM asked
        UNION SELECT a.id, p.id FROM asked a JOIN registry_person p USING (phone_hash)
    )
    SELECT same.asked, h.begun_at FROM same
    JOIN messaging_message m ON m.person_id = same.id AND m.channel = 'sms'
        AND m.state IN ('sending', 'unsure', 'sent', 'delivered')
    JOIN messaging_handover h ON h.id = m.handover_id AND h.begun_at > %s
"""


def sent_lately(person_ids: Sequence[UUID]) -> dict[UUID, list[datetime]]:
    """When each of these persons' numbers got text messages within a day. One query."""
    found: dict[UUID, list[datetime]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [list(set(person_ids)), clock.machine_now() - _DAY])
        for person_id, begun_at in cursor.fetchall():
            found[person_id].append(begun_at)
    return found


def handover_to_ask() -> Handover | None:
    """One of which nobody knows what became, and that is due to be asked about; locked."""
    return (
        Handover.objects.select_for_update(skip_locked=True)
        .filter(next_ask_at__lte=clock.machine_now())
        .order_by("next_ask_at")
        .first()
    )


def under_way(handover: Handover) -> list[Message]:
    """Not locked: a gateway that is slow to say must keep no answer and no receipt waiting. What
    is noted then changes only what is under way still."""
    rows = Message.objects.filter(handover=handover, state__in=UNDER_WAY)
    return list(rows.order_by("id"))


def arrivals(limit: int) -> QuerySet[Arrival]:
    return (
        Arrival.objects.select_for_update(skip_locked=True)
        .filter(handled_at=None, next_try_at__lte=clock.machine_now())
        .order_by("next_try_at", "id")[:limit]
    )


def arrival_one(arrival_id: int) -> QuerySet[Arrival]:
    rows = Arrival.objects.select_for_update(skip_locked=True)
    return rows.filter(pk=arrival_id, handled_at=None)


def waiting_count() -> int:
    return Message.objects.filter(state__in=WAITING, due_at__lte=clock.machine_now()).count()


def waiting_seconds() -> float:
    """For how many seconds the oldest message that is due has waited, 0.0 when none does."""
    now = clock.machine_now()
    due = Message.objects.filter(state__in=WAITING, due_at__lte=now).order_by("due_at")
    oldest = due.values_list("first_due_at", flat=True).first()
    return (now - oldest).total_seconds() if oldest else 0.0
