"""Reads of missions: the page of one, the teams of an incident, what waits for somebody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from honghui.callouts.models import CallOut
from honghui.journal.models import Act
from honghui.kernel import subject_keys
from honghui.kernel.actors import Actor
from honghui.registry.access import may, societies_where
from honghui.registry.naming import local_name
from honghui.registry.permissions import LEAD_MISSIONS, SEE_INJURIES
from honghui.registry.queries.desk import Task as Waiting
from honghui.rescue import access
from honghui.rescue.actions.injuries import CARE_CONTEXT, INJURY_CONTEXT, TALK
from honghui.rescue.following import standing_of
from honghui.rescue.joining import FITNESS
from honghui.rescue.models import (
    Care,
    GearIssue,
    Hours,
    Incident,
    Injury,
    Mission,
    MissionVehicle,
    Photo,
    Position,
    Responder,
    Task,
    Team,
    Telling,
)
from honghui.rescue.queries.incidents import marked_title
from honghui.rescue.rules.missions import Standing, open_questions
from honghui.rescue.words.missions import GRAVE

POSITIONS_SHOWN = 40
OVER = (Mission.State.CLOSED, Mission.State.DECLINED, Mission.State.CANCELLED)


@dataclass(frozen=True)
class Person:
    """A responder as the page shows them. `name`: "" where the reader may not know it. `was`: what
    was found when they answered or were added, at `was_at`, and no longer holds."""

    responder: Responder
    name: str
    number: int
    was: Sequence[str] = ()
    was_at: datetime | None = None

    @property
    def is_grave(self) -> bool:
        """To be shown before the wheels turn."""
        is_going = self.responder.answer != "declined"
        return is_going and bool(GRAVE.intersection(self.responder.flags))


@dataclass(frozen=True)
class Ill:
    injury: Injury
    name: str
    what: str
    care: Sequence[tuple[Care, str]]


@dataclass(frozen=True)
class Shown:
    """Everything of one mission. `people`: in the order of joining, with names only for those who
    may. `hours` None: not this reader's business, `injuries` None: the same."""

    mission: Mission
    standing: Standing
    tellings: Sequence[Telling]
    questions: Sequence[Telling]
    people: Sequence[Person]
    counts: Mapping[str, int]
    vehicles: Sequence[MissionVehicle]
    issues: Sequence[GearIssue]
    tasks: Sequence[Task]
    positions: Sequence[Position]
    photos: Sequence[Photo]
    hours: Sequence[Hours] | None
    injuries: Sequence[Ill] | None


def shown(by: Actor, mission: Mission) -> Shown:
    """Eleven queries, and three for whoever may see injuries."""
    sees_names = by.is_system or access.may_see_names(by, mission.team)
    tellings = list(mission.tellings.select_related("batch", "told_by", "responder__person"))
    people = _people(mission, sees_names)
    hours = None
    if sees_names:
        rows = Hours.objects.filter(responder__mission=mission)
        hours = list(rows.select_related("responder__person", "confirmed_by"))
    return Shown(
        mission=mission,
        standing=standing_of(mission, tellings),
        tellings=tellings,
        questions=[each for each in tellings if is_question(each)],
        people=people,
        counts=Counter(each.responder.state for each in people),
        vehicles=list(mission.vehicles.select_related("vehicle")),
        issues=list(mission.gear_issues.select_related("gear")),
        tasks=list(mission.tasks.prefetch_related("results")),
        positions=positions_of(mission),
        photos=list(mission.photos.all()),
        hours=hours,
        injuries=_injuries(by, mission),
    )


def called_off(mission: Mission) -> CallOut | None:
    """The call-out that began it, if that was cancelled and its people are not home yet: whoever
    was under way was told to turn back. One query, or none."""
    if mission.call_out_id is None or mission.state in (*OVER, Mission.State.BACK):
        return None
    return CallOut.objects.filter(
        pk=mission.call_out_id, state=CallOut.State.CANCELLED, sent_at__isnull=False
    ).first()


def is_question(telling: Telling) -> bool:
    return open_questions(
        telling.flags,
        is_void=bool(telling.void_reason),
        is_settled=bool(telling.settled_reason),
    )


def positions_of(mission: Mission) -> list[Position]:
    """The newest of each who shares, newest first."""
    found: dict[object, Position] = {}
    for each in mission.positions.select_related("responder__person").order_by("-at", "-id"):
        found.setdefault(each.responder_id, each)
    return list(found.values())[:POSITIONS_SHOWN]


def _people(mission: Mission, sees_names: bool) -> list[Person]:
    rows = mission.responders.select_related("person", "batch", "member").order_by(
        "joined_at", "id"
    )
    found = _found_when_called(rows)
    people = []
    for number, each in enumerate(rows, 1):
        at, flags = found.get(str(each.pk), (None, ()))
        was = [flag for flag in flags if flag in FITNESS and flag not in each.flags]
        people.append(Person(each, each.person.name if sees_names else "", number, was, at))
    return people


def _found_when_called(rows: Iterable[Responder]) -> dict[str, tuple[datetime, list[str]]]:
    """By responder's id: when they last said that they come, or were added, and what was found
    then, as the journal has it."""
    acts = Act.objects.filter(
        object_type=Responder._meta.label_lower,
        object_id__in=[str(each.pk) for each in rows],
        verb__in=["rescue.responder.answered", "rescue.responder.added"],
    ).order_by("id")
    return {act.object_id: (act.at, act.after.get("flags", [])) for act in acts}


def _injuries(by: Actor, mission: Mission) -> list[Ill] | None:
    if not (by.is_system or may(by, SEE_INJURIES, mission.team.society_id)):
        return None
    rows = list(
        Injury.objects.filter(responder__mission=mission)
        .select_related("responder__person")
        .prefetch_related(Prefetch("care", Care.objects.order_by("at", "id")))
    )
    if not rows:
        return []
    keys = subject_keys.keys_of({each.responder.person_id for each in rows})
    with subject_keys.at_hand(keys):
        return [
            Ill(
                each,
                each.responder.person.name,
                _what(each.responder, each.what_sealed, INJURY_CONTEXT),
                [(one, _what(each.responder, one.what_sealed, CARE_CONTEXT))
                 for one in each.care.all()],
            )
            for each in rows
        ]  # fmt: skip


def _what(responder: Responder, sealed: Any, context: str) -> str:
    text = subject_keys.open_for(responder.person_id, sealed, context)
    if text is None:
        return gettext("no longer readable")
    return gettext("wants to talk to somebody") if text == TALK else text


# ── the teams of an incident ─────────────────────────────────────────────────────────────────


def teams_of(incident: Incident) -> QuerySet[Mission]:
    """With how many come or are there, and how many only if short. One query."""

    def count(*states: str) -> Count:
        return Count("responders", filter=Q(responders__state__in=states), distinct=True)

    return (
        incident.missions.select_related("team__society", "team__kind")
        .annotate(
            coming=count("coming", "departed", "there"),
            short=count("if_short"),
        )
        .order_by("opened_at", "id")
    )


def askable_teams(incident: Incident) -> QuerySet[Team]:
    """Active teams that are not in this incident yet."""
    there = incident.missions.exclude(state__in=["declined", "cancelled"]).values("team")
    return (
        Team.objects.filter(state=Team.State.ACTIVE)
        .exclude(pk__in=there)
        .select_related("society", "kind")
        .order_by("society_id", "code")
    )


# ── what waits ───────────────────────────────────────────────────────────────────────────────


def waiting_for(by: Actor) -> list[Waiting]:
    """Requests to answer, reports to look at, hours to confirm, people to look after. Four
    queries."""
    codes = societies_where(by, LEAD_MISSIONS)
    if not codes:
        return []
    mine = Mission.objects.filter(team__society__in=codes).select_related("incident", "team")
    return [*_requests(mine), *_questions(mine), *_hours(by, mine), *_care(by, mine)]


def _requests(mine: QuerySet[Mission]) -> list[Waiting]:
    asked = mine.filter(state=Mission.State.ASKED).exclude(incident__state="closed")
    return [
        Waiting(
            kind=_("Request for a team"),
            subject=f"{local_name(each.team)} · {marked_title(each.incident)}",
            detail=gettext("%(n)s people wanted") % {"n": each.wanted_people}
            if each.wanted_people
            else "",
            url=reverse("mission", args=[each.pk]),
            state="half",
            state_words=_("Will the team come?"),
        )
        for each in asked
    ]


def _questions(mine: QuerySet[Mission]) -> list[Waiting]:
    """Flags that say "told again" only ask nobody anything."""
    flagged = Telling.objects.filter(
        mission__in=mine.exclude(state__in=OVER), void_reason="", settled_reason=""
    ).exclude(flags=[])
    counts = Counter(each.mission_id for each in flagged if is_question(each))
    missions = {each.pk: each for each in mine.filter(pk__in=counts)}
    return [
        Waiting(
            kind=_("Reports that do not fit"),
            subject=f"{local_name(missions[pk].team)} · {marked_title(missions[pk].incident)}",
            detail=ngettext("%(n)s report to look at", "%(n)s reports to look at", n) % {"n": n},
            url=reverse("mission", args=[pk]) + "#questions",
            state="half",
            state_words=_("To be looked at"),
        )
        for pk, n in counts.items()
    ]


def _hours(by: Actor, mine: QuerySet[Mission]) -> list[Waiting]:
    open_hours = (
        Hours.objects.filter(responder__mission__in=mine, confirmed_at__isnull=True)
        .exclude(responder__person=by.person_id)
        .values("responder__mission")
        .annotate(people=Count("pk"))
        .order_by("responder__mission")
    )
    counts = {row["responder__mission"]: row["people"] for row in open_hours}
    missions = {each.pk: each for each in mine.filter(pk__in=counts)} if counts else {}
    return [
        Waiting(
            kind=_("Hours"),
            subject=f"{local_name(missions[pk].team)} · {marked_title(missions[pk].incident)}",
            detail=ngettext("of %(n)s person", "of %(n)s people", n) % {"n": n},
            url=reverse("mission", args=[pk]) + "#hours",
            state="half",
            state_words=_("To be confirmed"),
        )
        for pk, n in counts.items()
    ]


def _care(by: Actor, mine: QuerySet[Mission]) -> list[Waiting]:
    """Without a name: whoever looks over a shoulder reads no more than that somebody needs it."""
    codes = societies_where(by, SEE_INJURIES)
    rows = Injury.objects.filter(
        state=Injury.State.OPEN, responder__mission__team__society__in=codes
    ).select_related("responder__mission__team", "responder__mission__incident")
    counts = Counter(each.responder.mission for each in rows)
    return [
        Waiting(
            kind=_("After the mission"),
            subject=f"{local_name(mission.team)} · {marked_title(mission.incident)}",
            detail=ngettext("%(n)s person needs somebody", "%(n)s people need somebody", n)
            % {"n": n},
            url=reverse("mission", args=[mission.pk]) + "#care",
            state="now",
            state_words=_("Nobody looks after it yet"),
        )
        for mission, n in counts.items()
    ]
