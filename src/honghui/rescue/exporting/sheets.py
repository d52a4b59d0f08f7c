"""HXL 1.1 as CSV: a line of words, a line of hashtags, then the rows.

Nothing a spreadsheet would take for a formula leaves here: such a cell gets an apostrophe in front.
The hashtag line is ours and stays as it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from honghui.kernel import clock

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """One column: the word above it, and its hashtag with attributes."""

    words: object
    tag: str


def sheet(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a mark in front, or a Chinese spreadsheet program reads it as something else."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(str(column.words)) for column in columns])
    writer.writerow([column.tag for column in columns])
    for row in rows:
        assert len(row) == len(columns), "one cell a column"
        writer.writerow([harmless(_plain(cell)) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def harmless(cell: str) -> str:
    """A text that a spreadsheet would take for a formula is only a text. So is one that would be
    read as a hashtag."""
    return f"'{cell}" if cell.startswith((*_FORMULA, "#")) else cell


def degrees(micro: int | None) -> str:
    return "" if micro is None else f"{micro / 1_000_000:.6f}"


def _plain(cell: Any) -> str:
    """Moments in China's time with their zone; nothing for what is not known."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(clock.CHINA).isoformat(timespec="minutes")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)
