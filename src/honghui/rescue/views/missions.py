"""A mission on the desk: its page, and every form about it or about one of its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from honghui.kernel.actors import Actor
from honghui.registry.access import may, not_found
from honghui.registry.middleware import actor
from honghui.registry.permissions import LEAD_MISSIONS, SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.rescue import access
from honghui.rescue.actions import (
    asking,
    calling,
    gear,
    hours,
    injuries,
    photos,
    returning,
    tasks,
    tellings,
)
from honghui.rescue.forms import missions as forms
from honghui.rescue.models import Mission
from honghui.rescue.queries import mission_rows as rows
from honghui.rescue.queries.mission_map import positions_shown
from honghui.rescue.queries.missions import called_off, shown
from honghui.rescue.queries.reached import not_reached
from honghui.sync.access import kept
from honghui.sync.files import open_file
from honghui.ui.forms import Form, posted


@require_safe
@desk_view_for(SEE_RESCUE)
def page(request: HttpRequest, mission_id: UUID) -> HttpResponse:
    by = actor(request)
    mission = access.mission(by, mission_id)
    it = shown(by, mission)
    sees_names = access.may_see_names(by, mission.team)
    chart, away = positions_shown(mission, it.positions, sees_names)
    context = {
        "it": it,
        "mission": mission,
        "may_lead": access.may_lead(by, mission),
        "is_own": may(by, LEAD_MISSIONS, mission.team.society_id),
        "is_over": mission.state in ("closed", "declined", "cancelled"),
        "sees_names": sees_names,
        "stayed": ("declined", "if_short"),
        "people_home": it.counts["back"],
        "people_out": sum(it.counts[each] for each in ("coming", "departed", "there", "left")),
        "grave": [
            each for each in it.people if each.is_grave and each.responder.answer != "declined"
        ],
        "called_off": called_off(mission),
        "lost": not_reached(by, mission, it.people),
        "unconfirmed": any(each.confirmed_at is None for each in it.hours or ()),
        "chart": chart,
        "away": away,
    }
    return render(request, "rescue/missions/page.html", context)


@require_safe
@desk_view_for(SEE_RESCUE)
def photo(request: HttpRequest, mission_id: UUID, photo_id: UUID) -> HttpResponse:
    mission = access.mission(actor(request), mission_id)
    answer: Any = open_file(kept(rows.photo(mission, photo_id).attachment_id))
    return cast(HttpResponse, answer)


@dataclass(frozen=True)
class Step:
    """A form about a mission, or (`row`) about one of its rows, whose name in the action is `name`.
    `needs_mission`: the form wants to know which. `names_people`: it lists people of the team, who
    are named to their own society alone. `initial`: from the row."""

    form: Callable[..., Form]
    action: Callable[..., Any]
    title: Any
    submit: Any
    done: Any
    lead: Any = ""
    needs_mission: bool = False
    names_people: bool = False
    name: str = "mission"
    row: Callable[[Mission, UUID], Any] | None = None
    initial: Callable[[Any], dict[str, Any]] = field(default=lambda row: {})


STEPS: dict[str, Step] = {
    "tell": Step(
        forms.TellForm, tellings.tell, _("What was told"), _("Write it down"),
        _("Written down."), _("Whatever was told is kept. What does not fit is flagged."),
    ),
    "order-back": Step(
        forms.OrderBackForm, returning.order_back, _("Order the team back"), _("Order back"),
        _("Ordered back. Everybody who is out gets a message."),
        _("Who ordered it, and since when. Everybody of the team who is out gets a message."),
    ),
    "accept": Step(
        forms.OptionalReasonForm, asking.accept_request, _("The team comes"), _("It comes"),
        _("Answered. Now call out its people."),
    ),
    "decline": Step(
        forms.DeclineForm, asking.decline_request, _("The team does not come"),
        pgettext_lazy("a request", "Decline"),
        _("Answered."),
    ),
    "cancel": Step(
        forms.DeclineForm, asking.cancel_mission, _("Call this team off"), _("Call off"),
        _("Called off."), _("Nobody of it has set out. Who has set out is ordered back instead."),
    ),
    "task": Step(
        forms.TaskForm, tasks.give_task, _("A task"), _("Write it down"), _("Written down."),
    ),
    "vehicle": Step(
        forms.VehicleForm, tasks.note_vehicle, _("A vehicle or boat goes along"),
        _("Write it down"), _("Written down."), needs_mission=True,
    ),
    "gear": Step(
        forms.GearForm, gear.issue_gear, _("Gear goes out"), _("Give it out"), _("Given out."),
        needs_mission=True,
    ),
    "person": Step(
        forms.PersonForm, calling.add_responder, _("Somebody who goes along"), _("Add"),
        _("Added."), _("For whoever is going and never answered a message."), needs_mission=True,
        names_people=True,
    ),
    "batch": Step(
        forms.BatchForm, calling.put_in_batch, _("Who travels together"), _("Save"), _("Saved."),
        needs_mission=True, names_people=True,
    ),
    "hours": Step(
        Form, hours.confirm_hours, _("Confirm the hours"), _("Confirm all"), _("Confirmed."),
        _("All that are not confirmed yet. Your own are confirmed by a colleague."),
    ),
    "close": Step(
        forms.ClosingForm, returning.close_mission, _("Close the mission"), _("Close"),
        _("Closed. Where people were is forgotten."),
        _("Everything is counted, and everybody is home."),
    ),
}  # fmt: skip

ROW_STEPS: dict[str, Step] = {
    "void": Step(
        forms.DeclineForm, tellings.void_telling, _("This report was wrong"), _("It was wrong"),
        _("It stays to be read, and no longer counts."), name="telling", row=rows.telling,
    ),
    "settle": Step(
        forms.DeclineForm, tellings.settle_telling, _("This report stands"), _("It stands"),
        _("It counts."), name="telling", row=rows.telling,
    ),
    "done": Step(
        forms.ResultForm, tasks.finish_task, _("The task is done"), _("Write it down"),
        _("Written down."), name="task", row=rows.task,
    ),
    "vehicle-back": Step(
        forms.OdometerForm, tasks.vehicle_back, _("The vehicle is back"), _("Save"), _("Saved."),
        name="row", row=rows.vehicle,
    ),
    "gear-back": Step(
        forms.GearBackForm, gear.return_gear, _("The gear is back"), _("Count it"), _("Counted."),
        _("Back, damaged, lost and used up add up to what went out."), name="issue",
        row=rows.issue, initial=lambda row: {"returned": row.quantity},
    ),
    "photo": Step(
        forms.PhotoForm, photos.mark_photo, _("A photo"), _("Save"), _("Saved."), name="photo",
        row=rows.photo,
        initial=lambda row: {"caption": row.caption, "is_for_release": row.is_for_release},
    ),
    "correct-hours": Step(
        forms.HoursForm, hours.correct_hours, _("Put hours right"), _("Save and confirm"),
        _("Saved and confirmed."), name="hours", row=rows.hours,
        initial=lambda row: {"from_at": row.from_at, "until_at": row.until_at},
    ),
    "injury": Step(
        forms.InjuryForm, injuries.note_injury, _("Somebody was hurt, or is not well"),
        _("Write it down"), _("Written down, sealed."), name="responder", row=rows.responder,
    ),
    "care": Step(
        forms.CareForm, injuries.note_care, _("What was done for them"), _("Write it down"),
        _("Written down, sealed."), name="injury", row=rows.injury,
    ),
}  # fmt: skip


@desk_view_for(LEAD_MISSIONS)
def step(request: HttpRequest, mission_id: UUID, verb: str) -> HttpResponse:
    if verb not in STEPS:
        raise not_found()
    by = actor(request)
    mission = _led(by, mission_id)
    if STEPS[verb].names_people:
        access.require_names(by, mission.team)
    return _step(request, mission, STEPS[verb], mission)


@desk_view_for(LEAD_MISSIONS)
def row_step(request: HttpRequest, mission_id: UUID, verb: str, row_id: UUID) -> HttpResponse:
    found = ROW_STEPS.get(verb)
    if found is None or found.row is None:
        raise not_found()
    mission = _led(actor(request), mission_id)
    return _step(request, mission, found, found.row(mission, row_id))


def _led(by: Actor, mission_id: UUID) -> Mission:
    mission = access.mission(by, mission_id)
    access.require_leading(by, mission)
    return mission


def _step(request: HttpRequest, mission: Mission, one: Step, row: Any) -> HttpResponse:
    more = {"mission": mission} if one.needs_mission else {}
    form = one.form(posted(request), initial=one.initial(row), **more)
    if form.is_valid():
        with form.refusals():
            by = actor(request).with_once(form.once_key)
            one.action(by=by, **{one.name: row}, **form.values)
            messages.success(request, one.done)
            return redirect(mission)
    context = {"mission": mission, "form": form, "step": one}
    return render(request, "rescue/missions/step.html", context, status=form.status)
