"""What may be in a situation report, and which of two figures holds: pure functions.

The one hard idea: a report is a snapshot. What is known is the newest snapshot's, by the moment it
speaks of and not by when it was written; nothing is ever added up over reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Conflict, Invalid
from honghui.kernel.measures import Qualifier
from honghui.rescue.rules.figures import VALUE_MAX

FIRST, FOLLOWING, FINAL = "first", "following", "final"


@dataclass(frozen=True)
class Figure:
    """One number for a report. value none: the report says that it is not known."""

    measure: str
    value: int | None
    unit: str
    qualifier: str = "exact"

    @property
    def key(self) -> tuple[str, str]:
        return self.measure, self.unit

    def __str__(self) -> str:
        return f"{self.measure} {self.qualifier} {self.value} {self.unit}"


@dataclass(frozen=True)
class Lowered:
    """A figure that is lower than what was known of the moment before."""

    measure: str
    unit: str
    before: int
    before_qualifier: str
    figure: Figure


def check_figures(figures: Sequence[Figure], units: Mapping[str, Sequence[str]]) -> None:
    """units: which units each measure may be counted in."""
    seen: set[tuple[str, str]] = set()
    for figure in figures:
        if figure.measure not in units:
            raise _wrong("unknown", figure, _("This is nothing that a report counts."))
        if figure.unit not in units[figure.measure]:
            raise _wrong("wrong_unit", figure, _("This is not counted in that unit."))
        if figure.qualifier not in set(Qualifier):
            raise _wrong("qualifier", figure, _("A figure is exact, about, over or under."))
        if figure.value is not None and not 0 <= figure.value <= VALUE_MAX:
            raise _wrong("negative", figure, _("A figure lies between zero and what can be true."))
        if figure.value is None and figure.qualifier != Qualifier.EXACT:
            raise _wrong("qualifier", figure, _("What is not known is not about anything."))
        if figure.key in seen:
            raise _wrong("twice", figure, _("This figure is given twice."))
        seen.add(figure.key)


def _wrong(code: str, figure: Figure, sentence: object) -> Invalid:
    return Invalid(
        f"rescue.figure.{code}",
        sentence,  # type: ignore[arg-type]
        _("Check the line and its unit."),
        field=figure.measure,
    )


def stage_of(stages: Sequence[str], *, is_final: bool) -> str:
    """stages: of the reports so far that still stand. After the final one nothing follows."""
    if FINAL in stages:
        raise Conflict(
            "rescue.situation.final",
            _("The final report of this incident was written already."),
            _("If it is wrong, correct it: the new one stands in its place."),
        )
    if is_final:
        return FINAL
    return FOLLOWING if stages else FIRST


def lowered(
    figures: Iterable[Figure], before: Mapping[tuple[str, str], tuple[int | None, str]]
) -> list[Lowered]:
    """before: (value, qualifier) by (measure, unit), as known at the report's own moment."""
    found = []
    for figure in figures:
        value, qualifier = before.get(figure.key, (None, "exact"))
        if value is not None and figure.value is not None and figure.value < value:
            found.append(Lowered(figure.measure, figure.unit, value, qualifier, figure))
    return found


def check_lowered(found: Sequence[Lowered], reason: str, names: str) -> None:
    if found and not reason:
        raise Invalid(
            "rescue.situation.lowered",
            _("Lower than in the report before: %(names)s.") % {"names": names},
            _("If it is so, say why: counted again, a mistake. Else check the figure."),
            field="reason",
        )


def first_report_due(known_at: datetime, hours: int) -> datetime:
    """The first report follows within so many hours (Putian rule for Red Cross disaster reports:
    24; domain.md 3.2)."""
    return known_at + timedelta(hours=hours)
