"""Photos of a report: on the desk, whoever releases it chooses them; everybody sees what stands."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from honghui.registry.access import may, require
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import RELEASE_RESCUE_REPORTS
from honghui.registry.views.guards import desk_view_for
from honghui.rescue import access
from honghui.rescue.actions import public_photos as actions
from honghui.rescue.forms.public_photos import ChoosePhotoForm
from honghui.rescue.models import RescueReport
from honghui.rescue.queries import public_photos as queries
from honghui.rescue.views.reports import reader_view
from honghui.sync.access import kept
from honghui.sync.files import open_file, open_public
from honghui.ui.forms import Form, posted


@require_safe
def public(request: HttpRequest, sha256: str) -> HttpResponse:
    answer: Any = open_public(queries.public_photo(sha256))
    return cast(HttpResponse, answer)


@require_safe
@reader_view
def listing(request: HttpRequest, report_id: UUID) -> HttpResponse:
    return _list(request, access.report(actor(request), report_id), Form())


@require_safe
@reader_view
def picture(request: HttpRequest, report_id: UUID, photo_id: UUID) -> HttpResponse:
    """As it lies inside: an editor sees nothing else of the mission."""
    report = access.report(actor(request), report_id)
    photo = queries.candidate(report, photo_id).photo
    answer: Any = open_file(kept(photo.attachment_id))
    return cast(HttpResponse, answer)


@desk_view_for(RELEASE_RESCUE_REPORTS)
def choose(request: HttpRequest, report_id: UUID, photo_id: UUID) -> HttpResponse:
    by = actor(request)
    report = access.report(by, report_id)
    require(by, RELEASE_RESCUE_REPORTS, report.incident.society_id)
    one = queries.candidate(report, photo_id)
    form = ChoosePhotoForm(posted(request), initial=queries.earlier_words(one.photo))
    if form.is_valid():
        with form.refusals():
            actions.choose_photo(
                by=by.with_once(form.once_key), report=report, photo=one.photo, **form.values
            )
            messages.success(request, _("It goes out when the report is released."))
            return redirect("rescue_report_photos", report.pk)
    context = {"report": report, "incident": report.incident, "one": one, "form": form}
    return render(request, "rescue/reports/photo.html", context, status=form.status)


@require_POST
@desk_view_for(RELEASE_RESCUE_REPORTS)
def take_back(request: HttpRequest, report_id: UUID, row_id: UUID) -> HttpResponse:
    """On a draft: it was not out yet."""
    by = actor(request)
    report = access.report(by, report_id)
    require(by, RELEASE_RESCUE_REPORTS, report.incident.society_id)
    form = Form(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.take_photo_back(
                by=by.with_once(form.once_key), photo=queries.shown_photo(report, row_id)
            )
            messages.success(request, _("Taken back."))
            return redirect("rescue_report_photos", report.pk)
    return _list(request, report, form)


@desk_view_for(RELEASE_RESCUE_REPORTS)
def withdraw(request: HttpRequest, report_id: UUID, row_id: UUID) -> HttpResponse:
    by = actor(request)
    report = access.report(by, report_id)
    require(by, RELEASE_RESCUE_REPORTS, report.incident.society_id)
    row = queries.shown_photo(report, row_id)
    form = ReasonForm(posted(request))
    if form.is_valid():
        with form.refusals():
            actions.withdraw_photo(by=by.with_once(form.once_key), photo=row, **form.values)
            messages.success(request, _("It is gone from public."))
            return redirect("rescue_report_photos", report.pk)
    context = {"report": report, "incident": report.incident, "row": row, "form": form}
    return render(request, "rescue/reports/photo_withdraw.html", context, status=form.status)


def _list(request: HttpRequest, report: RescueReport, form: Form) -> HttpResponse:
    context = {
        "report": report,
        "incident": report.incident,
        "is_draft": report.state == RescueReport.State.DRAFT,
        "candidates": queries.candidates(report),
        "shown": queries.shown_with(report),
        "form": form,
        "may_choose": may(actor(request), RELEASE_RESCUE_REPORTS, report.incident.society_id),
    }
    return render(request, "rescue/reports/photos.html", context, status=form.status)
