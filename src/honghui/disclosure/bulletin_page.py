"""What the pages of one bulletin show, on the desk and in public: one telling for both."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from honghui.disclosure import saying
from honghui.disclosure.checks import Checked, check
from honghui.disclosure.contents import Content
from honghui.disclosure.models import Bulletin, CorrectionNote
from honghui.disclosure.queries import bulletins as queries
from honghui.disclosure.tables import Tables, tables
from honghui.ledger.purposes import language
from honghui.record.measure_words import measure_in_words
from honghui.record.measures import Measure
from honghui.record.statements import Figure
from honghui.registry.naming import local_name
from honghui.ui.components.lists import Check

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

CHECK_WORDS: dict[str, _StrPromise] = {
    "balance": _("Opening and in = out and held, for each purpose"),
    "totals": _("Parts = totals"),
    "units": _("Different units were never added up"),
    "queue": _("Nothing was waiting to be entered in the log"),
    "text": _("Figures in the text = figures in the table"),
}
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class FigureLine:
    """One figure and the question it answers. `newer`: what a note puts in its place."""

    name: str
    label: str
    number: str
    words: str
    newer: str = ""


@dataclass(frozen=True)
class NotePair:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class NoteLines:
    """`text`: in the reader's language, else as it was written. `index`: of its record."""

    note: CorrectionNote
    reason: _StrPromise
    text: str
    pairs: tuple[NotePair, ...]
    index: int | None


@dataclass(frozen=True)
class BulletinPage:
    """`checks` hold; `unproved` do not, or are still to come; `wrong` says why. `index`: of the
    bulletin's record in the log; None until it is there."""

    bulletin: Bulletin
    title: str
    headline: str
    society: str
    scope: str
    text: str
    tables: Tables
    checks: tuple[Check, ...]
    unproved: tuple[Check, ...]
    wrong: tuple[str, ...]
    figures: tuple[FigureLine, ...]
    notes: tuple[NoteLines, ...]
    index: int | None

    @property
    def as_of(self) -> datetime:
        return self.bulletin.computed_at

    @property
    def is_published(self) -> bool:
        return self.bulletin.state == Bulletin.State.PUBLISHED


def bulletin_page(bulletin: Bulletin) -> BulletinPage:
    """Five queries, and none that adds anything up: the figures are read as they were signed."""
    content = bulletin.content
    names = queries.purpose_names(content)
    published = queries.published_notes(bulletin)
    indexes = queries.indexes_of([bulletin, *published])
    notes = queries.told(published, indexes)
    newer = {new.name: new for note in notes for _old, new in note.pairs}
    checked = check(content, texts=bulletin.texts, waiting=bulletin.waiting)
    held, unproved = _lines(bulletin, content, checked)
    first, last = bulletin.first, bulletin.last
    return BulletinPage(
        bulletin=bulletin,
        title=saying.title(local_name(bulletin.society), first, last),
        headline=saying.headline(content.by_name(), first, last),
        society=local_name(bulletin.society),
        scope=gettext("%(society)s' own books, %(days)s")
        % {"society": local_name(bulletin.society), "days": saying.window_words(first, last)},
        text=text_of(bulletin),
        tables=tables(content, frozenset(newer), names),
        checks=tuple(held),
        unproved=tuple(unproved),
        wrong=tuple(str(refusal) for one in checked for refusal in one.wrong),
        figures=tuple(_figure_line(one, newer.get(one.name), bulletin, names)
                      for one in content.figures),
        notes=tuple(note_lines(note, names) for note in notes),
        index=indexes.get(bulletin.record_number or 0),
    )  # fmt: skip


def text_of(told: Bulletin | CorrectionNote) -> str:
    """The reader's language where it was written in it."""
    return (language() == "en" and told.text_en) or told.text or told.text_en


def note_lines(note: queries.Note, names: Mapping[str, str]) -> NoteLines:
    pairs = tuple(
        NotePair(
            saying.figure_label(old, names),
            saying.amount_text(old.value, old.unit),
            saying.amount_text(new.value, new.unit),
        )
        for old, new in note.pairs
    )
    reason = saying.REASONS[note.note.reason]
    return NoteLines(note.note, reason, text_of(note.note), pairs, note.index)


def measure_words(measure: Measure, society: str, names: Mapping[str, str]) -> str:
    def named(kind: str, code: str) -> str | None:
        if kind == "society":
            return society
        return saying.purpose_name(code, names) if kind == "purpose" else None

    return measure_in_words(measure, language(), names=named)


def figures_csv(page: BulletinPage, content: Content, names: Mapping[str, str]) -> bytes:
    """A line a figure: its value as a whole number of its unit, and the measure that gives it. With
    a mark of its encoding, which spreadsheets need."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    newer = {line.name: line.newer for line in page.figures}
    write(["name", "label", "value", "unit", "qualifier", "corrected_to", "as_of", "measure"])
    for figure in content.figures:
        measure = measure_words(figure.measure, page.society, names)
        label = saying.figure_label(figure, names)
        cells = [figure.name, label, figure.value, figure.unit, figure.qualifier]
        row = [*cells, newer[figure.name], page.bulletin.as_of, measure]
        write([_no_formula(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _no_formula(cell: object) -> object:
    """A spreadsheet must not take a name for something to compute."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _figure_line(
    figure: Figure, newer: Figure | None, bulletin: Bulletin, names: Mapping[str, str]
) -> FigureLine:
    return FigureLine(
        figure.name,
        saying.figure_label(figure, names),
        saying.amount_text(figure.value, figure.unit),
        measure_words(figure.measure, local_name(bulletin.society), names),
        saying.amount_text(newer.value, newer.unit) if newer else "",
    )


def _lines(
    bulletin: Bulletin, content: Content, checked: list[Checked]
) -> tuple[list[Check], list[Check]]:
    """What holds, and what does not hold or is still to come: a tick stands on the first alone."""
    is_published = bulletin.state == Bulletin.State.PUBLISHED
    again = gettext("%(count)s figures") % {"count": len(content.figures)}
    counted = Check(
        gettext("Each figure counted again from the books as of that record"),
        again if is_published else gettext("when it is published"),
    )
    eyes = Check(
        gettext("Who prepared it and who approved it are two persons"),
        gettext("agrees") if is_published else gettext("still to come"),
    )
    held = [Check(CHECK_WORDS[one.kind], _result(one)) for one in checked if one.holds]
    failed = [Check(CHECK_WORDS[one.kind], _result(one)) for one in checked if not one.holds]
    if is_published:
        return [counted, *held, eyes], failed
    return held, [*failed, counted, eyes]


def _result(one: Checked) -> str:
    if not one.holds:
        return gettext("does not agree")
    if one.kind in ("balance", "totals"):
        return gettext("%(count)s agree") % {"count": one.count}
    if one.kind == "text":
        return (
            gettext("%(count)s numbers") % {"count": one.count}
            if one.count
            else gettext("no numbers")
        )
    return gettext("agrees")
