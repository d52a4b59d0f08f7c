"""The style guide: every component once, really rendered, with samples."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from honghui.ui import specimen_form, specimens

SWATCHES = (
    ("p", "--paper"),
    ("i", "--ink"),
    ("s", "--seal"),
    ("s-pale", "--seal-pale"),
    ("t1", "--t1"),
    ("t2", "--t2"),
    ("t3", "--t3"),
    ("t4", "--t4"),
)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    first, second = specimens.eyes()
    return render(
        request,
        "ui/styleguide.html",
        {
            "now": specimens.NOW,
            "day": specimens.DAY,
            "record": specimens.RECORD,
            "swatches": SWATCHES,
            "parts": specimens.parts(),
            "shares": specimens.shares(),
            "received": sum(part.value for part in specimens.parts()),
            "tape": specimens.tape(),
            "flows": specimens.flows(),
            "bands": specimens.time_bands(),
            "night": specimens.time_bands(at_night=True),
            "cities": specimens.cities(),
            "counties": specimens.counties(),
            "shapes": specimens.shapes(),
            "table": specimens.chart_table(),
            "tree": specimens.tree(),
            "entries": specimens.entries(),
            "checks": specimens.checks(),
            "first": first,
            "second": second,
            "tabs": specimens.tabs(),
            "page": specimens.pages(),
            "ladder": specimens.ladder(),
            "form": specimen_form.form(),
            **specimens.small_lists(),
        },
    )
