"""Organisations on the desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.registry import access, naming
from honghui.registry.actions import organisations as actions
from honghui.registry.forms import OrganisationChangeForm, OrganisationForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import REGISTER_ORGANISATIONS, SEE_ORGANISATIONS
from honghui.registry.queries.organisations import organisation_list
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.ui.forms import posted


@require_safe
@desk_view_for(SEE_ORGANISATIONS)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    query = request.GET.get("q", "")
    context = {
        "page": page_of(request, organisation_list(by, query)),
        "q": query,
        "may_register": bool(access.societies_where(by, REGISTER_ORGANISATIONS)),
    }
    return render(request, "registry/organisations/list.html", context)


@require_safe
@desk_view_for(SEE_ORGANISATIONS)
def page(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    by = actor(request)
    organisation = access.organisation(by, organisation_id)
    context = {
        "organisation": organisation,
        "kind": naming.ORGANISATION_KINDS[organisation.kind],
        "units": organisation.units.filter(closed_on=None).select_related("society"),
        "may_change": access.may(by, REGISTER_ORGANISATIONS, organisation.society_code),
    }
    return render(request, "registry/organisations/page.html", context)


@desk_view_for(REGISTER_ORGANISATIONS)
def register(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = OrganisationForm(posted(request), by=by)
    if form.is_valid():
        with form.refusals():
            organisation = actions.register_organisation(
                by=by.with_once(form.once_key), **form.values
            )
            messages.success(request, _("Registered."))
            return redirect(organisation)
    return render(
        request, "registry/organisations/register.html", {"form": form}, status=form.status
    )


@desk_view_for(REGISTER_ORGANISATIONS)
def change(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    by = actor(request)
    organisation = access.organisation(by, organisation_id)
    access.require(by, REGISTER_ORGANISATIONS, organisation.society_code)
    initial = {
        "name": organisation.name,
        "name_en": organisation.name_en,
        "kind": organisation.kind,
        "credit_code": organisation.credit_code or "",
        "aliases": "\n".join(organisation.aliases),
    }
    form = OrganisationChangeForm(posted(request), initial=initial)
    if form.is_valid():
        with form.refusals():
            actions.change_organisation(
                by=by.with_once(form.once_key), organisation=organisation, **form.values
            )
            messages.success(request, _("Changed."))
            return redirect(organisation)
    context = {"form": form, "organisation": organisation}
    return render(request, "registry/organisations/change.html", context, status=form.status)
