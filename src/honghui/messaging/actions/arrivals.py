"""What a gateway posted becomes receipts and answers. The worker's, one arrival at a time."""

from __future__ import annotations

import json
from typing import Any

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.messaging import access
from honghui.messaging.actions.receipts import keep_receipts
from honghui.messaging.actions.replies import keep_reply
from honghui.messaging.arrivals import opened_body
from honghui.messaging.models import Arrival
from honghui.messaging.reading import receipt_of, receipt_of_call, reply_of, reply_of_call
from honghui.messaging.rules.states import retry_after


@action("messaging.arrival.handled")
def handle_arrival(*, by: Actor, arrival: Arrival) -> Arrival:
    """The caller holds the row's lock. Its body is not needed any more and goes."""
    access.require_system(by)
    items: list[dict[str, Any]] = json.loads(opened_body(bytes(arrival.body_sealed or b"")))
    if arrival.kind == "receipts":
        told = [receipt_of(each) for each in items]
        keep_receipts(by=by, told=told, received_at=arrival.received_at)
    elif arrival.kind == "calls":
        told = [receipt_of_call(each) for each in items]
        keep_receipts(by=by, told=told, received_at=arrival.received_at)
        for pressed in filter(None, map(reply_of_call, items)):
            keep_reply(by=by, told=pressed, received_at=arrival.received_at)
    else:
        for each in items:
            keep_reply(by=by, told=reply_of(each), received_at=arrival.received_at)
    arrival.body_sealed = None
    arrival.handled_at = clock.machine_now()
    arrival.last_error = ""
    arrival.save(update_fields=["body_sealed", "handled_at", "last_error"])
    record(
        by=by,
        verb="messaging.arrival.handled",
        about=arrival,
        after={"kind": arrival.kind, "items": len(items)},
    )
    return arrival


@action("messaging.arrival.failed")
def note_arrival_failure(*, by: Actor, arrival: Arrival, error: str) -> Arrival:
    """It could not be handled just now: later again, in the end each hour."""
    access.require_system(by)
    arrival.tries += 1
    arrival.next_try_at = clock.machine_now() + retry_after(arrival.tries)
    arrival.last_error = error[:80]
    arrival.save(update_fields=["tries", "next_try_at", "last_error"])
    record(
        by=by,
        verb="messaging.arrival.failed",
        about=arrival,
        after={"tries": arrival.tries, "error": arrival.last_error},
    )
    return arrival
