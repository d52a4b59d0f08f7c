"""Pictures from the scene: shown inside, and public only when released with the report."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.rescue import access
from honghui.rescue.models import Mission, Photo
from honghui.sync.access import kept

PHOTOS_MOST = 300


@action("rescue.photo.added")
def add_photo(
    *,
    by: Actor,
    mission: Mission,
    attachment_id: UUID,
    caption: str = "",
    taken_at: datetime | None = None,
) -> Photo:
    """`attachment_id`: a photo that `sync` holds. NotFound if it does not."""
    mission = access.mission(by, mission.pk)
    access.require_leading(by, mission)
    kept(attachment_id)
    if mission.photos.count() >= PHOTOS_MOST:
        raise Conflict(
            "rescue.photo.too_many",
            _("This mission has 300 photos already."),
            _("Take away what is not needed, or keep the rest elsewhere."),
        )
    if Photo.objects.filter(attachment_id=attachment_id).exists():
        raise Conflict(
            "rescue.photo.known", _("This photo was added already."), _("Nothing needs to be done.")
        )
    photo = Photo.objects.create(
        mission=mission,
        attachment_id=attachment_id,
        caption=text.clean_line(caption, limit=120, field="caption"),
        taken_at=taken_at or clock.now(),
    )
    _recorded(by, "rescue.photo.added", mission, photo)
    return photo


@action("rescue.photo.marked")
def mark_photo(*, by: Actor, photo: Photo, is_for_release: bool, caption: str = "") -> Photo:
    """Whether it may go out with the report. No face goes out without whose face it is agreeing:
    the page says so where this is asked."""
    mission = access.mission(by, photo.mission_id)
    access.require_leading(by, mission)
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    photo.is_for_release = is_for_release
    photo.caption = text.clean_line(caption, limit=120, field="caption") or photo.caption
    photo.save(update_fields=["is_for_release", "caption"])
    _recorded(by, "rescue.photo.marked", mission, photo)
    return photo


def _recorded(by: Actor, verb: str, mission: Mission, photo: Photo) -> None:
    record(
        by=by,
        verb=verb,
        about=photo,
        society_code=mission.team.society_id,
        after={"mission": mission, "is_for_release": photo.is_for_release},
    )
