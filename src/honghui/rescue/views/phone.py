"""A team leader's phone: my missions, and one of them as big buttons. Every form on it is kept on
the phone first (sync/queue.js); without scripts it is posted here and does the same."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.kernel import clock
from honghui.kernel.errors import Invalid, Refused
from honghui.registry.middleware import actor
from honghui.registry.permissions import LEAD_MISSIONS
from honghui.registry.views.guards import desk_view_for
from honghui.rescue import access, field
from honghui.rescue.queries.phone import cards, on_phone
from honghui.rescue.words.missions import QUALIFIED, RESULT_UNITS, RESULTS, TASKS
from honghui.sync.handling import Form

# What may be posted without scripts. Photos and positions need them.
PLAIN = {
    field.TELL: field.take_telling,
    field.TASK: field.take_task,
    field.DONE: field.take_done,
    field.NOTE: field.take_note,
}


@require_safe
@desk_view_for(LEAD_MISSIONS)
def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "rescue/phone/list.html", {"cards": cards(actor(request))})


@desk_view_for(LEAD_MISSIONS)
def mission(request: HttpRequest, mission_id: UUID) -> HttpResponse:
    by = actor(request)
    found = access.mission(by, mission_id)
    access.require_leading(by, found)
    refusal = None
    if request.method == "POST":
        try:
            _take(request, mission_id)
            messages.success(request, _("Written down."))
            return redirect("field_mission", mission_id)
        except Refused as error:
            refusal = error
    context = {
        "it": on_phone(found),
        "mission": found,
        "kinds": TASKS,
        "results": RESULTS,
        "units": RESULT_UNITS,
        "qualifiers": QUALIFIED,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "rescue/phone/mission.html", context, status=status)


def _take(request: HttpRequest, mission_id: UUID) -> None:
    """The same handler as for a form that waited on the phone; it happened now."""
    kind = str(request.POST.get("sync", ""))
    if kind not in PLAIN:
        raise Invalid(
            "rescue.field.needs_script",
            _("This needs scripts, which this browser has switched off."),
            _("Use another browser, or note it on the desk."),
        )
    fields = {name: str(value) for name, value in request.POST.items()}
    now = clock.machine_now()
    form = Form(
        id=uuid4(),
        kind=kind,
        made_at=now,
        fields={**fields, "mission": str(mission_id)},
        link="",
        attachments=(),
        sent_at=now,
        received_at=now,
        at_by_us=clock.now(),
    )
    PLAIN[kind](actor(request), form)
