"""Replies, as messaging hands them over: read, and taken if they can be.

What cannot be read, asks something or speaks for others is "unclear": it lies in the inbox of the
duty officer, with whatever of it was understood already done.
"""

from __future__ import annotations

from honghui.callouts.access import invitation_now
from honghui.callouts.actions.answers import take_reply
from honghui.callouts.models import Invitation
from honghui.callouts.understanding import understand
from honghui.callouts.wordings import PREFIX
from honghui.kernel import clock
from honghui.kernel.actors import Actor, system_actor
from honghui.messaging.models import Incoming


def worker_actor() -> Actor:
    return system_actor("honghui call-outs work")


def hear(incoming: Incoming, text: str) -> str:
    """messaging.receiving.on_incoming: "taken" or "unclear"."""
    message = incoming.message
    if message is None or not message.template.startswith(PREFIX):
        return "unclear"
    rows = Invitation.objects.select_related("call_out", "person")
    invitation = rows.filter(pk=message.about).first()
    if invitation is None:
        return "unclear"
    invitation = invitation_now(invitation)
    read = understand(text, now=clock.now(), codes=[message.code])
    take_reply(by=worker_actor(), incoming=incoming, invitation=invitation, read=read, text=text)
    return "unclear" if read.needs_a_person else "taken"
