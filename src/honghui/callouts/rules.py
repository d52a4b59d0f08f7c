"""What may be and what comes next: pure functions over plain values. No database, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.callouts.understanding import DECISIVE, Meaning
from honghui.kernel.errors import Conflict, Invalid

CHANNELS = ("sms", "web_push", "wecom", "dingtalk", "voice")
WANTED_MAX = 1_000
CANDIDATES_MAX = 5_000
REASON_CHARACTERS_MAX = 120
STEPS = 2
"""Ways that one person is tried on: everything that is read at once, then what rings."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked. `rank`: the order, lower first; equal ranks keep theirs.
    `reasons`: why, in Chinese; `reasons_en`: the same in English, or nothing."""

    person_id: UUID
    group: UUID
    group_name: str
    group_name_en: str
    rank: int
    reasons: Sequence[str] = ()
    reasons_en: Sequence[str] = ()


class Stands(Protocol):
    """An invitation, as far as the next step depends on it."""

    pk: UUID
    state: str
    step: int
    rank: int
    next_at: datetime | None
    was_asked_again: bool
    was_told_enough: bool


@dataclass(frozen=True)
class Moves:
    """What is to be done now. retry: the second way; give_up: no way is left; invite: next of the
    reserve; again: those who come only if there are too few; rest: those, told that there are
    enough. next_step_at: when to look again, None: when an answer comes."""

    retry: Sequence[UUID] = ()
    give_up: Sequence[UUID] = ()
    invite: Sequence[UUID] = ()
    again: Sequence[UUID] = ()
    rest: Sequence[UUID] = ()
    is_enough: bool = False
    is_exhausted: bool = False
    next_step_at: datetime | None = None

    @property
    def is_nothing(self) -> bool:
        return not (self.retry or self.give_up or self.invite or self.again or self.rest)


def next_moves(
    invitations: Sequence[Stands], *, wanted: int, now: datetime, patience: timedelta
) -> Moves:
    """`now`: the machine's. So many are asked that all who may still answer would be enough; who
    declines or never answers is followed by the next one."""
    by_rank = sorted(invitations, key=lambda one: one.rank)
    coming = sum(one.state == "coming" for one in by_rank)
    short = [one for one in by_rank if one.state == "if_short"]
    if coming >= wanted:
        return Moves(rest=[one.pk for one in short if not one.was_told_enough], is_enough=True)
    asked = [one for one in by_rank if one.state == "asked"]
    due = [one for one in asked if one.next_at is not None and one.next_at <= now]
    retry = [one.pk for one in due if one.step < STEPS]
    give_up = [one.pk for one in due if one.step >= STEPS]
    missing = max(0, wanted - coming - len(asked) + len(give_up))
    invite = [one.pk for one in by_rank if one.state == "reserve"][:missing]
    left = missing - len(invite)
    again = [one.pk for one in short if not one.was_asked_again][:left]
    waits = [one.next_at for one in asked if one.next_at is not None and one.next_at > now]
    if retry or invite or again:
        waits.append(now + patience)
    return Moves(
        retry=retry,
        give_up=give_up,
        invite=invite,
        again=again,
        is_exhausted=left > len(again),
        next_step_at=min(waits, default=None),
    )


# From → to, by what they said. Whoever was never asked may answer all the same: a colleague told
# them, and they telephone.
MOVES: Mapping[Meaning, str] = {
    Meaning.COMING: "coming",
    Meaning.DECLINED: "declined",
    Meaning.IF_SHORT: "if_short",
}


def state_after(meaning: Meaning, *, is_stand_by: bool) -> str:
    """Where a decisive answer puts somebody. Whoever stands by is what a stand-by request asks for;
    where people are called out, they are there if they are needed."""
    assert meaning in DECISIVE, "only a decision moves somebody"
    if meaning is Meaning.STAND_BY:
        return "coming" if is_stand_by else "if_short"
    return MOVES[meaning]


def channels_of_step(channels: Sequence[str], step: int) -> tuple[str, ...]:
    """The ways of the first step and of the second, in the order given. Without voice, the second
    step is a reminder on the same ways."""
    read = tuple(each for each in channels if each != "voice")
    rings = tuple(each for each in channels if each == "voice")
    if step == 1:
        return read or rings
    return rings or read


def is_reminder(channels: Sequence[str], step: int) -> bool:
    return step > 1 and "voice" not in channels


def ways_to_tell(used: Sequence[str], reaching: Collection[str]) -> tuple[str, ...]:
    """On which ways somebody is told what needs no answer: every one of those used that is read and
    reaches them; else what rings; else another that reaches them. When nothing does, the first,
    whose message then says why."""
    for those in (used, CHANNELS):
        for step in (1, 2):
            found = tuple(each for each in channels_of_step(those, step) if each in reaching)
            if found:
                return found
    return tuple(used[:1])


def check_plan(
    *, channels: Sequence[str], candidates: Sequence[Candidate], wanted: int, first: int
) -> None:
    """Raises Invalid unless there is somebody to ask, and a way to do it."""
    if not 1 <= wanted <= WANTED_MAX:
        raise Invalid(
            "callouts.wanted",
            _("A call-out wants between 1 and %(most)s people.") % {"most": WANTED_MAX},
            _("Say how many are needed there."),
            field="wanted",
        )
    if not candidates:
        raise Invalid(
            "callouts.nobody",
            _("There is nobody to ask."),
            _("Choose a team or people first."),
        )
    if len(candidates) > CANDIDATES_MAX:
        raise Invalid(
            "callouts.too_many",
            _("A call-out asks at most %(most)s people.") % {"most": CANDIDATES_MAX},
            _("Choose fewer teams."),
        )
    if not channels or not set(channels) <= set(CHANNELS):
        raise Invalid(
            "callouts.channels",
            _("No way of reaching people was chosen."),
            _("Choose text message, voice, or another."),
            field="channels",
        )
    assert first >= 1, "somebody is asked at first"


def in_order(candidates: Sequence[Candidate]) -> list[Candidate]:
    """By rank, each person once: a member of two teams is asked once, in the first of them."""
    chosen: dict[UUID, Candidate] = {}
    for each in sorted(candidates, key=lambda one: one.rank):
        chosen.setdefault(each.person_id, each)
    return list(chosen.values())


def check_meaning(meaning: str) -> Meaning:
    """Raises Invalid unless it is a decision."""
    if meaning not in DECISIVE:
        raise Invalid(
            "callouts.meaning",
            _("This is no answer to a call-out."),
            _("Choose: comes, cannot, only if people are short."),
            field="meaning",
        )
    return Meaning(meaning)


def check_state(state: str, allowed: set[str]) -> None:
    """Raises Conflict if a call-out in this state cannot be acted on so."""
    if state in allowed:
        return
    sentences = {
        "draft": _("This call-out was not sent yet."),
        "open": _("This call-out was sent already."),
        "closed": _("This call-out is closed."),
        "cancelled": _("This call-out was cancelled."),
    }
    raise Conflict(
        "callouts.state", sentences[state], _("Look at where it stands now; a new one can be made.")
    )
