"""Replays every step of every entry on the model of pools, and holds each to the entry it answers.

One of the audit's two halves: it knows positions, and who speaks of whom. The other half, `books`,
knows amounts and rules, and never looks at a position. They run side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from honghui.audit.acts import GIFTS, RETURNS
from honghui.audit.findings import Broken
from honghui.audit.pools import Book
from honghui.audit.speaking import Wanted
from honghui.audit.traces import Given, StepTrace, Taken, Trace, Traces, check_within, whereabouts
from honghui.record.entries import Entry
from honghui.record.steps import Back, Cover, In, Link, Out, Shrink, Step, length

SPENDS = frozenset({"use", "loss", "stocktake"})


class Positions:
    """`wanted`: the entries that some later record speaks of."""

    def __init__(self, wanted: Wanted) -> None:
        self.book = Book()
        self.traces: Traces = {}
        self._wanted = wanted

    def entry(self, entry: Entry) -> None:
        """Applies the entry whole, or raises Broken and leaves everything as it was."""
        kept = entry.id in self._wanted
        found: list[StepTrace] = []
        self.book.begin()
        try:
            gift = self._answered(entry)
            for step in entry.steps:
                trace = _STEPS[type(step)](self, entry, step)
                if kept:
                    found.append(trace)
            if gift is not None:
                self._give_back(gift, entry)
        except Broken:
            self.book.undo()
            raise
        self.book.keep()
        if kept:
            self._keep(entry, found)

    def _keep(self, entry: Entry, steps: list[StepTrace]) -> None:
        trace = self.traces.setdefault(entry.id, Trace(entry))
        trace.steps.extend(steps)

    # Whom an entry answers.

    def _answered(self, entry: Entry) -> Trace | None:
        """Checks `of`; hands back the gift where one is given back."""
        if entry.act in RETURNS:
            return self._of(entry, GIFTS)
        if entry.act == "return":
            self._of(entry, SPENDS)
        elif entry.act == "transfer_in":
            self._check_transfer(entry, self._of(entry, {"transfer_out"}))
        elif entry.of is not None:
            self._of(entry, None)
        return None

    def _of(self, entry: Entry, acts: Collection[str] | None) -> Trace:
        trace = self.traces.get(entry.of) if entry.of else None
        if trace is None or (acts is not None and trace.entry.act not in acts):
            raise Broken("entry.of", act=entry.act, of=entry.of or "-")
        return trace

    def _check_transfer(self, entry: Entry, sent: Trace) -> None:
        """What is accepted was sent by that society, to this one, under that waybill."""
        if sent.entry.society != entry.counterparty or sent.entry.counterparty != entry.society:
            raise Broken("entry.counterparty", society=entry.counterparty or "-")
        ways = {step.given.pool.ref for step in sent.steps if step.given}
        for step in entry.steps:
            if isinstance(step, Link):
                for leg in step.legs():
                    if leg.pool.ref not in ways:
                        raise Broken("entry.of", act=entry.act, of=entry.of or "-")

    def _give_back(self, gift: Trace, entry: Entry) -> None:
        """No more of a gift is given back than was given, over all its returns."""
        returned = sum(
            step.quantity if isinstance(step, Out) else length(step.at)
            for step in entry.steps
            if isinstance(step, Out | Cover)
        )
        if gift.returned + returned > gift.quantity:
            raise Broken(
                "pool.beyond-the-gift", gift=gift.quantity, returned=gift.returned + returned
            )
        gift.returned += returned

    def _check_is_the_gifts(self, entry: Entry, step: Out | Cover) -> None:
        assert entry.of is not None
        allowed = whereabouts(self.traces[entry.of], step.via, step.pool, self.traces)
        if not step.at:
            raise Broken("pool.not-the-gifts", pool=step.pool.purpose, first=0, past=0)
        check_within("pool.not-the-gifts", step.pool, step.at, allowed)

    def _check_was_spent(self, step: Back | Cover) -> None:
        trace = self.traces.get(step.spent_by)
        if trace is None:
            raise Broken("entry.of", act=step.__struct_config__.tag, of=step.spent_by)
        check_within(
            "pool.not-spent", step.pool, step.at, trace.spent(step.pool), entry=step.spent_by
        )

    # The shapes of a step.

    def _in(self, _entry: Entry, step: In) -> StepTrace:
        first, past = self.book.put(step.pool, step.quantity)
        return StepTrace(given=Given(step.pool, first, past))

    def _out(self, entry: Entry, step: Out) -> StepTrace:
        if entry.act in RETURNS:
            self._check_is_the_gifts(entry, step)
        taken = self.book.take(step.pool, step.quantity, step.at)
        return StepTrace({(0, 0): Taken(step.pool, tuple(taken), 0, step.quantity)})

    def _link(self, _entry: Entry, step: Link) -> StepTrace:
        trace = StepTrace()
        for part_number, part in enumerate(step.parts):
            part_length = sum(leg.quantity for leg in part)
            offset = 0
            for leg_number, leg in enumerate(part):
                taken = self.book.take(leg.pool, leg.quantity, leg.at)
                trace.taken[part_number, leg_number] = Taken(
                    leg.pool, tuple(taken), offset, part_length
                )
                offset += leg.quantity
        trace.given = Given(step.into, *self.book.put(step.into, step.quantity))
        return trace

    def _back(self, _entry: Entry, step: Back) -> StepTrace:
        self._check_was_spent(step)
        first, past = self.book.back(step.pool, step.at)
        taken = Taken(step.pool, step.at, 0, past - first)
        return StepTrace({(0, 0): taken}, Given(step.pool, first, past))

    def _cover(self, entry: Entry, step: Cover) -> StepTrace:
        if entry.act in RETURNS:
            self._check_is_the_gifts(entry, step)
        self._check_was_spent(step)
        taken = self.book.cover(step.pool, step.at, step.by, step.by_at)
        return StepTrace({(0, 0): Taken(step.by, tuple(taken), 0, length(step.at))})

    def _shrink(self, _entry: Entry, step: Shrink) -> StepTrace:
        taken, (first, past) = self.book.shrink(step.pool, step.remainder, step.loss)
        return StepTrace(
            {(0, 0): Taken(step.pool, tuple(taken), 0, step.remainder)},
            Given(step.pool, first, past),
        )


_STEPS: dict[type[Step], Callable[[Positions, Entry, Any], StepTrace]] = {
    In: Positions._in,
    Out: Positions._out,
    Link: Positions._link,
    Back: Positions._back,
    Cover: Positions._cover,
    Shrink: Positions._shrink,
}
