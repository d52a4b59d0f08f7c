"""Grass-roots units on the desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.kernel import clock
from honghui.registry import access, naming
from honghui.registry.actions import units as actions
from honghui.registry.forms import CloseUnitForm, UnitForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import MANAGE_UNITS
from honghui.registry.queries.organisations import units_of
from honghui.registry.views.guards import desk_view, desk_view_for
from honghui.registry.views.pages import page_of
from honghui.ui.forms import posted


@require_safe
@desk_view
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    context = {
        "page": page_of(request, units_of(by)),
        "kinds": naming.UNIT_KINDS,
        "may_manage": bool(access.societies_where(by, MANAGE_UNITS)),
    }
    return render(request, "registry/units/list.html", context)


@desk_view_for(MANAGE_UNITS)
def open_unit(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = UnitForm(posted(request), by=by, initial={"opened_on": clock.today()})
    if form.is_valid():
        with form.refusals():
            actions.open_unit(by=by.with_once(form.once_key), **form.values)
            messages.success(request, _("Opened."))
            return redirect("units")
    return render(request, "registry/units/open.html", {"form": form}, status=form.status)


@desk_view_for(MANAGE_UNITS)
def close_unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    by = actor(request)
    unit = access.unit(by, unit_id)
    access.require(by, MANAGE_UNITS, unit.society_id)
    form = CloseUnitForm(posted(request), initial={"closed_on": clock.today()})
    if form.is_valid():
        with form.refusals():
            actions.close_unit(by=by.with_once(form.once_key), unit=unit, **form.values)
            messages.success(request, _("Closed."))
            return redirect("units")
    context = {"form": form, "unit": unit}
    return render(request, "registry/units/close.html", context, status=form.status)
