"""Bulletins: count and draft, count again, publish by a second person, withdraw a draft.

A draft is of the log's first n records for good: whatever is booked meanwhile changes nothing
in it. Publishing counts once more as of the same n, and lets through only the same bytes.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from honghui.disclosure import access, checks, rules
from honghui.disclosure.contents import Content, as_bytes
from honghui.disclosure.figuring import content_for
from honghui.disclosure.models import Bulletin
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
from honghui.record.errors import BadRecord
from honghui.record.schemas import encode
from honghui.registry.access import require
from honghui.registry.models import Account, Society
from honghui.registry.permissions import APPROVE_BULLETINS, PREPARE_BULLETINS
from honghui.registry.rules import check_four_eyes, check_reason

TEXT_LIMIT, TEXT_EN_LIMIT = 1000, 1500


@action("disclosure.bulletin.drafted")
def draft_bulletin(
    *, by: Actor, society: Society, first: date, last: date, text: str = "", text_en: str = ""
) -> Bulletin:
    """Counts the society's books over these days, both included, as of the log as it is now."""
    require(by, PREPARE_BULLETINS, society.code)
    rules.check_window(first, last, clock.today())
    bulletin = Bulletin(society=society, first=first, last=last)
    _count(by, bulletin, text, text_en)
    try:
        with transaction.atomic():
            bulletin.save(force_insert=True)
    except IntegrityError as error:
        if "bulletin_is_drafted_once_at_a_time" not in str(error):
            raise
        raise refuse("bulletin.drafted-already") from error
    _note(by, "disclosure.bulletin.drafted", bulletin)
    return bulletin


@action("disclosure.bulletin.redrafted")
def redraft_bulletin(
    *, by: Actor, bulletin: Bulletin, text: str = "", text_en: str = ""
) -> Bulletin:
    """Counts again, as of now; whoever does is the first pair of eyes from then on."""
    bulletin = _draft(by, bulletin)
    require(by, PREPARE_BULLETINS, bulletin.society_id)
    _count(by, bulletin, text, text_en)
    bulletin.save(force_update=True)
    _note(by, "disclosure.bulletin.redrafted", bulletin)
    return bulletin


@action("disclosure.bulletin.published")
def publish_bulletin(*, by: Actor, bulletin: Bulletin, seen: str = "") -> Bulletin:
    """The second pair of eyes. `seen`: the mark (`Statement.seal`) of what a page showed them;
    another content is refused."""
    bulletin = _draft(by, bulletin)
    require(by, APPROVE_BULLETINS, bulletin.society_id)
    check_four_eyes(bulletin.prepared_by.person_id, by.person_id)
    if seen and seen != bulletin.seal:
        raise refuse("bulletin.changed")
    content = bulletin.content
    checks.require(checks.check(content, texts=bulletin.texts, waiting=bulletin.waiting))
    books = measured(bulletin.society_id, bulletin.first, bulletin.last, as_of=bulletin.as_of)
    checks.require_same(content, content_for(books), bulletin.as_of)
    told = _record_of(by, bulletin, content)
    bulletin.year, bulletin.serial = _next_serial(bulletin.society_id)
    bulletin.state = Bulletin.State.PUBLISHED
    bulletin.approved_by = _account(by)
    bulletin.published_at = clock.now()
    bulletin.record_id = UUID(told.id)
    bulletin.record_number = declare(told)
    bulletin.save(force_update=True)
    _note(by, "disclosure.bulletin.published", bulletin)
    return bulletin


@action("disclosure.bulletin.withdrawn")
def withdraw_bulletin(*, by: Actor, bulletin: Bulletin, reason: str) -> Bulletin:
    """A draft, before it was published. It stays in the list, and nothing of it in the log."""
    bulletin = _draft(by, bulletin)
    require(by, PREPARE_BULLETINS, bulletin.society_id)
    reason = check_reason(reason)
    bulletin.state = Bulletin.State.WITHDRAWN
    bulletin.save(force_update=True)
    _note(by, "disclosure.bulletin.withdrawn", bulletin, reason)
    return bulletin


def _draft(by: Actor, bulletin: Bulletin) -> Bulletin:
    """The draft, locked, if the actor may see it at all."""
    access.bulletin(by, bulletin.pk)
    locked = (
        Bulletin.objects.select_for_update(of=("self",))
        .select_related("prepared_by", "society")
        .get(pk=bulletin.pk)
    )
    if locked.state == Bulletin.State.PUBLISHED:
        raise refuse("bulletin.published-already")
    if locked.state == Bulletin.State.WITHDRAWN:
        raise refuse("bulletin.withdrawn")
    return locked


def _count(by: Actor, bulletin: Bulletin, text_zh: str, text_en: str) -> None:
    """Who waits is asked before how long the log is: nothing falls between the two."""
    bulletin.prepared_by = _account(by)
    bulletin.text = text.clean_text(text_zh, limit=TEXT_LIMIT, field="text")
    bulletin.text_en = text.clean_text(text_en, limit=TEXT_EN_LIMIT, field="text_en")
    bulletin.waiting = waiting_of(bulletin.society_id)
    bulletin.as_of = log_size()
    bulletin.computed_at = clock.now()
    books = measured(bulletin.society_id, bulletin.first, bulletin.last, as_of=bulletin.as_of)
    content = content_for(books)
    bulletin.figures = as_bytes(content)
    _check_length(bulletin, content)


def _check_length(bulletin: Bulletin, content: Content) -> None:
    nobody = "0" * 32
    try:
        encode(_told(bulletin, content, new_public_id(), nobody, "1" * 32, "0" * 64))
    except BadRecord as error:
        raise refuse("bulletin.too-long", figures=len(content.figures)) from error


def _record_of(by: Actor, bulletin: Bulletin, content: Content) -> statements.Bulletin:
    prepared, approves = bulletin.prepared_by.person_id, by.person_id
    assert prepared is not None and approves is not None, "four eyes are of persons"
    society = bulletin.society_id
    return _told(
        bulletin,
        content,
        new_public_id(),
        pseudonym_of(prepared, society),
        pseudonym_of(approves, society),
        keep_text("\n\n".join(bulletin.texts)) if bulletin.texts else None,
    )


def _told(
    bulletin: Bulletin,
    content: Content,
    id_: str,
    requested_by: str,
    approved_by: str,
    text_hash: str | None,
) -> statements.Bulletin:
    """Of its free text the record holds a salted hash; the words lie in a side file."""
    return statements.Bulletin(
        id=id_,
        recorded_at=now_as_told(),
        society=bulletin.society_id,
        published_on=clock.today(),
        as_of=bulletin.as_of,
        figures=content.figures,
        sums=content.sums,
        requested_by=requested_by,
        approved_by=(approved_by,),
        text=text_hash,
    )


def _next_serial(society: str) -> tuple[int, int]:
    """One after the other in a society: the society's row is what they wait for."""
    year = clock.today().year
    Society.objects.select_for_update().get(pk=society)
    before = Bulletin.objects.filter(society=society, year=year).aggregate(last=Max("serial"))
    return year, (before["last"] or 0) + 1


def _account(by: Actor) -> Account:
    if by.account_id is None:
        raise refuse("bulletin.nobody")
    return Account.objects.get(pk=by.account_id)


def _note(by: Actor, verb: str, bulletin: Bulletin, reason: str = "") -> None:
    record(
        by=by,
        verb=verb,
        about=bulletin,
        society_code=bulletin.society_id,
        reason=reason,
        after={
            "first": bulletin.first,
            "last": bulletin.last,
            "as_of": bulletin.as_of,
            "figures": bulletin.seal,
            "record": bulletin.record_id.hex if bulletin.record_id else "",
        },
    )
