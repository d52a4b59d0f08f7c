"""Where a team stands, out of what was told of its way. No database and no clock.

The one hard idea: nothing told is ever put right silently. Every telling stands in a lane (the
whole team, one batch, or one responder who told it of themselves), and in each lane one telling of
a kind counts: the one that somebody found to stand, else the one told last. What was told again
within a quarter of an hour is the same thing. A time in the future, or of more than a month ago,
does not count until somebody has looked at it; any other that does not fit is flagged and counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

KINDS = ("departed", "arrived", "ordered_back", "left", "back")
# The furthest that was told is where the team is.
STATE_AFTER = {
    "departed": "departed",
    "arrived": "there",
    "ordered_back": "ordered_back",
    "left": "returning",
    "back": "back",
}
DECIDED = frozenset({"declined", "cancelled", "closed"})

SAME_WITHIN = timedelta(minutes=15)
# A hand writes 8:31 for what a phone tells at 8:30:40: that is no other order.
ROUNDED_BY = timedelta(seconds=59)
FUTURE_AFTER = timedelta(minutes=10)
LONG_AGO_AFTER = timedelta(days=30)

REPEATED = "repeated"
CONTRADICTS = "contradicts"
PEOPLE_DIFFER = "people_differ"
DOUBTFUL = frozenset({"in_the_future", "long_ago"})
# "repeated" is no question to anybody: two told the same.
QUESTIONS = frozenset(
    {
        *DOUBTFUL,
        CONTRADICTS,
        PEOPLE_DIFFER,
        "before_departure",
        "before_arrival",
        "before_leaving",
        "before_incident",
    }
)

Lane = tuple[str, object]
WHOLE: Lane = ("whole", None)


@dataclass(frozen=True)
class Told:
    """One telling. `batch`: its number, None for the whole team; `responder`: who told it of
    themselves alone."""

    id: UUID
    kind: str
    at: datetime
    told_at: datetime
    batch: int | None = None
    responder: UUID | None = None
    people: int | None = None
    people_qualifier: str = "exact"
    is_void: bool = False
    is_settled: bool = False

    @property
    def lane(self) -> Lane:
        if self.responder is not None:
            return "responder", self.responder
        return WHOLE if self.batch is None else ("batch", self.batch)


Counting = Mapping[Lane, Mapping[str, Told]]


@dataclass(frozen=True)
class Standing:
    """`state` is "" while nothing counts. `counting`: the telling that counts, by lane and kind.
    `people`: by batch number, as told last; `whole_people`: of the whole team, or None."""

    state: str
    flags: Mapping[UUID, tuple[str, ...]]
    counting: Counting
    people: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    whole_people: tuple[int, str] | None = None

    def at(self, kind: str, *lanes: Lane) -> datetime | None:
        """When, by the first of these lanes that says so."""
        for lane in lanes:
            if kind in self.counting.get(lane, {}):
                return self.counting[lane][kind].at
        return None

    def first(self, kind: str) -> datetime | None:
        """When the first of the team did; for "back", the last of it."""
        times = [told[kind].at for lane, told in _of_team(self.counting) if kind in told]
        if not times:
            return None
        return max(times) if kind == "back" else min(times)


def judge(told: Sequence[Told], *, known_at: datetime) -> Standing:
    """`known_at`: when the incident happened, or was known if that is earlier."""
    flags: dict[UUID, list[str]] = {each.id: [] for each in told}
    counting: dict[Lane, dict[str, Told]] = {}
    for each in told:
        if each.at > each.told_at + FUTURE_AFTER:
            flags[each.id].append("in_the_future")
        elif each.at < each.told_at - LONG_AGO_AFTER:
            flags[each.id].append("long_ago")
    for (lane, kind), group in _groups(told).items():
        one = _counting_of(group, flags)
        if one is not None:
            counting.setdefault(lane, {})[kind] = one
    for each in told:
        if not each.is_void:
            flags[each.id] += _out_of_order(each, counting, known_at)
    _mark_other_numbers(counting, flags)
    return Standing(
        state=_state(counting),
        flags={key: tuple(dict.fromkeys(value)) for key, value in flags.items()},
        counting=counting,
        people=_people(counting),
        whole_people=_latest_people(counting.get(WHOLE, {}).values()),
    )


def open_questions(flags: Iterable[str], *, is_void: bool, is_settled: bool) -> bool:
    """Whether a person should look at this telling."""
    return not (is_void or is_settled) and bool(QUESTIONS.intersection(flags))


# ── which counts ─────────────────────────────────────────────────────────────────────────────


def _groups(told: Sequence[Told]) -> dict[tuple[Lane, str], list[Told]]:
    groups: dict[tuple[Lane, str], list[Told]] = {}
    for each in sorted(told, key=lambda one: (one.told_at, one.id)):
        if not each.is_void:
            groups.setdefault((each.lane, each.kind), []).append(each)
    return groups


def _counting_of(group: list[Told], flags: dict[UUID, list[str]]) -> Told | None:
    """Of one lane and kind, in the order of telling."""
    distinct: list[Told] = []
    for each in group:
        same = next((one for one in distinct if abs(one.at - each.at) <= SAME_WITHIN), None)
        if same is not None and not each.is_settled:
            flags[each.id].append(REPEATED)
            if each.people is not None and same.people not in (None, each.people):
                flags[each.id].append(PEOPLE_DIFFER)
        else:
            distinct.append(each)
    settled = [each for each in distinct if each.is_settled]
    sound = [each for each in distinct if not DOUBTFUL.intersection(flags[each.id])]
    if len(distinct) > 1 and not settled:
        for each in distinct:
            flags[each.id].append(CONTRADICTS)
    choice = settled or sound
    return choice[-1] if choice else None


def _out_of_order(told: Told, counting: Counting, known_at: datetime) -> list[str]:
    found = []
    departed = _earliest("departed", told, counting)
    arrived = _earliest("arrived", told, counting)
    left = _earliest("left", told, counting)
    if told.kind == "arrived" and _is_before(told.at, departed):
        found.append("before_departure")
    if told.kind in ("ordered_back", "left") and _is_before(told.at, arrived):
        found.append("before_arrival")
    if told.kind == "back" and _is_before(told.at, left or arrived or departed):
        found.append("before_leaving")
    # Whoever writes an incident down rounds its hour; a phone tells to the second.
    if told.at < known_at - SAME_WITHIN:
        found.append("before_incident")
    return found


def _is_before(at: datetime, other: datetime | None) -> bool:
    return other is not None and at < other - ROUNDED_BY


def _earliest(kind: str, told: Told, counting: Counting) -> datetime | None:
    """Of its own lane, else of the whole team, else the first of any batch."""
    for lane in (told.lane, WHOLE):
        if kind in counting.get(lane, {}):
            return counting[lane][kind].at
    times = [each[kind].at for _lane, each in _of_team(counting) if kind in each]
    return min(times) if times and told.batch is None else None


def _mark_other_numbers(counting: Counting, flags: dict[UUID, list[str]]) -> None:
    """A batch that left with fifty and arrived with forty-eight: somebody should look."""
    for told in counting.values():
        number: int | None = None
        for kind in KINDS:
            each = told.get(kind)
            if each is None or each.people is None:
                continue
            if number not in (None, each.people):
                flags[each.id].append(PEOPLE_DIFFER)
            number = each.people


# ── what follows ─────────────────────────────────────────────────────────────────────────────


def _of_team(counting: Counting) -> list[tuple[Lane, Mapping[str, Told]]]:
    return [(lane, told) for lane, told in counting.items() if lane[0] != "responder"]


def _state(counting: Counting) -> str:
    """The furthest reached. A team has left, or is back, when all its batches that set out are."""
    lanes = dict(_of_team(counting))
    whole = lanes.pop(WHOLE, {})
    out = [told for told in lanes.values() if {"departed", "arrived"} & told.keys()]
    state = ""
    for kind in KINDS:
        some = kind in whole or any(kind in told for told in lanes.values())
        every = kind in whole or (bool(out) and all(kind in told for told in out))
        if every if kind in ("left", "back") else some:
            state = STATE_AFTER[kind]
    return state


def _people(counting: Counting) -> dict[int, tuple[int, str]]:
    found = {}
    for (shape, key), told in counting.items():
        number = _latest_people(told.values())
        if shape == "batch" and isinstance(key, int) and number is not None:
            found[key] = number
    return found


def _latest_people(told: Iterable[Told]) -> tuple[int, str] | None:
    said = [each for each in told if each.people is not None]
    if not said:
        return None
    last = max(said, key=lambda each: (each.told_at, each.id))
    assert last.people is not None
    return last.people, last.people_qualifier


# ── a responder ──────────────────────────────────────────────────────────────────────────────

_RESPONDER_AFTER = {"departed": "departed", "arrived": "there", "left": "left", "back": "back"}
ANSWERED = ("coming", "if_short", "declined")


def lanes_of(responder: UUID, batch: int | None, answered: str) -> tuple[Lane, ...]:
    """Whose tellings speak of a responder: their own first. The team's speak for those only who
    said that they are coming, or were put into a batch."""
    own: Lane = ("responder", responder)
    if batch is not None:
        return own, ("batch", batch), WHOLE
    return (own, WHOLE) if answered == "coming" else (own,)


def responder_state(answered: str, times: Mapping[str, datetime | None]) -> str:
    """`answered`: coming, if_short or declined; `times`: by kind."""
    state = answered
    for kind, after in _RESPONDER_AFTER.items():
        if times.get(kind) is not None:
            state = after
    return state


def next_step(state: str) -> str:
    """What a leader's one big button tells next; "" when the way is done."""
    return {
        "asked": "departed",
        "called": "departed",
        "departed": "arrived",
        "there": "ordered_back",
        "ordered_back": "left",
        "returning": "back",
    }.get(state, "")
