"""Duplicates on the desk: two rows side by side, four verbs, two pairs of eyes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotFound
from honghui.registry import access, naming
from honghui.registry.actions import duplicates as actions
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.models import OrganisationPair, PersonPair
from honghui.registry.permissions import RESOLVE_DUPLICATES
from honghui.registry.queries.desk import pair_kind, pairs_waiting_for
from honghui.registry.views.guards import desk_view_for

VERBS: dict[str, Callable[..., PersonPair | OrganisationPair]] = {
    "propose": actions.propose_merge,
    "confirm": actions.confirm_merge,
    "return": actions.return_proposal,
    "apart": actions.keep_apart,
}


@require_safe
@desk_view_for(RESOLVE_DUPLICATES)
def listing(request: HttpRequest) -> HttpResponse:
    tasks = pairs_waiting_for(actor(request))
    return render(request, "registry/duplicates/list.html", {"tasks": tasks})


@require_safe
@desk_view_for(RESOLVE_DUPLICATES)
def page(request: HttpRequest, kind: str, pair_id: UUID) -> HttpResponse:
    by = actor(request)
    return _show(request, _pair(by, kind, pair_id), ReasonForm())


@require_POST
@desk_view_for(RESOLVE_DUPLICATES)
def decide(request: HttpRequest, kind: str, pair_id: UUID, verb: str) -> HttpResponse:
    by = actor(request)
    pair = _pair(by, kind, pair_id)
    if verb not in VERBS:
        raise NotFound("web.not_found", _("There is no page at this address."))
    form = ReasonForm(request.POST)
    if form.is_valid():
        with form.refusals():
            VERBS[verb](by=by.with_once(form.once_key), pair=pair, **form.values)
            messages.success(request, _("Recorded."))
            return redirect("duplicate", kind, pair_id)
    return _show(request, pair, form)


def _pair(by: Actor, kind: str, pair_id: UUID) -> PersonPair | OrganisationPair:
    if kind == "person":
        return access.person_pair(by, pair_id)
    if kind == "organisation":
        return access.organisation_pair(by, pair_id)
    raise NotFound("web.not_found", _("There is no page at this address."))


def _show(
    request: HttpRequest, pair: PersonPair | OrganisationPair, form: ReasonForm
) -> HttpResponse:
    by = actor(request)
    proposer = pair.proposed_by
    context = {
        "pair": pair,
        "kind": pair_kind(pair),
        "rows": [pair.first, pair.second],
        "signs": [naming.PAIR_SIGNS[sign] for sign in pair.signs],
        "state_words": naming.PAIR_STATES[pair.state],
        "form": form,
        "own_proposal": proposer is not None and proposer.person_id == by.person_id,
    }
    return render(request, "registry/duplicates/page.html", context, status=form.status)
