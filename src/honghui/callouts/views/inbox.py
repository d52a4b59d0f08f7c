"""What nobody could make out: whose answer it may be, and what it means by one press."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from honghui.callouts import access
from honghui.callouts.actions.inbox import settle_incoming
from honghui.callouts.forms import SettleForm
from honghui.callouts.queries.answer_page import MINUTES
from honghui.callouts.queries.inbox import inbox_of, persons_in
from honghui.registry.access import require
from honghui.registry.middleware import actor
from honghui.registry.permissions import CALL_OUT as CALL
from honghui.registry.views.guards import desk_view_for
from honghui.ui.forms import posted


@require_safe
@desk_view_for(CALL)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    unread = inbox_of(by)
    known = access.known_people(by, persons_in(unread))
    context = {"unread": unread, "known": known, "arrival_minutes": MINUTES}
    return render(request, "callouts/inbox.html", context)


@require_POST
@desk_view_for(CALL)
def settle(request: HttpRequest, incoming_id: UUID) -> HttpResponse:
    by = actor(request)
    incoming = access.incoming(by, incoming_id)
    require(by, CALL, incoming.society_id)
    form = SettleForm(posted(request))
    if form.is_valid():
        with form.refusals():
            whose = form.values["invitation"]
            meaning, minutes = form.values["answer"]
            settle_incoming(
                by=by.with_once(form.once_key),
                incoming=incoming,
                meaning=meaning,
                eta_minutes=minutes,
                invitation=access.any_invitation(by, whose) if whose else None,
            )
            messages.success(request, _("Recorded."))
            return redirect("call_out_inbox")
    messages.warning(request, form.first_error)
    return redirect("call_out_inbox")
