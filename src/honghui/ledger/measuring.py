"""The figures of one society's books, as the first records of the log tell.

The database adds up facts, set-wise, by everything a measure can ask for; what a measure means is
decided in one place (record/figures.py), here as in the audit. So a published figure is computed
twice from two sides, the tables and the records, by one definition.
"""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from typing import Any, NamedTuple

from django.db import connection, transaction

from honghui.ledger.world import the_world
from honghui.record.facts import Fact
from honghui.record.figures import Computed, Cube
from honghui.record.lookups import Lookups
from honghui.record.measures import Measure
from honghui.record.pools import Pool

_ONE_DAY = timedelta(days=1)
_RETURNS = ["refund", "reversal"]
_SLOT = """
    CASE WHEN e.occurred_on < %(first)s THEN 0 WHEN e.occurred_on <= %(last)s THEN 1 ELSE 2 END
"""
_QUERY = (
    files("honghui.ledger")
    .joinpath("sql", "measuring.sql")
    .read_text(encoding="utf-8")
    .replace("/* slot */", _SLOT)
)
# A million entries are told apart in memory.
_MEMORY = "SET LOCAL work_mem = '128MB'"
_SIZE = "SELECT size FROM journal_logstate"
# What came from outside waits in one queue, what was booked or declared in another.
_WAITING = """
    SELECT (SELECT count(*) FROM ledger_arrival WHERE society = %(society)s)
        + (SELECT count(*) FROM journal_waiting JOIN ledger_entry USING (number)
           WHERE society = %(society)s)
"""


class Measured(NamedTuple):
    """One society's books over the days from `first` to `last`, as of the first `as_of` records.
    `lines`: the purposes and commodities that anything is known of; `uses`: what for, ever."""

    society: str
    first: date
    last: date
    as_of: int
    cube: Cube
    world: Lookups
    lines: frozenset[tuple[str, str]]
    uses: frozenset[str]

    def value(self, measure: Measure) -> Computed:
        """What the measure gives. It asks about this society alone, over windows that begin and
        end with ours; people helped are told by the records alone."""
        assert measure.societies == (self.society,) and not measure.with_branches
        assert measure.first in (None, self.first, self.last + _ONE_DAY)
        assert measure.last in (None, self.last, self.first - _ONE_DAY)
        assert measure.take != "recipients", "the tables do not hold how many were helped"
        return self.cube.value(measure, self.world)


def measured(society: str, first: date, last: date, *, as_of: int) -> Measured:
    """Reads every movement of the society once. `as_of` lies between two entries, as every size
    that the log ever had does; an entry of which a part lies behind it is not counted."""
    cube = Cube((first, last + _ONE_DAY))
    days = (first - _ONE_DAY, first, last + _ONE_DAY)
    lines, uses = set(), set()
    facts: dict[str, Any] = {
        "society": society, "first": first, "last": last, "as_of": as_of, "returns": _RETURNS
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MEMORY)
        cursor.execute(_QUERY, facts)
        for act, flow, use, place, slot, *where, change, steps in cursor.fetchall():
            purpose, source, commodity, lies_at, stage = where
            pool = Pool(
                society=society, purpose=purpose, source=source, commodity=commodity,
                place=lies_at, stage=stage,
            )  # fmt: skip
            known = None if flow == "none" else flow
            cube.add(Fact(act, known, pool, change, days[slot], use, place), steps)
            lines.add((purpose, commodity))
            if known == "used" and use:
                uses.add(use)
        world = the_world()
    known_of = frozenset(lines), frozenset(uses)
    return Measured(society, first, last, as_of, cube, world, *known_of)


def log_size() -> int:
    """How many records have their place in the log."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZE)
        row = cursor.fetchone()
    return row[0] if row else 0


def waiting_of(society: str) -> int:
    """How many entries of the society are kept and have no place in the log yet."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"society": society})
        count: int = cursor.fetchone()[0]
    return count
