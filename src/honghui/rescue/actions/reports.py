"""Reports: count and draft, count again, release by a second person, withdraw.

A draft is of one moment. Releasing counts once more as of the same moment and lets through only
the same counts; with it goes its public record, in the same transaction. What was released stays:
a new number takes its place, or it is withdrawn, openly.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.ledger.declaring import declare
from honghui.ledger.drafting import pseudonym_of
from honghui.record.errors import BadRecord
from honghui.record.schemas import encode
from honghui.registry.access import require
from honghui.registry.permissions import RELEASE_RESCUE_REPORTS, WRITE_RESCUE_REPORTS
from honghui.registry.rules import check_four_eyes, check_reason
from honghui.rescue import access
from honghui.rescue.lines import add_line
from honghui.rescue.models import Incident, RescueReport
from honghui.rescue.reporting.contents import as_json, from_json
from honghui.rescue.reporting.counts import count_report
from honghui.rescue.reporting.guarding import (
    account_of,
    check_private,
    check_texts,
    locked_draft,
    locked_report,
)
from honghui.rescue.reporting.picturing import drop_after_commit, keep_hashes
from honghui.rescue.reporting.record import (
    correction_of,
    count_min_of,
    declare_place,
    seal_of,
    summary_of,
)
from honghui.rescue.rules.findings import as_json as findings_json
from honghui.rescue.rules.findings import findings
from honghui.rescue.rules.report import in_public
from honghui.rescue.words.reports import CORRECTIONS

NOTE_LIMIT, NOTE_EN_LIMIT = 2000, 3000


@action("rescue.report.drafted")
def draft_report(
    *,
    by: Actor,
    incident: Incident,
    note: str = "",
    note_en: str = "",
    correction_reason: str = "",
) -> RescueReport:
    """Counts the rows as they stand now. `correction_reason`: needed where a report of this
    incident was released before; this one will take its place."""
    incident = access.incident(by, incident.pk)
    require(by, WRITE_RESCUE_REPORTS, incident.society_id)
    last = RescueReport.objects.filter(incident=incident).aggregate(last=Max("number"))["last"]
    report = RescueReport(incident=incident, number=(last or 0) + 1)
    report.corrects = RescueReport.objects.filter(
        incident=incident, state=RescueReport.State.RELEASED
    ).last()
    report.correction_reason = _checked_correction(report, correction_reason)
    _count(by, report, note, note_en)
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            "rescue.report.drafted_already",
            _("There is a draft for this incident already."),
            _("Open it, and count again there."),
        ) from error
    _note(by, "rescue.report.drafted", report)
    return report


@action("rescue.report.redrafted")
def redraft_report(
    *, by: Actor, report: RescueReport, note: str = "", note_en: str = ""
) -> RescueReport:
    """Counts again, as of now; whoever does is the first pair of eyes from then on."""
    report = locked_draft(by, report)
    require(by, WRITE_RESCUE_REPORTS, report.incident.society_id)
    _count(by, report, note, note_en)
    report.save(force_update=True)
    _note(by, "rescue.report.redrafted", report)
    return report


@action("rescue.report.released")
def release_report(*, by: Actor, report: RescueReport, seen: str = "") -> RescueReport:
    """The second pair of eyes. `seen`: the mark (`seal_of`) of what a page showed them."""
    report = locked_draft(by, report)
    society = report.incident.society_id
    require(by, RELEASE_RESCUE_REPORTS, society)
    writer = report.written_by.person_id
    check_four_eyes(writer, by.person_id)
    if (seen and seen != seal_of(report)) or _counted(report) != report.contents:
        raise Conflict(
            "rescue.report.changed",
            _("What this report counts has changed since it was counted."),
            _("Count again, and look at what has changed."),
        )
    check_private(report)
    assert writer is not None and by.person_id is not None, "four eyes are of persons"
    declare_place(report.incident.place_code)
    report.photos_text = keep_hashes(report)
    told = summary_of(
        report,
        requested_by=pseudonym_of(writer, society),
        approved_by=pseudonym_of(by.person_id, society),
        text=report.photos_text or None,
    )
    report.record_id, report.record_number = UUID(told.id), declare(told)
    if report.corrects is not None:
        declare(correction_of(report, (writer, by.person_id)))
    report.state = RescueReport.State.RELEASED
    report.released_by = account_of(by)
    report.released_at = clock.now()
    report.save(force_update=True)
    add_line(by, report.incident, "report_released", number=report.number)
    _note(by, "rescue.report.released", report)
    return report


@action("rescue.report.withdrawn")
def withdraw_report(*, by: Actor, report: RescueReport, reason: str) -> RescueReport:
    """One that was released, and no number takes its place: its page says so and why. Its record
    stays in the log."""
    report = locked_report(by, report)
    require(by, RELEASE_RESCUE_REPORTS, report.incident.society_id)
    reason = check_reason(reason)
    if report.state != RescueReport.State.RELEASED:
        raise Conflict(
            "rescue.report.not_released",
            _("This report is not in public now."),
            _("Look at it again: somebody may have been quicker."),
        )
    check_texts(report, [reason], "reason")
    report.state = RescueReport.State.WITHDRAWN
    report.withdrawn_by = account_of(by)
    report.withdrawn_at = clock.now()
    report.withdrawn_reason = reason
    report.save(force_update=True)
    drop_after_commit(report.photos.all())
    add_line(by, report.incident, "report_withdrawn", number=report.number)
    _note(by, "rescue.report.withdrawn", report, reason)
    return report


# Drafts.


def _checked_correction(report: RescueReport, reason: str) -> str:
    if report.corrects is None:
        return ""
    if reason not in CORRECTIONS:
        raise Invalid(
            "rescue.report.correction_reason",
            _("Report no. %(number)s was released. Say what was wrong in it.")
            % {"number": report.corrects.number},
            field="correction_reason",
        )
    return reason


def _count(by: Actor, report: RescueReport, note: str, note_en: str) -> None:
    report.written_by = account_of(by)
    report.as_of = report.written_at = clock.now()
    report.note = text.clean_text(note, limit=NOTE_LIMIT, field="note")
    report.note_en = text.clean_text(note_en, limit=NOTE_EN_LIMIT, field="note_en")
    report.contents = _counted(report)
    contents = from_json(report.contents)
    if not contents.teams:
        raise Conflict(
            "rescue.report.no_team",
            _("No team has turned out, so there is nothing to report."),
            _("Tell what a team did first: called, left, arrived."),
        )
    found = findings(in_public(contents, count_min_of(report.incident.society_id)))
    report.findings = findings_json(found)
    check_private(report)
    _check_record(report)


def _counted(report: RescueReport) -> dict[str, object]:
    return as_json(count_report(report.incident, report.as_of))


def _check_record(report: RescueReport) -> None:
    """That it can be put down one day is better known now than when somebody wants to release."""
    try:
        encode(summary_of(report))
    except BadRecord as error:
        raise Conflict(
            "rescue.report.no_record",
            _("This report cannot be put into the public log as it is."),
            _("Look at the teams' codes (a-z, 0-9, hyphen) and at the place."),
        ) from error


def _note(by: Actor, verb: str, report: RescueReport, reason: str = "") -> None:
    record(
        by=by,
        verb=verb,
        about=report,
        society_code=report.incident.society_id,
        reason=reason,
        after={
            "incident": report.incident_id,
            "number": report.number,
            "as_of": report.as_of,
            "counted": seal_of(report),
            "record": report.record_id.hex if report.record_id else "",
        },
    )
