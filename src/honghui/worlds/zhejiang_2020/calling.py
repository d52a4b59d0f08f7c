"""A call-out and its answers, by text message from end to end: samples, all of them.

No gateway is at work while a world is loaded, so its word is said here: taken, delivered, and what
somebody wrote back, with the code of the message it answers. Answers are as people type them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from uuid import UUID

from django.db.models import QuerySet

from honghui.callouts.actions.calling import send_call_out
from honghui.callouts.actions.ending import close_call_out
from honghui.callouts.models import CallOut
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.ids import new_public_id
from honghui.messaging.actions.handovers import begin_handover, note_result
from honghui.messaging.actions.receipts import keep_receipts
from honghui.messaging.actions.replies import keep_reply
from honghui.messaging.channels.base import Accepted
from honghui.messaging.models import Message
from honghui.messaging.reading import ToldReceipt, ToldReply
from honghui.messaging.worker import worker_actor
from honghui.rescue.actions.calling import call_people
from honghui.rescue.models import Incident, Member, Team
from honghui.rescue.queries.proposal import proposal_for
from honghui.rescue.rules.proposing import Wish
from honghui.worlds.zhejiang_2020.cast import actor_named

COMING = (
    "去 30", "30分钟到", "来，20分钟", "Y 40", "去", "一个小时到", "半小时", "去 45",
    "可以，50分钟", "y 60",
)  # fmt: skip
BATCH = 100
OTHERS = ("不行，在外地", "备勤", "N", "来不了", "L", "人不够再叫我")


@dataclass(frozen=True)
class Call:
    """When, by whom, where to, and for people of what kind of team ("" any). `asked`: how many of
    those who are proposed, everybody of the teams where it is None. What they write back, those
    who come and the others. `goes_on`: it is not closed yet."""

    sent_at: datetime
    by: str
    place: str
    place_en: str
    kind: str = ""
    asked: int | None = None
    coming: tuple[str, ...] = COMING
    others: tuple[str, ...] = OTHERS
    goes_on: bool = False


def call_and_answer(incident: Incident, call: Call, teams: Sequence[tuple[Team, int]]) -> int:
    """People of these teams are asked; so many of each come. How many answers there were."""
    by = actor_named(call.by)
    coming = {team.pk: people for team, people in teams}
    with clock.at(call.sent_at):
        call_out = _called(incident, call, list(coming))
        send_call_out(by=by, call_out=call_out)
        hand_over()
    answers = 0
    for moment, message, text in _answers(call_out, call, coming):
        with clock.at(moment):
            _answer(message, text, moment)
        answers += 1
    if call.goes_on:
        return answers
    with clock.at(call.sent_at + timedelta(minutes=7)):
        close_call_out(by=by, call_out=call_out, reason="人已够，不再召集。")
        hand_over()
    return answers


def hand_over() -> None:
    """What a gateway does: takes a batch, and tells of each message that it arrived."""
    by = worker_actor()
    while batch := list(_queued()[:BATCH]):
        handover = begin_handover(by=by, messages=batch)
        biz_id = new_public_id()
        note_result(by=by, handover=handover, result=Accepted(biz_id))
        receipts = [
            ToldReceipt((_phone_of(each),), handover.out_id, biz_id, True, "DELIVERED", each.parts,
                        clock.machine_now())
            for each in batch
        ]  # fmt: skip
        keep_receipts(by=by, told=receipts, received_at=clock.machine_now())


def _queued() -> QuerySet[Message]:
    return Message.objects.filter(state=Message.State.QUEUED).select_related("person")


def _phone_of(message: Message) -> bytes:
    assert message.person is not None and message.person.phone_hash is not None
    return bytes(message.person.phone_hash)


def _called(incident: Incident, call: Call, teams: list[UUID]) -> CallOut:
    by = actor_named(call.by)
    people = _asked(by, incident, call, teams)
    return call_people(
        by=by, incident=incident, wish=Wish(people=len(people), kind=call.kind), people=people,
        channels=("sms",), place=call.place, place_en=call.place_en,
    )  # fmt: skip


def _asked(by: Actor, incident: Incident, call: Call, teams: list[UUID]) -> list[UUID]:
    if call.asked is None:
        members = Member.objects.filter(team__in=teams, left_on=None)
        return list(members.values_list("person_id", flat=True))
    wish = Wish(people=call.asked, kind=call.kind)
    shown = proposal_for(by, incident, wish, at=clock.now()).proposal
    of_them = [team for team in shown.teams if team.facts.id in teams]
    return [one.facts.person_id for team in of_them for one in team.people if one.is_proposed]


def _answers(
    call_out: CallOut, call: Call, coming: dict[UUID, int]
) -> Iterator[tuple[datetime, Message, str]]:
    """One every two seconds; in each team those come first whose names come first."""
    left, moment = dict(coming), call.sent_at
    yes, others = cycle(call.coming), cycle(call.others)
    invitations = call_out.invitations.order_by("group", "rank")
    messages = {each.about: each for each in Message.objects.filter(
        about__in=invitations.values("pk")).select_related("person")}  # fmt: skip
    for invitation in invitations:
        moment += timedelta(seconds=2)
        comes = left[invitation.group] > 0
        left[invitation.group] -= comes
        if invitation.pk in messages:
            yield moment, messages[invitation.pk], next(yes if comes else others)


def _answer(message: Message, text: str, moment: datetime) -> None:
    told = ToldReply(
        channel="sms", told_id=new_public_id(), hashes=(_phone_of(message),),
        extension=message.code, out_id="", text=text, told_at=moment,
    )  # fmt: skip
    keep_reply(by=worker_actor(), told=told, received_at=moment)
