"""Gear and vehicles of a team, what is out, and what is overdue for inspection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, Sum

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.rescue import access
from honghui.rescue.models import Gear, GearIssue, Team, Vehicle
from honghui.rescue.rules.gear import Stock, is_overdue


@dataclass(frozen=True)
class GearRow:
    gear: Gear
    stock: Stock
    is_overdue: bool


@dataclass(frozen=True)
class VehicleRow:
    vehicle: Vehicle
    is_overdue: bool
    is_uninsured: bool


@dataclass(frozen=True)
class GearPage:
    gear: Sequence[GearRow]
    vehicles: Sequence[VehicleRow]
    issues: Sequence[GearIssue]


def gear_page(team: Team) -> GearPage:
    """Four queries."""
    today = clock.today()
    gear = list(team.gear.order_by("kind", "name"))
    open_issues = list(
        GearIssue.objects.filter(gear__in=gear, returned_at__isnull=True)
        .select_related("gear", "mission__incident")
        .order_by("issued_at", "pk")
    )
    out: dict[UUID, int] = {}
    for issue in open_issues:
        out[issue.gear_id] = out.get(issue.gear_id, 0) + issue.quantity
    return GearPage(
        [
            GearRow(
                one,
                Stock(one.quantity, one.damaged, out.get(one.pk, 0)),
                is_overdue(one.inspection_due_on, today),
            )
            for one in gear
        ],
        [vehicle_row(one, today) for one in team.vehicles.filter(retired_on__isnull=True)],
        open_issues,
    )


def vehicle_row(one: Vehicle, today: date) -> VehicleRow:
    over = one.insured_until is not None and one.insured_until < today
    return VehicleRow(one, is_overdue(one.inspection_due_on, today), over)


def stock_of(gear: Gear) -> Stock:
    out = gear.issues.filter(returned_at__isnull=True).aggregate(out=Sum("quantity"))["out"] or 0
    return Stock(gear.quantity, gear.damaged, out)


def overdue(by: Actor) -> dict[UUID, int]:
    """By team: how many kinds of gear and vehicles have an inspection overdue. Two queries."""
    late = Q(inspection_due_on__lt=clock.today())
    teams = access.teams(by).exclude(state=Team.State.DISBANDED).values("pk")
    found: dict[UUID, int] = {}
    for rows in (
        Gear.objects.filter(late, team__in=teams),
        Vehicle.objects.filter(late, team__in=teams, retired_on__isnull=True),
    ):
        for team_id in rows.values_list("team_id", flat=True):
            found[team_id] = found.get(team_id, 0) + 1
    return found
