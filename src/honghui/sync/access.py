"""Whose forms and photos. One that is somebody else's is answered as if it were not there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotAllowed, SignInAgain
from honghui.registry.access import not_found
from honghui.sync.handling import Owner
from honghui.sync.models import Attachment, ReceivedForm


def require_system(by: Actor) -> None:
    if not by.is_system:
        raise NotAllowed("access.system_only", _("Only the system itself does this."))


def require_owner(by: Actor, owner: Owner) -> None:
    """Somebody signed in sends for themselves; a link sends for itself."""
    if owner.link_hash is not None:
        return
    if by.account_id is None:
        raise sign_in_again()
    if by.account_id != owner.account_id:
        raise not_found()


def sign_in_again() -> SignInAgain:
    return SignInAgain(
        "sync.sign_in",
        _("You are signed out. What you wrote down is still on this phone."),
        _("Sign in again, and it is sent by itself."),
    )


def is_of(row: ReceivedForm | Attachment, owner: Owner) -> bool:
    link_hash = None if row.link_hash is None else bytes(row.link_hash)
    return row.account_id == owner.account_id and link_hash == owner.link_hash


def received(form_id: UUID) -> ReceivedForm | None:
    """The form with this number, whoever sent it: the caller compares (`is_of`)."""
    return ReceivedForm.objects.filter(pk=form_id).first()


def attachment_of(owner: Owner, attachment_id: UUID) -> Attachment | None:
    """Theirs, or None if it is not here yet; NotFound if it is somebody else's."""
    found = Attachment.objects.filter(pk=attachment_id).first()
    if found is not None and not is_of(found, owner):
        raise not_found()
    return found


def attachments_of(owner: Owner, ids: Collection[UUID]) -> QuerySet[Attachment]:
    """Those of them that are all here and this owner's."""
    return _photos_of(owner).filter(pk__in=ids)


def loose_count(owner: Owner) -> int:
    """How many photos of theirs belong to no form yet."""
    return _photos_of(owner).filter(form=None).count()


def _photos_of(owner: Owner) -> QuerySet[Attachment]:
    if owner.account_id is None:
        return Attachment.objects.filter(account=None, link_hash=owner.link_hash)
    return Attachment.objects.filter(account_id=owner.account_id)


def forgettable(practice: str, loose_before: datetime, practised_before: datetime) -> Q:
    """Photos that no form came for, and those of practice forms. Times are the machine's."""
    loose = Q(form=None, kept_at__lt=loose_before)
    return loose | Q(form__kind=practice, kept_at__lt=practised_before)


def has_forgettable(practice: str, loose_before: datetime, practised_before: datetime) -> bool:
    old = forgettable(practice, loose_before, practised_before)
    return Attachment.objects.filter(old).exists()


def is_kept(attachment_id: UUID) -> bool:
    """Whether a file's row is there."""
    return Attachment.objects.filter(pk=attachment_id).exists()


def kept(attachment_id: UUID) -> Attachment:
    """For jobs, which have checked that this person may see what the photo belongs to."""
    found = Attachment.objects.filter(pk=attachment_id).exclude(form=None).first()
    if found is None:
        raise not_found()
    return found
