"""How a call-out stands, for its page on the desk: who comes when, who is silent, what it costs.

A constant number of queries, and one cheap one that says whether anything changed since.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from django.db.models import Count
from django.utils.translation import get_language

from honghui.callouts.answering import opened
from honghui.callouts.models import Answer, CallOut, Invitation
from honghui.kernel import subject_keys
from honghui.messaging.models import Message
from honghui.registry.naming import local_text

ANSWERS_SHOWN = 30


@dataclass(frozen=True)
class Team:
    """One team's numbers. `counts`: by state."""

    name: str
    counts: Counter[str]

    @property
    def people(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Spoken:
    """One answer with what was written; "" if nothing was."""

    answer: Answer
    text: str


@dataclass(frozen=True)
class Standing:
    call_out: CallOut
    invitations: Sequence[Invitation]
    spoken: Sequence[Spoken]
    sent: dict[object, list[Message]] = field(default_factory=dict)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(str(one.state) for one in self.invitations)

    @property
    def coming(self) -> int:
        return self.counts["coming"]

    @property
    def missing(self) -> int:
        return max(0, self.call_out.wanted - self.coming)

    @property
    def reserve(self) -> int:
        return self.counts["reserve"]

    @cached_property
    def arrivals(self) -> list[Invitation]:
        """Those who come: first by their time, then those who named none."""
        come = [one for one in self.invitations if one.state == "coming"]
        return sorted(come, key=lambda one: (one.eta_at is None, one.eta_at or one.answered_at))

    @cached_property
    def teams(self) -> list[Team]:
        by_group: dict[object, list[Invitation]] = defaultdict(list)
        for one in self.invitations:
            by_group[one.group].append(one)
        return [
            Team(group_name(those[0]), Counter(str(one.state) for one in those))
            for those in by_group.values()
        ]

    @property
    def late(self) -> list[Spoken]:
        return [each for each in self.spoken if each.answer.is_late]

    @cached_property
    def cost_fen(self) -> int:
        return sum(each.cost_fen for those in self.sent.values() for each in those)

    @cached_property
    def rows(self) -> list[tuple[Invitation, list[Message]]]:
        """By state, those to look at first; within it in the order of asking."""
        order = [
            "coming", "if_short", "asked", "no_answer", "declined", "stood_down", "reserve",
        ]  # fmt: skip
        those = sorted(self.invitations, key=lambda one: (order.index(one.state), one.rank))
        return [(one, self.sent.get(one.pk, [])) for one in those]


def standing_of(call_out: CallOut) -> Standing:
    """Five queries at most."""
    invitations = list(call_out.invitations.select_related("person"))
    by_id = {one.pk: one for one in invitations}
    answers = list(call_out.answers.order_by("-at", "-id")[:ANSWERS_SHOWN])
    for each in answers:
        each.invitation = by_id[each.invitation_id]
    keys = subject_keys.keys_of({each.invitation.person_id for each in answers})
    with subject_keys.at_hand(keys):
        spoken = [
            Spoken(each, opened(each) if each.invitation.person_id in keys else "")
            for each in answers
        ]
    sent: dict[object, list[Message]] = defaultdict(list)
    for message in Message.objects.filter(about__in=by_id).order_by("queued_at", "id"):
        sent[message.about].append(message)
    return Standing(call_out, invitations, spoken, dict(sent))


def tag_of(call_out: CallOut) -> str:
    """Another text as soon as a page of it would look otherwise. One query."""
    of = Message.objects.filter(about__in=call_out.invitations.values("pk"))
    told = of.values("state").annotate(count=Count("pk")).order_by("state")
    parts = [str(call_out.revision), call_out.state, get_language() or ""]
    parts += [f"{each['state']}{each['count']}" for each in told]
    return f'"{sha256("|".join(parts).encode()).hexdigest()[:24]}"'


def group_name(one: Invitation) -> str:
    return local_text(one.group_name, one.group_name_en)
