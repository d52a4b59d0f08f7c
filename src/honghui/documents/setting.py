"""Paper is set here: a template of typst and its values in, a PDF out.

A template is a `.typ` file in the folder of the job whose paper it is. It begins

    #import "/documents/house.typ": *

and finds its values in `values`. They come as JSON and stay data: a giver called `#include` or
`*x*` is printed as typed. Never paste a value into the text of a template.

The same words give the same bytes: fonts are ours, the date is handed in, and the version of typst
is locked. Templates use no package of typst's (`@preview`), since those are downloaded; a test
looks for them.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext_lazy as _

import honghui
from honghui.documents.fonts import fonts, printable
from honghui.kernel.errors import CannotRun

ROOT = Path(honghui.__file__).resolve().parent
"""What a template names with a leading slash lies in here, and it reads nothing outside."""

# Kept for decades, shown the same by every reader, nothing loaded from outside.
STANDARD: typst.PDFStandard = "a-2b"

_PLACE = re.compile(r"┌─ (?:\S*/)?(\S+:\d+:\d+)")
# Behind the first of these typst repeats the text at fault, and it may be somebody's name.
_REPEATS = re.compile(r"[:`\"]")

log = logging.getLogger(__name__)


def render(
    template: Path, values: Mapping[str, Any], *, made_at: datetime, root: Path = ROOT
) -> bytes:
    """The PDF (PDF/A-2b) that `template` makes of `values`.

    values: what JSON can hold; amounts come as text or integers of fen, never as floats.
    made_at: aware; the file's only date, and what typst's own `datetime.today()` says.
    Raises CannotRun "documents.not_set" with the place in the template and no value in it.
    A receipt takes about 15 ms, the first in a process 0.1 s more.
    """
    assert made_at.tzinfo is not None, "a moment without a zone is not a moment"
    assert template.is_relative_to(root), f"{template} is outside {root}"
    try:
        pdf, warnings = typst.compile_with_warnings(
            template,
            root=root,
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"values": json.dumps(printable(dict(values)), ensure_ascii=False)},
            pdf_standards=STANDARD,
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise _not_set(template, error) from None
    for warning in warnings:
        log.warning("%s: %s", template.name, _kind(warning.message))
    return pdf


def _not_set(template: Path, error: typst.TypstError) -> CannotRun:
    place = _PLACE.search(error.diagnostic)
    return CannotRun(
        "documents.not_set",
        _("The paper could not be set: %(why)s (%(where)s).")
        % {
            "why": _kind(error.message),
            "where": place[1] if place else template.name,
        },
        _("Nothing was changed. Tell whoever runs this installation; the template is at fault."),
    )


def _kind(message: str) -> str:
    """What went wrong, without what it went wrong with."""
    return _REPEATS.split(message)[0].strip()
