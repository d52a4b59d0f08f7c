"""Corrections: a note on a published bulletin, drafted by one person and published by another.

The bulletin stays as it was. The note says why, and replaces those figures that the same measures
give otherwise as of now; it keeps what stood there before beside them.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from honghui.disclosure import access, checks
from honghui.disclosure.contents import Content, as_bytes, figures_in
from honghui.disclosure.figuring import replaced_figures
from honghui.disclosure.models import Bulletin, CorrectionNote
from honghui.disclosure.queries.bulletins import content_now
from honghui.disclosure.refusals import refuse
from honghui.journal.acting import action, record
from honghui.journal.side_texts import keep_text
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.ids import new_public_id
from honghui.ledger.declaring import declare
from honghui.ledger.drafting import now_as_told, pseudonym_of
from honghui.ledger.measuring import log_size, measured, waiting_of
from honghui.record import statements
from honghui.registry.access import require
from honghui.registry.models import Account
from honghui.registry.permissions import APPROVE_BULLETINS, PREPARE_BULLETINS
from honghui.registry.rules import check_four_eyes, check_reason

TEXT_LIMIT, TEXT_EN_LIMIT = 1000, 1500


@action("disclosure.correction.drafted")
def draft_correction(
    *,
    by: Actor,
    bulletin: Bulletin,
    reason: str,
    text: str,
    text_en: str = "",
    replaces_figures: bool = True,
) -> CorrectionNote:
    """`reason`: of the enum; `text` says it in words. With `replaces_figures` the bulletin's own
    measures are asked again, as of the log as it is now."""
    bulletin = access.bulletin(by, bulletin.pk)
    require(by, PREPARE_BULLETINS, bulletin.society_id)
    if bulletin.state != Bulletin.State.PUBLISHED:
        raise refuse("bulletin.not-published")
    if reason not in CorrectionNote.Reason.values:
        raise refuse("correction.reason")
    note = CorrectionNote(
        bulletin=bulletin,
        reason=reason,
        text=_required(text),
        text_en=_cleaned(text_en, TEXT_EN_LIMIT, "text_en"),
        prepared_by=_account(by),
        as_of=log_size(),
        computed_at=clock.now(),
        figures=as_bytes(()),
        old_figures=as_bytes(()),
    )
    if replaces_figures:
        _replace(note, content_now(bulletin))
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError as error:
        if "correction_is_drafted_once_at_a_time" not in str(error):
            raise
        raise refuse("correction.drafted-already") from error
    _note(by, "disclosure.correction.drafted", note)
    return note


@action("disclosure.correction.published")
def publish_correction(*, by: Actor, correction: CorrectionNote, seen: str = "") -> CorrectionNote:
    """The second pair of eyes: the note stands on the bulletin and in the log from now on."""
    note = _draft(by, correction)
    bulletin = note.bulletin
    require(by, APPROVE_BULLETINS, bulletin.society_id)
    check_four_eyes(note.prepared_by.person_id, by.person_id)
    if seen and seen != note.seal:
        raise refuse("bulletin.changed")
    if note.newer:
        stated = content_now(bulletin).replaced(note.newer)
        checks.require(checks.check(stated, texts=note.texts, waiting=0))
        books = measured(bulletin.society_id, bulletin.first, bulletin.last, as_of=note.as_of)
        checks.require_same(stated, stated.replaced(replaced_figures(stated, books)), note.as_of)
    told = _record_of(by, note)
    note.state = CorrectionNote.State.PUBLISHED
    note.approved_by = _account(by)
    note.published_at = clock.now()
    note.record_id = UUID(told.id)
    note.record_number = declare(told)
    note.save(force_update=True)
    _note(by, "disclosure.correction.published", note)
    return note


@action("disclosure.correction.withdrawn")
def withdraw_correction(*, by: Actor, correction: CorrectionNote, reason: str) -> CorrectionNote:
    """A draft, before it was published."""
    note = _draft(by, correction)
    require(by, PREPARE_BULLETINS, note.bulletin.society_id)
    reason = check_reason(reason)
    note.state = CorrectionNote.State.WITHDRAWN
    note.save(force_update=True)
    _note(by, "disclosure.correction.withdrawn", note, reason)
    return note


def _replace(note: CorrectionNote, standing: Content) -> None:
    """The figures that the books give otherwise now. Refused where there are none, where entries
    still wait, and where the new ones do not add up (a purpose that the bulletin does not know)."""
    bulletin = note.bulletin
    if waiting := waiting_of(bulletin.society_id):
        raise refuse("bulletin.waiting", count=waiting)
    books = measured(bulletin.society_id, bulletin.first, bulletin.last, as_of=note.as_of)
    newer = replaced_figures(standing, books)
    if not newer:
        raise refuse("correction.nothing-changed")
    checked = checks.check(standing.replaced(newer), texts=(), waiting=0)
    if not all(one.holds for one in checked):
        raise refuse("correction.new-purpose")
    checks.require(checks.check(standing.replaced(newer), texts=note.texts, waiting=0))
    old = standing.by_name()
    note.figures = as_bytes(newer)
    note.old_figures = as_bytes(tuple(old[figure.name] for figure in newer))


def _draft(by: Actor, correction: CorrectionNote) -> CorrectionNote:
    """The draft, locked, if the actor may see it at all."""
    access.correction(by, correction.pk)
    locked = (
        CorrectionNote.objects.select_for_update(of=("self",))
        .select_related("bulletin__society", "prepared_by")
        .get(pk=correction.pk)
    )
    if locked.state != CorrectionNote.State.DRAFTED:
        raise refuse("correction.decided")
    return locked


def _record_of(by: Actor, note: CorrectionNote) -> statements.Correction:
    """Its text is in no record. Without figures it is as of nothing."""
    prepared, approves = note.prepared_by.person_id, by.person_id
    assert prepared is not None and approves is not None, "four eyes are of persons"
    society, of = note.bulletin.society_id, note.bulletin.record_id
    assert of is not None, "a published bulletin has its record"
    figures = figures_in(note.figures)
    return statements.Correction(
        id=new_public_id(),
        recorded_at=now_as_told(),
        society=society,
        of=of.hex,
        reason=note.reason,  # type: ignore[arg-type]
        corrected_on=clock.today(),
        as_of=note.as_of if figures else None,
        figures=figures,
        requested_by=pseudonym_of(prepared, society),
        approved_by=(pseudonym_of(approves, society),),
        text=keep_text("\n\n".join(note.texts)) if note.texts else None,
    )


def _required(words: str) -> str:
    words = _cleaned(words, TEXT_LIMIT, "text")
    if len(words) < 4:
        raise refuse("correction.text")
    return words


def _cleaned(words: str, limit: int, field: str) -> str:
    return text.clean_text(words, limit=limit, field=field)


def _account(by: Actor) -> Account:
    if by.account_id is None:
        raise refuse("bulletin.nobody")
    return Account.objects.get(pk=by.account_id)


def _note(by: Actor, verb: str, note: CorrectionNote, reason: str = "") -> None:
    record(
        by=by,
        verb=verb,
        about=note,
        society_code=note.bulletin.society_id,
        reason=reason,
        after={
            "bulletin": note.bulletin_id,
            "as_of": note.as_of,
            "figures": note.seal,
            "record": note.record_id.hex if note.record_id else "",
        },
    )
