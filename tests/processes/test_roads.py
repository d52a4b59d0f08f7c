"""The road of every gift of random societies: after every step its parts add up to the gift, and
its end is what the ledger says became of it; as of any record."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from honghui.ledger.lineage import Became, what_became_of
from honghui.ledger.roads import Came, find_gift, history
from honghui.processes.roads import HELD, Road, road_of
from honghui.record.entries import Entry
from honghui.record.schemas import reread
from tests.audit.societies import random_society
from tests.ledger import books

GIFTS = ("gift", "appropriation", "earning")
SEEDS = 3
ACTS = 250


@pytest.fixture
def committed(committed_empty: str) -> str:
    return committed_empty


def ended(road: Road) -> Counter[str]:
    """What is lost by a use of its own (stolen, burnt) is spent, to the ledger."""
    found: Counter[str] = Counter()
    for _decision, state, units in road.ends:
        found["held" if state in HELD else state] += units
    return found


def as_ledger_tells(became: list[Became]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in became:
        found["used" if one.outcome == "spent" else one.outcome] += one.quantity
    return found


def check(road: Road, became: list[Became], came: Came) -> None:
    whole = came.past - came.first
    assert road.total == whole
    assert all(step.balance.total == whole for step in road.steps)
    assert all(step.units > 0 for step in road.steps)
    places = [step.index for step in road.steps]
    assert places == sorted(places)
    if road.steps:
        last = road.steps[-1].balance
        for state in HELD:
            assert last[state] == sum(end.units for end in road.ends if end.state == state)
    mine, theirs = ended(road), as_ledger_tells(became)
    assert mine["lost"] + mine["used"] == theirs["lost"] + theirs["used"]
    for outcome in ("held", "returned", "covered"):
        assert mine[outcome] == theirs[outcome]
    _check_by(road, became)


def _check_by(road: Road, became: list[Became]) -> None:
    """Each entry that ended something is a step, and no step ends more than it did."""
    steps = {step.entry.hex for step in road.steps if step.entry}
    for one in became:
        assert one.by is None or one.by in steps or _is_older_than_its_cover(road)


def _is_older_than_its_cover(road: Road) -> bool:
    """A use that a reserve bears later is told by the entry that laid it on the reserve."""
    return any(step.kind == "bore" for step in road.steps)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_step_of_every_gift_adds_up_to_the_gift(committed: str, seed: int) -> None:
    books.keep(random_society(seed, ACTS).records)
    log = [reread(data) for data in books.log()]
    kinds: set[str] = set()
    for as_of in (len(log), len(log) * 3 // 4, len(log) // 2):
        for gift in dict.fromkeys(
            one.id for one in log if isinstance(one, Entry) and one.act in GIFTS
        ):
            found = find_gift(UUID(gift))
            assert found is not None and found.stands_at is not None
            became = what_became_of(gift, as_of=as_of)
            if found.stands_at >= as_of:
                assert not became
                continue
            for came in found.came:
                road = road_of(history(came, as_of))
                part = [one for one in became if one.step == came.piece]
                check(road, part, came)
                kinds |= {step.kind for step in road.steps}
    assert kinds >= {"decided", "used", "covered", "moved", "sent", "bought"}


def test_a_road_told_earlier_is_the_beginning_of_the_road_told_later(committed: str) -> None:
    books.keep(random_society(7, ACTS).records)
    log = [reread(data) for data in books.log()]
    told = 0
    for one in log:
        if not isinstance(one, Entry) or one.act not in GIFTS:
            continue
        found = find_gift(UUID(one.id))
        assert found is not None and found.stands_at is not None
        for came in found.came:
            whole = road_of(history(came, len(log)))
            for step in whole.steps:
                earlier = road_of(history(came, step.index + 1))
                told += 1
                assert facts(earlier, step.index) == facts(whole, step.index)
    assert told


def facts(road: Road, until: int) -> list[Any]:
    """Of the steps up to a record: where, how many, and what was then left."""
    return [
        (step.index, step.balance.held, step.balance.used, step.balance["returned"])
        for step in road.steps
        if step.index <= until
    ]
