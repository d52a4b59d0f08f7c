"""What may be said in a bulletin: pure functions, no database, no clock.

A number in the free text must be one of the table. Money is written in digits with 元 or yuan, so
that a reader and this rule read the same; days, months, years and numbers of records are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from honghui.disclosure.refusals import refuse
from honghui.kernel.text import fold_digits
from honghui.record.statements import Figure

# What has digits and counts nothing.
_NO_FIGURES = re.compile(
    r"""
      \d{4}-\d{1,2}-\d{1,2}
    | \d{4}\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?
    | \d{1,2}\s*月(?:\s*\d{1,2}\s*(?:[日号]|[-–—至到]\s*\d{1,2}\s*[日号]))?
    | \d{1,2}\s*日 | \d{1,2}:\d{2} | \d{1,2}\s*时(?:\s*\d{1,2}\s*分)?
    | 第\s*[\d,]+\s*[号期条项次届季] | (?:no\.|nos\.|record|issue|article)\s*[\d,]+
    | (?:\d{1,2}\s+)?(?:January|February|March|April|May|June|July|August|September|October
        |November|December)(?:\s+\d{1,2}(?!\d))?(?:,?\s+\d{4})?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([万亿]?)\s*(元|yuan)?", re.IGNORECASE)
# Written out in characters a number hides from readers of tables.
_IN_CHARACTERS = re.compile(
    "[〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]{2,}(?=元|圆)"
)
_TIMES = {"": 1, "万": 10_000, "亿": 100_000_000}


def check_window(first: date, last: date, today: date) -> None:
    if last < first:
        raise refuse("bulletin.window-reversed", first=first, last=last)
    if last > today:
        raise refuse("bulletin.window-ahead", last=last, today=today)


def numbers_in(text: str) -> list[tuple[str, Decimal | None, bool]]:
    """(as written, value, whether it is money). A value of None: cannot be compared."""
    text = fold_digits(text)
    found: list[tuple[str, Decimal | None, bool]] = [
        (match.group(), None, True) for match in _IN_CHARACTERS.finditer(text)
    ]
    for match in _NUMBER.finditer(_NO_FIGURES.sub(" ", text)):
        digits, times, unit = match.groups()
        value = Decimal(digits.replace(",", "")) * _TIMES[times]
        found.append((match.group().strip(), value, bool(unit)))
    return found


def unknown_numbers(text: str, figures: Iterable[Figure]) -> list[str]:
    """The numbers in the text that no figure has, as they are written."""
    money: set[Decimal] = set()
    counts: set[Decimal] = set()
    for figure in figures:
        is_money = figure.unit == "fen" or figure.unit.isupper()
        (money if is_money else counts).add(
            Decimal(figure.value) / 100 if is_money else Decimal(figure.value)
        )
    return [
        written
        for written, value, is_money in numbers_in(text)
        if value is None or not (value in money or (value in counts and not is_money))
    ]
