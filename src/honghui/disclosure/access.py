"""Who may see and do what with bulletins. Whatever was published, everybody sees."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from honghui.disclosure.models import Bulletin, CorrectionNote
from honghui.kernel.actors import Actor
from honghui.kernel.errors import NotFound
from honghui.registry.access import societies_where
from honghui.registry.permissions import SEE_BULLETINS


def published() -> QuerySet[Bulletin]:
    return (
        Bulletin.objects.filter(state=Bulletin.State.PUBLISHED)
        .select_related("society")
        .defer("figures")
    )


def published_bulletin(bulletin_id: UUID) -> Bulletin:
    found = (
        Bulletin.objects.filter(pk=bulletin_id, state=Bulletin.State.PUBLISHED)
        .select_related("society", "prepared_by", "approved_by")
        .first()
    )
    if found is None:
        raise _not_found()
    return found


def bulletins(by: Actor) -> QuerySet[Bulletin]:
    """On the desk: those of one's own societies, drafts and withdrawn ones too."""
    rows = Bulletin.objects.select_related("society", "prepared_by", "approved_by")
    return rows if by.is_system else rows.filter(society__in=societies_where(by, SEE_BULLETINS))


def bulletin(by: Actor, bulletin_id: UUID) -> Bulletin:
    found = bulletins(by).filter(pk=bulletin_id).first()
    if found is None:
        raise _not_found()
    return found


def correction(by: Actor, correction_id: UUID) -> CorrectionNote:
    found = (
        CorrectionNote.objects.filter(pk=correction_id, bulletin__in=bulletins(by))
        .select_related("bulletin__society", "prepared_by", "approved_by")
        .first()
    )
    if found is None:
        raise _not_found()
    return found


def _not_found() -> NotFound:
    return NotFound(
        "disclosure.not_found",
        _("There is no such bulletin, or none that you may see."),
        _("Look in the list of bulletins."),
    )
