"""One call-out in one society, sent and answered, for the table of access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from honghui.callouts.actions.calling import send_call_out
from honghui.callouts.actions.drafting import draft_call_out
from honghui.callouts.actions.ending import close_call_out
from honghui.callouts.models import CallOut, Invitation
from honghui.callouts.rules import Candidate
from honghui.callouts.understanding import Meaning, Understood
from honghui.kernel import clock
from honghui.kernel.actors import system_actor
from honghui.messaging.models import Incoming
from honghui.registry.models import Person, Society
from tests.access.rows import EVERYBODY, NOBODY, OFFICERS, REASON, Row, act, page

SYSTEM = system_actor("tests")
CALLERS = OFFICERS | {"team-leader"}
RESCUE = CALLERS | {"auditor"}


@dataclass(frozen=True)
class Calling:
    draft: CallOut
    open: CallOut
    closed: CallOut
    asked: Invitation
    incoming: Incoming


def _candidate(person: Person, rank: int) -> Candidate:
    return Candidate(person.pk, UUID(int=7), "样例队", "Sample team", rank)


def _draft(society: Society, people: tuple[Person, ...]) -> CallOut:
    return draft_call_out(
        by=SYSTEM, society=society, about=UUID(int=8), kind="call_out", title="样例", title_en="",
        place="样例", place_en="", wanted=1, channels=["sms"],
        candidates=[_candidate(each, rank) for rank, each in enumerate(people, start=1)],
    )  # fmt: skip


def calling_of(society: Society, people: tuple[Person, ...]) -> Calling:
    """people: two of this society."""
    sent, other = (send_call_out(by=SYSTEM, call_out=_draft(society, people)) for _one in "12")
    asked = sent.invitations.select_related("call_out__society")[0]
    return Calling(
        draft=_draft(society, people),
        open=sent,
        closed=close_call_out(by=SYSTEM, call_out=other, reason=REASON),
        asked=asked,
        incoming=Incoming.objects.create(
            channel="sms", told_id=uuid4().hex, society=society, person=asked.person,
            persons=[asked.person_id], text_sealed=b"x", state="unclear",
            received_at=clock.machine_now(),
        ),
    )  # fmt: skip


def _of_one(
    name: str, may: frozenset[str], permission: str, which: str = "open", **more: Any
) -> Row:
    def given(it: Any) -> dict[str, Any]:
        return {"call_out_id": getattr(it.calling, which).pk}

    return page(name, may, permission, others=NOBODY, given=given, **more)


CALLING_PAGES: tuple[Row, ...] = (
    page(
        "answer", EVERYBODY, others=EVERYBODY,
        given=lambda it: {"token": it.calling.asked.token},
    ),
    page("call_outs", RESCUE, "rescue.see"),
    page("call_out_inbox", CALLERS, "rescue.call_out"),
    _of_one("call_out", RESCUE, "rescue.see"),
    _of_one("call_out", RESCUE, "rescue.see", "draft", variant="draft"),
    _of_one("call_out_part", RESCUE, "rescue.see"),
    _of_one("call_out_send", CALLERS, "rescue.call_out", "draft", methods=("POST",)),
    _of_one("call_out_more", CALLERS, "rescue.call_out", methods=("GET", "POST")),
    _of_one("call_out_close", CALLERS, "rescue.call_out", methods=("GET", "POST")),
    _of_one("call_out_cancel", CALLERS, "rescue.call_out", methods=("GET", "POST")),
    _of_one("call_out_home", CALLERS, "rescue.call_out", "closed"),
    page(
        "call_out_note", CALLERS, "rescue.call_out", others=NOBODY, methods=("GET", "POST"),
        given=lambda it: {
            "call_out_id": it.calling.open.pk, "invitation_id": it.calling.asked.pk,
        },
    ),
    page(
        "call_out_settle", CALLERS, "rescue.call_out", others=NOBODY, methods=("POST",),
        given=lambda it: {"incoming_id": it.calling.incoming.pk},
    ),
)  # fmt: skip


def _act(
    name: str, given: Any, may: frozenset[str] = CALLERS, permission: str = "", **more: Any
) -> Row:
    return act(
        name, may, permission or ("rescue.call_out" if may else ""), given,
        within="callouts.actions", **more,
    )  # fmt: skip


CALLING_ACTIONS = (
    _act(
        "drafting.draft_call_out",
        lambda it: {
            "society": it.society, "about": UUID(int=9), "kind": "call_out", "title": "样例",
            "title_en": "", "place": "样例", "place_en": "", "wanted": 1, "channels": ["sms"],
            "candidates": [_candidate(it.person, 1)],
        },
    ),
    _act("calling.send_call_out", lambda it: {"call_out": it.calling.draft}),
    _act("calling.invite_more", lambda it: {"call_out": it.calling.open, "count": 1}),
    _act("calling.escalate_call_out", lambda it: {"call_out": it.calling.open}, NOBODY),
    _act("ending.close_call_out", lambda it: {"call_out": it.calling.open, "reason": REASON}),
    _act("ending.cancel_call_out", lambda it: {"call_out": it.calling.open, "reason": REASON}),
    _act(
        "ending.stand_group_down",
        lambda it: {"call_out": it.calling.open, "group": it.calling.asked.group}, NOBODY,
    ),
    _act("ending.send_home", lambda it: {"call_out": it.calling.closed}),
    _act(
        "answers.note_answer",
        lambda it: {"invitation": it.calling.asked, "meaning": "declined"},
    ),
    act(
        "answers.answer_by_link", EVERYBODY, "",
        lambda it: {"token": it.calling.asked.token, "meaning": "declined"},
        others=EVERYBODY, within="callouts.actions", about_oneself=True,
    ),
    _act(
        "answers.take_reply",
        lambda it: {
            "incoming": it.calling.incoming, "invitation": it.calling.asked, "text": "去",
            "read": Understood(Meaning.COMING),
        },
        NOBODY,
    ),
    _act(
        "inbox.settle_incoming",
        lambda it: {
            "incoming": it.calling.incoming, "meaning": "declined",
            "invitation": it.calling.asked,
        },
    ),
)  # fmt: skip
