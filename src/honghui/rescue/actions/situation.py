"""Situation reports: snapshots with their own moment. Written once; put right by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action
from honghui.kernel import clock
from honghui.kernel import text as texts
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.rules import check_reason
from honghui.rescue.leading import locked, record_of
from honghui.rescue.lines import add_line
from honghui.rescue.models import Incident, SituationFigure, SituationReport
from honghui.rescue.queries.situation import known_before, standing
from honghui.rescue.rules import situation as rules
from honghui.rescue.rules.incidents import check_not_in_future
from honghui.rescue.rules.situation import Figure, Lowered
from honghui.rescue.words.measures import MEASURES, measure_words

UNITS = {code: each.units for code, each in MEASURES.items()}


@action("rescue.situation.reported")
def report_situation(
    *,
    by: Actor,
    incident: Incident,
    as_of: datetime,
    source: str,
    figures: Sequence[Figure],
    text: str = "",
    text_en: str = "",
    is_final: bool = False,
    corrects: SituationReport | None = None,
    reason: str = "",
) -> SituationReport:
    """A snapshot as of a moment. `reason` is asked for where a figure falls, and for a correction
    (`corrects`), which stands in the other's place, whole. A closed incident may still get its
    final report or a correction."""
    incident = locked(by, incident, closed_too=is_final or corrects is not None)
    check_not_in_future(as_of, clock.now(), field="as_of")
    values = _cleaned(source, text, text_en)
    if not figures and not values["text"]:
        raise Invalid(
            "rescue.situation.empty",
            _("The report says nothing."),
            _("Give at least one figure, or a sentence."),
            field="text",
        )
    rules.check_figures(figures, UNITS)
    reason = check_reason(reason) if reason or corrects else ""
    stage = _stage(incident, corrects, is_final=is_final)
    fallen = rules.lowered(figures, known_before(incident, as_of, leave_out=corrects))
    rules.check_lowered(fallen, reason, ", ".join(measure_words(one.measure) for one in fallen))
    report = SituationReport.objects.create(
        incident=incident,
        number=incident.situation_reports.count() + 1,
        stage=stage,
        as_of=as_of,
        corrects=corrects,
        reason=reason,
        written_by_id=by.account_id,
        written_at=clock.now(),
        **values,
    )
    SituationFigure.objects.bulk_create(
        SituationFigure(
            report=report,
            measure=one.measure,
            value=one.value,
            qualifier=one.qualifier,
            unit=one.unit,
        )
        for one in figures
    )
    _tell(by, incident, report, fallen)
    record_of(
        by, "rescue.situation.reported", incident, about=report, reason=reason,
        after={"number": report.number, "stage": stage, "as_of": as_of,
               "figures": [str(one) for one in figures], "corrects": corrects},
    )  # fmt: skip
    return report


def _cleaned(source: str, text: str, text_en: str) -> dict[str, str]:
    source = texts.clean_line(source, limit=160, field="source")
    if not source:
        raise Invalid(
            "rescue.situation.no_source",
            _("Where the figures come from is missing."),
            _("Name the office or the team that told them."),
            field="source",
        )
    return {
        "source": source,
        "text": texts.clean_text(text, limit=4000, field="text"),
        "text_en": texts.clean_text(text_en, limit=6000, field="text_en"),
    }


def _stage(incident: Incident, corrects: SituationReport | None, *, is_final: bool) -> str:
    if corrects is None:
        return rules.stage_of([each.stage for each in standing(incident)], is_final=is_final)
    if corrects.incident_id != incident.pk or corrects.corrected_by.exists():
        raise Conflict(
            "rescue.situation.corrected_already",
            _("This report was corrected already."),
            _("Correct the newer one."),
        )
    return rules.FINAL if is_final else corrects.stage


def _tell(by: Actor, incident: Incident, report: SituationReport, fallen: list[Lowered]) -> None:
    as_of_at = report.as_of.isoformat()
    if report.corrects is None:
        add_line(by, incident, "situation_reported", number=report.number, as_of_at=as_of_at)
    else:
        add_line(
            by, incident, "situation_corrected", number=report.number,
            corrected=report.corrects.number, reason=report.reason,
        )  # fmt: skip
    for one in fallen:
        add_line(
            by, incident, "figure_lowered", measure=one.measure, reason=report.reason,
            figure={"value": one.figure.value, "unit": one.unit,
                    "qualifier": one.figure.qualifier},
            before_figure={"value": one.before, "unit": one.unit,
                           "qualifier": one.before_qualifier},
        )  # fmt: skip
