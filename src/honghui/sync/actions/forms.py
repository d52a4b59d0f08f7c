"""A form is taken in: its number, the job's own work and its photos, in one transaction."""

from __future__ import annotations

from honghui.journal.acting import action, record
from honghui.kernel.actors import Actor
from honghui.sync import access
from honghui.sync.handling import Form, Owner, handler_of
from honghui.sync.missing import PhotosMissing
from honghui.sync.models import ReceivedForm


@action("sync.form.taken")
def take_form(*, by: Actor, form: Form, owner: Owner, content_hash: bytes) -> ReceivedForm:
    """Raises IntegrityError if the number is taken: a twin that still runs is waited for. What the
    handler raises comes through, and nothing was written."""
    access.require_owner(by, owner)
    handler = handler_of(form.kind)
    assert form.sent_at and form.received_at
    row = ReceivedForm.objects.create(
        id=form.id,
        account_id=owner.account_id,
        link_hash=owner.link_hash,
        kind=form.kind,
        made_at=form.made_at,
        sent_at=form.sent_at,
        received_at=form.received_at,
        happened_at=form.happened_at,
        offset_seconds=form.offset_seconds,
        flags=list(form.flags),
        content_hash=content_hash,
    )
    _take_attachments(row, form, owner)
    made = handler(by, form)
    if made is not None:
        row.object_type = made._meta.label_lower
        row.object_id = str(made.pk)
        row.save(update_fields=["object_type", "object_id"])
    record(
        by=by,
        verb="sync.form.taken",
        about=row,
        after={
            "kind": form.kind,
            "offset_seconds": form.offset_seconds,
            "flags": list(form.flags),
            "attachments": len(form.attachments),
        },
    )
    return row


def _take_attachments(row: ReceivedForm, form: Form, owner: Owner) -> None:
    """Each is here, is theirs, and belongs to no other form."""
    if not form.attachments:
        return
    wanted = set(form.attachments)
    found = access.attachments_of(owner, wanted).filter(form=None).select_for_update()
    ids = {each.pk for each in found}
    if ids != wanted:
        raise PhotosMissing(wanted - ids)
    access.attachments_of(owner, wanted).update(form=row)
