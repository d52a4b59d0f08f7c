"""The words for channels, states and reasons, for the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.messaging.models import Incoming, Message, Template

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Words = dict[str, "_StrOrPromise"]
States = dict[str, tuple[str, "_StrOrPromise"]]

CHANNELS: Words = {
    "sms": _("Text message"),
    "voice": pgettext_lazy("a way to reach somebody", "Call"),
    "web_push": _("Web push"),
    "wecom": _("WeCom"),
    "dingtalk": _("DingTalk"),
}
STATES: States = {
    Message.State.HELD: ("held", _("Held until quiet hours end")),
    Message.State.QUEUED: ("held", _("Waits to be sent")),
    Message.State.SENDING: ("way", _("Being handed over")),
    Message.State.UNSURE: ("half", _("Being asked about")),
    Message.State.SENT: ("way", _("With the gateway")),
    Message.State.DELIVERED: ("used", _("Arrived")),
    Message.State.FAILED: ("now", _("Failed")),
    Message.State.STOPPED: ("off", _("Wants no messages")),
    Message.State.CANCELLED: ("off", pgettext_lazy("a message", "Cancelled")),
    Message.State.LOCAL: ("cover", _("Only here in the outbox")),
}
REASONS: Words = {
    "no_person": _("The person was erased or merged."),
    "no_number": _("No phone number is on file for this person."),
    "no_mobile": _("The number on file is no mobile phone."),
    "no_browser": _("No browser of this person takes messages."),
    "no_account": _("This person has no account in that chat program."),
    "no_such_number": _("The number is not in use."),
    "switched_off": _("The phone was switched off or out of reach for too long."),
    "blacklist": _("The number is on the gateway's blacklist."),
    "throttled": _("This number has got too many messages lately; another way is tried."),
    "busy": _("The line was busy."),
    "not_answered": _("Nobody answered the call."),
    "words_refused": _("The gateway refuses a word in this message."),
    "template_rejected": _("The gateway has not approved this text."),
    "template_pending": _("The gateway is still looking at this text."),
    "sign_rejected": _("The gateway has not approved our signature."),
    "account_problem": _("Our account at the gateway does not work."),
    "gateway_busy": _("The gateway could not be reached for too long."),
    "gateway_refused": _("The gateway refused this message."),
    "push_refused": _("The browser's push service refused this message."),
    "voice_unsure": _("Nobody can say whether the phone rang; another way is tried."),
    "not_set_up": _("No gateway is set up for this: nobody's phone rang."),
    "stopped": _("They asked for no more messages."),
}
REPLY_STATES: States = {
    Incoming.State.NEW: ("way", pgettext_lazy("an answer", "New")),
    Incoming.State.TAKEN: ("used", pgettext_lazy("an answer", "Taken in")),
    Incoming.State.UNCLEAR: ("now", _("Waits for a person")),
    Incoming.State.UNKNOWN: ("now", _("From an unknown number")),
    Incoming.State.SETTLED: ("cover", pgettext_lazy("an answer", "Settled")),
}
MATCHES: Words = {
    "extension": _("by the number it was sent to"),
    "code": _("by the code in its text"),
    "only": _("as the only message that waits for an answer"),
    "call": _("by the call in which the key was pressed"),
    "": _("to none: several are possible, or none"),
}
TEMPLATE_STATES: States = {
    Template.State.NEW: ("held", _("To be handed in")),
    Template.State.SUBMITTED: ("way", _("Under review")),
    Template.State.APPROVED: ("used", _("Approved")),
    Template.State.REJECTED: ("now", _("Rejected")),
}
LANGUAGES: Words = {"zh": _("Chinese"), "en": _("English")}
