"""What is known of an incident: of each measure the newest snapshot's, with its own moment and
source; how it went; when the first report is due. Nothing is added up here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.registry.access import not_found, societies_where
from honghui.registry.permissions import OPEN_INCIDENTS
from honghui.registry.queries.desk import Task
from honghui.rescue.models import Incident, Need, SituationFigure, SituationReport
from honghui.rescue.queries.incidents import title_of
from honghui.rescue.rules.situation import first_report_due
from honghui.rescue.words.measures import MEASURES, figure_text
from honghui.ui.components.pictures import Table

Key = tuple[str, str]
SERIES_MAX = 4


@dataclass(frozen=True)
class Known:
    """The newest of one measure in one unit. is_lower: than the snapshot before it."""

    measure: str
    figure: SituationFigure
    report: SituationReport
    before: SituationFigure | None = None

    @property
    def is_lower(self) -> bool:
        before = self.before.value if self.before else None
        now = self.figure.value
        return before is not None and now is not None and now < before


@dataclass(frozen=True)
class Due:
    """The first report: until when, and whether that is past."""

    at: datetime
    is_late: bool
    left: timedelta

    @property
    def words(self) -> str:
        minutes = int(abs(self.left).total_seconds()) // 60
        span = _span(minutes)
        if self.is_late:
            return _("first report overdue by %(span)s") % {"span": span}
        return _("first report due in %(span)s") % {"span": span}


def _span(minutes: int) -> str:
    hours = minutes // 60
    if hours:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def reports_of(incident: Incident) -> list[SituationReport]:
    """All, by number, with figures and with what corrects them. Three queries."""
    newer = Prefetch("corrected_by", SituationReport.objects.only("id", "number", "corrects_id"))
    return list(
        incident.situation_reports.select_related("written_by", "corrects")
        .prefetch_related("figures", newer)
        .order_by("number")
    )


def report_numbered(incident: Incident, number: int) -> SituationReport:
    for report in reports_of(incident):
        if report.number == number:
            return report
    raise not_found()


def standing(incident: Incident) -> list[SituationReport]:
    """Those that no other stands in the place of. One query."""
    newer = SituationReport.objects.filter(corrects=OuterRef("pk"))
    return list(incident.situation_reports.exclude(Exists(newer)))


def need_of(incident: Incident, need_id: UUID) -> Need:
    found = incident.needs.select_related("skill", "incident__society").filter(pk=need_id).first()
    if found is None:
        raise not_found()
    return found


def still_standing(reports: list[SituationReport]) -> list[SituationReport]:
    """The same of reports at hand, by the moment they speak of. No query."""
    kept = [report for report in reports if not report.corrected_by.all()]
    return sorted(kept, key=lambda report: (report.as_of, report.number))


def newest(reports: list[SituationReport]) -> list[Known]:
    """One row a measure and unit, in the order of the registry of measures. No query."""
    found: dict[Key, Known] = {}
    for report in still_standing(reports):
        for figure in report.figures.all():
            key = figure.measure, figure.unit
            last = found.get(key)
            found[key] = Known(figure.measure, figure, report, last.figure if last else None)
    order = {code: place for place, code in enumerate(MEASURES)}
    return sorted(found.values(), key=lambda one: (order.get(one.measure, 99), one.figure.unit))


def known_before(
    incident: Incident, as_of: datetime, *, leave_out: SituationReport | None
) -> dict[Key, tuple[int | None, str]]:
    """(value, qualifier) by measure and unit, as a report of that moment finds them. 3 queries."""
    out: UUID | None = leave_out.pk if leave_out else None
    before = [each for each in reports_of(incident) if each.as_of <= as_of and each.pk != out]
    return {
        (one.measure, one.figure.unit): (one.figure.value, one.figure.qualifier)
        for one in newest(before)
        if one.figure.value is not None
    }


def course(reports: list[SituationReport]) -> Table | None:
    """How the people of an incident went, as a chart's table; None with fewer than two points."""
    kept = still_standing(reports)
    counts: dict[str, int] = {}
    for report in kept:
        for figure in report.figures.all():
            known = MEASURES.get(figure.measure)
            if figure.unit == "person" and figure.value is not None and known:
                counts[figure.measure] = counts.get(figure.measure, 0) + 1
    drawn = [code for code in MEASURES if counts.get(code, 0) > 1][:SERIES_MAX]
    if not drawn:
        return None
    rows = []
    for report in kept:
        values = {f.measure: f for f in report.figures.all() if f.unit == "person"}
        cells: list[tuple[float | None, str]] = []
        for code in drawn:
            one = values.get(code)
            shown = figure_text(one.value, one.unit, one.qualifier) if one else "—"
            cells.append((one.value if one else None, shown))
        rows.append((_short(report.as_of), cells))
    head = [_("As of"), *(MEASURES[code].words for code in drawn)]
    return Table(head, rows, _("people"))


def _short(moment: datetime) -> str:
    return date_format(localtime(moment), "m-d H:i")


def due(incident: Incident, *, has_report: bool) -> Due | None:
    """None on watch, when closed, or once a report was written."""
    if has_report or incident.state != Incident.State.OPEN:
        return None
    at = first_report_due(incident.known_at, settings.RESCUE_FIRST_REPORT_HOURS)
    left = at - clock.now()
    return Due(at, left < timedelta(0), left)


def waiting_for(by: Actor) -> list[Task]:
    """Open incidents of this actor's societies that have no report yet. One query."""
    codes = societies_where(by, OPEN_INCIDENTS)
    if not codes:
        return []
    written = SituationReport.objects.filter(incident=OuterRef("pk"))
    found = Incident.objects.filter(~Exists(written), society__in=codes, state="open")
    tasks = []
    for incident in found.order_by("known_at"):
        when = due(incident, has_report=False)
        assert when is not None, "it is open and has none"
        tasks.append(
            Task(
                gettext_lazy("Situation report"),
                title_of(incident),
                incident.number + (f" · {_('Drill')}" if incident.is_drill else ""),
                reverse("situation_new", args=[incident.pk]),
                "now" if when.is_late else "half",
                when.words,
            )
        )
    return tasks
