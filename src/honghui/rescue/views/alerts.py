"""Warnings: for everybody under /alerts/, on the desk with what is still a draft."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.kernel.errors import NotAllowed
from honghui.registry.access import may, require, societies_where
from honghui.registry.middleware import actor
from honghui.registry.permissions import OPEN_INCIDENTS, SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.rescue import access, alert_access
from honghui.rescue.actions import alerts as actions
from honghui.rescue.alerting.feed import atom
from honghui.rescue.forms.incidents_alerts import AlertForm, ReadAlertForm, WatchForm
from honghui.rescue.models import Alert
from honghui.rescue.queries import alert_map
from honghui.rescue.queries.alerts import newest_first, standing
from honghui.rescue.words.alerts import CAUSE_OF
from honghui.ui.forms import Form, posted, posted_files

FEED_MAX = 100


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, newest_first(alert_access.public_alerts()))
    rows = standing(list(page))
    in_force = sum(row.kind == "in_force" and row.alert.status == "Actual" for row in rows)
    context = {"page": page, "rows": rows, "in_force": in_force}
    return render(request, "rescue/alerts/public_list.html", context)


@require_safe
def public_page(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    one = standing([alert_access.public_alert(alert_id)])[0]
    context = {"one": one, "alert": one.alert, "area": alert_map.map_of(one.alert)}
    return render(request, "rescue/alerts/public_page.html", context)


@require_safe
def public_xml(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """What was sent, byte for byte."""
    alert = alert_access.public_alert(alert_id)
    return HttpResponse(bytes(alert.xml), content_type="application/cap+xml; charset=utf-8")


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    alerts = list(newest_first(alert_access.public_alerts())[:FEED_MAX])
    return HttpResponse(atom(alerts), content_type="application/atom+xml; charset=utf-8")


@require_safe
@desk_view_for(SEE_RESCUE)
def listing(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    page = page_of(request, newest_first(alert_access.alerts(by)))
    context = {
        "page": page,
        "rows": standing(list(page)),
        "may_write": bool(societies_where(by, OPEN_INCIDENTS)),
    }
    return render(request, "rescue/alerts/list.html", context)


@require_safe
@desk_view_for(SEE_RESCUE)
def page(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    by = actor(request)
    one = standing([alert_access.alert(by, alert_id)])[0]
    return render(request, "rescue/alerts/page.html", _page(request, one.alert) | {"one": one})


def _page(request: HttpRequest, alert: Alert) -> dict[str, object]:
    by = actor(request)
    ours = alert.society_id is not None and may(by, OPEN_INCIDENTS, alert.society_id)
    mine = alert.written_by is not None and alert.written_by.person_id == by.person_id
    is_draft = alert.state == Alert.State.DRAFT
    return {
        "alert": alert,
        "form": Form(),
        "may_publish": ours and is_draft and not mine,
        "may_withdraw": ours and is_draft,
        "may_follow": ours
        and alert.state == Alert.State.PUBLISHED
        and alert.message_type != "Cancel",
        "may_watch": alert.direction == Alert.Direction.IN
        and alert.message_type in {"Alert", "Update"}
        and bool(societies_where(by, OPEN_INCIDENTS)),
        "waits_for_other": is_draft and mine,
        "names_nothing": alert.message_type in {"Update", "Cancel"} and not alert.references,
        "area": alert_map.map_of(alert),
        "inside": alert_map.teams_inside(alert),
        "blocks": alert_map.blocks_of(alert),
        "signed": alert_map.is_signed(alert),
    }


@desk_view_for(OPEN_INCIDENTS)
def write(request: HttpRequest) -> HttpResponse:
    """A new warning; `?incident=` ties it to one that this actor leads."""
    by = actor(request)
    incident = None
    if request.GET.get("incident"):
        try:
            incident = access.incident(by, UUID(request.GET["incident"]))
        except ValueError:
            incident = None
    initial = {"is_exercise": incident.is_drill} if incident else {}
    form = AlertForm(posted(request), by=by, initial=initial)
    if form.is_valid():
        with form.refusals():
            alert = actions.draft_alert(
                by=by.with_once(form.once_key), incident=incident, **form.values
            )
            messages.success(request, _("Drafted. A colleague has to publish it."))
            return redirect(alert)
    context = {"form": form, "follows": None, "kind": "Alert"}
    return render(request, "rescue/alerts/form.html", context, status=form.status)


@desk_view_for(OPEN_INCIDENTS)
def follow(request: HttpRequest, alert_id: UUID, kind: str) -> HttpResponse:
    """An update or a cancellation of a warning of ours."""
    by = actor(request)
    follows = alert_access.alert(by, alert_id)
    if follows.direction == Alert.Direction.IN:
        raise NotAllowed(
            "access.not_allowed",
            _("Somebody else's warning is not ours to change."),
            _("Write a warning of your own."),
        )
    require(by, OPEN_INCIDENTS, follows.society_id or "")
    message_type = "Cancel" if kind == "cancel" else "Update"
    form = AlertForm(posted(request), by=by, follows=follows, ends=kind == "cancel")
    if form.is_valid():
        with form.refusals():
            alert = actions.draft_alert(
                by=by.with_once(form.once_key),
                message_type=message_type,
                replaces=follows,
                **form.values,
            )
            messages.success(request, _("Drafted. A colleague has to publish it."))
            return redirect(alert)
    context = {"form": form, "follows": follows, "kind": message_type}
    return render(request, "rescue/alerts/form.html", context, status=form.status)


@desk_view_for(OPEN_INCIDENTS)
def decide(request: HttpRequest, alert_id: UUID, verb: str) -> HttpResponse:
    """Publish a colleague's draft, or withdraw a draft."""
    by = actor(request)
    alert = alert_access.alert(by, alert_id)
    require(by, OPEN_INCIDENTS, alert.society_id or "")
    form = Form(posted(request))
    if form.is_valid():
        with form.refusals():
            act = actions.publish_alert if verb == "publish" else actions.withdraw_alert
            act(by=by.with_once(form.once_key), alert=alert)
            done = _("Published.") if verb == "publish" else _("Withdrawn.")
            messages.success(request, done)
            return redirect(alert)
    one = standing([alert])[0]
    context = _page(request, alert) | {"one": one, "form": form}
    return render(request, "rescue/alerts/page.html", context, status=form.status)


@desk_view_for(OPEN_INCIDENTS)
def read(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    form = ReadAlertForm(posted(request), posted_files(request), by=by)
    if form.is_valid():
        with form.refusals():
            alert = actions.read_alert(by=by.with_once(form.once_key), **form.values)
            messages.success(request, _("Taken in. The same warning again would change nothing."))
            return redirect(alert)
    return render(request, "rescue/alerts/read.html", {"form": form}, status=form.status)


@desk_view_for(OPEN_INCIDENTS)
def watch(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    by = actor(request)
    alert = alert_access.alert(by, alert_id)
    cause = CAUSE_OF.get(alert.category, "other")
    form = WatchForm(posted(request), by=by, initial={"cause": cause})
    if form.is_valid():
        with form.refusals():
            incident = actions.watch_alert(
                by=by.with_once(form.once_key), alert=alert, **form.values
            )
            messages.success(request, _("On watch. The warning is the reason."))
            return redirect(incident)
    context = {"form": form, "alert": alert}
    return render(request, "rescue/alerts/watch.html", context, status=form.status)
