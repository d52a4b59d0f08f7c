"""Gear and vehicles: listed, counted, inspected, issued and back; vehicles retired."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.access import require
from honghui.registry.permissions import MANAGE_TEAMS
from honghui.registry.rules import check_reason
from honghui.rescue import access, team_access
from honghui.rescue.following import locked
from honghui.rescue.models import Gear, GearIssue, Inspection, Mission, Team, Vehicle
from honghui.rescue.rules import gear as rules
from honghui.rescue.rules.teams import check_not_disbanded, tail_of
from honghui.rescue.words.gear import GEAR, GEAR_UNITS


@action("rescue.gear.listed")
def list_gear(
    *,
    by: Actor,
    team: Team,
    kind: str,
    name: str,
    quantity: int,
    unit: str = "item",
    name_en: str = "",
    inspection_due_on: date | None = None,
    source: str = "",
) -> Gear:
    """`unit`: a code of kernel/units.py in which it is counted."""
    team = team_access.kept_team(by, team.pk)
    check_not_disbanded(team.state)
    if kind not in GEAR or unit not in GEAR_UNITS:
        raise _unknown("kind" if kind not in GEAR else "unit")
    gear = Gear(
        team=team,
        kind=kind,
        name=text.name_line(name, limit=60),
        name_en=text.clean_line(name_en, limit=100, field="name_en"),
        quantity=quantity,
        unit=unit,
        counted_at=clock.now(),
        inspection_due_on=inspection_due_on,
        source=source,
    )
    try:
        with transaction.atomic():
            gear.save(force_insert=True)
    except IntegrityError as error:
        if "gear_is_listed_once_in_a_team" not in str(error):
            raise
        raise Conflict(
            "rescue.gear.known",
            _("The team has gear of this name on its list."),
            _("Count it anew there, or give this one another name."),
            field="name",
        ) from error
    record(
        by=by,
        verb="rescue.gear.listed",
        about=gear,
        society_code=team.society_id,
        after={"team": team, "kind": kind, "quantity": quantity, "unit": unit},
    )
    return gear


@action("rescue.gear.counted")
def count_gear(*, by: Actor, gear: Gear, quantity: int, damaged: int, reason: str) -> Gear:
    """What the team has, what is out with it; `damaged`: of them, those that wait for repair."""
    gear = _locked(by, gear)
    reason = check_reason(reason)
    rules.check_count(quantity, damaged, _out(gear))
    before = {"quantity": gear.quantity, "damaged": gear.damaged}
    gear.quantity, gear.damaged, gear.counted_at = quantity, damaged, clock.now()
    gear.save(update_fields=["quantity", "damaged", "counted_at"])
    record(
        by=by,
        verb="rescue.gear.counted",
        about=gear,
        society_code=gear.team.society_id,
        reason=reason,
        before=before,
        after={"quantity": quantity, "damaged": damaged},
    )
    return gear


@action("rescue.vehicle.listed")
def list_vehicle(
    *,
    by: Actor,
    team: Team,
    kind: str,
    name: str,
    plate: str = "",
    seats: int = 0,
    insured_until: date | None = None,
    inspection_due_on: date | None = None,
) -> Vehicle:
    """A vehicle or boat, one by one. Of the plate the last four characters are kept."""
    team = team_access.kept_team(by, team.pk)
    check_not_disbanded(team.state)
    if kind not in Vehicle.Kind.values:
        raise _unknown("kind")
    vehicle = Vehicle.objects.create(
        team=team,
        kind=kind,
        name=text.name_line(name, limit=60),
        plate_tail=tail_of(plate),
        seats=seats,
        insured_until=insured_until,
        inspection_due_on=inspection_due_on,
    )
    record(
        by=by,
        verb="rescue.vehicle.listed",
        about=vehicle,
        society_code=team.society_id,
        after={"team": team, "kind": kind, "seats": seats},
    )
    return vehicle


@action("rescue.vehicle.retired")
def retire_vehicle(*, by: Actor, vehicle: Vehicle, retired_on: date, reason: str) -> Vehicle:
    vehicle = _locked_vehicle(by, vehicle)
    reason = check_reason(reason)
    if retired_on > clock.today():
        raise Invalid(
            "rescue.vehicle.retired_when",
            _("A vehicle is retired on the day it goes, not before."),
            _("Check the date."),
            field="retired_on",
        )
    vehicle.retired_on = retired_on
    vehicle.save(update_fields=["retired_on"])
    record(
        by=by,
        verb="rescue.vehicle.retired",
        about=vehicle,
        society_code=vehicle.team.society_id,
        reason=reason,
        after={"retired_on": retired_on},
    )
    return vehicle


@action("rescue.gear.inspected")
def inspect_gear(
    *,
    by: Actor,
    gear: Gear,
    inspected_on: date,
    is_fit: bool,
    next_due_on: date | None = None,
    note: str = "",
) -> Inspection:
    gear = _locked(by, gear)
    seen = _inspected(by, gear, inspected_on, next_due_on, is_fit=is_fit, note=note, gear=gear)
    record(
        by=by,
        verb="rescue.gear.inspected",
        about=seen,
        society_code=gear.team.society_id,
        after={"gear": gear, "is_fit": is_fit, "next_due_on": next_due_on},
    )
    return seen


@action("rescue.vehicle.inspected")
def inspect_vehicle(
    *,
    by: Actor,
    vehicle: Vehicle,
    inspected_on: date,
    is_fit: bool,
    next_due_on: date | None = None,
    note: str = "",
) -> Inspection:
    vehicle = _locked_vehicle(by, vehicle)
    seen = _inspected(
        by, vehicle, inspected_on, next_due_on, is_fit=is_fit, note=note, vehicle=vehicle
    )
    record(
        by=by,
        verb="rescue.vehicle.inspected",
        about=seen,
        society_code=vehicle.team.society_id,
        after={"vehicle": vehicle, "is_fit": is_fit, "next_due_on": next_due_on},
    )
    return seen


@action("rescue.gear.issued")
def issue_gear(
    *, by: Actor, gear: Gear, quantity: int, mission: Mission | None = None, note: str = ""
) -> GearIssue:
    """To a mission of the same team, or, without one, for training."""
    mission = _going_on(by, mission) if mission is not None else None
    gear = _locked(by, gear)
    if mission is not None and mission.team_id != gear.team_id:
        raise Invalid(
            "rescue.gear.of_another_team",
            _("This gear is another team’s."),
            _("Choose gear of the team that goes."),
            field="gear",
        )
    stock = rules.Stock(gear.quantity, gear.damaged, _out(gear))
    rules.check_issue(stock, quantity, is_fit=gear.is_fit)
    issue = GearIssue.objects.create(
        gear=gear,
        mission=mission,
        quantity=quantity,
        issued_at=clock.now(),
        note=text.clean_line(note, limit=200, field="note"),
    )
    record(
        by=by,
        verb="rescue.gear.issued",
        about=issue,
        society_code=gear.team.society_id,
        after={"gear": gear, "mission": mission, "quantity": quantity},
    )
    return issue


@action("rescue.gear.returned")
def return_gear(
    *,
    by: Actor,
    issue: GearIssue,
    returned: int,
    damaged: int = 0,
    lost: int = 0,
    used_up: int = 0,
    note: str = "",
) -> GearIssue:
    """Accounted for to the last piece. What is lost or used up leaves the team's count; what is
    damaged waits for repair."""
    found = team_access.gear_issue(by, issue.pk)
    gear = _locked(by, found.gear)
    row = GearIssue.objects.select_for_update().get(pk=issue.pk)
    if row.returned_at is not None:
        raise Conflict(
            "rescue.gear.back_already",
            _("This was noted as back already."),
            _("Count the gear anew if the number is wrong."),
        )
    back = rules.Back(returned, damaged, lost, used_up)
    rules.check_back(row.quantity, back)
    row.returned, row.damaged, row.lost, row.used_up = returned, damaged, lost, used_up
    row.returned_at = clock.now()
    row.note = text.clean_line(note, limit=200, field="note") or row.note
    row.save()
    gear.quantity -= lost + used_up
    gear.damaged += damaged
    gear.save(update_fields=["quantity", "damaged"])
    record(
        by=by,
        verb="rescue.gear.returned",
        about=row,
        society_code=gear.team.society_id,
        after={"returned": returned, "damaged": damaged, "lost": lost, "used_up": used_up},
    )
    return row


def _inspected(
    by: Actor,
    thing: Gear | Vehicle,
    inspected_on: date,
    next_due_on: date | None,
    *,
    is_fit: bool,
    note: str,
    gear: Gear | None = None,
    vehicle: Vehicle | None = None,
) -> Inspection:
    """A later look decides; one that is noted late does not undo it."""
    rules.check_inspection(inspected_on, next_due_on, clock.today())
    seen = Inspection.objects.create(
        gear=gear,
        vehicle=vehicle,
        inspected_on=inspected_on,
        next_due_on=next_due_on,
        is_fit=is_fit,
        note=text.clean_line(note, limit=200, field="note"),
        inspected_by_id=by.account_id,
    )
    if thing.inspected_on is None or thing.inspected_on <= inspected_on:
        thing.inspected_on, thing.inspection_due_on = inspected_on, next_due_on
        thing.is_fit = is_fit
        thing.save(update_fields=["inspected_on", "inspection_due_on", "is_fit"])
    return seen


def _going_on(by: Actor, mission: Mission) -> Mission:
    """Held before any gear, as whoever closes it counts the gear: none goes out behind that."""
    found = locked(access.mission(by, mission.pk))
    if found.state in (Mission.State.CLOSED, Mission.State.DECLINED, Mission.State.CANCELLED):
        raise Conflict(
            "rescue.mission.over",
            _("This mission is over."),
            _("Issue it for training, or to another mission."),
            field="mission",
        )
    return found


def _locked(by: Actor, gear: Gear) -> Gear:
    found = team_access.gear(by, gear.pk)
    require(by, MANAGE_TEAMS, found.team.society_id)
    locked = Gear.objects.select_for_update(of=("self",)).select_related("team__society")
    return locked.get(pk=gear.pk)


def _locked_vehicle(by: Actor, vehicle: Vehicle) -> Vehicle:
    found = team_access.vehicle(by, vehicle.pk)
    require(by, MANAGE_TEAMS, found.team.society_id)
    locked = Vehicle.objects.select_for_update(of=("self",)).select_related("team__society")
    row = locked.get(pk=vehicle.pk)
    if row.retired_on is not None:
        raise Conflict(
            "rescue.vehicle.retired",
            _("This vehicle was retired."),
            _("List it anew if it is back."),
        )
    return row


def _out(gear: Gear) -> int:
    out = gear.issues.filter(returned_at__isnull=True).aggregate(out=Sum("quantity"))["out"]
    return int(out or 0)


def _unknown(field: str) -> Invalid:
    return Invalid(
        "rescue.gear.unknown",
        _("This is not on the list."),
        _("Choose one of the list."),
        field=field,
    )
