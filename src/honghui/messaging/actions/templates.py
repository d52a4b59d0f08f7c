"""Templates: put down, handed in for review, and what the gateway decided."""

from __future__ import annotations

from collections.abc import Sequence

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.messaging import access
from honghui.messaging.declaring import Wording
from honghui.messaging.models import Template


@action("messaging.templates.noted")
def note_templates(*, by: Actor, wordings: Sequence[Wording]) -> None:
    """New texts that wait to be handed in; one that another worker was quicker with is left."""
    access.require_system(by)
    now = clock.now()
    Template.objects.bulk_create(
        [
            Template(
                code=each.code, language=each.language, channel=each.channel, body=each.body,
                made_at=now,
            )
            for each in wordings
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    record(by=by, verb="messaging.templates.noted", after={"templates": len(wordings)})


@action("messaging.template.submitted")
def note_submitted(*, by: Actor, template: Template, gateway_code: str) -> Template:
    """The gateway has it under a code of its own and looks at it."""
    access.require_system(by)
    template.gateway_code = gateway_code
    template.state = Template.State.SUBMITTED
    template.submitted_at = clock.now()
    template.save(update_fields=["gateway_code", "state", "submitted_at"])
    record(by=by, verb="messaging.template.submitted", about=template)
    return template


@action("messaging.template.decided")
def note_decided(*, by: Actor, template: Template, is_approved: bool, reason: str = "") -> Template:
    access.require_system(by)
    template.state = Template.State.APPROVED if is_approved else Template.State.REJECTED
    template.reason = reason[:200]
    template.decided_at = clock.now()
    template.save(update_fields=["state", "reason", "decided_at", "gateway_code"])
    record(
        by=by,
        verb="messaging.template.decided",
        about=template,
        after={"is_approved": is_approved},
    )
    return template
