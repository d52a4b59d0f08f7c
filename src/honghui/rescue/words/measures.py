"""What a situation report may count, in which units, and how it is tagged in HXL.

The one hard idea: a figure without its unit is nothing. People (人) and person-times (人次) of the
same measure are two figures that are never compared (national disaster statistics, 2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from honghui.kernel import clock, measures
from honghui.kernel.units import UNITS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class Counted:
    """One measure. units: the first is meant where none is typed. group: where the form shows it.
    tag: its HXL hashtag. is_money: typed and kept in yuan."""

    code: str
    words: _StrOrPromise
    units: tuple[str, ...]
    group: str
    tag: str


_ALL = (
    Counted("affected", _("People affected"), ("person",), "people", "#affected+people"),
    Counted("dead", _("Dead"), ("person",), "people", "#affected+killed"),
    Counted("missing", _("Missing"), ("person",), "people", "#affected+missing"),
    Counted("injured", _("Injured"), ("person",), "people", "#affected+injured"),
    Counted("trapped", _("Trapped"), ("person",), "people", "#affected+trapped"),
    Counted("found", _("Found or rescued"), ("person",), "people", "#reached+rescued"),
    Counted("moved", _("Moved to safety"), ("person", "person_time", "household"), "people",
            "#affected+displaced"),
    Counted("treated", _("Treated on the spot"), ("person", "person_time"), "people",
            "#reached+treated"),
    Counted("in_need", _("In need of daily help"), ("person", "household"), "people", "#inneed"),
    Counted("houses_collapsed", _("Houses collapsed"), ("room", "household"), "things",
            "#impact+houses+destroyed"),
    Counted("houses_damaged", _("Houses damaged"), ("room", "household"), "things",
            "#impact+houses+damaged"),
    Counted("crops", _("Crops hit"), ("mu", "hectare"), "things", "#impact+crops"),
    Counted("loss", _("Direct loss"), ("yuan",), "things", "#impact+value"),
    Counted("teams_out", _("Teams out, of all kinds"), ("team",), "forces", "#capacity+teams"),
    Counted("people_out", _("Responders out, of all kinds"), ("person", "person_time"), "forces",
            "#capacity+people"),
    Counted("vehicles_out", _("Vehicles out"), ("vehicle",), "forces", "#capacity+vehicles"),
    Counted("boats_out", _("Boats out"), ("boat",), "forces", "#capacity+boats"),
)  # fmt: skip

NEED_UNITS = (
    "person", "team", "vehicle", "boat", "item", "piece", "set", "box", "bag", "bottle", "bed",
    "sheet", "kilogram", "litre",
)  # fmt: skip
MEASURES = {each.code: each for each in _ALL}
GROUPS: dict[str, _StrOrPromise] = {
    "people": _("People"),
    "things": _("Houses, fields, money"),
    "forces": _("Forces on the spot"),
}
QUALIFIERS: dict[str, _StrOrPromise] = {
    "exact": _("exactly"),
    "about": _("about"),
    "over": _("over"),
    "under": _("under"),
}


def measure_words(code: str) -> str:
    """The measure's name; a code that we do not know stands for itself."""
    found = MEASURES.get(code)
    return str(found.words) if found else code


def figure_text(value: int | None, unit: str, qualifier: str = "exact") -> str:
    """For people: "约400人", "about 400 people", "不详". A unit without a name stands as it is."""
    known = UNITS.get(unit)
    word = measures.Qualifier(qualifier)
    if known is None or value is None:
        zh = (get_language() or "zh").startswith("zh")
        if value is None:
            return "不详" if zh else "not known"
        gap = "" if zh else " "
        return f"{word.word('zh' if zh else 'en')}{gap}{value:,}{gap}{unit}".strip()
    at = measures.AsOf(clock.now())
    return measures.text(measures.Measure(value, known, at, "", word))
