"""What everybody reads of rescue: the released reports, and the teams by county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from honghui.registry.access import not_found
from honghui.registry.queries.societies import SocietyNode
from honghui.rescue.models import PublicPhoto, RescueReport, Team
from honghui.rescue.queries.public_photos import first_of
from honghui.rescue.queries.report import indexes_of, names_for
from honghui.rescue.reporting.contents import Contents
from honghui.rescue.reporting.record import public_contents
from honghui.rescue.reporting.words import ReportWords, report_words
from honghui.rescue.words.board import short_place
from honghui.ui.maps import Figure, TileMap, county_map

TEAM_BOUNDS = (2, 3, 5)
_IN_PUBLIC = (RescueReport.State.RELEASED, RescueReport.State.WITHDRAWN)


@dataclass(frozen=True)
class Listed:
    """One released report in the list."""

    report: RescueReport
    contents: Contents
    words: ReportWords
    index: int | None
    photo: PublicPhoto | None


def released() -> QuerySet[RescueReport]:
    """The newest released report of each incident; drills are no rescues. One that was replaced
    does not come back when its successor is taken down: its numbers were found wrong."""
    newer = RescueReport.objects.filter(
        incident=OuterRef("incident"), state__in=_IN_PUBLIC, number__gt=OuterRef("number")
    )
    return (
        RescueReport.objects.filter(
            ~Exists(newer), state=RescueReport.State.RELEASED, incident__is_drill=False
        )
        .select_related("incident__society")
        .order_by("-incident__known_at", "-id")
    )


def listed(reports: Sequence[RescueReport]) -> list[Listed]:
    """Three queries for all of them."""
    contents = [public_contents(one) for one in reports]
    names = names_for(contents)
    indexes = indexes_of(reports)
    photos = first_of(reports)
    return [
        Listed(
            one, held, report_words(held, [], names, one.as_of),
            indexes.get(one.record_number or 0), photos.get(one.pk),
        )
        for one, held in zip(reports, contents, strict=True)
    ]  # fmt: skip


def published(number: str, serial: int | None) -> RescueReport:
    """By the incident's number: its report of that serial, or the newest; if that was taken down,
    it says so."""
    reports = RescueReport.objects.filter(
        incident__number=number, state__in=_IN_PUBLIC
    ).select_related("incident__society", "written_by", "released_by", "corrects")
    if serial is not None:
        reports = reports.filter(number=serial)
    found = reports.order_by("-number").first()
    if found is None:
        raise not_found()
    return found


def others_of(report: RescueReport) -> list[RescueReport]:
    """All numbers of the same incident that are or were in public."""
    rows = RescueReport.objects.filter(incident=report.incident_id, state__in=_IN_PUBLIC)
    return list(rows.exclude(pk=report.pk).order_by("number"))


def teams_by_society() -> dict[str, int]:
    """Active teams, by the society's code. One query."""
    rows = (
        Team.objects.filter(state=Team.State.ACTIVE).values_list("society").annotate(n=Count("pk"))
    )
    return dict(rows)


def teams_map(province: SocietyNode | None, teams: dict[str, int]) -> TileMap:
    """Ninety tiles: how many teams each county's society has; beside a city's name, and the
    province's, how many its own society has."""
    cities = province.branches if province else ()
    above = [*cities, province] if province and province.code in teams else cities
    return county_map(
        [_figure(county, teams.get(county.code, 0)) for city in cities for county in city.branches],
        [_own(city, teams.get(city.code, 0)) for city in above],
        bounds=TEAM_BOUNDS,
        bound_texts=None,
        unit=_("teams"),
        caption=_("Rescue teams of the societies"),
    )


def _own(node: SocietyNode, teams: int) -> Figure:
    """Of a society above the counties: "市级4支"."""
    of_province = node.code.endswith("0000")
    words = _("the province’s own: %(n)s") if of_province else _("the city’s own: %(n)s")
    return replace(_figure(node, teams), text=words % {"n": teams} if teams else "")


def _figure(node: SocietyNode, teams: int) -> Figure:
    return Figure(
        code=node.code,
        name=short_place(node),
        value=teams or None,
        text=str(teams) if teams else "",
        url=reverse("society", args=[node.code]),
    )
