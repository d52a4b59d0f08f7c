"""Tables from people: pasted from a spreadsheet, or a file of one, as plain text cells.

The one hard idea: a spreadsheet shows more than it says. A merged cell has its value in one corner
and nothing in the others, so whoever reads it is told where; a number of more than fifteen digits
was already cut when it was typed, so it comes out in the form that cannot pass for a number.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

BYTES_MAX = 5_000_000
UNPACKED_BYTES_MAX = 60_000_000
ROWS_MAX = 5_000
COLUMNS_MAX = 60
CELL_MAX = 500
# Beyond this a spreadsheet's number has lost its last digits.
EXACT_MAX = 10**15
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Grid:
    """rows: from the first to the last that holds anything, all equally long, each cell stripped.
    merged: (row, column) of cells whose value stands in another cell of the same merged one.
    Rows and columns count from 0."""

    rows: tuple[tuple[str, ...], ...]
    merged: frozenset[tuple[int, int]] = frozenset()


def column_letter(column: int) -> str:
    """As a spreadsheet names it: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_pasted(text: str) -> Grid:
    """Cells parted by tabs, as spreadsheets copy them; else by commas or semicolons."""
    if len(text) > BYTES_MAX:
        raise _too_large()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = next((line for line in text.split("\n") if line.strip()), "")
    mark = next((each for each in ("\t", ",", ";", "，") if each in first), "\t")
    try:
        return _grid(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error as error:
        raise _unreadable() from error


def read_file(content: bytes) -> Grid:
    """XLSX, XLS, ODS or CSV, by what is in it and not by its name; the first sheet. Text is UTF-8,
    or else GB 18030, as Chinese spreadsheets save it."""
    if len(content) > BYTES_MAX:
        raise _too_large()
    if content.startswith((_ZIP, _OLE)):
        return _read_workbook(content)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return read_pasted(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise _unreadable()


def _read_workbook(content: bytes) -> Grid:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        _check_unpacked(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False, nrows=ROWS_MAX + 1)
        ranges = sheet.merged_cell_ranges or []
    except (CalamineError, OSError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise _unreadable() from error
    merged = {
        (row, column)
        for (top, left), (bottom, right) in ranges
        for row in range(top, min(bottom, ROWS_MAX) + 1)
        for column in range(left, min(right, COLUMNS_MAX) + 1)
        if (row, column) != (top, left)
    }
    return _grid(([_cell(value) for value in row] for row in rows), merged)


def _check_unpacked(content: bytes) -> None:
    """A small file that unpacks to a huge one is refused before it is unpacked."""
    if content.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > UNPACKED_BYTES_MAX:
                raise _too_large()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        if abs(value) >= EXACT_MAX:
            return f"{value:.2E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if not value.time().second else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _grid(rows: Iterable[Iterable[str]], merged: Iterable[tuple[int, int]] = ()) -> Grid:
    found = []
    for number, row in enumerate(rows):
        if number >= ROWS_MAX:
            raise _too_large()
        found.append([str(cell).strip() for cell in row])
    while found and not any(found[-1]):
        found.pop()
    width = max((len(row) for row in found), default=0)
    if width > COLUMNS_MAX or any(len(cell) > CELL_MAX for row in found for cell in row):
        raise _too_large()
    return Grid(tuple((*row, *[""] * (width - len(row))) for row in found), frozenset(merged))


def _too_large() -> Invalid:
    return Invalid(
        "tables.too_large",
        _("The table is larger than %(rows)s rows, or has a cell that is no cell of a list.")
        % {"rows": ROWS_MAX},
        _("Send only the sheet with the list, or split it."),
    )


def _unreadable() -> Invalid:
    sentence: _StrOrPromise = _("This file cannot be read as a table.")
    return Invalid("tables.unreadable", sentence, _("Save it as XLSX or CSV, or paste the cells."))
