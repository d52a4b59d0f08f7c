"""What the pages of bulletins read: the list, one bulletin with its notes, names of purposes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from honghui.disclosure.contents import Content
from honghui.disclosure.models import Bulletin, CorrectionNote
from honghui.funds.models import Fund
from honghui.record.statements import Figure
from honghui.registry.naming import local_name


@dataclass(frozen=True)
class Note:
    """`pairs`: each figure that the note replaces, old beside new. `index`: of its record in the
    log; None until it is there."""

    note: CorrectionNote
    pairs: tuple[tuple[Figure, Figure], ...]
    index: int | None


def published_notes(bulletin: Bulletin) -> list[CorrectionNote]:
    return list(
        bulletin.corrections.filter(state=CorrectionNote.State.PUBLISHED).order_by("published_at")
    )


def drafted_note(bulletin: Bulletin) -> CorrectionNote | None:
    return (
        bulletin.corrections.filter(state=CorrectionNote.State.DRAFTED)
        .select_related("prepared_by")
        .first()
    )


def content_now(bulletin: Bulletin) -> Content:
    """As it stands with its notes: what a next correction begins from."""
    content = bulletin.content
    for note in published_notes(bulletin):
        content = content.replaced(note.newer)
    return content


def told(notes: Iterable[CorrectionNote], indexes: dict[int, int]) -> list[Note]:
    return [
        Note(
            note,
            tuple(zip(note.older, note.newer, strict=True)),
            indexes.get(note.record_number or 0),
        )
        for note in notes
    ]


def indexes_of(statements: Iterable[Bulletin | CorrectionNote]) -> dict[int, int]:
    """Where in the log each of their records stands, by its number."""
    numbers = [one.record_number for one in statements if one.record_number]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, index FROM journal_leaf WHERE number = ANY(%s) AND part = 1", [numbers]
        )
        return dict(cursor.fetchall())


def purpose_names(content: Content) -> dict[str, str]:
    """What the funds among the purposes are called, in the reader's language."""
    codes = {code for figure in content.figures for code in figure.measure.purposes}
    return {fund.code: local_name(fund) for fund in Fund.objects.filter(pk__in=codes)}


def begun(society: str, first: date, last: date) -> Bulletin | None:
    """The newest bulletin of these days that was not withdrawn: for whoever would begin one."""
    return (
        Bulletin.objects.filter(society=society, first=first, last=last)
        .exclude(state=Bulletin.State.WITHDRAWN)
        .order_by("-id")
        .first()
    )
