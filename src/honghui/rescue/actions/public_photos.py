"""Photos for the public: chosen for a report by whoever releases it, withdrawn for a reason.

No photo goes out by itself. A team's leader has marked it, an editor has chosen it, written what is
to be seen in two languages and said why it may be shown; and the report was released.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.access import not_found, require
from honghui.registry.permissions import RELEASE_RESCUE_REPORTS
from honghui.registry.rules import check_reason
from honghui.rescue.leading import check_code
from honghui.rescue.models import Photo, PublicPhoto, RescueReport
from honghui.rescue.reporting.guarding import (
    account_of,
    check_texts,
    locked_draft,
    locked_report,
)
from honghui.rescue.reporting.picturing import copies_of, drop_after_commit

PHOTOS_MOST = 12
CONSENTS = tuple(PublicPhoto.Consent.values)


@action("rescue.public_photo.chosen")
def choose_photo(
    *,
    by: Actor,
    report: RescueReport,
    photo: Photo,
    caption: str,
    caption_en: str,
    consent: str,
) -> PublicPhoto:
    """`consent`: "nobody" can be recognised in it, or it was "given" by everybody who can. The same
    photo again changes what stands with it."""
    report = locked_draft(by, report)
    require(by, RELEASE_RESCUE_REPORTS, report.incident.society_id)
    photo = _marked(report, photo)
    values = _checked(report, caption, caption_en, consent)
    standing = PublicPhoto.objects.filter(report=report, withdrawn_at=None)
    if standing.exclude(photo=photo).count() >= PHOTOS_MOST:
        raise Conflict(
            "rescue.public_photo.too_many",
            _("A report shows %(n)s photos at most.") % {"n": PHOTOS_MOST},
            _("Take another one back first."),
        )
    if PublicPhoto.objects.filter(photo=photo).exclude(withdrawn_at=None).exists():
        raise Conflict(
            "rescue.public_photo.withdrawn",
            _("This photo was taken down once."),
            _("Choose another one."),
        )
    chosen, is_new = PublicPhoto.objects.update_or_create(
        report=report,
        photo=photo,
        defaults={
            **values,
            **copies_of(photo.attachment_id),
            "chosen_by": account_of(by),
            "chosen_at": clock.now(),
        },
    )
    _note(by, "rescue.public_photo.chosen", chosen)
    return chosen


@action("rescue.public_photo.taken_back")
def take_photo_back(*, by: Actor, photo: PublicPhoto) -> RescueReport:
    """Before the report is released; afterwards it is withdrawn, with a reason."""
    report = locked_draft(by, photo.report)
    require(by, RELEASE_RESCUE_REPORTS, report.incident.society_id)
    row = PublicPhoto.objects.filter(pk=photo.pk, report=report).first()
    if row is None:
        raise not_found()
    _note(by, "rescue.public_photo.taken_back", row)
    row.delete()
    drop_after_commit([row])
    return report


@action("rescue.public_photo.withdrawn")
def withdraw_photo(*, by: Actor, photo: PublicPhoto, reason: str) -> PublicPhoto:
    """Gone from every report when this returns; the page says so, and why. Its hash stays."""
    report = locked_report(by, photo.report)
    require(by, RELEASE_RESCUE_REPORTS, report.incident.society_id)
    reason = check_reason(reason)
    check_texts(report, [reason], "reason")
    rows = list(
        PublicPhoto.objects.select_for_update(of=("self",))
        .select_related("report__incident")
        .filter(photo=photo.photo_id, withdrawn_at=None)
    )
    if report.state == RescueReport.State.DRAFT or photo.pk not in {row.pk for row in rows}:
        raise Conflict(
            "rescue.public_photo.not_shown",
            _("This photo is not in public now."),
            _("Look at it again: somebody may have been quicker."),
        )
    PublicPhoto.objects.filter(pk__in=[row.pk for row in rows]).update(
        withdrawn_by=account_of(by), withdrawn_at=clock.now(), withdrawn_reason=reason
    )
    Photo.objects.filter(pk=photo.photo_id).update(is_for_release=False)
    drop_after_commit(rows)
    photo.refresh_from_db()
    _note(by, "rescue.public_photo.withdrawn", photo, reason)
    return photo


def _marked(report: RescueReport, photo: Photo) -> Photo:
    """Of this incident, and marked by a team's leader."""
    found = Photo.objects.filter(pk=photo.pk, mission__incident=report.incident_id).first()
    if found is None:
        raise not_found()
    if not found.is_for_release:
        raise Conflict(
            "rescue.public_photo.not_marked",
            _("No leader of the team has marked this photo for release."),
            _("Ask them: it is a tick on the mission's page."),
        )
    return found


def _checked(report: RescueReport, caption: str, caption_en: str, consent: str) -> dict[str, str]:
    values = {
        "caption": text.clean_line(caption, limit=120, field="caption"),
        "caption_en": text.clean_line(caption_en, limit=160, field="caption_en"),
    }
    for name, value in values.items():
        if not value:
            raise Invalid(
                "rescue.public_photo.no_caption",
                _("Say what is to be seen, in both languages."),
                _("It is also read out to those who cannot see it."),
                field=name,
            )
        check_texts(report, [value], name)
    check_code(consent, CONSENTS, "consent")
    return {**values, "consent": consent}


def _note(by: Actor, verb: str, photo: PublicPhoto, reason: str = "") -> None:
    record(
        by=by,
        verb=verb,
        about=photo,
        society_code=photo.report.incident.society_id,
        reason=reason,
        after={
            "report": photo.report_id,
            "photo": photo.photo_id,
            "sha256": photo.sha256,
            "consent": photo.consent,
        },
    )
