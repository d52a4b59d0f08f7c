"""People on the desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.kernel import clock
from honghui.registry import access, identities
from honghui.registry.actions import people as actions
from honghui.registry.actions.duplicates import report_duplicate
from honghui.registry.forms import (
    AffiliationForm,
    EndForm,
    PersonChangeForm,
    PersonForm,
    ReasonForm,
    SameAsForm,
)
from honghui.registry.middleware import actor
from honghui.registry.permissions import (
    ERASE_PEOPLE,
    REGISTER_PEOPLE,
    RESOLVE_DUPLICATES,
    SEE_PEOPLE,
    SHOW_IDENTITY,
)
from honghui.registry.queries.desk import pair_url
from honghui.registry.queries.people import person_history, person_list, running_affiliations
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.ui.forms import posted


@require_safe
@desk_view_for(SEE_PEOPLE)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    query = request.GET.get("q", "")
    page = page_of(request, person_list(by, query))
    may_register = bool(access.societies_where(by, REGISTER_PEOPLE))
    context = {"page": page, "q": query, "may_register": may_register}
    return render(request, "registry/people/list.html", context)


@require_safe
@desk_view_for(SEE_PEOPLE)
def page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    by = actor(request)
    person = access.person(by, person_id)
    if person.pk != person_id:
        return redirect(person)
    context = {
        "person": person,
        "affiliations": running_affiliations(person, by),
        "history": person_history(person, by),
        "may": {
            "register": bool(access.societies_where(by, REGISTER_PEOPLE)),
            "show_identity": bool(access.societies_where(by, SHOW_IDENTITY)),
            "resolve": bool(access.societies_where(by, RESOLVE_DUPLICATES)),
            "erase": bool(access.societies_where(by, ERASE_PEOPLE)),
        },
    }
    return render(request, "registry/people/page.html", context)


@desk_view_for(REGISTER_PEOPLE)
def register(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = PersonForm(posted(request), by=by)
    if form.is_valid():
        with form.refusals():
            person = actions.register_person(by=by.with_once(form.once_key), **form.values)
            messages.success(request, _("Registered."))
            return redirect(person)
    return render(request, "registry/people/register.html", {"form": form}, status=form.status)


@desk_view_for(REGISTER_PEOPLE)
def change(request: HttpRequest, person_id: UUID) -> HttpResponse:
    by = actor(request)
    person = access.person(by, person_id)
    form = PersonChangeForm(posted(request), initial={"name": person.name})
    if form.is_valid():
        with form.refusals():
            actions.change_person(by=by.with_once(form.once_key), person=person, **form.values)
            messages.success(request, _("Changed."))
            return redirect(person)
    context = {"form": form, "person": person}
    return render(request, "registry/people/change.html", context, status=form.status)


@desk_view_for(REGISTER_PEOPLE)
def affiliate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    by = actor(request)
    person = access.person(by, person_id)
    form = AffiliationForm(posted(request), by=by, initial={"began_on": clock.today()})
    if form.is_valid():
        with form.refusals():
            actions.affiliate_person(by=by.with_once(form.once_key), person=person, **form.values)
            return redirect(person)
    context = {"form": form, "person": person}
    return render(request, "registry/people/affiliate.html", context, status=form.status)


@desk_view_for(REGISTER_PEOPLE)
def end_affiliation(request: HttpRequest, person_id: UUID, affiliation_id: UUID) -> HttpResponse:
    by = actor(request)
    person = access.person(by, person_id)
    affiliation = access.affiliation(by, person, affiliation_id)
    form = EndForm(posted(request), initial={"ended_on": clock.today()})
    if form.is_valid():
        with form.refusals():
            actions.end_affiliation(
                by=by.with_once(form.once_key), affiliation=affiliation, **form.values
            )
            return redirect(person)
    context = {"form": form, "person": person, "affiliation": affiliation}
    return render(request, "registry/people/end_affiliation.html", context, status=form.status)


@desk_view_for(SHOW_IDENTITY)
def identity(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Asks for the reason, then shows the values once, on the answer to this very request."""
    by = actor(request)
    person = access.person(by, person_id)
    form = ReasonForm(posted(request))
    context = {"form": form, "person": person}
    if form.is_valid():
        with form.refusals():
            person = actions.show_identity(by=by, person=person, **form.values)
            context["opened"] = identities.opened(person)
    return render(request, "registry/people/identity.html", context, status=form.status)


@desk_view_for(RESOLVE_DUPLICATES)
def same_as(request: HttpRequest, person_id: UUID) -> HttpResponse:
    by = actor(request)
    person = access.person(by, person_id)
    form = SameAsForm(posted(request))
    if form.is_valid():
        with form.refusals():
            values = form.values
            pair = report_duplicate(
                by=by.with_once(form.once_key),
                first=person,
                second=access.person(by, values["other"]),
                reason=values["reason"],
            )
            return redirect(pair_url(pair))
    context = {"form": form, "person": person}
    return render(request, "registry/people/same_as.html", context, status=form.status)


@desk_view_for(ERASE_PEOPLE)
def erase(request: HttpRequest, person_id: UUID) -> HttpResponse:
    by = actor(request)
    person = access.person(by, person_id)
    form = ReasonForm(posted(request))
    if form.is_valid():
        with form.refusals():
            actions.erase_person(by=by.with_once(form.once_key), person=person, **form.values)
            messages.success(request, _("Erased. The key is destroyed."))
            return redirect("people")
    context = {"form": form, "person": person}
    return render(request, "registry/people/erase.html", context, status=form.status)
