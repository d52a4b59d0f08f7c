"""Bulletins on the desk: count, look, have a second person publish; notes on what was published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from honghui.disclosure import access
from honghui.disclosure.actions import bulletins as actions
from honghui.disclosure.actions import corrections
from honghui.disclosure.bulletin_page import bulletin_page, note_lines
from honghui.disclosure.forms import BulletinForm, CorrectionForm, RedraftForm, SeenForm
from honghui.disclosure.models import Bulletin, CorrectionNote
from honghui.disclosure.queries import bulletins as queries
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotFound
from honghui.registry.access import may, societies_where
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import APPROVE_BULLETINS, PREPARE_BULLETINS, SEE_BULLETINS
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.ui.forms import Form, posted

Done = tuple[type[Form], Callable[..., object]]
BULLETIN_VERBS: dict[str, Done] = {
    "redraft": (RedraftForm, actions.redraft_bulletin),
    "publish": (SeenForm, actions.publish_bulletin),
    "withdraw": (ReasonForm, actions.withdraw_bulletin),
}
CORRECTION_VERBS: dict[str, Done] = {
    "publish": (SeenForm, corrections.publish_correction),
    "withdraw": (ReasonForm, corrections.withdraw_correction),
}


@require_safe
@desk_view_for(SEE_BULLETINS)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    context = {
        "page": page_of(request, access.bulletins(by).defer("figures").order_by("-id")),
        "may_prepare": bool(societies_where(by, PREPARE_BULLETINS)),
    }
    return render(request, "disclosure/bulletins/desk_list.html", context)


@desk_view_for(PREPARE_BULLETINS)
def draft(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    last = clock.today()
    first = last.replace(day=1)
    if first == last:
        last = first - timedelta(days=1)
        first = last.replace(day=1)
    form = BulletinForm(posted(request), by=by, initial={"first": first, "last": last})
    if form.is_valid():
        with form.refusals():
            bulletin = actions.draft_bulletin(by=by.with_once(form.once_key), **form.values)
            return redirect("desk_bulletin", bulletin.pk)
    return render(request, "disclosure/bulletins/draft.html", {"form": form}, status=form.status)


@require_safe
@desk_view_for(SEE_BULLETINS)
def page(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    return _show(request, access.bulletin(actor(request), bulletin_id))


@require_POST
@desk_view_for(PREPARE_BULLETINS)
def decide(request: HttpRequest, bulletin_id: UUID, verb: str) -> HttpResponse:
    by = actor(request)
    bulletin = access.bulletin(by, bulletin_id)
    form, act = _asked(BULLETIN_VERBS, verb, request)
    if form.is_valid():
        with form.refusals():
            act(by=by.with_once(form.once_key), bulletin=bulletin, **form.values)
            messages.success(request, _("Recorded."))
            return redirect("desk_bulletin", bulletin_id)
    return _show(request, bulletin, verb, form)


@desk_view_for(PREPARE_BULLETINS)
def correct(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    by = actor(request)
    bulletin = access.bulletin(by, bulletin_id)
    form = CorrectionForm(posted(request))
    if form.is_valid():
        with form.refusals():
            corrections.draft_correction(
                by=by.with_once(form.once_key), bulletin=bulletin, **form.values
            )
            return redirect("desk_bulletin", bulletin_id)
    context = {"form": form, "page": bulletin_page(bulletin)}
    return render(request, "disclosure/bulletins/correct.html", context, status=form.status)


@require_POST
@desk_view_for(PREPARE_BULLETINS)
def decide_correction(request: HttpRequest, correction_id: UUID, verb: str) -> HttpResponse:
    by = actor(request)
    note = access.correction(by, correction_id)
    form, act = _asked(CORRECTION_VERBS, verb, request)
    if form.is_valid():
        with form.refusals():
            act(by=by.with_once(form.once_key), correction=note, **form.values)
            messages.success(request, _("Recorded."))
            return redirect("desk_bulletin", note.bulletin_id)
    bulletin = access.bulletin(by, note.bulletin_id)
    return _show(request, bulletin, verb, form)


def _asked(
    verbs: dict[str, Done], verb: str, request: HttpRequest
) -> tuple[Form, Callable[..., object]]:
    if verb not in verbs:
        raise NotFound("web.not_found", _("There is no page at this address."))
    form, act = verbs[verb]
    return form(request.POST), act


def _show(
    request: HttpRequest, bulletin: Bulletin, verb: str = "", sent: Form | None = None
) -> HttpResponse:
    """`sent`: the form that was refused, shown in its place with what it says."""
    by = actor(request)
    note = queries.drafted_note(bulletin)
    signed = note or bulletin
    forms = {
        "redraft": RedraftForm(initial={"text": bulletin.text, "text_en": bulletin.text_en}),
        "publish": SeenForm(initial={"seen": signed.seal}),
        "withdraw": ReasonForm(),
    }
    if sent is not None:
        forms[verb] = sent
    context: dict[str, Any] = {
        "page": bulletin_page(bulletin),
        "forms": forms,
        "note": _note(bulletin, note) if note else None,
        "signed": signed,
        **_powers(by, bulletin, signed),
    }
    status = sent.status if sent else 200
    return render(request, "disclosure/bulletins/desk_page.html", context, status=status)


def _note(bulletin: Bulletin, note: CorrectionNote) -> Any:
    names = queries.purpose_names(bulletin.content)
    (told,) = queries.told([note], {})
    return note_lines(told, names)


def _powers(by: Actor, bulletin: Bulletin, signed: Bulletin | CorrectionNote) -> dict[str, bool]:
    own = signed.prepared_by.person_id == by.person_id
    return {
        "is_open": signed.state == Bulletin.State.DRAFTED,
        "is_own": own,
        "may_prepare": may(by, PREPARE_BULLETINS, bulletin.society_id),
        "may_publish": may(by, APPROVE_BULLETINS, bulletin.society_id) and not own,
    }
