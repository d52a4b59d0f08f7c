"""Readiness for a season: what was planned beside what there is. Pure functions.

The one hard idea: what our rows count and what somebody typed are two kinds of numbers. A typed one
carries the day it was counted, and is marked wherever it stands; what nobody counted is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid

VALUE_MAX = 10_000_000


@dataclass(frozen=True)
class Cell:
    """One measure in one place. actual none: nobody knows. target none: nothing was planned."""

    measure: str
    target: int | None
    actual: int | None
    as_of: datetime | None = None
    is_typed: bool = False

    @property
    def short(self) -> int:
        """How many are missing; what is not known counts as missing altogether."""
        return max(0, (self.target or 0) - (self.actual or 0))

    @property
    def is_idle(self) -> bool:
        """Nothing was planned, and there is nothing: a count of zero that somebody typed is one."""
        nothing = self.actual is None or (self.actual == 0 and not self.is_typed)
        return self.target is None and nothing

    @property
    def is_met(self) -> bool | None:
        """None where nothing was planned."""
        return None if self.target is None else self.short == 0


@dataclass(frozen=True)
class Target:
    """What one society should have ready. `measure`: a code of
    words.gear.MEASURES."""

    society_code: str
    measure: str
    value: int

    def __str__(self) -> str:
        return f"{self.society_code} {self.measure} {self.value}"


def met(cells: Iterable[Cell]) -> tuple[int, int]:
    """(met, planned) of the measures for which something was planned."""
    said = [cell.is_met for cell in cells if cell.is_met is not None]
    return sum(said), len(said)


def share(met_count: int, planned: int) -> int | None:
    """Whole percent, rounded down: nothing is called whole that is not. None: nothing planned."""
    return None if planned == 0 else met_count * 100 // planned


def check_season(from_on: date, until_on: date) -> None:
    if until_on < from_on:
        raise Invalid(
            "rescue.plan.reversed",
            _("The season ends before it begins."),
            _("Check both dates."),
            field="until_on",
        )


def check_value(value: int, *, field: str = "value") -> None:
    if not 0 <= value <= VALUE_MAX:
        raise Invalid(
            "rescue.plan.value",
            _("This number cannot be."),
            _("Whole numbers from 0 on."),
            field=field,
        )
