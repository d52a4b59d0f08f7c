"""Where phones send photos, piece by piece: PUT with a Content-Range, answered with how much is
here. `bytes */TOTAL` without a body only asks. "whole" is said once the picture is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from honghui.kernel.actors import VISITOR, Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.limits import TooOften
from honghui.sync import access, files, photos, rules
from honghui.sync.actions.attachments import keep_attachment
from honghui.sync.handling import Owner, is_good_link, owner_of
from honghui.sync.views.letters import BY_LINK, TooLarge, body_of, sender, told_in_json

LOOSE_MOST = 300
_RANGE = re.compile(r"bytes (?:(\d{1,10})-(\d{1,10})|\*)/(\d{1,10})")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Piece:
    """offset: where it begins in the photo; chunk: empty when the phone only asks."""

    attachment_id: UUID
    sha256: str
    offset: int
    total: int
    chunk: bytes


@require_http_methods(["PUT"])
@told_in_json
def attachment(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    by, owner = _whose(request)
    piece = _piece_of(request, attachment_id)
    kept = access.attachment_of(owner, attachment_id)
    if kept is not None:
        if bytes(kept.sha256).hex() != piece.sha256:
            raise Conflict(
                "sync.attachment.other_content",
                _("Another photo was sent under this number."),
                _("Take the photo again."),
            )
        return _told("whole", piece.total)
    with files.held_part(owner, attachment_id, piece.sha256) as part:
        size = files.add(part, piece.offset, piece.chunk) if piece.chunk else files.size_of(part)
        if size < piece.total:
            return _told("part", size)
        if size > piece.total or files.sha256_of(part) != piece.sha256:
            files.drop_part(owner, attachment_id, piece.sha256)
            return _told("part", 0)
        try:
            picture = photos.set_anew(part)
        except Invalid:
            files.drop_part(owner, attachment_id, piece.sha256)
            raise
        files.keep(attachment_id, picture.data)
        keep_attachment(
            by=by,
            owner=owner,
            attachment_id=attachment_id,
            sha256=bytes.fromhex(piece.sha256),
            sent_bytes=piece.total,
            kept_bytes=len(picture.data),
            width_pixels=picture.width_pixels,
            height_pixels=picture.height_pixels,
        )
        if not files.path_of(attachment_id).exists():
            # A month-old twin of it was tidied away in this very moment.
            files.keep(attachment_id, picture.data)
        files.drop_part(owner, attachment_id, piece.sha256)
    return _told("whole", piece.total)


def _whose(request: HttpRequest) -> tuple[Actor, Owner]:
    link = request.headers.get("X-Sync-Link", "")[:200]
    if not link:
        by = sender(request)
        return by, _held(owner_of(by, ""))
    BY_LINK.count(request)
    if not is_good_link(link):
        raise access.sign_in_again()
    return VISITOR, _held(owner_of(VISITOR, link))


def _held(owner: Owner) -> Owner:
    if access.loose_count(owner) >= LOOSE_MOST:
        raise TooOften(
            "sync.attachment.loose",
            _("Many photos of yours are here without the form they belong to."),
            _("Wait until the forms are sent. The phone goes on by itself."),
        )
    return owner


def _piece_of(request: HttpRequest, attachment_id: UUID) -> Piece:
    found = _RANGE.fullmatch(request.headers.get("Content-Range", ""))
    sha256 = request.headers.get("X-Content-SHA256", "")
    if attachment_id.version != 7 or found is None or not _SHA256.fullmatch(sha256):
        raise Invalid(
            "sync.attachment.unreadable",
            _("We could not read what the phone sent."),
            _("Open the page anew while there is a signal. What was written down stays."),
        )
    total = int(found[3])
    if total > settings.ATTACHMENT_BYTES_MOST or total == 0:
        raise TooLarge(
            "sync.attachment.too_large",
            _("This photo is too large."),
            _("Take it again with a smaller size, or leave it out."),
        )
    chunk = body_of(request, rules.CHUNK_BYTES_MOST)
    offset = int(found[1] or 0)
    if found[1] and (len(chunk) != int(found[2]) - offset + 1 or offset + len(chunk) > total):
        # It was cut on its way: what is here is told, and the phone goes on from there.
        chunk = b""
    return Piece(attachment_id, sha256, offset, total, chunk if found[1] else b"")


def _told(state: str, received: int) -> JsonResponse:
    return JsonResponse({"state": state, "received": received})
