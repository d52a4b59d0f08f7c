"""A call-out on the desk: looked at before it is sent, watched while people answer, ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from honghui.callouts import access
from honghui.callouts.actions.answers import note_answer
from honghui.callouts.actions.calling import invite_more, send_call_out
from honghui.callouts.actions.ending import cancel_call_out, close_call_out, send_home
from honghui.callouts.forms import EndingForm, MoreForm, NoteForm, SendForm
from honghui.callouts.listening import links_of_matter
from honghui.callouts.models import CallOut
from honghui.callouts.queries.desk import listed
from honghui.callouts.queries.plan import more_of, plan_of
from honghui.callouts.queries.standing import standing_of, tag_of
from honghui.kernel.actors import Actor
from honghui.registry.access import may, require, societies_where
from honghui.registry.middleware import actor
from honghui.registry.permissions import CALL_OUT as CALL
from honghui.registry.permissions import SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.ui.forms import posted

ENDINGS = {"close": close_call_out, "cancel": cancel_call_out}


@require_safe
@desk_view_for(SEE_RESCUE)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    context = {"page": page_of(request, listed(by)), "may_call": bool(societies_where(by, CALL))}
    return render(request, "callouts/list.html", context)


@require_safe
@desk_view_for(SEE_RESCUE)
def page(request: HttpRequest, call_out_id: UUID) -> HttpResponse:
    by = actor(request)
    found = access.call_out(by, call_out_id)
    context = {"call_out": found, "may_call": may(by, CALL, found.society_id)} | _named(by, found)
    context["matter"] = links_of_matter(found)
    if found.state == CallOut.State.DRAFT:
        context |= {"plan": plan_of(found), "standing": standing_of(found), "form": SendForm()}
        return render(request, "callouts/draft.html", context)
    context |= {"tag": tag_of(found), "standing": standing_of(found), "form": MoreForm()}
    return render(request, "callouts/page.html", context)


@require_safe
@desk_view_for(SEE_RESCUE)
def part(request: HttpRequest, call_out_id: UUID) -> HttpResponse:
    """What changes of the page, for ui/js/follow.js: 304 as long as it would be the same."""
    by = actor(request)
    found = access.call_out(by, call_out_id)
    tag = tag_of(found)
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        context = {"call_out": found, "standing": standing_of(found)} | _named(by, found)
        context["may_call"] = may(by, CALL, found.society_id)
        response = render(request, "callouts/standing.html", context)
    response.headers["ETag"] = tag
    return response


@require_POST
@desk_view_for(CALL)
def send(request: HttpRequest, call_out_id: UUID) -> HttpResponse:
    by = actor(request)
    found = access.call_out(by, call_out_id)
    form = SendForm(posted(request))
    if form.is_valid():
        with form.refusals():
            send_call_out(by=by.with_once(form.once_key), call_out=found)
            messages.success(request, _("Sent."))
            return redirect(found)
    require(by, CALL, found.society_id)
    messages.warning(request, form.first_error)
    return redirect(found)


@desk_view_for(CALL)
def more(request: HttpRequest, call_out_id: UUID) -> HttpResponse:
    by = actor(request)
    found = access.call_out(by, call_out_id)
    require(by, CALL, found.society_id)
    form = MoreForm(posted(request), initial={"count": 1})
    if form.is_valid():
        with form.refusals():
            invite_more(by=by.with_once(form.once_key), call_out=found, **form.values)
            messages.success(request, _("Called."))
            return redirect(found)
    context = {"call_out": found, "form": form, "doing": "more", "more": more_of(found)}
    context["matter"] = links_of_matter(found)
    return render(request, "callouts/act.html", context, status=form.status)


@desk_view_for(CALL)
def end(request: HttpRequest, call_out_id: UUID, how: str) -> HttpResponse:
    by = actor(request)
    found = access.call_out(by, call_out_id)
    require(by, CALL, found.society_id)
    form = EndingForm(posted(request))
    if form.is_valid():
        with form.refusals():
            ENDINGS[how](by=by.with_once(form.once_key), call_out=found, **form.values)
            messages.success(request, _("Recorded."))
            return redirect(found)
    context = {"call_out": found, "form": form, "doing": how}
    return render(request, "callouts/act.html", context, status=form.status)


@desk_view_for(CALL)
def home(request: HttpRequest, call_out_id: UUID) -> HttpResponse:
    by = actor(request)
    found = access.call_out(by, call_out_id)
    require(by, CALL, found.society_id)
    form = SendForm(posted(request))
    if form.is_valid():
        with form.refusals():
            send_home(by=by.with_once(form.once_key), call_out=found)
            messages.success(request, _("Sent."))
            return redirect(found)
    context = {"call_out": found, "form": form, "doing": "home"}
    return render(request, "callouts/act.html", context, status=form.status)


@desk_view_for(CALL)
def note(request: HttpRequest, call_out_id: UUID, invitation_id: UUID) -> HttpResponse:
    by = actor(request)
    found = access.call_out(by, call_out_id)
    invitation = access.invitation(by, found, invitation_id)
    require(by, CALL, found.society_id)
    form = NoteForm(posted(request))
    if form.is_valid():
        with form.refusals():
            note_answer(by=by.with_once(form.once_key), invitation=invitation, **form.values)
            messages.success(request, _("Recorded."))
            return redirect(found)
    context = {"call_out": found, "invitation": invitation, "form": form} | _named(by, found)
    return render(request, "callouts/note.html", context, status=form.status)


def _named(by: Actor, found: CallOut) -> dict[str, Any]:
    """Whose names the page may say."""
    return {"known": access.known_people(by, found.invitations.values_list("person", flat=True))}
