"""What became of a gift, in one sentence and in large figures."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from honghui.kernel.amounts import format_yuan
from honghui.processes.roads import STATES, Balance, State
from honghui.processes.telling.words import KINDS, WORDS, short_yuan
from honghui.processes.tracing import Trace
from honghui.ui.components.text import state, yuan


def headline(trace: Trace) -> str:
    """Phrases with "|" between them, for the component `phrases`."""
    given = {"sum": short_yuan(trace.donation.amount_fen)}
    if trace.placed is None and not trace.is_now:
        return _("Your %(sum)s yuan|were not in the books then") % given
    if trace.placed is None:
        return _("Your %(sum)s yuan|are recorded and on their way into the books") % given
    balance = trace.balance
    whole = _of_one_kind(balance)
    if whole:
        return whole % given
    clauses = [
        words % {"part": short_yuan(units)}
        for units, words in (
            (balance.used, _("%(part)s used")),
            (balance["returned"], _("%(part)s given back")),
            (balance["lost"], _("%(part)s lost")),
            (balance.held, _left_words(balance)),
        )
        if units
    ]
    row = [pgettext("before another clause", "%s,") % one for one in clauses[:-1]]
    return "|".join([_("Your %(sum)s yuan:") % given, *row, clauses[-1]])


def _of_one_kind(balance: Balance) -> str:
    """Where all of it stands alike; "" otherwise."""
    if balance.used == balance.total:
        return _("Your %(sum)s yuan|have all been used")
    if balance["returned"] == balance.total:
        return _("Your %(sum)s yuan|were given back")
    if balance["undecided"] == balance.total:
        return _("Your %(sum)s yuan|are all in the account")
    if balance["decided"] == balance.total:
        return _("Your %(sum)s yuan|are decided on,|and wait to be paid")
    return ""


def _left_words(balance: Balance) -> str:
    if balance["way"] or balance["goods"]:
        return _("%(part)s under way or in store")
    return _("%(part)s still in the account")


def numbers(balance: Balance) -> list[dict[str, object]]:
    """Used, decided, undecided, and what else there is: together the gift."""
    always: set[State] = {"decided", "undecided"}
    shown = [(balance.used, "used")]
    shown += [
        (balance[each], each)
        for each in STATES
        if each not in {"used", "covered"} and (each in always or balance[each])
    ]
    return [
        {
            "number": yuan(units),
            "state": state(KINDS[each], WORDS[each]),  # type: ignore[index]
            "note": _number_note(balance, each) if units else "",
        }
        for units, each in shown
    ]


def _number_note(balance: Balance, each: str) -> str:
    if each == "used" and balance["covered"]:
        return _("of this %(sum)s covered by a reserve") % {"sum": format_yuan(balance["covered"])}
    notes = {
        "decided": _("set aside for one purpose"),
        "undecided": _("in the fund's account"),
        "returned": _("to the giver"),
        "lost": _("borne by all in proportion"),
    }
    return notes.get(each, "")
