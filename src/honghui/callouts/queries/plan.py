"""What sending would do, step by step, before anybody presses the button: whom, when, how, for how
much; who cannot be reached, and whose quiet hours are waited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language

from honghui.callouts.asking import drafts_for, template_of, values_of
from honghui.callouts.models import CallOut, Invitation
from honghui.callouts.rules import channels_of_step
from honghui.messaging.models import Preference
from honghui.messaging.sending import Cost, cost_of, preview


@dataclass(frozen=True)
class Step:
    """`kind`: "first", "then" (the second way), "reserve" (both ways, whoever is needed of it).
    `people`: at most so many. `cost`: at most so much."""

    kind: str
    after_minutes: int
    people: int
    channels: tuple[str, ...]
    cost: Cost


@dataclass(frozen=True)
class Plan:
    """`preview`: the text of the first message, in the reader's language."""

    steps: Sequence[Step]
    unreachable: Sequence[Invitation]
    preview: str
    parts_each: int

    @property
    def first(self) -> Step:
        return self.steps[0]

    @property
    def most_fen(self) -> int:
        return sum(step.cost.cost_fen for step in self.steps)


def plan_of(call_out: CallOut) -> Plan:
    """A constant number of queries, whatever the number of people."""
    everybody = list(call_out.invitations.select_related("person"))
    first, reserve = everybody[: call_out.first], everybody[call_out.first :]
    patience = call_out.patience_minutes
    steps = [
        _step(call_out, "first", 0, first, (1,)),
        _step(call_out, "then", patience, first, (2,)),
    ]
    if reserve:
        steps.append(_step(call_out, "reserve", 2 * patience, reserve, (1, 2)))
    template = template_of(call_out, 1)
    language = "en" if get_language() == "en" else "zh"
    draft = drafts_for(call_out, everybody[:1], template, step=1)[0]
    text = preview(
        replace(draft, values=values_of(call_out, template, language)),
        society_code=call_out.society_id,
        language=language,
        is_drill=call_out.is_drill,
    )
    return Plan(steps, _unreachable(everybody), text, steps[0].cost.parts // max(1, len(first)))


@dataclass(frozen=True)
class More:
    """What calling more of the reserve would do. `reserve`: how many are left; `each`: what asking
    one of them costs at first, None if nobody is left."""

    reserve: int
    each: Cost | None


def more_of(call_out: CallOut) -> More:
    waiting = call_out.invitations.filter(state=Invitation.State.RESERVE).select_related("person")
    following = list(waiting[:1])
    if not following:
        return More(0, None)
    return More(waiting.count(), _step(call_out, "first", 0, following, (1,)).cost)


def _step(
    call_out: CallOut, kind: str, after: int, people: Sequence[Invitation], ways: tuple[int, ...]
) -> Step:
    drafts = [
        draft
        for way in ways
        for draft in drafts_for(call_out, people, template_of(call_out, way), step=way)
    ]
    cost = cost_of(drafts, society_code=call_out.society_id, is_urgent=call_out.is_urgent)
    channels = [each for way in ways for each in channels_of_step(call_out.channels, way)]
    return Step(kind, after, len(people), tuple(dict.fromkeys(channels)), cost)


def _unreachable(everybody: Sequence[Invitation]) -> list[Invitation]:
    """No number on file, or they want no messages: somebody has to go and knock."""
    stopped = Preference.objects.filter(
        person__in=[one.person_id for one in everybody], stopped_at__isnull=False
    )
    quiet = set(stopped.values_list("person_id", flat=True))
    return [one for one in everybody if one.person.phone_sealed is None or one.person_id in quiet]
