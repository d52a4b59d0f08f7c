"""One of each thing of `messaging` in one society, for the table of access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from honghui.kernel import clock
from honghui.kernel.actors import system_actor
from honghui.kernel.subject_keys import seal_for
from honghui.messaging.channels.base import Busy
from honghui.messaging.channels.push_sealing import public_bytes, unpadded
from honghui.messaging.declaring import wording_of
from honghui.messaging.models import (
    Arrival,
    Handover,
    Incoming,
    Message,
    Preference,
    Template,
)
from honghui.messaging.opening import TEXT_CONTEXT
from honghui.messaging.own_templates import STOPPED
from honghui.messaging.reading import reply_of
from honghui.messaging.sending import Draft, queue_messages
from honghui.registry.models import Person, Society
from tests.access.rows import NOBODY, OFFICERS, REASON, SIGNED_IN, Row, act, page

SEE = OFFICERS | {"team-leader", "auditor"}
SETTLE = OFFICERS | {"team-leader"}
# A point of the curve, as a browser's key has to be.
BROWSER_KEY = unpadded(public_bytes(ec.derive_private_key(1, ec.SECP256R1())))


@dataclass(frozen=True)
class Messaging:
    """`message` lies with the gateway; `incoming` waits for a person; `stopped` wants none."""

    message: Message
    handover: Handover
    incoming: Incoming
    stopped: Person
    arrival: Arrival
    template: Template


def messaging_of(society: Society, person: Person, stopped: Person) -> Messaging:
    now = clock.machine_now()
    draft = Draft(person.pk, "sms", STOPPED, {}, about=UUID(int=1))
    (message,) = queue_messages(
        by=system_actor("tests"), society_code=society.pk, drafts=[draft], is_urgent=True
    )
    handover = Handover.objects.create(
        out_id=f"tests-{society.pk}", channel="sms", message_ids=[message.pk], begun_at=now
    )
    wording = wording_of(STOPPED, "zh", "sms")
    template, _made = Template.objects.get_or_create(
        code=wording.code, language="zh", channel="sms", body=wording.body,
        defaults={"made_at": now},
    )  # fmt: skip
    Preference.objects.create(person=stopped, stopped_at=now, changed_at=now)
    return Messaging(
        message=message,
        handover=handover,
        incoming=Incoming.objects.create(
            channel="sms", told_id=f"tests:{society.pk}", society=society, person=person,
            persons=[person.pk], text_sealed=seal_for(person.pk, "样例", TEXT_CONTEXT),
            state="unclear", received_at=now,
        ),
        stopped=stopped,
        arrival=Arrival.objects.create(
            kind="replies", nonce=f"tests-{society.pk}", received_at=now, next_try_at=now
        ),
        template=template,
    )  # fmt: skip


MESSAGING_PAGES = (
    page("messages", SEE, "messages.see"),
    page("replies", SEE, "messages.see"),
    page("message_templates", SEE, "messages.see"),
    page(
        "message", SEE, "messages.see", others=NOBODY,
        given=lambda it: {"message_id": it.messaging.message.pk},
    ),
    page(
        "reply", SEE, "messages.see", others=NOBODY,
        given=lambda it: {"incoming_id": it.messaging.incoming.pk},
    ),
    page(
        "reply", SETTLE, "messages.settle", others=NOBODY, methods=("POST",), variant="settle",
        given=lambda it: {"incoming_id": it.messaging.incoming.pk},
    ),
    page(
        "reach", SEE, "messages.see", others=NOBODY,
        given=lambda it: {"person_id": it.person.pk},
    ),
    page(
        "reach", SETTLE, "messages.settle", others=NOBODY, methods=("POST",), variant="save",
        given=lambda it: {"person_id": it.person.pk},
    ),
    # Whoever is signed in may let their own browser get messages.
    page("push", SIGNED_IN),
)  # fmt: skip


def _system(name: str, given: Any) -> Row:
    """What a gateway told is believed from the worker, and from nobody else."""
    return act(name, NOBODY, "", given, within="messaging.actions")


def _person(name: str, may: frozenset[str], permission: str, given: Any, **more: Any) -> Row:
    return act(name, may, permission, given, within="messaging.actions", **more)


MESSAGING_ACTIONS = (
    _system("handovers.begin_handover", lambda it: {"messages": [it.messaging.message]}),
    _system(
        "handovers.note_result",
        lambda it: {"handover": it.messaging.handover, "result": Busy("no")},
    ),
    _system(
        "handovers.note_asked",
        lambda it: {"handover": it.messaging.handover, "found": {}, "ask_again": None},
    ),
    _system(
        "handovers.end_messages",
        lambda it: {"state": "local", "reason": "no", "messages": [it.messaging.message]},
    ),
    _system("handovers.put_off", lambda it: {"waits": {}, "reason": "no"}),
    _system("templates.note_templates", lambda it: {"wordings": []}),
    _system(
        "templates.note_submitted",
        lambda it: {"template": it.messaging.template, "gateway_code": "SMS_1"},
    ),
    _system(
        "templates.note_decided",
        lambda it: {"template": it.messaging.template, "is_approved": False},
    ),
    _system("arrivals.handle_arrival", lambda it: {"arrival": it.messaging.arrival}),
    _system(
        "arrivals.note_arrival_failure",
        lambda it: {"arrival": it.messaging.arrival, "error": "no"},
    ),
    _system(
        "receipts.keep_receipts", lambda it: {"told": [], "received_at": clock.machine_now()}
    ),
    _system(
        "replies.keep_reply",
        lambda it: {"told": reply_of({}), "received_at": clock.machine_now()},
    ),
    _system(
        "preferences.stop_messages",
        lambda it: {"persons": [it.person], "society_code": it.society.pk},
    ),
    _person(
        "replies.settle_reply", SETTLE, "messages.settle",
        lambda it: {"incoming": it.messaging.incoming, "reason": REASON},
    ),
    _person(
        "preferences.set_preference", SETTLE, "messages.settle",
        lambda it: {
            "person": it.person, "language": "zh", "quiet_from": time(22),
            "quiet_until": time(7), "channels": ["sms"],
        },
    ),
    _person(
        "preferences.resume_messages", SETTLE, "messages.settle",
        lambda it: {"person": it.messaging.stopped, "reason": REASON},
    ),
    _person(
        "preferences.link_chat_account", SETTLE, "messages.settle",
        lambda it: {"person": it.person, "channel": "wecom", "user_id": "sample"},
    ),
    _person(
        "preferences.subscribe_browser", SIGNED_IN, "",
        lambda it: {
            "endpoint": "https://fcm.googleapis.com/sample", "p256dh": BROWSER_KEY,
            "auth": "A" * 22,
        },
        others=SIGNED_IN, about_oneself=True,
    ),
)  # fmt: skip
