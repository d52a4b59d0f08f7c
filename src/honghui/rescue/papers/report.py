"""The report on paper, one page for the society above (PDF), and as a table for programs (CSV).

Every word is handed in, in the language of whoever asks; the page and the paper say the same.
"""

from __future__ import annotations

import csv
import io
from dataclasses import astuple
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from honghui.documents.setting import render
from honghui.kernel.models import World
from honghui.registry.naming import local_name
from honghui.rescue.models import RescueReport
from honghui.rescue.queries.report import ReportPage
from honghui.rescue.words.reports import KINDS
from honghui.ui.components.text import is_chinese

TEMPLATE = Path(__file__).with_name("report.typ")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def columns() -> list[str]:
    """Of the table, as in reporting.words.TeamLine without its code."""
    return [
        gettext("Team"),
        gettext("People"),
        pgettext("a column", "Called"),
        pgettext("a column", "Left home"),
        pgettext("a column", "Arrived"),
        pgettext("a column", "Withdrew"),
        pgettext("a column", "Back home"),
        gettext("Vehicles and boats"),
        pgettext("a column", "Tasks"),
        pgettext("a column", "Results"),
        gettext("Hours of service"),
    ]


def report_pdf(page: ReportPage) -> bytes:
    """A4, one page for up to about eight teams. The same report is the same bytes."""
    report, words = page.report, page.words
    state = RescueReport.State(report.state)
    values: dict[str, Any] = {
        "language": "zh" if is_chinese() else "en",
        "title": words.title,
        "society": local_name(report.incident.society),
        "kind": gettext("Report of a rescue"),
        "number": gettext("%(incident)s, no. %(number)s")
        % {"incident": page.contents.number, "number": report.number},
        "state": _state_line(state),
        "is_final": state == RescueReport.State.RELEASED,
        "paragraphs": list(words.paragraphs),
        "head": [one for at, one in enumerate(columns()) if at in _on_paper(page)],
        "rows": [
            [cell for at, cell in enumerate(astuple(line)[1:]) if at in _on_paper(page)]
            for line in (*words.lines, words.total)
        ],
        "findings": [[str(KINDS[one.kind][1]), one.text] for one in words.findings],
        "findings_title": gettext("Checked"),
        "note": page.note,
        "note_title": gettext("Note"),
        "record": _record_line(page),
        "is_sample_world": World.objects.exists(),
        "sample": gettext("SAMPLE. Data of a sample world."),
    }
    return render(TEMPLATE, values, made_at=report.released_at or report.written_at)


def report_csv(page: ReportPage) -> bytes:
    """A line a team and one for all together; with a mark of its encoding, for spreadsheets."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    write([gettext("Team's code"), *columns()])
    for line in (*page.words.lines, page.words.total):
        write([_harmless(cell) for cell in astuple(line)])
    return out.getvalue().encode("utf-8-sig")


def _on_paper(page: ReportPage) -> set[int]:
    """Columns in which nobody told anything are left out: their silence is a finding."""
    lines = [astuple(line)[1:] for line in page.words.lines]
    untold = {pgettext("a time, a thing", "not told"), ""}
    return {at for at in range(len(columns())) if not all(line[at] in untold for line in lines)}


def _state_line(state: RescueReport.State) -> str:
    return {
        RescueReport.State.DRAFT: gettext("Draft, not released"),
        RescueReport.State.RELEASED: gettext("Released, seen by two persons"),
        RescueReport.State.WITHDRAWN: gettext("Taken down"),
    }[state]


def _record_line(page: ReportPage) -> str:
    if page.report.record_id is None:
        return ""
    address = settings.ADDRESS + reverse(
        "rescue_public_number", args=[page.contents.number, page.report.number]
    )
    return gettext("Public record %(record)s · %(address)s") % {
        "record": page.report.record_id.hex,
        "address": address,
    }


def _harmless(cell: str) -> str:
    """A spreadsheet must not take a name for something to compute."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
