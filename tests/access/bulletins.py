"""Bulletins in one society, and their rows, for the table of access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from honghui.disclosure.actions.bulletins import draft_bulletin, publish_bulletin
from honghui.disclosure.actions.corrections import draft_correction
from honghui.disclosure.models import Bulletin, CorrectionNote
from honghui.registry.models import Account, Society
from tests.access.money import person_of_the_system
from tests.access.rows import BOOKS, EVERYBODY, NOBODY, OFFICERS, REASON, TODAY, Row, Values
from tests.access.rows import act as _act
from tests.access.rows import form as _form
from tests.access.rows import page as _page

PREPARE = BOOKS | {"editor"}
APPROVE = OFFICERS | {"editor"}
SEE = PREPARE | {"auditor"}
FIRST = date(2020, 6, 1)


@dataclass(frozen=True)
class Stated:
    draft: Bulletin
    published: Bulletin
    correction: CorrectionNote


def stated_of(society: Society, prepares: Account, approves: Account) -> Stated:
    """Prepared by somebody who is not of the cast. What the table's other things left waiting for
    the log is of no account here: these are as of the log's beginning."""
    asks, signs = person_of_the_system(prepares), person_of_the_system(approves)
    draft = _draft(asks, society, TODAY)
    published = publish_bulletin(by=signs, bulletin=_draft(asks, society, date(2020, 6, 20)))
    correction = draft_correction(
        by=asks, bulletin=published, reason="typing", text=REASON, replaces_figures=False
    )
    return Stated(draft, published, correction)


def _draft(by: Any, society: Society, last: date) -> Bulletin:
    bulletin = draft_bulletin(by=by, society=society, first=FIRST, last=last)
    Bulletin.objects.filter(pk=bulletin.pk).update(waiting=0)
    return bulletin


def _published(it: Any) -> Values:
    return {"bulletin_id": it.stated.published.pk}


def _decide(verb: str) -> Row:
    """Sent empty: who is let in sees what is missing."""
    return _page(
        "bulletin_decide", PREPARE, "bulletins.prepare", others=NOBODY, variant=verb,
        given=lambda it: {"bulletin_id": it.stated.draft.pk, "verb": verb},
        methods=("POST",), let_in=frozenset({422}),
    )  # fmt: skip


def _decide_correction(verb: str) -> Row:
    return _page(
        "correction_decide", PREPARE, "bulletins.prepare", others=NOBODY, variant=verb,
        given=lambda it: {"correction_id": it.stated.correction.pk, "verb": verb},
        methods=("POST",), let_in=frozenset({422}),
    )  # fmt: skip


BULLETIN_PAGES = (
    _page("bulletins", EVERYBODY),
    _page("bulletins_feed", EVERYBODY),
    _page("bulletin", EVERYBODY, others=EVERYBODY, given=_published),
    _page("bulletin_figures", EVERYBODY, others=EVERYBODY, given=_published),
    _page("desk_bulletins", SEE, "bulletins.see"),
    _page("desk_bulletin", SEE, "bulletins.see", others=NOBODY,
          given=lambda it: {"bulletin_id": it.stated.draft.pk}),
    _form("bulletin_new", PREPARE, "bulletins.prepare"),
    _form("bulletin_correct", PREPARE, "bulletins.prepare", others=NOBODY, given=_published),
    *(_decide(verb) for verb in ("redraft", "publish", "withdraw")),
    *(_decide_correction(verb) for verb in ("publish", "withdraw")),
)  # fmt: skip

_WITHIN = "disclosure.actions"
BULLETIN_ACTIONS = (
    _act("bulletins.draft_bulletin", PREPARE, "bulletins.prepare",
         lambda it: {"society": it.society, "first": FIRST, "last": FIRST}, within=_WITHIN),
    _act("bulletins.redraft_bulletin", PREPARE, "bulletins.prepare",
         lambda it: {"bulletin": it.stated.draft}, within=_WITHIN),
    _act("bulletins.publish_bulletin", APPROVE, "bulletins.approve",
         lambda it: {"bulletin": it.stated.draft}, within=_WITHIN),
    _act("bulletins.withdraw_bulletin", PREPARE, "bulletins.prepare",
         lambda it: {"bulletin": it.stated.draft, "reason": REASON}, within=_WITHIN),
    _act("corrections.draft_correction", PREPARE, "bulletins.prepare",
         lambda it: {"bulletin": _uncorrected(it), "reason": "typing", "text": REASON,
                     "replaces_figures": False}, within=_WITHIN),
    _act("corrections.publish_correction", APPROVE, "bulletins.approve",
         lambda it: {"correction": it.stated.correction}, within=_WITHIN),
    _act("corrections.withdraw_correction", PREPARE, "bulletins.prepare",
         lambda it: {"correction": it.stated.correction, "reason": REASON}, within=_WITHIN),
)  # fmt: skip


def _uncorrected(it: Any) -> Bulletin:
    """One draft of a note at a time: the other one is out of the way."""
    CorrectionNote.objects.filter(pk=it.stated.correction.pk).update(state="withdrawn")
    published: Bulletin = it.stated.published
    return published
