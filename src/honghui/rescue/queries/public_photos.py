"""Photos of reports: what everybody sees, and what an editor may choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from honghui.registry import naming
from honghui.registry.access import not_found
from honghui.rescue.models import Photo, PublicPhoto, RescueReport

CANDIDATES_MAX = 60


@dataclass(frozen=True)
class Shown:
    """The photos of a report for everybody; taken_down: those that were, with date and reason."""

    photos: list[PublicPhoto]
    taken_down: list[PublicPhoto]


@dataclass(frozen=True)
class Candidate:
    """A photo that a team's leader marked, and what was chosen of it for this report."""

    photo: Photo
    team: str
    chosen: PublicPhoto | None


def shown_with(report: RescueReport) -> Shown:
    """One query; none of a report that was taken down: it shows no photo any more."""
    if report.state != RescueReport.State.RELEASED:
        return Shown([], [])
    rows = list(PublicPhoto.objects.filter(report=report))
    return Shown(
        [one for one in rows if one.withdrawn_at is None],
        [one for one in rows if one.withdrawn_at is not None],
    )


def first_of(reports: Iterable[RescueReport]) -> dict[UUID, PublicPhoto]:
    """The first photo of each released report, by its id. One query."""
    found: dict[UUID, PublicPhoto] = {}
    for one in PublicPhoto.objects.filter(
        report__in=[each.pk for each in reports], report__state="released", withdrawn_at=None
    ):
        found.setdefault(one.report_id, one)
    return found


def public_photo(sha256: str) -> str:
    """The hash, if a copy with it is in public now. NotFound otherwise."""
    shown = PublicPhoto.objects.filter(
        Q(sha256=sha256) | Q(small_sha256=sha256), withdrawn_at=None, report__state="released"
    )
    if not shown.exists():
        raise not_found()
    return sha256


def candidates(report: RescueReport) -> list[Candidate]:
    """Two queries. What was taken down once is not offered again."""
    photos = (
        Photo.objects.filter(mission__incident=report.incident_id)
        .filter(Q(is_for_release=True) | Q(shown__report=report))
        .exclude(shown__withdrawn_at__isnull=False)
        .select_related("mission__team")
        .distinct()
    )
    rows = PublicPhoto.objects.filter(report=report, withdrawn_at=None)
    chosen = {one.photo_id: one for one in rows}
    return [
        Candidate(photo, naming.local_name(photo.mission.team), chosen.get(photo.pk))
        for photo in photos[:CANDIDATES_MAX]
    ]


def candidate(report: RescueReport, photo_id: UUID) -> Candidate:
    found = next((one for one in candidates(report) if one.photo.pk == photo_id), None)
    if found is None:
        raise not_found()
    return found


def earlier_words(photo: Photo) -> dict[str, str]:
    """What an editor wrote under it for another report of the incident."""
    last = PublicPhoto.objects.filter(photo=photo, withdrawn_at=None).order_by("chosen_at").last()
    if last is None:
        return {"caption": photo.caption}
    return {"caption": last.caption, "caption_en": last.caption_en}


def shown_photo(report: RescueReport, row_id: UUID) -> PublicPhoto:
    found = PublicPhoto.objects.filter(report=report, pk=row_id).select_related(
        "report__incident__society"
    ).first()  # fmt: skip
    if found is None:
        raise not_found()
    return found
