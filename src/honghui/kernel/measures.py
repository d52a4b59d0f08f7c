"""A published number: value, unit, as of when, over what scope, and how surely.

The one hard idea: what may be added. Two figures add up only when they count the same unit at the
same moment over parts that do not overlap, and neither already contains earlier reports. `covers`
says which parts a figure counts, as codes ("330602", "330602/companies"); a figure which does not
say is never added to another, because nobody could vouch for the sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid
from honghui.kernel.units import Quantity, Unit, whole

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Qualifier(StrEnum):
    """How a number stands to the truth. "over" and "under" are bounds that are not reached."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"

    def word(self, language: str) -> str:
        """The word before the number: "约", "超过", "不足"; "about", "over", "under"; or none."""
        return _WORDS[self][0 if language.startswith("zh") else 1]

    def joined(self, other: Qualifier) -> Qualifier:
        """The qualifier of a sum: the weakest claim that is still true.

        exact leaves the other as it is; a bound and a bound on the same side stay that bound;
        whatever else meets (about with anything, over with under) is about.
        """
        if self == other or other is Qualifier.EXACT:
            return self
        return other if self is Qualifier.EXACT else Qualifier.ABOUT


_WORDS = {
    Qualifier.EXACT: ("", ""),
    Qualifier.ABOUT: ("约", "about"),
    Qualifier.OVER: ("超过", "over"),
    Qualifier.UNDER: ("不足", "under"),
}


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment a number speaks of: a time with its zone, and the index in the public record."""

    at: datetime
    record: int | None = None

    def __post_init__(self) -> None:
        assert self.at.utcoffset() is not None, "a moment has a zone"
        assert self.record is None or whole(self.record) >= 0, "record indices start at 0"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. value: whole number of `unit`, or None when it is not known.

    scope: for people ("全省", "the whole province"). covers: codes of the parts counted, the
    promise that lets figures be added. cumulative: a running report since some start, which
    already contains the reports before it.
    """

    value: int | None
    unit: Unit
    as_of: AsOf
    scope: _StrOrPromise
    qualifier: Qualifier = Qualifier.EXACT
    covers: frozenset[str] = frozenset()
    cumulative: bool = False

    def __post_init__(self) -> None:
        if self.value is not None:
            whole(self.value, field="value")


def text(measure: Measure, *, language: str | None = None) -> str:
    """For people: "约400人", "about 400 people", "超过12,846,300.00元", "不详".

    language: a code such as "zh-hans" or "en"; the language in force unless given.
    """
    chosen = language or get_language() or "zh-hans"
    if measure.value is None:
        return "不详" if chosen.startswith("zh") else "not known"
    shown = Quantity(measure.value, measure.unit).text(chosen)
    word = measure.qualifier.word(chosen)
    gap = "" if not word or chosen.startswith("zh") else " "
    return f"{word}{gap}{shown}"


def total(measures: Iterable[Measure], *, scope: _StrOrPromise) -> Measure:
    """The sum of figures over parts that do not overlap, called `scope`.

    One figure that is not known makes the sum not known. The qualifier is the weakest (see
    Qualifier.joined). Raises Invalid with code "measures.nothing", ".cumulative", ".units",
    ".as_of", ".undeclared" or ".overlap".
    """
    parts = list(measures)
    _check_addable(parts)
    value: int | None = 0
    qualifier = Qualifier.EXACT
    covers: frozenset[str] = frozenset()
    for part in parts:
        value = None if value is None or part.value is None else value + part.value
        qualifier = qualifier.joined(part.qualifier)
        covers |= part.covers
    return Measure(value, parts[0].unit, parts[0].as_of, scope, qualifier, covers)


def _check_addable(parts: list[Measure]) -> None:
    if not parts:
        raise _refused("nothing", _("There is nothing to add up."))
    if any(part.cumulative for part in parts):
        raise _refused(
            "cumulative",
            _("Cumulative reports are never added up: each contains the ones before it."),
            _("Use the latest report."),
        )
    first = parts[0]
    if any(part.unit != first.unit for part in parts):
        raise _refused("units", _("These figures are in different units."))
    # One moment in two zones is one moment: aware datetimes compare by instant.
    if any(part.as_of != first.as_of for part in parts):
        raise _refused(
            "as_of",
            _("These figures hold as of different moments."),
            _("Compute all of them as of the same record."),
        )
    seen: set[str] = set()
    for part in parts:
        if not part.covers:
            raise _refused("undeclared", _("A figure does not say which parts it counts."))
        if not seen.isdisjoint(part.covers):
            raise _refused(
                "overlap",
                _("Two figures count the same part: it would be counted twice."),
                _("Add figures over separate parts."),
            )
        seen |= part.covers


def _refused(code: str, sentence: _StrOrPromise, hint: _StrOrPromise = "") -> Invalid:
    return Invalid(f"measures.{code}", sentence, hint, field="measures")
