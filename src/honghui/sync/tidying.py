"""Photos that belong to nothing are deleted: parts that stopped coming, whole ones whose form never
came, files whose row was never written. What a phone still needs it sends again."""

from __future__ import annotations

from datetime import timedelta

from honghui.kernel import clock
from honghui.kernel.actors import system_actor
from honghui.sync import access, files
from honghui.sync.actions.attachments import forget_attachments
from honghui.sync.practice import KIND

KEPT_WITHOUT_FORM = timedelta(days=30)
_GRACE = timedelta(days=1)


def tidy_photos() -> None:
    now = clock.machine_now()
    before, practised_before = now - KEPT_WITHOUT_FORM, now - _GRACE
    if access.has_forgettable(KIND, before, practised_before):
        forget_attachments(
            by=system_actor("honghui sync tidy"),
            before=before,
            practised_before=practised_before,
        )
    for part in files.old_parts(before.timestamp()):
        part.unlink(missing_ok=True)
    for found in list(files.whole_ids(practised_before.timestamp())):
        if not access.is_kept(found):
            files.drop(found)
