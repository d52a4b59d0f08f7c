"""What became of one gift, for whoever has its code: its road in the order of the log, with the
words that the public may read. At most ten queries, however many gifts there are.

Everything is as of a record: what the log does not show yet is not told here either, so that the
page and an audit from outside say the same. A gift that stands in no published record waits, and
the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.funds.models import Donation, Fund, Payment, Proposal
from honghui.journal.models import Leaf, LogState, Record
from honghui.kernel import clock
from honghui.kernel.errors import Invalid
from honghui.ledger.roads import Ahead, Came, Gift, ahead_of, find_gift, history
from honghui.processes.roads import Balance, Road, RoadStep, road_of
from honghui.record.schemas import reread
from honghui.registry.models import Division

# More steps than these are told as one sum in the middle, so that a page stays a page.
STEPS_MOST = 200
STEPS_AT_THE_END = 50


@dataclass(frozen=True)
class Named:
    """Public words in both languages; the English may be missing."""

    name: str
    name_en: str


@dataclass(frozen=True)
class Names:
    """What codes and ids stand for: decisions by their id, payments by their entry's, purposes and
    places by code. What is not there is unknown, and is shown by its code or not at all."""

    decisions: Mapping[UUID, Named]
    payments: Mapping[UUID, Named]
    purposes: Mapping[str, Named]
    places: Mapping[str, Named]


@dataclass(frozen=True)
class Placed:
    """Where a gift stands: record `index` of the log, positions [first, past) of its fund.

    ahead: what lies before it; None where nothing of it waits, and as of an earlier moment.
    data: its record, as we have it; the log's own bytes come with the proof."""

    index: int
    came: Came
    road: Road
    names: Names
    ahead: Ahead | None
    data: bytes


@dataclass(frozen=True)
class Trace:
    """`placed` is None while the gift waits for its place in the published log, and as of before it
    had one. as_of: the number of records that this page tells of; published: how many there are."""

    donation: Donation
    as_of: int
    published: int
    at: datetime
    placed: Placed | None

    @property
    def is_now(self) -> bool:
        return self.as_of == self.published

    @property
    def balance(self) -> Balance:
        """Sums to the gift, always."""
        if self.placed is None:
            return Balance({"undecided": self.donation.amount_fen})
        return self.placed.road.balance


def trace(donation: Donation, as_of: int | None = None) -> Trace:
    """`as_of`: the first so many records of the log; by default all that are published. Raises
    Invalid "trace.as_of" for more than those, or fewer than one."""
    published = LogState.objects.values_list("published", flat=True).get()
    until = published if as_of is None else _checked(as_of, published)
    found = find_gift(donation.entry_id)
    return Trace(
        donation=donation,
        as_of=until,
        published=published,
        at=clock.now() if until == published else _written_at(until),
        placed=_placed(found, until, is_now=until == published),
    )


def place_in_log(donation: Donation) -> int | None:
    """The index of the gift's record in the published log; None while it waits. Two queries."""
    published = LogState.objects.values_list("published", flat=True).get()
    found = find_gift(donation.entry_id)
    if found is None or found.stands_at is None or found.stands_at >= published:
        return None
    return found.stands_at


def _placed(gift: Gift | None, as_of: int, *, is_now: bool) -> Placed | None:
    if gift is None or gift.stands_at is None or gift.stands_at >= as_of:
        return None
    (came,) = gift.came  # a donation is one sum into one fund
    road = road_of(history(came, as_of))
    names = _names(road)
    waits = is_now and road.balance["undecided"] > 0
    ahead = ahead_of(came) if waits else None
    return Placed(gift.stands_at, came, shortened(road), names, ahead, gift.data)


def _checked(as_of: int, published: int) -> int:
    if not 1 <= as_of <= published:
        raise Invalid(
            "trace.as_of",
            _("The log has %(count)s records, so there is no state as of record %(asked)s.")
            % {"count": published, "asked": as_of},
            _("Leave the number out to see the gift as it stands now."),
            field="as_of",
        )
    return as_of


def _written_at(as_of: int) -> datetime:
    """When the last of the first `as_of` records says that it was written, to the hour."""
    last = Leaf.objects.get(pk=as_of - 1)
    data = Record.objects.values_list("data", flat=True).get(number=last.number, part=last.part)
    return datetime.fromisoformat(reread(bytes(data)).recorded_at)


def _names(road: Road) -> Names:
    """Four queries, fewer where nothing is asked."""
    steps = road.steps
    decisions = {step.decision for step in steps if step.decision}
    entries = {step.entry for step in steps if step.kind == "used" and step.entry}
    purposes = {step.purpose for step in steps if step.kind in {"covered", "moved", "bore"}}
    places = {step.place for step in steps if step.place}
    return Names(
        decisions={
            row[0]: Named(*row[1:])
            for row in Proposal.objects.filter(decision_id__in=decisions).values_list(
                "decision_id", "title", "title_en"
            )
            if row[0]
        },
        payments={
            row[0]: Named(*row[1:])
            for row in Payment.objects.filter(entry_id__in=entries).values_list(
                "entry_id", "title", "title_en"
            )
            if row[0]
        },
        purposes={
            row[0]: Named(*row[1:])
            for row in Fund.objects.filter(code__in=purposes).values_list("code", "name", "name_en")
        },
        # The latest name of a code that was used more than once.
        places={
            row[0]: Named(*row[1:])
            for row in Division.objects.filter(code__in=places).values_list(
                "code", "name", "name_en"
            )
        },
    )


def shortened(road: Road) -> Road:
    """At most STEPS_MOST steps: the ones in the middle become one, with their sum and what is left
    after them, so that what is shown still adds up."""
    steps = road.steps
    if len(steps) <= STEPS_MOST:
        return road
    first = STEPS_MOST - STEPS_AT_THE_END - 1
    middle = steps[first:-STEPS_AT_THE_END]
    last = middle[-1]
    told = RoadStep(
        kind="many", index=last.index, entry=None, act="", occurred_on=last.occurred_on,
        units=len(middle), whole=0, balance=last.balance,
    )  # fmt: skip
    return Road(road.total, [*steps[:first], told, *steps[-STEPS_AT_THE_END:]], road.ends)
