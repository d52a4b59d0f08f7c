"""Words for what call-outs hold: states, meanings, ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.callouts.wordings import CLOSED, ENOUGH, GO_HOME, STOOD_DOWN

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CALL_OUT_STATES: dict[str, _StrOrPromise] = {
    "draft": _("Not sent yet"),
    "open": pgettext_lazy("a call-out", "Open"),
    "closed": pgettext_lazy("a call-out", "Closed"),
    "cancelled": pgettext_lazy("a call-out", "Cancelled"),
}
STATES: dict[str, _StrOrPromise] = {
    "reserve": pgettext_lazy("an invitation", "In reserve"),
    "asked": pgettext_lazy("an invitation", "Asked, no answer yet"),
    "coming": pgettext_lazy("an invitation", "Comes"),
    "if_short": pgettext_lazy("an invitation", "If people are short"),
    "declined": pgettext_lazy("an invitation", "Cannot"),
    "no_answer": pgettext_lazy("an invitation", "No answer"),
    "stood_down": pgettext_lazy("an invitation", "Team called off"),
}
# What a person may decide; the keys are those of understanding.Meaning.
DECISIONS: dict[str, _StrOrPromise] = {
    "coming": _("Comes"),
    "declined": _("Cannot come"),
    "if_short": _("Only if people are short"),
    "stand_by": _("Stands by"),
}
NOTHING = "nothing"
# What a person may say that an answer means which nobody could make out.
SETTLED_AS: dict[str, _StrOrPromise] = {
    **DECISIONS,
    NOTHING: _("Read; nothing follows"),
}
MEANINGS: dict[str, _StrOrPromise] = {
    **DECISIONS,
    "acknowledged": _("Has read it, decided nothing"),
    "question": _("Asks something"),
    "opt_out": _("Wants to be left in peace"),
    "unclear": _("Not understood"),
}
CHANNELS: dict[str, _StrOrPromise] = {
    "sms": _("Text message"),
    "voice": _("Voice call"),
    "web_push": _("Push"),
    "wecom": _("WeCom"),
    "dingtalk": _("DingTalk"),
    "link": _("Answer page"),
    "phone": _("Telephone"),
    "person": _("Read by a person"),
}
KINDS: dict[str, _StrOrPromise] = {
    "call_out": _("Call-out"),
    "stand_by": _("Stand-by request"),
}
PROGRESS: dict[str, _StrOrPromise] = {
    "departed": pgettext_lazy("a person", "On the way"),
    "arrived": pgettext_lazy("a person", "There"),
}

# As heads of columns: short.
COUNTS: dict[str, _StrOrPromise] = {
    "coming": pgettext_lazy("how many", "Come"),
    "if_short": pgettext_lazy("how many", "If short"),
    "asked": pgettext_lazy("how many", "Silent so far"),
    "no_answer": pgettext_lazy("how many", "No answer"),
    "declined": pgettext_lazy("how many", "Cannot"),
    "reserve": pgettext_lazy("how many", "Reserve"),
    "stood_down": pgettext_lazy("how many", "Called off"),
}
STEPS: dict[str, _StrOrPromise] = {
    "first": _("First"),
    "then": _("Whoever is silent"),
    "reserve": _("Next of the reserve"),
}
MESSAGE_STATES: dict[str, _StrOrPromise] = {
    "there": pgettext_lazy("a message", "sent"),
    "waits": pgettext_lazy("a message", "waits"),
    "lost": pgettext_lazy("a message", "did not arrive"),
}
TELLING = frozenset({ENOUGH, STOOD_DOWN, GO_HOME, CLOSED})


@dataclass(frozen=True)
class Doing:
    """A page that does one thing. `lead` may say %(reserve)s."""

    title: _StrOrPromise
    lead: _StrOrPromise
    button: _StrOrPromise


DOINGS: dict[str, Doing] = {
    "more": Doing(
        _("Call more people"),
        _("Asked at once, whatever the others answer. %(reserve)s are left in the reserve."),
        _("Call them"),
    ),
    "close": Doing(
        _("Close the call-out"),
        _(
            "Nobody is asked any more. Whoever was silent or waits “if short” is told that they "
            "need not come. Who comes, comes."
        ),
        _("Close it"),
    ),
    "cancel": Doing(
        _("Call it off"),
        _(
            "Everybody who was asked and did not decline is told not to set out, and to turn back. "
            "If it was not sent yet, nobody hears of it."
        ),
        _("Call it off"),
    ),
    "home": Doing(
        _("Send them home"),
        _("Those who came get a message: it is over, they may go home, thank you."),
        _("Tell them"),
    ),
}
