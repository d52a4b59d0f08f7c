"""How a state, a use and an amount are called and drawn, wherever a gift is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy, pgettext_lazy

from honghui.kernel.amounts import format_yuan
from honghui.processes.roads import State
from honghui.processes.tracing import Named
from honghui.record.clause_words import USES
from honghui.ui.components.text import is_chinese

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# How each state is drawn and called: a shape and a word.
KINDS: dict[State, str] = {
    "used": "used", "covered": "cover", "decided": "half", "way": "way", "goods": "held",
    "undecided": "held", "returned": "off", "lost": "off",
}  # fmt: skip
WORDS: dict[State, _StrOrPromise] = {
    "used": gettext_lazy("Used"),
    "covered": gettext_lazy("Used, then covered"),
    "decided": gettext_lazy("Decided, not yet paid"),
    "way": gettext_lazy("In transit"),
    "goods": gettext_lazy("Goods in store"),
    "undecided": gettext_lazy("Not yet decided"),
    "returned": gettext_lazy("Given back"),
    "lost": gettext_lazy("Lost"),
}
# Beside a bar of a picture there is room for little.
SHORT: dict[State, _StrOrPromise] = {
    "used": pgettext_lazy("beside a bar", "Used"),
    "covered": pgettext_lazy("beside a bar", "Covered"),
    "decided": pgettext_lazy("beside a bar", "Decided"),
    "way": pgettext_lazy("beside a bar", "In transit"),
    "goods": pgettext_lazy("beside a bar", "In store"),
    "undecided": pgettext_lazy("beside a bar", "Undecided"),
    "returned": pgettext_lazy("beside a bar", "Given back"),
    "lost": pgettext_lazy("beside a bar", "Lost"),
}


def short_yuan(amount_fen: int) -> str:
    """ "50" and "36.40": as one says it. Fen are dropped only where there are none."""
    return format_yuan(amount_fen).removesuffix(".00")


def local(named: Named) -> str:
    return named.name if is_chinese() or not named.name_en else named.name_en


def use_words(use: str) -> str:
    words = USES.get(use)
    if words is None:
        return use
    return words.zh if is_chinese() else words.en
