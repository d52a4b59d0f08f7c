"""What waits for somebody, and what they did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from honghui.journal.models import Act
from honghui.kernel.actors import Actor
from honghui.registry import access, naming
from honghui.registry.models import (
    Organisation,
    OrganisationPair,
    Person,
    PersonPair,
    RoleGrant,
)
from honghui.registry.models.organisations import Pair
from honghui.registry.permissions import RESOLVE_DUPLICATES, SEE_ACTS

WAITING_MAX = 100
_RANKS = {"now": 0, "half": 1}


@dataclass(frozen=True)
class Task:
    """One row of "waiting for me"."""

    kind: object
    subject: str
    detail: str
    url: str
    state: str
    state_words: object


# Each job's own question: what of yours waits for this actor? Apps add theirs when they are ready.
SOURCES: list[Callable[[Actor], list[Task]]] = []


def waiting_for(by: Actor) -> list[Task]:
    """Of all jobs; what is overdue first, then those needing their second eyes."""
    tasks = [*pairs_waiting_for(by), *(task for source in SOURCES for task in source(by))]
    return sorted(tasks, key=lambda task: _RANKS.get(task.state, 2))


def pairs_waiting_for(by: Actor) -> list[Task]:
    """Open pairs this actor may decide; those needing their second eyes first. Two queries."""
    if not access.societies_where(by, RESOLVE_DUPLICATES):
        return []
    still_open = ["found", "proposed"]
    people = access.person_pairs(by).filter(state__in=still_open)
    firms = access.organisation_pairs(by).filter(state__in=still_open)
    pairs: list[Pair] = [
        *people.select_related("first", "second", "proposed_by")[:WAITING_MAX],
        *firms.select_related("first", "second", "proposed_by")[:WAITING_MAX],
    ]
    tasks = [pair_task(pair, by) for pair in pairs]
    return sorted(tasks, key=lambda task: task.state != "half")


def pair_task(pair: Pair, by: Actor) -> Task:
    assert isinstance(pair, PersonPair | OrganisationPair)
    kind = pair_kind(pair)
    mine = pair.proposed_by is not None and pair.proposed_by.person_id == by.person_id
    states = {"found": "held", "proposed": "way" if mine else "half", "merged": "used"}
    return Task(
        kind=naming.PAIR_KINDS[kind],
        subject=" · ".join(_label(each) for each in (pair.first, pair.second)),
        detail=" · ".join(str(naming.PAIR_SIGNS[sign]) for sign in pair.signs),
        url=pair_url(pair),
        state=states.get(pair.state, "off"),
        state_words=naming.PAIR_STATES[pair.state],
    )


def _label(one: Person | Organisation) -> str:
    return naming.local_name(one) if isinstance(one, Organisation) else one.name


def pair_kind(pair: Pair) -> str:
    return "person" if isinstance(pair, PersonPair) else "organisation"


def pair_url(pair: Pair) -> str:
    return reverse("duplicate", args=[pair_kind(pair), pair.pk])


def done_by(by: Actor) -> QuerySet[Act]:
    """The acts of this account, newest first."""
    return Act.objects.filter(actor_id=by.account_id).order_by("-id")


def acts_seen_by(by: Actor) -> QuerySet[Act]:
    """Acts of the societies this actor may audit, and what the accounts that hold a role there
    did outside any society (signing in, being refused, being locked out)."""
    codes = access.societies_where(by, SEE_ACTS)
    held = RoleGrant.objects.filter(society__in=codes)
    theirs = Q(actor_id__in=held.values("account_id")) | Q(
        object_type="registry.account",
        object_id__in=held.values(as_text=Cast("account_id", CharField())),
    )
    return Act.objects.filter(Q(society_code__in=codes) | Q(society_code="") & theirs).order_by(
        "-id"
    )
