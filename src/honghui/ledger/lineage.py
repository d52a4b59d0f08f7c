"""Where did this go, who bore that: one query each, by positions (docs/algorithms/lineage.md).

First in, first out is an attribution, for telling givers; it gives nobody a claim.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection

from honghui.ledger.answering import find_entry

_BECAME = """
    WITH came AS (
        SELECT in_pool, in_lo, in_hi, piece FROM ledger_movement
        WHERE number = %(number)s AND in_pool IS NOT NULL AND out_pool IS NULL
          AND settled_pool IS NULL AND ledger_is_seen(%(number)s, %(as_of)s)
    )
    SELECT CASE WHEN e.act IN ('refund', 'reversal') AND f.outcome = 'spent' THEN 'returned'
           ELSE f.outcome END,
        c.piece, f.giver_first - c.in_lo, f.giver_past - c.in_lo, f.pool, f.first, f.past,
        r.id, m.step, m.use, m.place
    FROM came c
    CROSS JOIN LATERAL ledger_forward(c.in_pool, c.in_lo, c.in_hi, %(as_of)s) f
    LEFT JOIN ledger_entry e ON e.number = f.number
    LEFT JOIN ledger_movement m ON m.number = f.number AND m.piece = f.piece
    LEFT JOIN journal_record r ON r.number = f.number AND r.part = 1
    ORDER BY 2, 3
"""
_BORE = """
    SELECT r.id, b.piece, sum(b.past - b.first)::bigint, m.step
    FROM ledger_bearers(%(number)s, %(as_of)s) b
    JOIN journal_record r ON r.number = b.number AND r.part = 1
    JOIN ledger_movement m ON m.number = %(number)s AND m.piece = b.ended_piece
    WHERE ledger_is_seen(%(number)s, %(as_of)s)
    GROUP BY r.id, r.number, b.piece, m.step ORDER BY m.step, r.number, b.piece
"""


class Became(NamedTuple):
    """Units [first, past) of step `step` of the gift ended so: "held", "spent", "returned" to the
    giver, "covered" by a reserve after the gift was given back, or "lost" in proportion. They lie
    in `pool` at positions [pool_first, pool_past); `by` is the entry that ended them."""

    outcome: str
    step: int
    first: int
    past: int
    pool_id: int
    pool_first: int
    pool_past: int
    by: str | None
    by_step: int | None
    use: str | None
    place: str | None

    @property
    def quantity(self) -> int:
        return self.past - self.first


class Bore(NamedTuple):
    """`quantity` units of step `step` of the gift, in the gift's own unit, bore step `by_step`."""

    gift: str
    step: int
    quantity: int
    by_step: int


def what_became_of(gift: str, *, as_of: int | None = None) -> list[Became]:
    """Of every unit that came in with the entry `gift` (the id of its record), in order; as the
    first `as_of` records of the log tell it. Empty while it waits for its positions, and as of
    before its last part stood in the log."""
    return [
        Became._make((*row[:7], row[7].hex if row[7] else None, *row[8:]))
        for row in _rows(_BECAME, gift, as_of)
    ]


def who_bore(entry: str, *, as_of: int | None = None) -> list[Bore]:
    """Whose units the entry spent: of a use, a loss, a fee that was borne by all; as the first
    `as_of` records of the log tell it, and empty if they do not tell the whole entry. What it took
    stands in the log before it, so no giver is named of whom those do not tell."""
    return [Bore(row[0].hex, *row[1:]) for row in _rows(_BORE, entry, as_of)]


def _rows(query: str, id_: str, as_of: int | None) -> list[Any]:
    found = find_entry(id_)
    if found is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(query, {"number": found.number, "as_of": as_of})
        rows: list[Any] = cursor.fetchall()
    return rows
