"""Photos of a report: their copies for everybody, and the hashes that go into its record.

The one hard idea: a file is no part of a transaction. So a copy is written before its row, and
removed after the row's end is committed; what decides whether it is shown is the row alone. The
record carries the salted hash of a text that holds nothing but the photos' hashes: so nobody can
show another photo later, and one that is withdrawn leaves nothing but a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from honghui.journal.side_texts import keep_text
from honghui.kernel.errors import Conflict
from honghui.rescue.models import PublicPhoto, RescueReport
from honghui.sync import files
from honghui.sync.photos import set_anew

WEB_PIXELS, SMALL_PIXELS = 1600, 480
TEXT_HEAD = "rescue_photos/1"


def copies_of(attachment_id: UUID) -> dict[str, Any]:
    """The columns of its two copies, which lie there when this returns. Each is set anew: pixels
    and nothing else."""
    with files.opened(attachment_id) as file:
        web = set_anew(file, edge_pixels=WEB_PIXELS)
        small = set_anew(file, edge_pixels=SMALL_PIXELS)
    return {
        "sha256": files.keep_public(web.data),
        "width_pixels": web.width_pixels,
        "height_pixels": web.height_pixels,
        "small_sha256": files.keep_public(small.data),
        "small_width_pixels": small.width_pixels,
        "small_height_pixels": small.height_pixels,
    }


def chosen(report: RescueReport) -> list[PublicPhoto]:
    """Those that stand, in the order in which they were chosen."""
    return list(PublicPhoto.objects.filter(report=report, withdrawn_at=None))


def facts_of(report: RescueReport) -> list[list[str]]:
    """What somebody releases with the report."""
    return [
        [one.sha256, one.caption, one.caption_en, one.consent] for one in chosen(report)
    ]  # fmt: skip


def text_of(photos: Iterable[PublicPhoto]) -> str:
    return "\n".join([TEXT_HEAD, *(one.sha256 for one in photos)])


def keep_hashes(report: RescueReport) -> str:
    """The hash of their text, kept for its record; "" without photos."""
    photos = chosen(report)
    if PublicPhoto.objects.filter(
        pk__in=[one.pk for one in photos], photo__is_for_release=False
    ).exists():
        raise Conflict(
            "rescue.public_photo.not_marked",
            _("A team's leader has taken the mark for release off one of the photos."),
            _("Take that photo back, or ask the leader."),
        )
    return keep_text(text_of(photos)) if photos else ""


def standing() -> QuerySet[PublicPhoto]:
    """Whose copies must lie there: of drafts too, for whoever is to release them."""
    return PublicPhoto.objects.filter(withdrawn_at=None).exclude(
        report__state=RescueReport.State.WITHDRAWN
    )


def drop_after_commit(photos: Iterable[PublicPhoto]) -> None:
    """Once this transaction stands, and before the request is answered."""
    hashes = {sha for one in photos for sha in (one.sha256, one.small_sha256)}
    if hashes:
        transaction.on_commit(partial(drop_unshown, hashes))


def drop_unshown(hashes: Iterable[str]) -> int:
    """Removes those of these copies that no photo stands for; how many."""
    wanted = set(hashes)
    rows = standing().filter(Q(sha256__in=wanted) | Q(small_sha256__in=wanted))
    needed = {sha for pair in rows.values_list("sha256", "small_sha256") for sha in pair}
    for sha in wanted - needed:
        files.drop_public(sha)
    return len(wanted - needed)
