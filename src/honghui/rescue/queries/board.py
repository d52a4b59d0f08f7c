"""What a board shows of incidents at a moment, and the one question whether anything changed.

A constant number of queries whatever the number of teams and people. At an earlier moment it shows
what was known then: a telling counts from when it was told, whatever hour it speaks of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count

from honghui.callouts.models import CallOut, Invitation
from honghui.rescue.models import (
    Batch,
    Incident,
    LogLine,
    Mission,
    MissionVehicle,
    Need,
    Responder,
    Task,
    Telling,
)
from honghui.rescue.rules import board as rules
from honghui.rescue.rules import missions
from honghui.rescue.rules.board import Expected, Group, Heads, Number, Person, Told
from honghui.rescue.rules.missions import Standing, judge

LOG_LINES_MAX = 40
# Of a responder: somebody must look. The rest is remembered and needs nobody.
_GRAVE = frozenset(
    {"certificate_expired", "no_certificate", "uninsured", "in_two_missions", "not_a_member"}
)
# Called off before anybody went: shown in the log, not as a team.
_GONE = {Mission.State.DECLINED, Mission.State.CANCELLED}


@dataclass(frozen=True)
class TeamRow:
    """One team in one incident. `step`: how far along rules.STEPS; -1 while it is only asked.
    `tasks`: kinds of what it is doing now. `asked`: people who have not answered."""

    mission: Mission
    step: int
    groups: Sequence[Group]
    people: Number
    heads: Heads
    times: Sequence[Sequence[Told]]
    vehicles: Mapping[str, int]
    tasks: Sequence[str]
    expected: Sequence[Expected]
    flags: Mapping[str, int]
    asked: int
    relief: tuple[Group, datetime] | None


@dataclass(frozen=True)
class IncidentRow:
    incident: Incident
    teams: Sequence[TeamRow]

    @property
    def several(self) -> frozenset[str]:
        """Societies of which more than one team is here: their teams need names of their own."""
        counts = Counter(team.mission.team.society_id for team in self.teams)
        return frozenset(code for code, count in counts.items() if count > 1)

    @property
    def asked(self) -> int:
        return sum(team.asked for team in self.teams)

    @property
    def heads(self) -> Heads:
        if not self.teams:
            return Heads(*[rules.NOTHING] * 4)
        each = zip(*(team.heads for team in self.teams), strict=True)
        return Heads(*(rules.known(numbers) for numbers in each))

    @property
    def people(self) -> Number:
        """Who turned out, wherever they are now."""
        return rules.known(team.people for team in self.teams)

    @property
    def vehicles(self) -> Mapping[str, int]:
        return sum((Counter(team.vehicles) for team in self.teams), Counter[str]())

    @property
    def expected(self) -> list[tuple[TeamRow, Expected]]:
        listed = [(team, one) for team in self.teams for one in team.expected]
        return sorted(listed, key=lambda pair: pair[1].at)

    @property
    def relief(self) -> tuple[TeamRow, Group, datetime] | None:
        due = [(team, *team.relief) for team in self.teams if team.relief]
        return min(due, key=lambda each: each[2], default=None)

    @property
    def flags(self) -> list[tuple[TeamRow, str, int]]:
        return [(team, flag, n) for team in self.teams for flag, n in sorted(team.flags.items())]


@dataclass(frozen=True)
class Board:
    """`is_past`: it shows an earlier moment, and does not follow what comes."""

    rows: Sequence[IncidentRow]
    moment: datetime
    is_past: bool
    log: Sequence[LogLine] = ()
    needs: Sequence[Need] = ()


@dataclass
class _Parts:
    """The rows of all missions asked for, by mission."""

    batches: dict[UUID, list[Batch]] = field(default_factory=lambda: defaultdict(list))
    told: dict[UUID, list[Telling]] = field(default_factory=lambda: defaultdict(list))
    people: dict[UUID, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    vehicles: dict[UUID, list[MissionVehicle]] = field(default_factory=lambda: defaultdict(list))
    tasks: dict[UUID, list[Task]] = field(default_factory=lambda: defaultdict(list))
    asked: Mapping[UUID, int] = field(default_factory=dict)


def board_of(incident: Incident, moment: datetime, *, is_past: bool) -> Board:
    """One incident, with its log and what is missing there. Nine queries at most."""
    rows = incident_rows([incident], moment, is_past=is_past)
    lines = LogLine.objects.filter(incident=incident, noted_at__lte=moment, at__lte=moment)
    needs = Need.objects.filter(incident=incident, told_at__lte=moment).exclude(
        closed_at__lte=moment
    )
    return Board(
        rows,
        moment,
        is_past,
        list(lines.select_related("corrects").order_by("-at", "-id")[:LOG_LINES_MAX]),
        list(needs.order_by("told_at", "id")),
    )


def duty_board(incidents: Iterable[Incident], moment: datetime) -> Board:
    """All of these incidents, the gravest first. Eight queries at most."""
    ordered = sorted(incidents, key=lambda one: (one.level or 5, -one.known_at.timestamp()))
    return Board(incident_rows(ordered, moment, is_past=False), moment, is_past=False)


def incident_rows(
    incidents: Sequence[Incident], moment: datetime, *, is_past: bool
) -> list[IncidentRow]:
    found = Mission.objects.filter(
        incident__in=[one.pk for one in incidents], opened_at__lte=moment
    ).select_related("team__society", "incident")
    kept = [one for one in found if is_past or one.state not in _GONE]
    if is_past:
        kept = [one for one in kept if not _gone_by(one, moment)]
    parts = _parts_of(kept, moment)
    teams: dict[UUID, list[TeamRow]] = defaultdict(list)
    for mission in kept:
        teams[mission.incident_id].append(_team(mission, parts, moment, is_past=is_past))
    return [IncidentRow(one, sorted(teams[one.pk], key=_order)) for one in incidents]


def _gone_by(mission: Mission, moment: datetime) -> bool:
    closed_at = mission.closed_at
    return mission.state in _GONE and (closed_at is None or closed_at <= moment)


def _order(team: TeamRow) -> tuple[Any, ...]:
    """Who is there first, as they came; then who is on the way, is called, is home again."""
    there = team.times[2]
    return (
        team.step == 4,
        0 if there else 1,
        there[0].at if there else team.mission.opened_at,
        team.mission.team.code,
    )


def _parts_of(kept: Sequence[Mission], moment: datetime) -> _Parts:
    ids = [one.pk for one in kept]
    parts = _Parts()
    if not ids:
        return parts
    for batch in Batch.objects.filter(mission__in=ids).order_by("number"):
        parts.batches[batch.mission_id].append(batch)
    for telling in Telling.objects.filter(mission__in=ids, told_at__lte=moment, void_reason=""):
        parts.told[telling.mission_id].append(telling)
    people = Responder.objects.filter(mission__in=ids, joined_at__lte=moment).values_list(
        "mission_id", "state", "eta_at", "departed_at", "arrived_at", "left_at", "back_at", "flags"
    )
    for mission_id, *facts in people:
        parts.people[mission_id].append(tuple(facts))
    for vehicle in MissionVehicle.objects.filter(mission__in=ids, noted_at__lte=moment):
        parts.vehicles[vehicle.mission_id].append(vehicle)
    for task in Task.objects.filter(mission__in=ids, given_at__lte=moment):
        parts.tasks[task.mission_id].append(task)
    parts.asked = _unanswered(kept)
    return parts


def _team(mission: Mission, parts: _Parts, moment: datetime, *, is_past: bool) -> TeamRow:
    told = parts.told[mission.pk]
    standing = judged(mission, parts.batches[mission.pk], told)
    groups = groups_of(mission, parts.batches[mission.pk], told, standing, moment)
    people = [Person(*facts[:-1]) for facts in parts.people[mission.pk]]
    coming = [one for one in people if one.state not in {"declined", "if_short"}]
    flags = Counter(_questions(told, standing))
    flags.update(flag for facts in parts.people[mission.pk] for flag in facts[-1] if flag in _GRAVE)
    vehicles: Counter[str] = Counter()
    for vehicle in parts.vehicles[mission.pk]:
        vehicles[vehicle.kind] += vehicle.count
    step = max(group.step for group in groups)
    if step == 0 and mission.state == Mission.State.ASKED and not is_past:
        step = -1
    total = people_of(mission, groups)
    return TeamRow(
        mission=mission,
        step=step,
        groups=groups,
        people=total if total.value is not None else Number(len(coming) or None),
        heads=rules.heads(groups, people, total, moment),
        times=rules.times_of(groups),
        vehicles=vehicles,
        tasks=_now_doing(parts.tasks[mission.pk], moment),
        expected=rules.expected(people, moment),
        flags=flags,
        asked=0 if is_past else parts.asked.get(mission.pk, 0),
        relief=rules.relief_at(groups),
    )


def judged(mission: Mission, batches: Iterable[Batch], told: Iterable[Telling]) -> Standing:
    """Which of these tellings count, and what does not fit: by the missions' own rule."""
    numbers = {one.pk: one.number for one in batches}
    incident = mission.incident
    return judge(
        [
            missions.Told(
                id=one.pk,
                kind=one.kind,
                at=one.at,
                told_at=one.told_at,
                batch=numbers.get(one.batch_id) if one.batch_id else None,
                responder=one.responder_id,
                people=one.people,
                people_qualifier=one.people_qualifier,
                is_settled=bool(one.settled_reason),
            )
            for one in told
        ],
        known_at=min(incident.happened_at or incident.known_at, incident.known_at),
    )


def _questions(told: Iterable[Telling], standing: Standing) -> list[str]:
    return [
        flag
        for one in told
        if not one.settled_reason
        for flag in standing.flags[one.pk]
        if flag in missions.QUESTIONS
    ]


def groups_of(
    mission: Mission,
    batches: Iterable[Batch],
    told: Iterable[Telling],
    standing: Standing,
    moment: datetime,
) -> list[Group]:
    """The rows of one mission as rules.board takes them: only the tellings that count."""
    counting = {
        one.id
        for lane, kinds in standing.counting.items()
        if lane[0] != "responder"
        for one in kinds.values()
    }
    return rules.groups_of(
        [
            Group(one.pk, one.number, one.told_as, Number(one.people, one.people_qualifier))
            for one in batches
        ],
        [
            Told(
                one.kind,
                one.at,
                one.at_qualifier,
                one.batch_id,
                one.ordered_by,
                Number(one.people, one.people_qualifier),
            )
            for one in told
            if one.pk in counting
        ],
        Number(mission.people, mission.people_qualifier),
        moment,
    )


def people_of(mission: Mission, groups: Iterable[Group]) -> Number:
    """As many as the mission says, else its batches together."""
    if mission.people is not None:
        return Number(mission.people, mission.people_qualifier)
    return rules.added(group.people for group in groups)


def _now_doing(tasks: Iterable[Task], moment: datetime) -> list[str]:
    going = [one.kind for one in tasks if one.done_at is None or one.done_at > moment]
    return list(dict.fromkeys(going))


# Who has not answered.


def _unanswered(kept: Sequence[Mission]) -> dict[UUID, int]:
    """By mission: how many were asked and have not answered. One query. A call-out may be of
    several teams, and a team called by several: its people stand under it, each once. Nobody is
    waited for once it has ended."""
    missions_of = {(one.incident_id, one.team_id): one.pk for one in kept}
    if not missions_of:
        return {}
    rows = (
        Invitation.objects.filter(
            call_out__about__in={incident for incident, _team in missions_of},
            call_out__state=CallOut.State.OPEN,
            state=Invitation.State.ASKED,
        )
        .order_by()
        .values_list("call_out__about", "group")
        .annotate(n=Count("person", distinct=True))
    )
    return {
        missions_of[incident, team]: count
        for incident, team, count in rows
        if (incident, team) in missions_of
    }


# Whether anything changed.
#
# A row that was written anew has another xmin and lies elsewhere (ctid), whoever wrote it and
# whichever column it was. So the rows themselves are the version: no clock, no counter that writers
# would have to queue for, and nothing to forget in a new action.

_ROWS = "coalesce(sum(hashtextextended({0}.id::text || {0}.ctid, {0}.xmin::text::bigint)), 0)"
_OF_MISSIONS = ("batch", "telling", "responder", "missionvehicle", "task")
_OF_INCIDENTS = ("mission", "logline", "need")
_VERSION = " UNION ALL ".join(
    [
        f"SELECT 'incident', {_ROWS.format('x')} FROM rescue_incident x WHERE x.id = ANY(%(ids)s)",
        *(
            f"SELECT '{name}', {_ROWS.format('x')} FROM rescue_{name} x"
            " WHERE x.incident_id = ANY(%(ids)s)"
            for name in _OF_INCIDENTS
        ),
        *(
            f"SELECT '{name}', {_ROWS.format('x')} FROM rescue_{name} x"
            " JOIN rescue_mission m ON m.id = x.mission_id WHERE m.incident_id = ANY(%(ids)s)"
            for name in _OF_MISSIONS
        ),
        f"SELECT 'call_out', {_ROWS.format('x')} FROM callouts_callout x"
        " WHERE x.about = ANY(%(ids)s)",
        f"SELECT 'invitation', {_ROWS.format('x')} FROM callouts_invitation x"
        " JOIN callouts_callout c ON c.id = x.call_out_id WHERE c.about = ANY(%(ids)s)",
    ]
)


def version_of(incidents: Iterable[UUID]) -> str:
    """Another text as soon as a row of these incidents is another one. One query, by indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, {"ids": list(incidents)})
        return "-".join(f"{int(value) & (2**64 - 1):x}" for _name, value in cursor.fetchall())
