"""Reports on the desk: count, read, have a second person release; what others published beside."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotFound
from honghui.registry.access import may, not_found, require, societies_where
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import (
    RELEASE_RESCUE_REPORTS,
    SEE_RESCUE,
    WRITE_RESCUE_REPORTS,
    Permission,
)
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.rescue import access
from honghui.rescue.actions import claims, reports
from honghui.rescue.forms.reports import ClaimForm, DraftForm, RedraftForm, ReleaseForm
from honghui.rescue.models import Incident, RescueReport
from honghui.rescue.papers.report import report_csv, report_pdf
from honghui.rescue.queries import report as queries
from honghui.rescue.reporting.picturing import chosen
from honghui.rescue.reporting.record import seal_of
from honghui.ui.forms import Form, posted

Done = tuple[type[Form], Callable[..., object], Permission]
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
VERBS: dict[str, Done] = {
    "redraft": (RedraftForm, reports.redraft_report, WRITE_RESCUE_REPORTS),
    "release": (ReleaseForm, reports.release_report, RELEASE_RESCUE_REPORTS),
    "withdraw": (ReasonForm, reports.withdraw_report, RELEASE_RESCUE_REPORTS),
}

SAID = {
    "redraft": gettext_lazy("Counted again. A colleague releases it."),
    "release": gettext_lazy("Released. Everybody can read it now."),
    "withdraw": gettext_lazy("Taken down. Its public page says so, and why."),
}


def reader_view(view: View[P]) -> View[P]:
    """For those who see rescue, and for editors, who release and see nothing else of it."""
    by_sight = desk_view_for(SEE_RESCUE)(view)
    by_release = desk_view_for(RELEASE_RESCUE_REPORTS)(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        sees = societies_where(actor(request), SEE_RESCUE)
        return (by_sight if sees else by_release)(request, *args, **kwargs)

    return cast("View[P]", guarded)


@require_safe
@reader_view
def every(request: HttpRequest) -> HttpResponse:
    """Reports of all incidents, those that wait first."""
    page = page_of(request, queries.waiting_first(access.reports(actor(request))))
    return render(request, "rescue/reports/every.html", {"page": page})


@require_safe
@desk_view_for(SEE_RESCUE)
def listing(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _list(request, access.incident(actor(request), incident_id))


@desk_view_for(WRITE_RESCUE_REPORTS)
def draft(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    by = actor(request)
    incident = _own_incident(by, incident_id)
    released = [
        one for one in queries.reports_of(incident) if one.state == RescueReport.State.RELEASED
    ]
    form = DraftForm(posted(request), corrects=bool(released))
    if form.is_valid():
        with form.refusals():
            report = reports.draft_report(
                by=by.with_once(form.once_key), incident=incident, **form.values
            )
            return redirect("rescue_report", report.pk)
    context = {"form": form, "incident": incident, "released": released[:1]}
    return render(request, "rescue/reports/draft.html", context, status=form.status)


@require_safe
@reader_view
def page(request: HttpRequest, report_id: UUID) -> HttpResponse:
    return _show(request, access.report(actor(request), report_id))


@require_POST
def decide(request: HttpRequest, report_id: UUID, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise NotFound("web.not_found", _("There is no page at this address."))
    return desk_view_for(VERBS[verb][2])(_decide)(request, report_id, verb)


def _decide(request: HttpRequest, report_id: UUID, verb: str) -> HttpResponse:
    by = actor(request)
    report = access.report(by, report_id)
    form_class, act, permission = VERBS[verb]
    require(by, permission, report.incident.society_id)
    form = form_class(request.POST)
    if form.is_valid():
        with form.refusals():
            act(by=by.with_once(form.once_key), report=report, **form.values)
            messages.success(request, SAID[verb])
            return redirect("rescue_report", report_id)
    return _show(request, report, verb, form)


@require_safe
@reader_view
def paper(request: HttpRequest, report_id: UUID) -> HttpResponse:
    report = access.report(actor(request), report_id)
    return pdf_answer(queries.report_page(report, public=False))


@require_safe
@reader_view
def table(request: HttpRequest, report_id: UUID) -> HttpResponse:
    report = access.report(actor(request), report_id)
    return csv_answer(queries.report_page(report, public=False))


@require_POST
@desk_view_for(WRITE_RESCUE_REPORTS)
def note_claim(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    by = actor(request)
    incident = _own_incident(by, incident_id)
    form = ClaimForm(request.POST)
    if form.is_valid():
        with form.refusals():
            claims.note_claim(by=by.with_once(form.once_key), incident=incident, **form.values)
            messages.success(request, _("Recorded."))
            return redirect("incident_reports", incident_id)
    return _list(request, incident, form)


@require_POST
@desk_view_for(WRITE_RESCUE_REPORTS)
def remove_claim(request: HttpRequest, incident_id: UUID, claim_id: UUID) -> HttpResponse:
    by = actor(request)
    incident = _own_incident(by, incident_id)
    claim = next((one for one in queries.claims_of(incident) if one.pk == claim_id), None)
    if claim is None:
        raise not_found()
    form = ReasonForm(request.POST)
    if form.is_valid():
        with form.refusals():
            claims.remove_claim(by=by.with_once(form.once_key), claim=claim, **form.values)
            messages.success(request, _("Recorded."))
            return redirect("incident_reports", incident_id)
    return _list(request, incident, removing=(claim_id, form))


def pdf_answer(shown: queries.ReportPage) -> HttpResponse:
    answer = HttpResponse(report_pdf(shown), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{_name(shown)}.pdf"'
    return answer


def csv_answer(shown: queries.ReportPage) -> HttpResponse:
    answer = HttpResponse(report_csv(shown), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_name(shown)}.csv"'
    return answer


def _own_incident(by: Actor, incident_id: UUID) -> Incident:
    """One whose reports this actor may write; to see it is not enough."""
    incident = access.incident(by, incident_id)
    require(by, WRITE_RESCUE_REPORTS, incident.society_id)
    return incident


def _name(shown: queries.ReportPage) -> str:
    return f"rescue-{shown.contents.number}-{shown.report.number}"


def _list(
    request: HttpRequest,
    incident: Incident,
    form: Form | None = None,
    removing: tuple[UUID, Form] | None = None,
) -> HttpResponse:
    by = actor(request)
    rows = queries.reports_of(incident)
    context = {
        "incident": incident,
        "reports": rows,
        "claims": [
            (one, removing[1] if removing and removing[0] == one.pk else ReasonForm())
            for one in queries.claims_of(incident)
        ],
        "form": form or ClaimForm(),
        "may_write": may(by, WRITE_RESCUE_REPORTS, incident.society_id),
        "has_draft": any(one.state == RescueReport.State.DRAFT for one in rows),
    }
    refused = form or (removing[1] if removing else None)
    status = refused.status if refused else 200
    return render(request, "rescue/reports/list.html", context, status=status)


def _show(
    request: HttpRequest, report: RescueReport, verb: str = "", sent: Form | None = None
) -> HttpResponse:
    """`sent`: the form that was refused, shown in its place with what it says."""
    by = actor(request)
    forms: dict[str, Form] = {
        "redraft": RedraftForm(initial={"note": report.note, "note_en": report.note_en}),
        "release": ReleaseForm(initial={"seen": seal_of(report)}),
        "withdraw": ReasonForm(),
    }
    if sent is not None:
        forms[verb] = sent
    context: dict[str, Any] = {
        "page": queries.report_page(report, public=False),
        "incident": report.incident,
        "forms": forms,
        "photos": chosen(report),
        **_powers(by, report),
    }
    status = sent.status if sent else 200
    return render(request, "rescue/reports/page.html", context, status=status)


def _powers(by: Actor, report: RescueReport) -> dict[str, bool]:
    society = report.incident.society_id
    own = report.written_by.person_id == by.person_id
    may_release = may(by, RELEASE_RESCUE_REPORTS, society)
    return {
        "is_draft": report.state == RescueReport.State.DRAFT,
        "is_released": report.state == RescueReport.State.RELEASED,
        "is_own": own,
        "may_write": may(by, WRITE_RESCUE_REPORTS, society),
        "may_release": may_release and not own,
        "may_withdraw": may_release,
    }
