"""Whom to ask about somebody of a society below who was called: asks for the reason, then shows the
leader once, on the answer to this very request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from honghui.callouts import access
from honghui.registry.access import require
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import CALL_OUT
from honghui.registry.views.guards import desk_view_for
from honghui.rescue.actions.leaders import show_leader
from honghui.rescue.queries.leaders import opened
from honghui.ui.forms import posted


@desk_view_for(CALL_OUT)
def leader(request: HttpRequest, call_out_id: UUID, invitation_id: UUID) -> HttpResponse:
    by = actor(request)
    call_out = access.call_out(by, call_out_id)
    require(by, CALL_OUT, call_out.society_id)
    invitation = access.invitation(by, call_out, invitation_id)
    form = ReasonForm(posted(request), initial={"reason": _("Their answer cannot be made out.")})
    context: dict[str, Any] = {"form": form, "call_out": call_out, "invitation": invitation}
    if form.is_valid():
        with form.refusals():
            show_leader(by=by, invitation=invitation, **form.values)
            context["leaders"] = opened(invitation)
    return render(request, "rescue/missions/leader.html", context, status=form.status)
