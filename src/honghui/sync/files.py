"""Where the bytes of photos lie: parts while they come in, whole ones for as long as they are kept,
and copies that everybody may see.

The one hard idea: what has come in is how long the part's file is, and nothing else. No row is
written before a photo is whole, so a process may be killed at any point: the phone asks how much is
here and goes on from there. No name of a file comes from outside: it is made of a UUID, a hash and
the owner's key.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.access import not_found
from honghui.sync.handling import Owner
from honghui.sync.models import Attachment

PARTS_MOST = 60
FREE_BYTES_LEAST = 200_000_000
PUBLIC_SECONDS = 7 * 24 * 3600


def folder() -> Path:
    return Path(settings.ATTACHMENTS)


def part_path(owner: Owner, attachment_id: UUID, sha256: str) -> Path:
    return folder() / "parts" / owner.key / f"{attachment_id}-{sha256[:16]}"


def path_of(attachment_id: UUID) -> Path:
    """Numbers of phones begin with the time, so they are spread by their last digits."""
    return folder() / "whole" / attachment_id.hex[-2:] / f"{attachment_id}.jpg"


def public_path(sha256: str) -> Path:
    """Of a copy that everybody may see, by the hash of its bytes."""
    return folder() / "public" / sha256[:2] / f"{sha256}.jpg"


@contextmanager
def held_part(owner: Owner, attachment_id: UUID, sha256: str) -> Iterator[BinaryIO]:
    """The part, for one writer at a time, made if it is not there."""
    path = part_path(owner, attachment_id, sha256)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _refuse_if_full(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                "sync.attachment.busy",
                _("This photo is just being sent."),
                _("The phone tries again by itself."),
            ) from error
        yield part


def size_of(part: BinaryIO) -> int:
    return os.fstat(part.fileno()).st_size


def add(part: BinaryIO, offset: int, chunk: bytes) -> int:
    """Adds the chunk if it begins where the part ends; how long it is now."""
    if offset == size_of(part):
        part.seek(offset)
        part.write(chunk)
        part.flush()
        os.fsync(part.fileno())
    return size_of(part)


def sha256_of(part: BinaryIO) -> str:
    part.seek(0)
    return hashlib.sha256(part.read()).hexdigest()


def keep(attachment_id: UUID, data: bytes) -> None:
    _keep(path_of(attachment_id), data)


def keep_public(data: bytes) -> str:
    """The hash under which it now lies; the same bytes are the same file."""
    sha256 = hashlib.sha256(data).hexdigest()
    _keep(public_path(sha256), data)
    return sha256


def _keep(path: Path, data: bytes) -> None:
    """All of it or nothing: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def drop_part(owner: Owner, attachment_id: UUID, sha256: str) -> None:
    part_path(owner, attachment_id, sha256).unlink(missing_ok=True)


def drop(attachment_id: UUID) -> None:
    path_of(attachment_id).unlink(missing_ok=True)


def drop_public(sha256: str) -> None:
    public_path(sha256).unlink(missing_ok=True)


def public_hashes(before_seconds: float) -> Iterator[str]:
    """The public copies that lie here, written before then."""
    for path in folder().glob("public/*/*.jpg"):
        if path.stat().st_mtime < before_seconds:
            yield path.stem


def opened(attachment_id: UUID) -> BinaryIO:
    """The photo's bytes, for making a copy of it. The caller has checked who asks."""
    try:
        return path_of(attachment_id).open("rb")
    except FileNotFoundError as error:
        raise not_found() from error


def open_public(sha256: str) -> FileResponse:
    """A public copy, for a job's own view that has checked that it is shown still. Its address is
    its hash, so it never changes; a week is how long a copy elsewhere may outlive a withdrawal."""
    try:
        file = public_path(sha256).open("rb")
    except FileNotFoundError as error:
        raise not_found() from error
    answer = FileResponse(file, content_type="image/jpeg")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}, immutable"
    return answer


def open_file(attachment: Attachment) -> FileResponse:
    """The photo, for a job's own view that has checked who is asking. It is a picture that we set
    ourselves, and is still never shown as a page."""
    try:
        file = path_of(attachment.pk).open("rb")
    except FileNotFoundError as error:
        raise not_found() from error
    answer = FileResponse(
        file, as_attachment=True, filename=f"{attachment.pk}.jpg", content_type="image/jpeg"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def old_parts(before_seconds: float) -> Iterator[Path]:
    """Parts that nobody has added to since (seconds of the machine's clock)."""
    for path in folder().glob("parts/*/*"):
        if path.stat().st_mtime < before_seconds:
            yield path


def whole_ids(before_seconds: float) -> Iterator[UUID]:
    """The photos that lie here, written before then; a half-written one is dropped."""
    for path in folder().glob("whole/*/*"):
        if path.stat().st_mtime < before_seconds:
            if path.suffix == ".jpg":
                yield UUID(path.stem)
            else:
                path.unlink(missing_ok=True)


def _refuse_if_full(parts: Path) -> None:
    if sum(1 for _part in parts.iterdir()) >= PARTS_MOST:
        raise Invalid(
            "sync.attachment.parts",
            _("Too many photos of yours are half sent."),
            _("The phone sends them one after the other; wait until some are through."),
        )
    if shutil.disk_usage(parts).free < FREE_BYTES_LEAST:
        raise Conflict(
            "sync.attachment.disk",
            _("The server has no room for photos just now."),
            _("The phone keeps them and tries again. Tell the administrator."),
        )
