"""Photos are kept once they are whole, and forgotten when no form ever came for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.sync import access, files
from honghui.sync.handling import Owner
from honghui.sync.models import Attachment
from honghui.sync.practice import KIND

_AT_ONCE = 500


@action("sync.attachment.kept")
def keep_attachment(
    *,
    by: Actor,
    owner: Owner,
    attachment_id: UUID,
    sha256: bytes,
    sent_bytes: int,
    kept_bytes: int,
    width_pixels: int,
    height_pixels: int,
) -> Attachment:
    """The picture itself lies in its file already."""
    access.require_owner(by, owner)
    kept = Attachment.objects.create(
        id=attachment_id,
        account_id=owner.account_id,
        link_hash=owner.link_hash,
        sha256=sha256,
        sent_bytes=sent_bytes,
        kept_bytes=kept_bytes,
        media_type="image/jpeg",
        width_pixels=width_pixels,
        height_pixels=height_pixels,
        kept_at=clock.machine_now(),
    )
    record(
        by=by,
        verb="sync.attachment.kept",
        about=kept,
        after={"sent_bytes": sent_bytes, "kept_bytes": kept_bytes},
    )
    return kept


@action("sync.attachments.forgotten")
def forget_attachments(*, by: Actor, before: datetime, practised_before: datetime) -> None:
    """Rows of photos that no form came for, and of practice forms; their files go in the same
    breath. Times are the machine's."""
    access.require_system(by)
    old = Attachment.objects.filter(access.forgettable(KIND, before, practised_before))
    ids = list(old.values_list("pk", flat=True)[:_AT_ONCE])
    Attachment.objects.filter(pk__in=ids).delete()
    for each in ids:
        files.drop(each)
    record(by=by, verb="sync.attachments.forgotten", after={"attachments": len(ids)})
