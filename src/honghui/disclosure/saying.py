"""The words of a bulletin: its title, its headline, and what each of its figures is called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from honghui.kernel.units import UNITS, Quantity, format_scaled
from honghui.ledger.purposes import language
from honghui.record.clause_words import USES
from honghui.record.statements import Figure

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KINDS: dict[str, _StrPromise] = {
    "came-before": _("Came in before these days"),
    "went-before": _("Went out before these days"),
    "received": _("Received"),
    "gifts": _("Number of gifts"),
    "shortfall": _("Open shortfalls"),
    "transferred-in": _("Accepted from other societies"),
    "converted-in": _("Bought, exchanged or packed"),
    "repurposed-in": _("From other purposes"),
    "used": _("Used"),
    "returned": _("Given back to givers"),
    "covered": _("Borne for others"),
    "transferred-out": _("Accepted by other societies"),
    "converted-out": _("Spent on purchases, exchange or packing"),
    "repurposed-out": _("To other purposes"),
    "came-after": _("Came in after these days"),
    "went-after": _("Went out after these days"),
    "came-ever": _("All that ever came in"),
    "held": _("Still held"),
}
REASONS: dict[str, _StrPromise] = {
    "typing": _("a slip of the pen"),
    "amount": _("a wrong amount"),
    "day": _("a wrong day"),
    "place": _("a wrong place"),
    "purpose": _("a wrong purpose"),
    "late": _("booked late"),
    "omitted": _("left out"),
    "other": _("another reason"),
}
# Purposes that are no fund of their own.
_PURPOSES: dict[str, _StrPromise] = {"unrestricted": _("Gifts without a condition")}


def kind_of(figure: Figure) -> tuple[str, str]:
    """("used", "relief"), ("received", "")."""
    words = figure.name.split(".")
    named = [at for at, word in enumerate(words) if word in KINDS]
    at = named[0]
    return words[at], ".".join(words[at + 1 :])


def purpose_of(figure: Figure) -> str:
    """The code; "" for all of them together."""
    return figure.measure.purposes[0] if figure.measure.purposes else ""


def purpose_name(code: str, names: Mapping[str, str] | None = None) -> str:
    return (names or {}).get(code) or str(_PURPOSES.get(code, code))


def use_name(code: str) -> str:
    words = USES.get(code)
    return words.say(language(), {}) if words else code


def figure_label(figure: Figure, names: Mapping[str, str] | None = None) -> str:
    """What and of what: "Used · relief · Police fund"."""
    kind, use = kind_of(figure)
    parts = [str(KINDS[kind])]
    if use:
        parts.append(use_name(use))
    if purpose_of(figure):
        parts.append(purpose_name(purpose_of(figure), names))
    parts += figure.measure.items
    return " · ".join(parts)


def is_money(unit: str) -> bool:
    return unit == "fen" or (unit.isupper() and len(unit) == 3)


def number_text(value: int, unit: str) -> str:
    """Digits alone: money with two decimals, all else whole."""
    return format_scaled(value, 2 if is_money(unit) else 0)


def amount_text(value: int, unit: str) -> str:
    """With the unit's word: "300,000.00元", "20 pieces"."""
    chosen = "zh-hans" if language() == "zh" else "en"
    if unit == "steps":
        return ngettext("%(n)s time", "%(n)s times", value) % {"n": number_text(value, unit)}
    if unit in UNITS:
        return Quantity(value, UNITS[unit]).text(chosen)
    return f"{number_text(value, unit)} {unit}"


def window_words(first: date, last: date) -> str:
    """The days as people say them: a month, some days of a month, or from when to when."""
    zh = language() == "zh"
    if first.day == 1 and (last + timedelta(days=1)) == _next_month(first):
        return date_format(first, "Y年n月" if zh else "F Y")
    if first == last:
        return date_format(first, "Y年n月j日" if zh else "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        if zh:
            return f"{date_format(first, 'Y年n月j日')}至{last.day}日"
        return f"{first.day}–{date_format(last, 'j F Y')}"
    days = {
        "first": date_format(first, "Y年n月j日" if zh else "j F Y"),
        "last": date_format(last, "Y年n月j日" if zh else "j F Y"),
    }
    return gettext("%(first)s to %(last)s") % days


def title(society: str, first: date, last: date) -> str:
    return gettext("%(society)s: received and used, %(days)s") % {
        "society": society, "days": window_words(first, last)
    }  # fmt: skip


def headline(figures: Mapping[str, Figure], first: date, last: date) -> str:
    """The result, in phrases parted by "|": what came, what was used, what is held."""

    def money(kind: str) -> str:
        figure = figures.get(f"cny.{kind}")
        return format_scaled(figure.value if figure else 0, 2)

    facts = {
        "days": window_words(first, last),
        "received": money("received"),
        "used": money("used"),
        "held": money("held"),
    }
    if figures["cny.used"].value == 0:
        return gettext("%(days)s:|%(received)s yuan received,|none used yet,|%(held)s held") % facts
    return gettext("%(days)s:|%(received)s yuan received,|%(used)s used,|%(held)s held") % facts


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
