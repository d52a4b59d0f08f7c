"""A plan for the season beside what there is now, society by society.

What is counted from rows is as of this moment; what was typed is as of its own. Societies are shown
one by one: a number of one never stands for another's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.registry.access import societies_where
from honghui.registry.models import Society
from honghui.registry.permissions import SEE_RESCUE
from honghui.rescue import access, team_access
from honghui.rescue.models import (
    Incident,
    Mission,
    ReadinessCount,
    ReadinessPlan,
    StandBy,
    Team,
)
from honghui.rescue.queries.rosters import TAKEN, begin_of
from honghui.rescue.queries.teams import TeamRow, drills_of, team_rows
from honghui.rescue.rules import readiness as rules
from honghui.rescue.rules.readiness import Cell
from honghui.rescue.words.gear import MEASURES, TYPED

NOT_WENT = (Mission.State.DECLINED, Mission.State.CANCELLED)


@dataclass(frozen=True)
class Row:
    """One society of the plan: a cell for each measure that the plan has anywhere."""

    society: Society
    cells: Sequence[Cell]

    @property
    def met(self) -> int:
        return rules.met(self.cells)[0]

    @property
    def planned(self) -> int:
        return rules.met(self.cells)[1]

    @property
    def share(self) -> int | None:
        return rules.share(self.met, self.planned)


@dataclass(frozen=True)
class Quiet:
    """A stand-by of the season; `turned_out`: whether the team went anywhere in that time."""

    stand_by: StandBy
    turned_out: bool
    is_running: bool

    @property
    def hours(self) -> int:
        end = min(self.stand_by.until_at, clock.now())
        return max(0, int((end - self.stand_by.from_at) // timedelta(hours=1)))


@dataclass(frozen=True)
class Drill:
    """A team, and its last drill: none if it has had none on record."""

    team: Team
    last: Incident | None


@dataclass(frozen=True)
class Readiness:
    plan: ReadinessPlan
    measures: Sequence[str]
    rows: Sequence[Row]
    stand_bys: Sequence[Quiet]
    drills: Sequence[Drill]
    at: datetime
    is_whole: bool = True

    @property
    def met(self) -> int:
        return sum(row.met for row in self.rows)

    @property
    def planned(self) -> int:
        return sum(row.planned for row in self.rows)

    @property
    def behind(self) -> list[Row]:
        return [row for row in self.rows if row.met < row.planned]

    @property
    def quiet_hours(self) -> int:
        return sum(one.hours for one in self.stand_bys if not one.turned_out)

    @property
    def quiet(self) -> int:
        return sum(not one.turned_out for one in self.stand_bys)


def current_plan(by: Actor) -> ReadinessPlan | None:
    """The plan in force today, the highest society's first; else the newest. Two queries."""
    today = clock.today()
    running = team_access.plans(by).filter(from_on__lte=today, until_on__gte=today)
    return (
        running.order_by("society", "-from_on").first()
        or team_access.plans(by).order_by("-from_on").first()
    )


def readiness(by: Actor, plan: ReadinessPlan) -> Readiness:
    """Of the societies that this actor may see. Fifteen queries, whatever their number."""
    now = clock.now()
    targets: dict[str, dict[str, int]] = {}
    for code, measure, value in plan.targets.order_by("society").values_list(
        "society_id", "measure", "value"
    ):
        targets.setdefault(code, {})[measure] = value
    measures = [code for code in MEASURES if any(code in one for one in targets.values())]
    teams = list(
        access.teams(by)
        .filter(society__in=targets)
        .exclude(state=Team.State.DISBANDED)
        .order_by("society__code", "code")
    )
    counted = _counted(team_rows(teams, now))
    typed = _typed(targets)
    is_whole = by.is_system or access.is_within(plan.society, societies_where(by, SEE_RESCUE))
    seen = set(targets) if is_whole else _seen(by, targets)
    rows = [
        Row(society, [_cell(society.pk, each, targets, counted, typed, now) for each in measures])
        for society in Society.objects.filter(pk__in=targets).order_by("code")
        if society.pk in seen
    ]
    drills = drills_of(teams)
    return Readiness(
        plan,
        measures,
        rows,
        _stand_bys(teams, plan, now),
        [Drill(team, drills.get(team.pk)) for team in teams],
        now,
        is_whole,
    )


def _seen(by: Actor, codes: Mapping[str, object]) -> set[str]:
    """Whoever does not see the plan's own society sees their own row, and those below. One
    query."""
    return {
        one.pk
        for one in Society.objects.filter(pk__in=codes).select_related("parent__parent")
        if access.is_within(one, societies_where(by, SEE_RESCUE))
    }


def _cell(
    code: str,
    measure: str,
    targets: Mapping[str, Mapping[str, int]],
    counted: Mapping[str, Mapping[str, int]],
    typed: Mapping[tuple[str, str], ReadinessCount],
    now: datetime,
) -> Cell:
    target = targets[code].get(measure)
    if measure not in TYPED:
        return Cell(measure, target, counted.get(code, {}).get(measure, 0), now)
    count = typed.get((code, measure))
    if count is None:
        return Cell(measure, target, None, is_typed=True)
    return Cell(measure, target, count.value, count.counted_at, is_typed=True)


def _counted(rows: Sequence[TeamRow]) -> dict[str, dict[str, int]]:
    """By society: what its active teams have now."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.team.state != Team.State.ACTIVE:
            continue
        one = found.setdefault(row.team.society_id, dict.fromkeys(MEASURES, 0))
        one["teams"] += 1
        one["ready"] += row.ready
        one["on_stand_by"] += row.on_stand_by
        one["boats"] += row.boats
        one["vehicles"] += row.vehicles
    return found


def _typed(codes: Mapping[str, object]) -> dict[tuple[str, str], ReadinessCount]:
    """The newest count of each. One query."""
    rows = (
        ReadinessCount.objects.filter(society__in=codes, counted_at__lte=clock.now())
        .order_by("society_id", "measure", "-counted_at", "-id")
        .distinct("society_id", "measure")
    )
    return {(one.society_id, one.measure): one for one in rows}


def _stand_bys(teams: Sequence[Team], plan: ReadinessPlan, now: datetime) -> list[Quiet]:
    """Those of the season that have begun, newest first. Two queries."""
    begin = begin_of(plan.from_on)
    end = min(now, begin_of(plan.until_on + timedelta(days=1)))
    rows = list(
        StandBy.objects.filter(
            team__in=teams, cancelled_at__isnull=True, from_at__lte=end, until_at__gt=begin
        )
        .select_related("team__society")
        .annotate(taken=TAKEN)
        .order_by("-from_at", "-id")
    )
    went: dict[UUID, list[datetime]] = {}
    for team_id, at in (
        Mission.objects.filter(team__in=teams, incident__is_drill=False)
        .filter(Q(opened_at__gte=begin), Q(opened_at__lt=end))
        .exclude(state__in=NOT_WENT)
        .values_list("team_id", "opened_at")
    ):
        went.setdefault(team_id, []).append(at)
    return [
        Quiet(
            one,
            any(one.from_at <= at < one.until_at for at in went.get(one.team_id, [])),
            one.until_at > now,
        )
        for one in rows
    ]
