"""Tables of messaging: templates; messages, hand-overs, receipts; what came in; whom to reach how.

No phone number and no text in the open is in any of them.
"""

from __future__ import annotations

from honghui.messaging.models.incoming import Arrival, Incoming
from honghui.messaging.models.outgoing import Channel, Handover, Message, Receipt
from honghui.messaging.models.people import ChatAccount, Preference, PushSubscription
from honghui.messaging.models.templates import Template

__all__ = [
    "Arrival",
    "Channel",
    "ChatAccount",
    "Handover",
    "Incoming",
    "Message",
    "Preference",
    "PushSubscription",
    "Receipt",
    "Template",
]
