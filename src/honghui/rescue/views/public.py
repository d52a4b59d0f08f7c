"""What our teams did, for everybody: the released reports, the teams, one report as it stands in
the log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from honghui.kernel import clock
from honghui.registry.queries.societies import society_tree
from honghui.registry.views.pages import page_of
from honghui.rescue.queries import public
from honghui.rescue.queries.public_photos import shown_with
from honghui.rescue.queries.report import report_page
from honghui.rescue.views.reports import csv_answer, pdf_answer


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    rows = page_of(request, public.released())
    teams = public.teams_by_society()
    province = society_tree(clock.today())
    context = {
        "page": rows,
        "listed": public.listed(list(rows)),
        "teams": sum(teams.values()),
        "scope": ngettext("%(n)s society has one", "%(n)s societies have one", len(teams))
        % {"n": len(teams)},
        "grid": public.teams_map(province, teams),
    }
    return render(request, "rescue/public/list.html", context)


@require_safe
def page(request: HttpRequest, number: str, serial: int | None = None) -> HttpResponse:
    report = public.published(number, serial)
    shown = report_page(report, public=True)
    teams = len(shown.contents.teams)
    context = {
        "page": shown,
        "scope": ngettext("%(count)s team", "%(count)s teams", teams) % {"count": teams},
        "others": public.others_of(report),
        "shown": shown_with(report),
    }
    return render(request, "rescue/public/report.html", context)


@require_safe
def paper(request: HttpRequest, number: str, serial: int) -> HttpResponse:
    return pdf_answer(report_page(public.published(number, serial), public=True))


@require_safe
def table(request: HttpRequest, number: str, serial: int) -> HttpResponse:
    return csv_answer(report_page(public.published(number, serial), public=True))
