"""Whom a message about their mission did not reach, so that somebody calls them; for the page of a
mission and for "waiting for me"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.messaging.models import Message
from honghui.messaging.words import REASONS
from honghui.registry.access import may, societies_where
from honghui.registry.naming import local_name
from honghui.registry.permissions import LEAD_MISSIONS, SHOW_IDENTITY
from honghui.registry.queries.desk import Task as Waiting
from honghui.rescue import wordings
from honghui.rescue.models import Mission, Responder
from honghui.rescue.queries.incidents import marked_title
from honghui.rescue.queries.missions import Person
from honghui.rescue.reaching import GONE, OUT

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# Whoever was not called within two days was found some other way, or is no longer looked for here.
WAITS_FOR = timedelta(days=2)
_OVER = (Mission.State.BACK, Mission.State.CLOSED, Mission.State.DECLINED)


@dataclass(frozen=True)
class Lost:
    """Somebody to call. `phone_tail`: "" where the reader may not know it; `number_url`: the page
    that shows the number for a reason, "" where they may not ask for it."""

    person: Person
    reasons: Sequence[_StrOrPromise]
    phone_tail: str
    number_url: str


def not_reached(by: Actor, mission: Mission, people: Iterable[Person]) -> list[Lost]:
    """Of those who are out: whoever got none of the messages that were sent last. One query."""
    those = {one.responder.person_id: one for one in people if one.responder.state in OUT}
    failed = _failed([mission.pk], those)
    shows = may(by, SHOW_IDENTITY, mission.team.society_id)
    found = []
    for (_mission, person_id), messages in failed.items():
        person = those[person_id]
        sees = bool(person.name)
        found.append(
            Lost(
                person=person,
                reasons=list(dict.fromkeys(REASONS.get(one.reason, "") for one in messages)),
                phone_tail=person.responder.person.phone_tail if sees else "",
                number_url=reverse("person_identity", args=[person_id]) if sees and shows else "",
            )
        )
    return sorted(found, key=lambda one: one.person.number)


def waiting_for(by: Actor) -> list[Waiting]:
    """Missions of which somebody is to be called. Three queries."""
    codes = societies_where(by, LEAD_MISSIONS)
    if not codes:
        return []
    lately = Message.objects.filter(
        template__in=wordings.ALL, society__in=_leading(codes), state__in=GONE,
        queued_at__gt=clock.now() - WAITS_FOR,
    )  # fmt: skip
    ids = set(lately.values_list("about", flat=True))
    if not ids:
        return []
    out = Responder.objects.filter(
        mission__in=ids, mission__team__society__in=codes, state__in=OUT
    ).exclude(mission__state__in=_OVER)
    rows = list(out.select_related("mission__team", "mission__incident"))
    failed = _failed({one.mission_id for one in rows}, {one.person_id for one in rows})
    missions: dict[UUID, list[Responder]] = defaultdict(list)
    for one in rows:
        if (one.mission_id, one.person_id) in failed:
            missions[one.mission_id].append(one)
    return [_row(those) for those in missions.values()]


def _leading(codes: frozenset[str]) -> set[str]:
    """The societies that send: of a team of ours, whoever leads its incident."""
    theirs = Mission.objects.filter(team__society__in=codes)
    return {*codes, *theirs.values_list("incident__society", flat=True)}


def _row(those: Sequence[Responder]) -> Waiting:
    mission, count = those[0].mission, len(those)
    return Waiting(
        kind=_("Not reached"),
        subject=f"{local_name(mission.team)} · {marked_title(mission.incident)}",
        detail=ngettext("%(n)s person to call", "%(n)s people to call", count) % {"n": count},
        url=reverse("mission", args=[mission.pk]) + "#not-reached",
        state="now",
        state_words=_("No message reached them"),
    )


def _failed(
    missions: Collection[UUID], people: Collection[UUID]
) -> dict[tuple[UUID, UUID], list[Message]]:
    """(mission, person) -> the messages of what was said last, if none of them got through."""
    rows = Message.objects.filter(
        about__in=missions, person__in=list(people), template__in=wordings.ALL
    ).order_by("queued_at", "id")
    last: dict[tuple[UUID, UUID], list[Message]] = {}
    for each in rows:
        those = last.get((each.about, each.person_id), [])
        is_same = bool(those) and wordings.family(those[0].template) == wordings.family(
            each.template
        )
        last[each.about, each.person_id] = [*those, each] if is_same else [each]
    return {key: those for key, those in last.items() if all(one.state in GONE for one in those)}
