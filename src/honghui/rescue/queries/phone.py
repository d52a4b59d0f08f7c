"""What a phone shows: the missions of a leader's teams, one mission as steps, a responder's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from honghui.callouts.models import Invitation
from honghui.kernel.actors import Actor
from honghui.registry.access import societies_where
from honghui.registry.naming import local_name
from honghui.registry.permissions import LEAD_MISSIONS
from honghui.registry.queries.desk import Task
from honghui.rescue.following import standing_of
from honghui.rescue.links import responder_for
from honghui.rescue.models import Batch, Mission, Responder
from honghui.rescue.models import Task as MissionTask
from honghui.rescue.queries.incidents import marked_title, place_text
from honghui.rescue.rules.missions import KINDS, next_step
from honghui.rescue.words.missions import BUTTONS, GRAVE, OWN_BUTTONS, STATES
from honghui.sync.cards import Card

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

MISSIONS_MOST = 30
_OVER = ("closed", "declined", "cancelled")


@dataclass(frozen=True)
class Step:
    """One button of the way. `batch`: of which batch, None for the whole team. `is_next`: the big
    one. `done_at`: told already. `asks_people`: with the count of those who travel."""

    kind: str
    batch: int | None
    words: _StrOrPromise
    is_next: bool = False
    done_at: datetime | None = None
    asks_people: bool = False


@dataclass(frozen=True)
class OnPhone:
    """`flagged`: how many should be looked at before the wheels turn."""

    mission: Mission
    steps: Sequence[Step]
    batches: Sequence[Batch]
    tasks: Sequence[MissionTask]
    coming: int
    flagged: int

    @property
    def next(self) -> Step | None:
        return next((each for each in self.steps if each.is_next), None)

    @property
    def others(self) -> Sequence[Step]:
        return [each for each in self.steps if not each.is_next]


def missions_to_lead(by: Actor) -> QuerySet[Mission]:
    """Of the teams of the societies in which this actor leads; those that go on, newest first."""
    codes = societies_where(by, LEAD_MISSIONS)
    return (
        Mission.objects.filter(team__society__in=codes)
        .exclude(Q(state__in=_OVER) | Q(incident__state="closed", state="asked"))
        .select_related("incident", "team__society")
        .order_by("-opened_at", "-id")
    )


def cards(by: Actor) -> list[Card]:
    """For the field's first page. One query."""
    if not societies_where(by, LEAD_MISSIONS):
        return []
    found = []
    for each in missions_to_lead(by)[:MISSIONS_MOST]:
        shape, words = STATES[each.state]
        found.append(
            Card(
                title=marked_title(each.incident),
                detail=f"{local_name(each.team)} · {place_text(each.incident)}".strip(" ·"),
                url=reverse("field_mission", args=[each.pk]),
                button=_("Open the mission"),
                state=shape if shape in ("used", "way", "half", "now", "off") else "",
                state_words=words if shape in ("used", "way", "half", "now", "off") else "",
                urgent=each.state not in ("asked", "back"),
            )
        )
    return found


def waiting_for(by: Actor) -> list[Task]:
    """Missions that go on, for the desk of whoever leads them. One query."""
    if not societies_where(by, LEAD_MISSIONS):
        return []
    going = missions_to_lead(by).exclude(state__in=("asked", "back"))
    return [_going(each) for each in going[:MISSIONS_MOST]]


def _going(mission: Mission) -> Task:
    shape, words = STATES[mission.state]
    return Task(
        kind=_("Mission"),
        subject=marked_title(mission.incident),
        detail=local_name(mission.team),
        url=reverse("mission", args=[mission.pk]),
        state=shape,
        state_words=words,
    )


def on_phone(mission: Mission) -> OnPhone:
    """Four queries."""
    standing = standing_of(mission)
    batches = list(mission.batches.all())
    people = list(mission.responders.only("state", "flags"))
    tasks = list(mission.tasks.filter(done_at__isnull=True))
    following = next_step(mission.state)
    steps = []
    for kind in KINDS:
        done_at, is_next = standing.first(kind), kind == following
        if kind == "arrived":
            there = sum(("batch", each.number) in standing.counting for each in batches)
            words = _("Another batch is there") if there else _("The first batch is there")
            steps.append(Step(kind, there + 1, words, is_next and not there, None, True))
            is_next = is_next and bool(there)
        steps.append(Step(kind, None, BUTTONS[kind], is_next, done_at, kind == "departed"))
    return OnPhone(
        mission=mission,
        steps=steps,
        batches=batches,
        tasks=tasks,
        coming=sum(each.state in ("coming", "departed", "there") for each in people),
        flagged=sum(bool(GRAVE.intersection(each.flags)) for each in people),
    )


# ── a responder's own page ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Own:
    """`steps`: what they may tell of themselves, the next one first marked."""

    invitation: Invitation
    responder: Responder | None
    steps: Sequence[Step]

    @property
    def next(self) -> Step | None:
        return next((each for each in self.steps if each.is_next), None)


def own_page(invitation: Invitation) -> Own:
    """Two queries."""
    responder = responder_for(invitation)
    if responder is None:
        return Own(invitation, None, ())
    told = {
        "departed": responder.departed_at,
        "arrived": responder.arrived_at,
        "left": responder.left_at,
        "back": responder.back_at,
    }
    reached = [kind for kind, at in told.items() if at]
    last = list(told).index(reached[-1]) if reached else -1
    steps = [
        Step(kind, None, OWN_BUTTONS[kind], place == last + 1, at)
        for place, (kind, at) in enumerate(told.items())
    ]
    return Own(invitation, responder, steps)
