"""The way of one gift as passages: what happened to which of its units, in which record.

`lineage.what_became_of` tells how units ended. Here is also what lies before: a decision that set
them aside, a move. It is the same walk, so both agree.

The hard idea: once a use has come back or was covered, the walk goes another way from there and no
longer tells of it. What was before is told by the walk as of that moment. So a history is a row of
such walks, each as of the next settlement, and the last as of now.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

# The gift by its record: where it stands in the log and what came in by it, placed or not.
_GIFT = """
    SELECT r.data, max(l.index), m.piece, m.in_pool, m.in_lo, m.in_hi
    FROM journal_record r
    LEFT JOIN journal_leaf l ON l.number = r.number
    LEFT JOIN ledger_movement m ON m.number = r.number AND m.in_pool IS NOT NULL
        AND m.out_pool IS NULL AND m.settled_pool IS NULL
    WHERE r.id = %s AND r.part = 1
    GROUP BY r.number, r.part, m.number, m.piece ORDER BY m.piece
"""
_WAY = """
    SELECT moment, CASE WHEN f.outcome = 'passed' AND m.in_pool IS NULL THEN 'bore'
        WHEN f.outcome = 'passed' AND m.out_pool IS NULL THEN 'came_back'
        ELSE f.outcome END, f.giver_first - %(lo)s, f.giver_past - %(lo)s, f.hops,
        coalesce(told.stands, -1), told.id, e.act, e.occurred_on, told.whole,
        p.commodity, p.purpose, p.stage, p.ref, here.ref, m.use, m.place
    FROM unnest(%(moments)s::bigint[]) AS moment
    CROSS JOIN LATERAL ledger_forward(%(pool)s, %(lo)s, %(hi)s, moment, true) f
    LEFT JOIN ledger_entry e ON e.number = f.number
    LEFT JOIN ledger_movement m ON m.number = f.number AND m.piece = f.piece
    LEFT JOIN ledger_pool here ON here.id = f.pool
    LEFT JOIN ledger_pool p ON p.id = coalesce(
        CASE f.outcome WHEN 'passed' THEN coalesce(m.in_pool, m.settled_pool)
        WHEN 'covered' THEN m.out_pool END, f.pool)
    LEFT JOIN LATERAL (
        SELECT r.id, max(l.index) AS stands, (
            SELECT sum(coalesce(one.out_hi - one.out_lo, one.in_hi - one.in_lo))
            FROM ledger_movement one WHERE one.number = f.number AND one.part = 0
        ) AS whole
        FROM journal_record r JOIN journal_leaf l ON l.number = r.number
        WHERE r.number = f.number AND r.part = 1 GROUP BY r.id
    ) AS told ON true
    ORDER BY 1, f.hops, 3
"""
_AHEAD = """
    SELECT %(lo)s - coalesce((SELECT sum(least(out_hi, %(lo)s) - out_lo) FROM ledger_movement
            WHERE out_pool = %(pool)s AND out_lo >= b.cursor AND out_lo < %(lo)s), 0)
        - least(b.cursor, %(lo)s),
        (SELECT count(*) FROM (SELECT FROM ledger_movement WHERE in_pool = %(pool)s AND part = 0
            AND in_lo < in_hi AND in_lo < %(lo)s LIMIT %(most)s + 1) AS one)
    FROM ledger_booking b WHERE b.pool_id = %(pool)s
"""
COUNTED_MOST = 999
# More settlements of one gift than these: the oldest are told as later ones left them.
SETTLED_MOST = 20
_SETTLED = {"came_back", "covered"}


class Came(NamedTuple):
    """Where one piece of a gift came in: positions [first, past) of `pool_id`."""

    piece: int
    pool_id: int
    first: int
    past: int


class Gift(NamedTuple):
    """`data`: its record's bytes. `stands_at`: the index of its last part in the log, None while it
    waits for one."""

    data: bytes
    stands_at: int | None
    came: list[Came]


class Passage(NamedTuple):
    """Units [first, past) of the gift, in the order of their way `hops`: "passed" on by an entry to
    a place of `stage`, put back into it ("came_back") after they were spent, laid on what others
    had spent ("bore"), or ended: "held", "spent", "covered", "lost", as in `lineage.Became`.

    at, entry: where the entry stands in the log, and the id of its record; of "held", -1 and
    None. whole: what the whole entry moved, in its own unit. commodity, purpose, stage, ref: of the
    place it came to, or lies in; of the reserve that covers. came_from_ref: of where it lay before.
    """

    outcome: str
    first: int
    past: int
    hops: int
    at: int
    entry: UUID | None
    act: str | None
    occurred_on: date | None
    whole: int | None
    commodity: str
    purpose: str
    stage: str
    ref: UUID | None
    came_from_ref: UUID | None
    use: str | None
    place: str | None


class Chapter(NamedTuple):
    """The way as the first `until` records tell it."""

    until: int
    passages: list[Passage]


class Ahead(NamedTuple):
    """What lies before a gift in its pool: units that nobody has decided on yet, and the number of
    gifts, None where there are more than COUNTED_MOST."""

    undecided: int
    gifts: int | None


def find_gift(id_: UUID) -> Gift | None:
    """By the id of its record; None where it is not recorded, or waits for its positions. One
    query."""
    with connection.cursor() as cursor:
        cursor.execute(_GIFT, [id_])
        rows = cursor.fetchall()
    if not rows:
        return None
    came = [Came(*row[2:]) for row in rows if row[3] is not None]
    return Gift(bytes(rows[0][0]), rows[0][1], came)


def history(came: Came, as_of: int) -> list[Chapter]:
    """Of one piece of a gift, as the first `as_of` records of the log tell it; the last chapter is
    the whole way as it is told then. Whether they tell of the gift itself, the caller asks first.
    One query, and one more where something came back or was covered."""
    (last,) = _chapters(came, [as_of])
    settled = {one.at for one in last.passages if one.outcome in _SETTLED}
    earlier = _chapters(came, sorted(settled)[-SETTLED_MOST:]) if settled else []
    return [*earlier, last]


def _chapters(came: Came, moments: list[int]) -> list[Chapter]:
    facts: dict[str, int | list[int]] = {
        "pool": came.pool_id,
        "lo": came.first,
        "hi": came.past,
        "moments": moments,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAY, facts)
        rows = cursor.fetchall()
    told: dict[int, list[Passage]] = {moment: [] for moment in moments}
    for moment, *row in rows:
        told[moment].append(Passage._make(row))
    return [Chapter(moment, told[moment]) for moment in moments]


def ahead_of(came: Came) -> Ahead:
    """At this moment, whatever is published. One query."""
    facts = {"pool": came.pool_id, "lo": came.first, "most": COUNTED_MOST}
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, facts)
        row = cursor.fetchone()
    if row is None:
        return Ahead(came.first, None)
    return Ahead(int(row[0]), None if row[1] > COUNTED_MOST else row[1])
