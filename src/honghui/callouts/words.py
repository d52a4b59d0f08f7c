"""Words for what call-outs hold: states, meanings, ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
}
# What a person may decide; the keys are those of understanding.Meaning.
DECISIONS: dict[str, _StrOrPromise] = {
    "coming": _("Comes"),
    "declined": _("Cannot come"),
    "if_short": _("Only if people are short"),
    "stand_by": _("Stands by"),
}
MEANINGS: dict[str, _StrOrPromise] = {
    **DECISIONS,
    "acknowledged": _("Has read it, decided nothing"),
    "question": _("Asks something"),
    "opt_out": _("Wants no messages"),
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
