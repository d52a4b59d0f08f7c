"""A gift's passages as a road: step by step, each with what had then become of every fen. Pure: no
database, no clock.

The hard idea: the gift's own axis is cut wherever any passage begins or ends. Each cut piece has
one state at a time, and a step only repaints pieces. So the states add up to the gift after every
step by construction, whatever happened to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from honghui.ledger.roads import Chapter, Passage
from honghui.record.values import is_currency

State = Literal[
    "undecided", "decided", "way", "goods", "used", "returned", "covered", "lost"
]  # fmt: skip
STATES: tuple[State, ...] = (
    "used", "covered", "decided", "way", "goods", "undecided", "returned", "lost",
)  # fmt: skip
# Still there: in the account, set aside, under way, or on a shelf.
HELD: tuple[State, ...] = ("decided", "way", "goods", "undecided")

Kind = Literal[
    "decided", "released", "moved", "bought", "sent", "used", "came_back", "bore", "returned",
    "covered", "lost", "many",
]  # fmt: skip
_GIVEN_BACK = {"refund", "reversal"}
_GONE = {"loss", "stocktake"}
_ASIDE = {"decided", "reserved"}


@dataclass(frozen=True)
class Balance:
    """Units of the gift in each state; together always the whole gift."""

    units: dict[State, int]

    def __getitem__(self, state: State) -> int:
        return self.units.get(state, 0)

    @property
    def total(self) -> int:
        return sum(self.units.values())

    @property
    def held(self) -> int:
        return sum(self[state] for state in HELD)

    @property
    def used(self) -> int:
        """What is covered was used, and stays used."""
        return self["used"] + self["covered"]


@dataclass(frozen=True, kw_only=True)
class RoadStep:
    """`units` of the gift went this way by the entry at `index` of the log; `balance` after it.

    whole: what the entry moved in all. decision: its id, where one was made, or is paid of. A step
    "many" stands for `units` other steps (tracing.shortened).
    """

    kind: Kind
    index: int
    entry: UUID | None
    act: str
    occurred_on: date | None
    units: int
    whole: int
    balance: Balance
    decision: UUID | None = None
    purpose: str = ""
    commodity: str = ""
    use: str = ""
    place: str = ""


class End(NamedTuple):
    """Units that stand so now; `decision` is the last that set them aside, None without one."""

    decision: UUID | None
    state: State
    units: int


@dataclass(frozen=True)
class Road:
    total: int
    steps: list[RoadStep]
    ends: list[End]

    @property
    def balance(self) -> Balance:
        return self.steps[-1].balance if self.steps else Balance({"undecided": self.total})


@dataclass
class _Event:
    """`pieces`: the state that each of them comes to."""

    passage: Passage
    kind: Kind
    at: int
    pieces: dict[int, State] = field(default_factory=dict)


def road_of(chapters: Sequence[Chapter]) -> Road:
    """`chapters`: the history of one piece of a gift, as `ledger.roads.history` tells it."""
    told = [one for chapter in chapters for one in chapter.passages]
    total = max(one.past for one in told)
    cuts = sorted({0, *(one.first for one in told), *(one.past for one in told)})
    sizes = [past - first for first, past in zip(cuts, cuts[1:], strict=False)]
    states: list[State] = ["undecided"] * len(sizes)
    decisions: list[UUID | None] = [None] * len(sizes)
    steps = []
    for event in _in_order(chapters, cuts):
        for piece, state in event.pieces.items():
            states[piece] = state
            decisions[piece] = _decision_after(event, state, decisions[piece])
        units = sum(sizes[piece] for piece in event.pieces)
        steps.append(_step(event, units, _balance(states, sizes)))
        assert steps[-1].balance.total == total, "a fen was lost on the way"
    return Road(total, steps, _ends(decisions, states, sizes))


def _step(event: _Event, units: int, balance: Balance) -> RoadStep:
    one = event.passage
    return RoadStep(
        kind=event.kind,
        index=event.at,
        entry=one.entry,
        act=one.act or "",
        occurred_on=one.occurred_on,
        units=units,
        whole=int(one.whole or 0),
        balance=balance,
        decision=one.ref if event.kind == "decided" else one.came_from_ref,
        purpose=one.purpose,
        commodity=one.commodity,
        use=one.use or "",
        place=one.place or "",
    )


def _in_order(chapters: Iterable[Chapter], cuts: list[int]) -> Iterator[_Event]:
    """What happened, as the log tells it: of each chapter what is new in it."""
    since = 0
    for chapter in chapters:
        events = _events(chapter.passages, cuts)
        yield from (event for event in events if since <= event.at < chapter.until)
        since = chapter.until


def _events(passages: Iterable[Passage], cuts: list[int]) -> list[_Event]:
    """What a gift came to bear had gone its way before: from the moment that it bears it, a piece
    stands where that way led. So a piece's time never goes back."""
    latest: list[_Event | None] = [None] * (len(cuts) - 1)
    events: dict[tuple[object, ...], _Event] = {}
    for one in sorted(passages, key=lambda each: each.hops):
        if one.outcome == "held":
            continue
        kind, state = _meaning(one)
        alike = (one.at, one.entry, kind, one.ref, one.came_from_ref, one.use, one.place)
        for piece in range(bisect_left(cuts, one.first), bisect_left(cuts, one.past)):
            before = latest[piece]
            if before is None or one.at >= before.at:
                before = latest[piece] = events.setdefault(alike, _Event(one, kind, one.at))
            before.pieces[piece] = state
    return sorted(events.values(), key=lambda event: (event.at, event.passage.hops))


def _meaning(one: Passage) -> tuple[Kind, State]:
    if one.outcome == "covered":
        return "covered", "covered"
    if one.outcome == "lost":
        return "lost", "lost"
    if one.outcome == "spent":
        return _spent(one)
    if one.outcome == "bore":
        return "bore", "used"
    return _went_on(one)


def _spent(one: Passage) -> tuple[Kind, State]:
    if one.act in _GONE:
        return "lost", "lost"
    return ("returned", "returned") if one.act in _GIVEN_BACK else ("used", "used")


def _went_on(one: Passage) -> tuple[Kind, State]:
    if one.stage in _ASIDE:
        return "decided", "decided"
    if one.stage == "in_transit":
        return "sent", "way"
    if not is_currency(one.commodity):
        return ("bought" if one.act in {"purchase", "pack"} else "moved"), "goods"
    if one.outcome == "came_back":
        return "came_back", "undecided"
    return ("released" if one.act == "release" else "moved"), "undecided"


def _decision_after(event: _Event, state: State, before: UUID | None) -> UUID | None:
    if event.kind == "decided":
        return event.passage.ref
    return None if state == "undecided" else before


def _balance(states: list[State], sizes: list[int]) -> Balance:
    units: dict[State, int] = {}
    for state, size in zip(states, sizes, strict=True):
        units[state] = units.get(state, 0) + size
    return Balance(units)


def _ends(decisions: list[UUID | None], states: list[State], sizes: list[int]) -> list[End]:
    """In the order in which the decisions were met, along the gift's own axis."""
    units: dict[tuple[UUID | None, State], int] = {}
    for decision, state, size in zip(decisions, states, sizes, strict=True):
        units[decision, state] = units.get((decision, state), 0) + size
    return [End(decision, state, size) for (decision, state), size in units.items()]
