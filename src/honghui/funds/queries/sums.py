"""What came into funds and what became of it, in fen, as the published records tell: one query,
whatever the number of funds and of gifts.

Received, spent and held are kept or added up apart from each other. So that they agree is a check
and no arithmetic: a page draws the double line only where they do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from honghui.funds.models import Fund
from honghui.funds.purposes import CURRENCY
from honghui.kernel.amounts import format_yuan
from honghui.ui.figures import Segment

_QUERY = files("honghui.funds").joinpath("sql", "sums.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Sums:
    """Fen. decided: set aside by a decision and not paid yet; held: not decided on; passed_on:
    turned into goods, or gone to another purpose."""

    received: int = 0
    used: int = 0
    decided: int = 0
    held: int = 0
    returned: int = 0
    passed_on: int = 0

    @property
    def in_hand(self) -> int:
        """What lies on the account, decided on or not."""
        return self.decided + self.held

    @property
    def difference(self) -> int:
        """0, or the books are wrong."""
        return self.received - sum(part.value for part in self.parts())

    def parts(self) -> list[Segment]:
        """What became of what was received; the seldom ones only where there are any."""
        seldom = [
            Segment("cover", self.passed_on, _("Goods, or another purpose")),
            Segment("off", self.returned, _("Back to givers")),
        ]
        return [
            Segment("used", self.used, _("Used")),
            *(part for part in seldom if part.value),
            Segment("way", self.decided, _("Decided, not yet paid")),
            Segment("held", self.held, _("Held, not decided")),
        ]

    def shares(self) -> str:
        """The same as the bar, in words."""
        return "; ".join(f"{part.text} {format_yuan(part.value)}" for part in self.parts())

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.received + other.received,
            self.used + other.used,
            self.decided + other.decided,
            self.held + other.held,
            self.returned + other.returned,
            self.passed_on + other.passed_on,
        )


@dataclass(frozen=True)
class SumsOf:
    """By fund's code; `as_of`: the first so many records of the log."""

    as_of: int
    by_fund: dict[str, Sums] = field(default_factory=dict)

    def of(self, fund: Fund) -> Sums:
        return self.by_fund.get(fund.code, Sums())


def sums_of(funds: Iterable[Fund]) -> SumsOf:
    """One query."""
    facts: dict[str, Any] = {"purposes": [fund.code for fund in funds], "currency": CURRENCY}
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, facts)
        rows = cursor.fetchall()
    as_of = 0
    found: dict[str, dict[str, int]] = {}
    for code, kind, number in rows:
        if kind == "as_of":
            as_of = number
        else:
            found.setdefault(code, {})[kind] = number
    return SumsOf(as_of, {code: Sums(**kinds) for code, kinds in found.items()})
