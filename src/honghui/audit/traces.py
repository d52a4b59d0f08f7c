"""Where the positions of an entry went, kept only for entries that a later record speaks of.

A gift that is given back, a payment that came back, a loss that a reserve bears: each names the
entry it undoes and the road its positions took since (`via`). The first reading of the log notes
which entries will be named, so the second keeps these and no others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from honghui.audit.findings import Broken
from honghui.audit.intervals import Interval, Intervals, image
from honghui.record.entries import Entry
from honghui.record.pools import Pool, in_words
from honghui.record.steps import Via


class Taken(NamedTuple):
    """What one leg of a part took; `offset` is where the leg begins within its part."""

    pool: Pool
    intervals: tuple[Interval, ...]
    offset: int = 0
    part_length: int = 0


class Given(NamedTuple):
    pool: Pool
    first: int
    past: int


@dataclass
class StepTrace:
    """`taken` by (part, leg); a step that only takes or only gives has the other one empty."""

    taken: dict[tuple[int, int], Taken] = field(default_factory=dict)
    given: Given | None = None


@dataclass
class Trace:
    """An entry that somebody will speak of, all its parts together."""

    entry: Entry
    steps: list[StepTrace] = field(default_factory=list)
    # Of a gift: how much of it was given back so far.
    returned: int = 0

    @property
    def quantity(self) -> int:
        return sum(step.given.past - step.given.first for step in self.steps if step.given)

    def spent(self, pool: Pool) -> Intervals:
        """All positions that the entry took from one pool."""
        found = Intervals()
        for step in self.steps:
            for taken in step.taken.values():
                if taken.pool == pool:
                    for first, past in taken.intervals:
                        found.add(first, past)
        return found

    def took_in(self, pool: Pool) -> Intervals:
        """All positions that the entry gave to one pool."""
        given = (step.given for step in self.steps)
        return Intervals(
            (one.first, one.past) for one in given if one is not None and one.pool == pool
        )


Traces = dict[str, Trace]


def whereabouts(gift: Trace, via: tuple[Via, ...], pool: Pool, traces: Traces) -> Intervals:
    """Where a gift's positions lie in `pool`, having come the road `via`. Empty where they never
    came."""
    if not via:
        return gift.took_in(pool)
    step, taken = _leg(traces, via[0])
    at, here = taken.pool, gift.took_in(taken.pool)
    for hop in via:
        step, taken = _leg(traces, hop)
        if taken.pool != at or step.given is None:
            return Intervals()
        at, here = step.given.pool, _carried(here, taken, step.given)
    return here if at == pool else Intervals()


def _leg(traces: Traces, hop: Via) -> tuple[StepTrace, Taken]:
    trace = traces.get(hop.entry)
    if trace is not None and hop.step < len(trace.steps):
        step = trace.steps[hop.step]
        taken = step.taken.get((hop.part, hop.leg))
        if taken is not None and step.given is not None:
            return step, taken
    raise Broken("entry.of", act="via", of=hop.entry)


def _carried(here: Intervals, taken: Taken, given: Given) -> Intervals:
    """The positions `here` as far as this leg took them, where it carried them to."""
    found = Intervals()
    offset = taken.offset
    onto = given.past - given.first
    for first, past in taken.intervals:
        for here_first, here_past in here:
            low, high = max(first, here_first), min(past, here_past)
            if low < high:
                begins, ends = image(
                    offset + low - first,
                    offset + high - first,
                    of=taken.part_length,
                    onto=onto,
                    start=given.first,
                )
                if begins < ends:
                    found.add(begins, ends)
        offset += past - first
    return found


def check_within(
    rule: str, pool: Pool, at: tuple[Interval, ...], allowed: Intervals, **facts: object
) -> None:
    for first, past in at:
        if not allowed.covers(first, past):
            raise Broken(rule, pool=in_words(pool), first=first, past=past, **facts)
