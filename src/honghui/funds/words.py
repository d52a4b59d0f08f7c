"""The words for channels, states and uses, in one place, for forms and pages alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from honghui.funds.models import Fund, Payment, Proposal, Refund
from honghui.ledger.purposes import language
from honghui.record.clause_words import USES, clause_in_words
from honghui.record.clauses import Clause
from honghui.registry import naming
from honghui.registry.models import Society

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CHANNELS: dict[str, _StrOrPromise] = {
    "cash": _("Cash"),
    "transfer": _("Bank transfer"),
    "wechat": _("WeChat Pay"),
}
SHOWINGS: dict[str, _StrOrPromise] = {
    "named": _("Under the giver's name"),
    "alias": _("Under another name"),
    "anonymous": _("Without a name"),
}
# State of what is asked -> how it is drawn (ui/figures.KINDS), and its words.
STATES: dict[str, tuple[str, _StrOrPromise]] = {
    "proposed": ("half", _("Waiting for a second pair of eyes")),
    "asked": ("half", _("Waiting for a second pair of eyes")),
    "open": ("used", _("Open")),
    "approved": ("used", _("Decided")),
    "paid": ("used", _("Paid")),
    "declined": ("off", _("Declined")),
}
GIVEN_USES = ("relief", "grant", "award", "training", "rescue", "transport", "purchase")

Waiting = Fund | Proposal | Payment | Refund


def use_words(use: str) -> str:
    return USES[use].say(language(), {}) if use in USES else use


def use_choices() -> list[tuple[str, str]]:
    return [(use, use_words(use)) for use in GIVEN_USES]


def clause_sentences(clauses: tuple[Clause, ...]) -> list[str]:
    """Each clause as an officer would write it, places and bodies by name."""
    return [clause_in_words(clause, language(), names=_name) for clause in clauses]


def place_words(code: str) -> str:
    """A division's name; any other place stands under its code."""
    found = Society.objects.filter(pk=code).first()
    if found is None:
        return code
    return found.place_name_en if language() == "en" else found.place_name


def _name(kind: str, code: str) -> str | None:
    if kind == "place":
        return place_words(code)
    if kind == "body":
        return str(_("the fund's committee")) if code.endswith("-committee") else None
    return None


def title_of(one: Proposal | Payment) -> str:
    return naming.local_text(one.title, one.title_en)


def fund_name(fund: Fund) -> str:
    return naming.local_name(fund)


def about(fund: Fund) -> str:
    return fund.about_en if language() == "en" and fund.about_en else fund.about
