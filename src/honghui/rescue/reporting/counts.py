"""Counts a report from the rows of an incident, as of a moment. A constant number of queries.

Nothing is filled in: what no row tells is not in it. Numbers of one unit are added and are as
certain as the least certain of them; 人 and 人次 are never added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from honghui.callouts.models import CallOut
from honghui.rescue.models import (
    Batch,
    Claim,
    GearIssue,
    Hours,
    Incident,
    IncidentRequest,
    Mission,
    MissionVehicle,
    Responder,
    Task,
    TaskResult,
    Telling,
)
from honghui.rescue.queries.board import groups_of, judged, people_of
from honghui.rescue.reporting.contents import (
    Carried,
    Contents,
    GroupOf,
    Published,
    Result,
    TeamOf,
    Things,
    When,
)
from honghui.rescue.rules.board import UNTOLD, Group, Number, known

_NOT_THERE = (Mission.State.DECLINED, Mission.State.CANCELLED, Mission.State.ASKED)
_OUT = ("coming", "departed", "there", "left", "back")


def count_report(incident: Incident, as_of: datetime) -> Contents:
    """Eleven queries at most."""
    missions = list(
        Mission.objects.filter(incident=incident, opened_at__lte=as_of)
        .exclude(state__in=_NOT_THERE)
        .select_related("team", "incident")
    )
    teams = sorted(_teams(missions, as_of), key=_order)
    claims = list(Claim.objects.filter(incident=incident).order_by("id"))
    minutes = [team.minutes for team in teams if team.minutes is not None]
    return Contents(
        number=incident.number,
        society=incident.society_id,
        cause=incident.cause,
        title=incident.title,
        title_en=incident.title_en,
        place_code=incident.place_code,
        place=incident.place_text,
        place_en=incident.place_text_en,
        known=When(incident.known_at),
        happened=When(incident.happened_at, incident.happened_qualifier)
        if incident.happened_at
        else None,
        level=incident.level,
        is_drill=incident.is_drill,
        is_over=incident.closed_at is not None and incident.closed_at <= as_of,
        requests=tuple(
            (one.requester, When(one.heard_at))
            for one in IncidentRequest.objects.filter(incident=incident, heard_at__lte=as_of)
        ),
        teams=tuple(teams),
        people=known(team.people for team in teams) if teams else UNTOLD,
        vehicles=added_vehicles(teams),
        results=added_results(one for team in teams for one in team.results),
        gear=_gear([*(one for team in teams for one in team.gear), *_named(claims)]),
        minutes=sum(minutes) if minutes else None,
        claims=tuple(_published(one) for one in claims if one.measure != "gear"),
    )


def added_vehicles(teams: Iterable[TeamOf]) -> tuple[Things, ...]:
    """Of all teams, by kind."""
    vehicles: dict[str, int] = defaultdict(int)
    for one in (one for team in teams for one in team.vehicles):
        vehicles[one.kind] += one.number
    return tuple(Things(kind, number) for kind, number in vehicles.items())


def added_results(results: Iterable[Result]) -> tuple[Result, ...]:
    """One a measure and unit: people with people, person-times with person-times."""
    found: dict[tuple[str, str], Number] = {}
    for one in results:
        key = (one.measure, one.unit)
        found[key] = found[key] + one.number if key in found else one.number
    return tuple(Result(*key, number) for key, number in found.items())


def _order(team: TeamOf) -> tuple[object, ...]:
    """As they came."""
    first = team.times("arrived") or team.times("departed")
    return (0, first[0].at, team.code) if first else (1, team.code)


class _Rows:
    """The rows of all missions of an incident, by mission."""

    def __init__(self, missions: Sequence[Mission], as_of: datetime) -> None:
        ids = [one.pk for one in missions]
        self.batches = _by_mission(Batch.objects.filter(mission__in=ids).order_by("number"))
        self.told = _by_mission(
            Telling.objects.filter(mission__in=ids, told_at__lte=as_of, void_reason="")
        )
        self.people = _by_mission(
            Responder.objects.filter(mission__in=ids, joined_at__lte=as_of, state__in=_OUT)
        )
        vehicles = MissionVehicle.objects.filter(mission__in=ids, noted_at__lte=as_of)
        self.vehicles = _by_mission(vehicles.order_by("kind", "id"))
        self.gear = _by_mission(
            GearIssue.objects.filter(mission__in=ids, issued_at__lte=as_of).select_related("gear")
        )
        self.tasks = _by_mission(Task.objects.filter(mission__in=ids, given_at__lte=as_of))
        self.results: dict[UUID, list[Result]] = defaultdict(list)
        results = TaskResult.objects.filter(task__mission__in=ids, task__given_at__lte=as_of)
        for one in results.select_related("task"):
            number = Number(one.value, one.qualifier)
            self.results[one.task.mission_id].append(Result(one.measure, one.unit, number))
        self.hours: dict[UUID, list[int]] = defaultdict(list)
        hours = Hours.objects.filter(responder__mission__in=ids, until_at__lte=as_of)
        for mission_id, minutes in hours.values_list("responder__mission_id", "minutes"):
            self.hours[mission_id].append(minutes)
        self.called = _called(missions)


def _teams(missions: Sequence[Mission], as_of: datetime) -> list[TeamOf]:
    rows = _Rows(missions, as_of)
    return [_team(mission, rows, as_of) for mission in missions]


def _team(mission: Mission, rows: _Rows, as_of: datetime) -> TeamOf:
    key = mission.pk
    batches, told = rows.batches[key], rows.told[key]
    groups = groups_of(mission, batches, told, judged(mission, batches, told), as_of)
    registered = len(rows.people[key])
    number = people_of(mission, groups)
    ordered = [one.ordered_by for group in groups for one in group.told.values() if one.ordered_by]
    minutes = rows.hours[key]
    return TeamOf(
        code=mission.team.code,
        society=mission.team.society_id,
        people=number if number.value is not None else Number(registered or None),
        registered=registered,
        called=rows.called.get(key),
        groups=tuple(_group(group) for group in groups),
        ordered_by=tuple(dict.fromkeys(ordered)),
        vehicles=tuple(Things(one.kind, one.count, one.told_as) for one in rows.vehicles[key]),
        gear=tuple(
            Carried(one.gear.name, one.gear.name_en, Number(one.quantity), one.gear.unit)
            for one in rows.gear[key]
        ),
        tasks=tuple(dict.fromkeys(one.kind for one in rows.tasks[key])),
        results=added_results(rows.results[key]),
        minutes=sum(minutes) if minutes else None,
        hours_of=len(minutes),
    )


def _group(group: Group) -> GroupOf:
    told = {kind: When(one.at, one.qualifier) for kind, one in group.told.items()}
    return GroupOf(group.number, group.told_as, group.people, told)


def _by_mission(rows: Iterable[object]) -> dict[UUID, list]:  # type: ignore[type-arg]
    found: dict[UUID, list] = defaultdict(list)  # type: ignore[type-arg]
    for one in rows:
        found[one.mission_id].append(one)  # type: ignore[attr-defined]
    return found


def _called(missions: Iterable[Mission]) -> dict[UUID, When]:
    """When the call went out; of a team that was called otherwise, nobody told."""
    call_outs = {one.pk: one.call_out_id for one in missions if one.call_out_id}
    sent = {
        call_out.pk: When(call_out.sent_at)
        for call_out in CallOut.objects.filter(pk__in=set(call_outs.values()))
        if call_out.sent_at
    }
    return {mission: sent[call_out] for mission, call_out in call_outs.items() if call_out in sent}


def _gear(carried: Iterable[Carried]) -> tuple[Carried, ...]:
    """One a name: the numbers added where they were told."""
    found: dict[tuple[str, str], Carried] = {}
    for one in carried:
        key = (one.name, one.unit)
        if key in found:
            found[key] = one._replace(number=found[key].number + one.number)
        else:
            found[key] = one
    return tuple(found.values())


def _named(claims: Iterable[Claim]) -> list[Carried]:
    """Gear that the source names: counted or not, by whichever team."""
    return [
        Carried(one.told_as, "", Number(one.value, one.qualifier), one.unit)
        for one in claims
        if one.measure == "gear"
    ]


def _published(claim: Claim) -> Published:
    number = Number(claim.value, claim.qualifier)
    return Published(claim.measure, number, claim.unit, claim.told_as, claim.source)
