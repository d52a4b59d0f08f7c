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
from honghui.rescue.exporting.public import report_figures_sheet, teams_sheet
from honghui.rescue.queries import public
from honghui.rescue.queries.alerts import in_force
from honghui.rescue.queries.public_photos import shown_with
from honghui.rescue.queries.report import report_page
from honghui.rescue.views.exports import csv_file
from honghui.rescue.views.reports import csv_answer, pdf_answer

FIGURES_MAX = 500


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
        "warnings": in_force(),
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


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Every county, with how many teams its society has."""
    counts = public.teams_by_society()
    return csv_file("rescue-teams.csv", teams_sheet(society_tree(clock.today()), counts))


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Of the newest released report of each incident."""
    rows = public.listed(list(public.released()[:FIGURES_MAX]))
    return csv_file("rescue-figures.csv", report_figures_sheet(rows))


@require_safe
def report_figures(request: HttpRequest, number: str, serial: int) -> HttpResponse:
    report = public.published(number, serial)
    name = f"rescue-{number}-{serial}-figures.csv"
    return csv_file(name, report_figures_sheet(public.listed([report])))
